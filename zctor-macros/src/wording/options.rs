//! The options of `#[actor(…)]`, and the values that belong to them alone.

use super::near::{list, nearest};
use crate::diag::Message;

pub(crate) const OPTIONS: &[&str] = &[
    "mailbox", "overflow", "timeout", "thread", "handle", "trait", "crate", "double",
];
const POLICIES: &[&str] = &["wait", "reject", "drop_newest", "drop_oldest"];
const THREADS: &[&str] = &["shared", "dedicated"];
const LATER: &[&str] = &["remote", "replicated"];

/// What other systems call things, with what is written here.
const FOREIGN: &[(&[&str], &str)] = &[
    (
        &[
            "capacity",
            "bounded",
            "buffer",
            "buffer_size",
            "size",
            "queue",
            "queue_size",
            "channel",
            "mailbox_size",
            "mailbox_capacity",
            "max",
        ],
        "the capacity of the mailbox is written `mailbox = 1024`",
    ),
    (
        &["unbounded"],
        "write `mailbox = unbounded`, which is also the default",
    ),
    (
        LOCK_FREE,
        "a mailbox without a lock is written `mailbox = lock_free`, with a capacity `mailbox = lock_free(1024)`",
    ),
    (
        &[
            "policy",
            "backpressure",
            "on_full",
            "full",
            "when_full",
            "overflow_policy",
            "strategy",
        ],
        "what happens when the mailbox is full is written `overflow = reject`",
    ),
    (
        &POLICY_WORDS,
        "a policy is the value of `overflow`: `mailbox = 1024, overflow = wait`",
    ),
    (
        &["deadline", "ask_timeout", "call_timeout", "limit", "within"],
        "the time limit of asks is written `timeout = \"5s\"`",
    ),
    (
        &[
            "threads",
            "dedicated",
            "dedicated_thread",
            "own_thread",
            "blocking",
            "pinned",
            "dispatcher",
            "executor",
            "runtime",
            "pool",
            "workers",
        ],
        "a thread of its own for an actor that blocks is written `thread = dedicated`",
    ),
    (
        &["name", "rename"],
        "generated items are renamed with `handle = Name` and `trait = Name`",
    ),
    (
        &["state", "context", "message", "messages", "msg", "result"],
        "an actor is declared by its messages; its state is named where it is spawned",
    ),
    (
        &[
            "mock",
            "mocks",
            "mockable",
            "mocked",
            "automock",
            "fake",
            "fakes",
            "stub",
            "stubs",
            "spy",
            "test_double",
            "testdouble",
            "doubles",
            "testable",
            "test",
        ],
        "an actor for tests whose answers are scripted is made by `double`, or `double = Name`",
    ),
    (
        &["krate", "path"],
        "where zctor is renamed or re-exported, write `crate = path`",
    ),
];

/// What a queue without a lock is called elsewhere, and here.
const LOCK_FREE: &[&str] = &[
    "lock_free",
    "lockfree",
    "lock_less",
    "lockless",
    "no_lock",
    "without_lock",
    "wait_free",
    "waitfree",
    "non_blocking",
    "nonblocking",
    "seg_queue",
    "segqueue",
    "array_queue",
    "arrayqueue",
    "concurrent_queue",
    "concurrent",
    "crossbeam",
];

const POLICY_WORDS: [&str; 4] = ["wait", "reject", "drop_newest", "drop_oldest"];

fn all() -> String {
    format!("the options of `#[actor]` are {}", list(OPTIONS))
}

pub(crate) fn unknown(name: &str) -> Message {
    let message = Message::new(format!("unknown option `{name}` of `#[actor]`"));
    if LATER.contains(&name) {
        return message
            .help(format!("`{name}` is not supported by this version"))
            .help(all());
    }
    let lower = name.to_lowercase();
    let foreign = FOREIGN
        .iter()
        .find(|(words, _)| words.contains(&lower.as_str()))
        .map(|(_, help)| (*help).to_owned());
    let near = nearest(name, OPTIONS).map(|near| format!("did you mean `{near}`?"));
    let mark = super::marks::MARKS
        .contains(&name)
        .then(|| format!("`#[{name}]` is an attribute of variants"));
    message.maybe_help(mark.or(foreign).or(near)).help(all())
}

pub(crate) fn not_an_option() -> Message {
    Message::new("expected an option of `#[actor]`")
        .help("options are written `name = value`, as in `mailbox = 1024`")
        .help(all())
}

fn example(name: &str) -> &'static str {
    match name {
        "mailbox" => "mailbox = 1024",
        "overflow" => "overflow = reject",
        "timeout" => "timeout = \"5s\"",
        "thread" => "thread = dedicated",
        "handle" => "handle = Name",
        "trait" => "trait = Name",
        "double" => "double = Name",
        _ => "crate = path::to::zctor",
    }
}

/// Of `double`, which needs no value.
pub(crate) fn double_without_value() -> Message {
    Message::new("expected a name behind `double =`").help("write `double`, or `double = Name`")
}

/// `double = true`, and `double = false`.
pub(crate) fn double_with_a_truth(value: bool) -> Message {
    let help = match value {
        true => "write `double`",
        false => "leave the option out",
    };
    Message::new("`double` takes no truth value").help(help)
}

pub(crate) fn missing_value(name: &str) -> Message {
    Message::new(format!("`{name}` needs a value")).help(format!("write `{}`", example(name)))
}

pub(crate) fn missing_equals(name: &str, value: &str) -> Message {
    let value = value.trim_start_matches([':', '=']).trim_start();
    Message::new(format!("expected `=` behind `{name}`")).help(format!("write `{name} = {value}`"))
}

pub(crate) fn missing_comma(next: &str) -> Message {
    Message::new(format!("expected `,` before `{next}`"))
        .help("options are separated by commas, as in `mailbox = 1024, overflow = reject`")
}

pub(crate) fn in_parentheses(name: &str, value: &str) -> Message {
    let help = if value.is_empty() {
        example(name).to_owned()
    } else {
        format!("{name} = {value}")
    };
    Message::new(format!("the value of `{name}` is given with `=`")).help(format!("write `{help}`"))
}

/// How a capacity is written, behind `mailbox =` or in `lock_free(…)`.
fn capacity(lock_free: bool) -> &'static str {
    if lock_free {
        "write `mailbox = lock_free(1024)` or the path of a constant, as in `mailbox = lock_free(limits::MAILBOX)`; without a limit, `mailbox = lock_free`"
    } else {
        "write `mailbox = unbounded`, `mailbox = 1024` or the path of a constant, as in `mailbox = limits::MAILBOX`"
    }
}

fn paste_capacity(value: &str, lock_free: bool) -> String {
    if lock_free {
        format!("mailbox = lock_free({value})")
    } else {
        format!("mailbox = {value}")
    }
}

/// All that can stand behind `mailbox =`.
const MAILBOX: &str = "write `mailbox = unbounded`, `mailbox = 1024` or the path of a constant, as in `mailbox = limits::MAILBOX`; without a lock, `mailbox = lock_free` or `mailbox = lock_free(1024)`";

pub(crate) fn zero_capacity(lock_free: bool) -> Message {
    let without_a_limit = if lock_free {
        "`mailbox = lock_free`"
    } else {
        "leave the option out"
    };
    Message::new("a mailbox needs room for at least one message")
        .help(format!(
            "write `{}`, or {without_a_limit} for a mailbox without a limit",
            paste_capacity("1", lock_free)
        ))
        .note(
            "an actor never takes a message from a sender's hands: each passes through the mailbox",
        )
}

pub(crate) fn negative_capacity(lock_free: bool) -> Message {
    Message::new("the capacity of a mailbox cannot be negative").help(capacity(lock_free))
}

pub(crate) fn not_a_capacity(value: &str, lock_free: bool) -> Message {
    Message::new(format!("`{value}` is not a capacity")).help(capacity(lock_free))
}

pub(crate) fn capacity_suffix(suffix: &str, number: &str, lock_free: bool) -> Message {
    Message::new(format!("a capacity is a `usize`, not a `{suffix}`"))
        .help(format!("write `{}`", paste_capacity(number, lock_free)))
}

/// Inside of `lock_free(…)`.
pub(crate) fn quoted_capacity(value: &str) -> Message {
    let message = Message::new("the capacity of a mailbox is written without quotes");
    if is_number(value) {
        message.help(format!("write `{}`", paste_capacity(value, true)))
    } else {
        message.help(capacity(true))
    }
}

fn is_number(value: &str) -> bool {
    value.parse::<u64>().is_ok_and(|number| number > 0)
}

/// `lock_free()`.
pub(crate) fn lock_free_without_room() -> Message {
    Message::new("the capacity of the mailbox is missing").help(
        "write `mailbox = lock_free(1024)`, or `mailbox = lock_free` for a mailbox without a limit",
    )
}

/// `lock_free[64]`.
pub(crate) fn lock_free_in_brackets(value: &str) -> Message {
    Message::new("the capacity of the mailbox is given in parentheses")
        .help(format!("write `{}`", paste_capacity(value, true)))
}

pub(crate) fn quoted_mailbox(value: &str) -> Message {
    let message = Message::new("the value of `mailbox` is written without quotes");
    let inner = value.strip_prefix("lock_free(");
    let with_room = inner
        .and_then(|inner| inner.strip_suffix(')'))
        .is_some_and(is_number);
    if matches!(value, "unbounded" | "lock_free") || with_room || is_number(value) {
        return message.help(format!("write `mailbox = {value}`"));
    }
    match mailbox_meant(value) {
        Some(meant) => message.help(format!("write `mailbox = {meant}`")),
        None => message.help(MAILBOX),
    }
}

/// What another system calls so.
pub(crate) fn mailbox_meant(word: &str) -> Option<&'static str> {
    let word = crate::model::names::snake_case(word);
    match word.replace(" ", "").replace("-", "_").as_str() {
        "none" | "infinite" | "unlimited" | "growing" => Some("unbounded"),
        other if LOCK_FREE.contains(&other) => Some("lock_free"),
        other => nearest(other, &["unbounded", "lock_free"]),
    }
}

/// Whether that is a kind of mailbox, or near the name of one, and so no constant or function.
pub(crate) fn means_a_mailbox(word: &str) -> bool {
    word == "bounded" || mailbox_meant(word).is_some()
}

pub(crate) fn unknown_mailbox(value: &str) -> Message {
    let message = Message::new(format!("unknown value `{value}` of `mailbox`"));
    if value == "bounded" {
        return message.help("a bounded mailbox is given by its capacity: `mailbox = 1024`");
    }
    message
        .maybe_help(mailbox_meant(value).map(|meant| format!("did you mean `{meant}`?")))
        .help(MAILBOX)
}

/// `lockfree(64)`, `bounded(64)` and the like.
pub(crate) fn unknown_mailbox_with_room(word: &str, room: &str) -> Message {
    let message = match word {
        "unbounded" => Message::new("an unbounded mailbox has no capacity"),
        _ => Message::new(format!("unknown value `{word}` of `mailbox`")),
    };
    let message = match mailbox_meant(word) {
        _ if room.is_empty() => message,
        Some("lock_free") => message.help(format!("did you mean `lock_free({room})`?")),
        _ => message.help(format!(
            "a bounded mailbox is given by its capacity: `mailbox = {room}`"
        )),
    };
    message.help(MAILBOX)
}

fn policies() -> String {
    format!("the policies are {}", list(POLICIES))
}

/// The policy that another system calls so.
fn policy_meant(word: &str) -> Option<&'static str> {
    let word = crate::model::names::snake_case(word).replace("-", "_");
    let meant = match word.as_str() {
        "block" | "blocking" | "backpressure" | "suspend" | "await" | "sleep" | "park" => "wait",
        "fail" | "fail_fast" | "error" | "return" | "refuse" | "abort" => "reject",
        "drop" | "drop_new" | "newest" | "drop_tail" | "drop_latest" | "discard" => "drop_newest",
        "drop_old" | "oldest" | "drop_head" | "evict" | "ring" | "overwrite" | "drop_first" => {
            "drop_oldest"
        }
        other => return nearest(other, POLICIES),
    };
    Some(meant)
}

pub(crate) fn unknown_policy(word: &str) -> Message {
    Message::new(format!("unknown policy `{word}` of `overflow`"))
        .maybe_help(policy_meant(word).map(|meant| format!("did you mean `{meant}`?")))
        .help(policies())
}

pub(crate) fn quoted_policy(text: &str) -> Message {
    Message::new("the value of `overflow` is written without quotes")
        .maybe_help(policy_meant(text).map(|meant| format!("write `overflow = {meant}`")))
        .help(policies())
}

pub(crate) fn not_a_policy(value: &str) -> Message {
    Message::new(format!("`{value}` is not a policy of `overflow`")).help(policies())
}

const THREAD: &str = "write `thread = dedicated` for a thread of its own, or leave the option out for `thread = shared`, the workers of the system";

/// What another system calls so.
fn thread_meant(word: &str) -> Option<&'static str> {
    let word = crate::model::names::snake_case(word).replace("-", "_");
    let meant = match word.as_str() {
        "own" | "blocking" | "block" | "pinned" | "single" | "one" | "exclusive" | "private"
        | "separate" | "new" | "os" | "true" | "spawn_blocking" | "alone" => "dedicated",
        "pool" | "worker" | "workers" | "default" | "common" | "any" | "false" | "none"
        | "multi" | "stealing" => "shared",
        other => return nearest(other, THREADS),
    };
    Some(meant)
}

pub(crate) fn unknown_thread(word: &str) -> Message {
    Message::new(format!("unknown value `{word}` of `thread`"))
        .maybe_help(thread_meant(word).map(|meant| format!("did you mean `{meant}`?")))
        .help(THREAD)
}

pub(crate) fn quoted_thread(text: &str) -> Message {
    Message::new("the value of `thread` is written without quotes")
        .maybe_help(thread_meant(text).map(|meant| format!("write `thread = {meant}`")))
        .help(THREAD)
}

pub(crate) fn numbered_threads(number: &str) -> Message {
    Message::new(format!("an actor has one thread at a time, not `{number}`"))
        .help(THREAD)
        .note("how many workers all actors share is said where the system is built: `System::builder().workers(4)`")
}

pub(crate) fn not_a_thread(value: &str) -> Message {
    Message::new(format!("`{value}` is not a value of `thread`")).help(THREAD)
}
