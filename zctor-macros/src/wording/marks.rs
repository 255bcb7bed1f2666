//! The attributes of variants.

use super::near::{list, nearest};
use crate::diag::Message;

pub(crate) const MARKS: &[&str] = &[
    "reply",
    "timeout",
    "breaker",
    "limit",
    "batch",
    "latest",
    "priority",
    "every",
    "method",
    "idempotent",
    "internal",
    "child",
];

/// What other systems call things, with what is written here, and the attribute that it would be.
const FOREIGN: &[(&[&str], &str, Option<&str>)] = &[
    (
        &[
            "call",
            "ask",
            "returns",
            "return_type",
            "response",
            "request",
            "respond",
            "answer",
            "rpc",
            "query",
        ],
        "a message that is answered is marked with the type of its answer: `#[reply(T)]`",
        Some("reply"),
    ),
    (
        &[
            "cast",
            "tell",
            "send",
            "notify",
            "oneway",
            "fire_and_forget",
        ],
        "a message without an answer needs no attribute",
        None,
    ),
    (
        &["deadline", "ask_timeout"],
        "the time limit of an ask is written `#[timeout(\"5s\")]`",
        Some("timeout"),
    ),
    (
        &["private", "hidden", "self_only"],
        "what an actor sends only to itself is marked `#[internal]`",
        Some("internal"),
    ),
    (
        &[
            "prio",
            "high",
            "high_priority",
            "urgent",
            "important",
            "express",
            "control",
        ],
        "a message that goes before ordinary ones is marked `#[priority(high)]`",
        Some("priority"),
    ),
    (
        &["circuit_breaker", "circuit", "fuse", "guard", "guarded"],
        "a circuit breaker of an ask is written `#[breaker]`",
        Some("breaker"),
    ),
    (
        &[
            "batched", "batching", "bulk", "buffer", "buffered", "chunk", "chunks", "group", "many",
        ],
        "messages that are handled many at a time are marked `#[batch]`",
        Some("batch"),
    ),
    (
        &[
            "last",
            "newest",
            "coalesce",
            "conflate",
            "conflated",
            "debounce",
            "dedup",
            "replace",
            "latest_only",
            "keep_latest",
        ],
        "a message that takes the place of an older one is marked `#[latest]`",
        Some("latest"),
    ),
    (
        &[
            "retry",
            "retryable",
            "retries",
            "repeatable",
            "safe",
            "pure",
        ],
        "an ask that may be tried again is marked `#[idempotent]`, and tried by `.retry(Retry::times(3))` where it is asked",
        Some("idempotent"),
    ),
    (
        &[
            "rate_limit",
            "ratelimit",
            "rate",
            "throttle",
            "throttled",
            "quota",
        ],
        "a rate limit is written `#[limit(100, per = \"1s\")]`",
        Some("limit"),
    ),
    (
        &[
            "tick",
            "ticker",
            "interval",
            "periodic",
            "period",
            "schedule",
            "scheduled",
            "cron",
            "repeat",
            "timer",
        ],
        "a message that an actor sends to itself again and again is marked `#[every(\"1s\")]`",
        Some("every"),
    ),
    (
        &[
            "supervise",
            "supervised",
            "worker",
            "spec",
            "child_spec",
            "children",
        ],
        "a child of a supervisor is marked `#[child]`",
        Some("child"),
    ),
    (
        &["rename", "name"],
        "another method name is written `#[method(name)]`",
        Some("method"),
    ),
];

fn all() -> String {
    let mut marks = Vec::new();
    for mark in MARKS {
        marks.push(format!("#[{mark}]"));
    }
    format!("the attributes of a variant are {}", list(&marks))
}

/// What to say of an attribute that is not ours but seems meant to be, and which one is meant. Most
/// attributes are someone else's.
pub(crate) fn misnamed(name: &str) -> Option<(Message, Option<&'static str>)> {
    let message = Message::new(format!("unknown attribute `{name}` of a variant"));
    let lower = name.to_lowercase();
    if let Some((_, help, meant)) = FOREIGN
        .iter()
        .find(|(words, ..)| words.contains(&lower.as_str()))
    {
        return Some((message.help(*help).help(all()), *meant));
    }
    let near = nearest(name, MARKS).filter(|near| *near != name)?;
    let message = message.help(format!("did you mean `#[{near}]`?"));
    Some((message.help(all()), Some(near)))
}

pub(crate) fn missing_argument(name: &str, paste: &str) -> Message {
    Message::new(format!("`#[{name}]` needs a value")).help(format!("write `{paste}`"))
}

pub(crate) fn argument_with_equals(name: &str, value: &str) -> Message {
    Message::new(format!("the value of `#[{name}]` is given in parentheses"))
        .help(format!("write `#[{name}({value})]`"))
}

pub(crate) fn internal_with_argument() -> Message {
    Message::new("`#[internal]` takes no value").help("write `#[internal]`")
}

pub(crate) fn idempotent_with_argument() -> Message {
    Message::new("`#[idempotent]` takes no value")
        .help("write `#[idempotent]`")
        .note(
            "how often an ask is tried again is said where it is asked: `.retry(Retry::times(3))`",
        )
}

pub(crate) fn priority_with_equals() -> Message {
    Message::new("the value of `#[priority]` is given in parentheses")
        .help("write `#[priority(high)]`")
}

const PRIORITIES: &str =
    "the only value of `#[priority]` is `high`; without it a message has ordinary priority";

/// Whether the word is another system's name of something that is not a high priority.
pub(crate) fn is_no_high_priority(word: &str) -> bool {
    let word = word.to_lowercase();
    is_ordinary(&word) || is_low(&word)
}

fn is_ordinary(word: &str) -> bool {
    matches!(
        word,
        "normal" | "ordinary" | "default" | "medium" | "regular" | "standard" | "none"
    )
}

fn is_low(word: &str) -> bool {
    matches!(
        word,
        "low" | "lower" | "lowest" | "idle" | "background" | "min"
    )
}

fn priority_meant(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    if is_ordinary(&word) {
        return Some("remove `#[priority]`".to_owned());
    }
    if is_low(&word) {
        return Some("mark what goes before this with `#[priority(high)]` instead".to_owned());
    }
    let other = matches!(
        word.as_str(),
        "higher" | "highest" | "urgent" | "critical" | "top" | "max" | "first" | "important"
    );
    (other || nearest(&word, &["high"]).is_some()).then(|| "did you mean `high`?".to_owned())
}

pub(crate) fn unknown_priority(word: &str) -> Message {
    Message::new(format!("unknown value `{word}` of `#[priority]`"))
        .maybe_help(priority_meant(word))
        .help(PRIORITIES)
}

pub(crate) fn quoted_priority(text: &str) -> Message {
    if text == "high" {
        return Message::new("the value of `#[priority]` is written without quotes")
            .help("write `#[priority(high)]`");
    }
    unknown_priority(text)
}

pub(crate) fn not_a_priority(value: &str) -> Message {
    Message::new(format!("`{value}` is not a priority"))
        .help("write `#[priority(high)]`")
        .note("there are two lanes: messages of high priority, and all others")
}

pub(crate) fn reply_without_type() -> Message {
    Message::new("`#[reply]` needs the type of the answer")
        .help("write `#[reply(T)]`, or `#[reply(())]` for an answer that only says when it is done")
        .help("a message without an answer needs no attribute")
}

pub(crate) fn reply_begins_with_option(text: &str) -> Message {
    Message::new("the type of the answer comes first").help(format!("write `#[reply(T, {text})]`"))
}

pub(crate) fn second_reply_type(answer: &str, second: &str) -> Message {
    Message::new("an answer has one type")
        .help(format!(
            "for several values write `#[reply(({answer}, {second}))]`"
        ))
        .help(format!(
            "for a handler that can fail write `#[reply({answer}, error = {second})]`"
        ))
}

pub(crate) fn error_without_type(answer: &str) -> Message {
    Message::new("`error` needs a type").help(format!("write `#[reply({answer}, error = E)]`"))
}

pub(crate) fn error_in_parentheses(answer: &str, error: &str) -> Message {
    let error = if error.is_empty() { "E" } else { error };
    Message::new("the type of `error` is given with `=`")
        .help(format!("write `#[reply({answer}, error = {error})]`"))
}

pub(crate) fn deferred_with_value(answer: &str) -> Message {
    Message::new("`deferred` has no value").help(format!("write `#[reply({answer}, deferred)]`"))
}

/// The option of `#[reply]` that a word is close to, or stands for elsewhere.
pub(crate) fn meant_option(name: &str) -> Option<&'static str> {
    let elsewhere = match name.to_lowercase().as_str() {
        "err" | "fails" | "failure" | "throws" => Some("error"),
        "later" | "manual" | "defer" | "delegated" | "noreply" | "no_reply" => Some("deferred"),
        _ => None,
    };
    nearest(name, &["error", "deferred"]).or(elsewhere)
}

pub(crate) fn unknown_reply_option(name: &str) -> Message {
    let message = Message::new(format!("unknown option `{name}` of `#[reply]`"));
    let help = match (name, meant_option(name)) {
        ("timeout", _) => Some(
            "the time limit of an ask is an attribute of its own: `#[timeout(\"5s\")]`".to_owned(),
        ),
        (_, near) => near.map(|near| format!("did you mean `{near}`?")),
    };
    let message = message.maybe_help(help);
    message.help("the options of `#[reply]` are `error = E` and `deferred`, after the type")
}
