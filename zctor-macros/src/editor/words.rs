//! The words that may stand in the attributes, and what each of them means, in a line.

/// A word, and what may stand behind it.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) says: &'static str,
    /// The words that its value may be: `overflow = wait`.
    pub(crate) values: &'static [Word],
    /// Its options, in parentheses: `backoff(min = "1s")`.
    pub(crate) options: &'static [Word],
    /// Whether something else stands before the options: `reply(u8, deferred)`.
    pub(crate) behind: bool,
    /// Whether its value is the name of a field.
    pub(crate) field: bool,
}

const fn word(name: &'static str, says: &'static str) -> Word {
    Word {
        name,
        says,
        values: &[],
        options: &[],
        behind: false,
        field: false,
    }
}

impl Word {
    const fn values(mut self, values: &'static [Word]) -> Word {
        self.values = values;
        self
    }

    const fn options(mut self, options: &'static [Word]) -> Word {
        self.options = options;
        self
    }

    const fn behind(mut self) -> Word {
        self.behind = true;
        self
    }

    const fn field(mut self) -> Word {
        self.field = true;
        self
    }
}

const MAILBOX: Word = word("mailbox", "How much mail it takes: `mailbox = 1024`, also the path of a constant. Without it there is no limit.").values(&[
    word("unbounded", "A mailbox without a limit, the default."),
    word("lock_free", "A mailbox whose queue has no lock: `lock_free`, or `lock_free(1024)`."),
]);
const OVERFLOW: Word = word(
    "overflow",
    "What happens to a message that finds the mailbox full.",
)
.values(&[
    word(
        "wait",
        "Who tells a full mailbox waits for room; the default where there is a capacity.",
    ),
    word("reject", "A full mailbox gives the message back."),
    word(
        "drop_newest",
        "A full mailbox drops the message, and counts it.",
    ),
    word(
        "drop_oldest",
        "A full mailbox drops the message that has waited longest, and counts it.",
    ),
]);
const TIMEOUT: Word = word(
    "timeout",
    "The time limit of every ask that has none of its own: `timeout = \"5s\"`.",
);
const THREAD: Word = word("thread", "What the actor runs on.").values(&[
    word(
        "shared",
        "It runs on the workers of its system, the default; its handlers must not block.",
    ),
    word(
        "dedicated",
        "It has a thread of its own, which its handlers may block.",
    ),
]);
const HANDLE: Word = word("handle", "Another name for the handle: `handle = Name`.");

/// The options of `#[actor(…)]`. Keywords cannot be completed.
pub(crate) const ACTOR: &[Word] = &[
    MAILBOX,
    OVERFLOW,
    TIMEOUT,
    THREAD,
    HANDLE,
    word(
        "double",
        "Makes an actor for tests, whose answers are scripted: `double`, or `double = Name`.",
    ),
];

/// The options of `#[supervisor(…)]`.
pub(crate) const SUPERVISOR: &[Word] = &[
    word("strategy", "Which children are restarted when one has ended.").values(&[
        word("one_for_one", "A child that has ended is restarted alone; the default."),
        word("one_for_all", "All children are stopped, and started again."),
        word("rest_for_one", "So are the child that has ended, and those that were declared after it."),
    ]),
    word("max_restarts", "So many restarts are allowed within the time of `within`; one more, and the supervisor ends. By default 3."),
    word("within", "The time in which restarts are counted, which slides: by default `\"60s\"`."),
    word("auto_shutdown", "Whether the supervisor ends with its significant children.").values(&[
        word("never", "It ends only when it is stopped, or gives up; the default."),
        word("any_significant", "It ends with the first significant child that has ended and is not restarted."),
        word("all_significant", "It ends with the last of them."),
    ]),
    word("backoff", "A restart waits, twice as long with each one in a row: `backoff(min = \"200ms\", max = \"10s\")`.").options(&[
        word("min", "The first delay: by default `\"200ms\"`."),
        word("max", "The longest delay: by default `\"10s\"`."),
    ]),
    MAILBOX,
    OVERFLOW,
    TIMEOUT,
    THREAD,
    HANDLE,
];

/// Attributes of others that variants often have.
pub(crate) const OTHERS: &[&str] = &["allow", "cfg", "cfg_attr", "deprecated", "doc", "expect"];

/// The attributes of variants.
pub(crate) const MARKS: &[Word] = &[
    word("reply", "An ask: `#[reply(T)]`. Its handler returns a `T`, which the caller gets.")
        .options(&[
            word("error", "An ask that can fail: `error = E`. Its handler returns a `Result<T, E>`."),
            word("deferred", "Its handler gets `reply: Reply<T>` behind the fields, to answer later or to pass on."),
        ])
        .behind(),
    word("timeout", "The time limit of this ask: `#[timeout(\"100ms\")]`."),
    word("breaker", "A circuit breaker before this ask, at the handle.").options(&[
        word("failures", "So many failures in a row open it: `failures = 5`."),
        word("calls", "A share of the latest calls opens it: `calls = 20`."),
        word("time", "A share of the calls that ended in this time opens it: `time = \"60s\"`."),
        word("minimum", "Fewer calls in the window decide nothing: `minimum = 10`."),
        word("rate", "The share of failures in a window that opens it, in percent: `rate = 50`."),
        word("slow", "Calls that take so long are slow: `slow = \"2s\"`."),
        word("slow_rate", "The share of slow calls that opens it, in percent: `slow_rate = 100`."),
        word("recovery", "How long it stays open; then calls are tried: `recovery = \"30s\"`."),
        word("successes", "So many of the calls that are tried have to succeed: `successes = 3`."),
        word("trials", "So many calls are tried at a time: `trials = 1`."),
        word("ignore", "A `fn(&AskError<E>) -> bool` that says which errors are of no account."),
    ]),
    word("limit", "A rate limit before this message, at the handle: `#[limit(100, per = \"1s\")]`.")
        .options(&[
            word("per", "In so much time: `per = \"1s\"`."),
            word("burst", "How many at once, after a quiet time; by default the whole number."),
            word("overflow", "What happens without a permit.").values(&[
                word("reject", "Without a permit the message comes back, and an ask ends with `Limited`; the default."),
                word("wait", "The method returns something lazy that waits for a permit."),
            ]),
        ])
        .behind(),
    word("batch", "Handled many at a time: its handler gets a `Batch` of messages.").options(&[
        word("max", "A batch is handed over with so many messages: by default 100."),
        word("within", "And at the latest so long after the first of them was taken: by default `\"10ms\"`."),
    ]),
    word("latest", "A newer message takes the place of an older one that is still queued.").options(&[
        word("by", "The field by which messages are told apart: `by = symbol`.").field(),
    ]),
    word("priority", "Served before ordinary messages, outside the mailbox's capacity and policy.").options(&[
        word("high", "The one priority that there is besides the ordinary one."),
    ]),
    word("every", "A message without fields that the actor sends to itself in this period: `#[every(\"1s\")]`."),
    word("method", "Another name for its methods: `#[method(name)]`."),
    word("idempotent", "An ask that does no harm when it is handled twice: its method returns an `IdempotentAsk`, which has `.retry(…)`."),
    word("internal", "No method on the handle: for what the actor sends to itself."),
    word("child", "A child of the supervisor: its first field is the enum of an actor or of another supervisor.").options(&[
        word("restart", "When it is restarted.").values(&[
            word("permanent", "It is restarted however it ends; the default."),
            word("transient", "It is restarted when it has crashed or was killed."),
            word("temporary", "It is never restarted, and forgotten when it has ended; the default of dynamic children."),
        ]),
        word("shutdown", "How long it may take to stop before it is killed: `shutdown = \"5s\"`.").values(&[
            word("brutal", "It is killed at once."),
            word("infinity", "It takes as long as it takes; the default of supervisors."),
        ]),
        word("significant", "Its end can end the supervisor: see `auto_shutdown`."),
        word("dynamic", "Started later, by `start_…`, as often as is asked for."),
        word("count", "So many children, each with its index: `count = 4`."),
    ]),
];
