//! The options of `#[actor(…)]`, and the values that belong to them alone.

use super::near::{list, nearest};
use crate::diag::Message;

pub(crate) const OPTIONS: &[&str] = &[
    "mailbox", "overflow", "timeout", "thread", "handle", "trait", "crate",
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
        &["krate", "path"],
        "where zctor is renamed or re-exported, write `crate = path`",
    ),
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
        _ => "crate = path::to::zctor",
    }
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

const CAPACITY: &str = "write `mailbox = unbounded`, `mailbox = 1024` or the path of a constant, as in `mailbox = limits::MAILBOX`";

pub(crate) fn zero_capacity() -> Message {
    Message::new("a mailbox needs room for at least one message")
        .help("write `mailbox = 1`, or leave the option out for a mailbox without a limit")
        .note(
            "an actor never takes a message from a sender's hands: each passes through the mailbox",
        )
}

pub(crate) fn negative_capacity() -> Message {
    Message::new("the capacity of a mailbox cannot be negative").help(CAPACITY)
}

pub(crate) fn not_a_capacity(value: &str) -> Message {
    Message::new(format!("`{value}` is not a capacity")).help(CAPACITY)
}

pub(crate) fn capacity_suffix(suffix: &str, number: &str) -> Message {
    Message::new(format!("a capacity is a `usize`, not a `{suffix}`"))
        .help(format!("write `mailbox = {number}`"))
}

pub(crate) fn quoted_mailbox(value: &str) -> Message {
    let message = Message::new("the value of `mailbox` is written without quotes");
    if value == "unbounded" || value.parse::<u64>().is_ok_and(|number| number > 0) {
        message.help(format!("write `mailbox = {value}`"))
    } else {
        message.help(CAPACITY)
    }
}

pub(crate) fn unknown_mailbox(value: &str) -> Message {
    let message = Message::new(format!("unknown value `{value}` of `mailbox`"));
    match value {
        "bounded" => message.help("a bounded mailbox is given by its capacity: `mailbox = 1024`"),
        "none" | "infinite" | "unlimited" => {
            message.help("did you mean `unbounded`?").help(CAPACITY)
        }
        _ => message
            .maybe_help(
                nearest(value, &["unbounded"]).map(|near| format!("did you mean `{near}`?")),
            )
            .help(CAPACITY),
    }
}

fn policies() -> String {
    format!("the policies are {}", list(POLICIES))
}

/// The policy that another system calls so.
fn policy_meant(word: &str) -> Option<&'static str> {
    let word = crate::model::names::snake_case(word).replace('-', "_");
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
    let word = crate::model::names::snake_case(word).replace('-', "_");
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
