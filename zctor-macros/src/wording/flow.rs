//! The attributes that say how many messages come, and when.

use super::near::{list, nearest};
use crate::diag::Message;

pub(crate) fn zero_period() -> Message {
    Message::new("a period of zero leaves no time for anything else")
        .help("write the time between two ticks, as in `#[every(\"1s\")]`")
}

pub(crate) fn tick_with_fields(variant: &str, actor: &str) -> Message {
    Message::new(format!(
        "`{variant}` has fields, so it cannot be sent by the clock"
    ))
    .help(format!(
        "remove the fields, or remove `#[every]` and start it in `on_start`: `ctx.send_every(period, || {actor}::{variant} {{ … }})`"
    ))
}

pub(crate) fn tick_with_reply(variant: &str) -> Message {
    Message::new(format!(
        "`{variant}` is sent by the clock, and so cannot have a reply"
    ))
    .help("remove `#[every]`, or remove `#[reply]`")
    .note("the answer of a tick would be for nobody")
}

pub(crate) fn tick_here(variant: &str) -> Message {
    Message::new(format!("`{variant}` is sent by the clock here"))
}

// ---- options

fn options(mark: &str, all: &[&str]) -> String {
    if let [only] = all {
        return format!("the only option of `#[{mark}]` is `{only}`");
    }
    format!("the options of `#[{mark}]` are {}", list(all))
}

pub(crate) fn missing_comma(next: &str) -> Message {
    Message::new(format!("expected `,` before `{next}`"))
        .help("options are separated by commas, as in `#[limit(100, per = \"1s\")]`")
}

pub(crate) fn not_an_option(mark: &str, text: &str, all: &[&str]) -> Message {
    Message::new(format!("`{text}` is not an option of `#[{mark}]`")).help(options(mark, all))
}

pub(crate) fn unknown_option(
    mark: &str,
    word: &str,
    foreign: Option<&str>,
    all: &[&str],
) -> Message {
    let meant = foreign.or_else(|| nearest(word, all));
    Message::new(format!("unknown option `{word}` of `#[{mark}]`"))
        .maybe_help(meant.map(|meant| format!("did you mean `{meant}`?")))
        .help(options(mark, all))
}

pub(crate) fn missing_value(key: &str, example: &str) -> Message {
    Message::new(format!("`{key}` needs a value")).help(format!("write `{key} = {example}`"))
}

pub(crate) fn value_in_parentheses(key: &str, value: &str) -> Message {
    Message::new(format!("the value of `{key}` is given with `=`"))
        .help(format!("write `{key} = {value}`"))
}

pub(crate) fn options_with_equals(mark: &str) -> Message {
    Message::new(format!(
        "the options of `#[{mark}]` are given in parentheses"
    ))
    .help(format!("write `#[{mark}]`, or `#[{mark}(option = value)]`"))
}

pub(crate) fn not_a_number(key: &str, value: &str, example: &str) -> Message {
    let message = Message::new(format!("`{value}` is not a value of {}", named(key)));
    message.help(format!(
        "write a number, as in `{}`, or the path of a constant",
        shown(key, example)
    ))
}

pub(crate) fn quoted_number(key: &str, value: &str) -> Message {
    Message::new(format!(
        "the value of {} is written without quotes",
        named(key)
    ))
    .help(format!("write `{}`", shown(key, value)))
}

pub(crate) fn number_with_suffix(key: &str, digits: &str, suffix: &str) -> Message {
    Message::new(format!("the value of {} has no type", named(key))).help(format!(
        "write `{}`, without `{suffix}`",
        shown(key, digits)
    ))
}

pub(crate) fn too_much(key: &str, value: &str, most: u64) -> Message {
    Message::new(format!("`{value}` is too much for {}", named(key)))
        .help(format!("it is at most {most}"))
}

/// Why it makes no sense, where that is not plain.
fn why_not_zero(key: &str) -> Option<&'static str> {
    Some(match key {
        "failures" => "a circuit breaker needs a failure to open",
        "successes" => "a circuit breaker needs a success to close",
        "trials" => "a circuit breaker that tries no call never closes again",
        "recovery" => "a circuit breaker that recovers at once never stays open",
        "rate" | "slow_rate" => "a share of zero is reached by no call at all",
        "slow" => "every call takes longer than nothing",
        "calls" | "time" | "minimum" => "a window without calls has no share of failures",
        "max" => "the handler of a batch gets one message or more",
        "within" => "a batch that waits for no time has one message",
        "limit" => "a limit of zero lets no message through",
        "burst" => "a bucket that holds nothing lets no message through",
        "per" => "in no time there is no message to let through",
        _ => return None,
    })
}

pub(crate) fn zero(key: &str, example: &str) -> Message {
    let message = Message::new(format!("{} cannot be zero", named(key)))
        .help(format!("write `{}`", shown(key, example)));
    match why_not_zero(key) {
        Some(why) => message.note(why),
        None => message,
    }
}

/// The number of `#[limit(100)]` has no name of its own.
fn named(key: &str) -> String {
    match key {
        "limit" => "`#[limit]`".to_owned(),
        key => format!("`{key}`"),
    }
}

fn shown(key: &str, value: &str) -> String {
    match key {
        "limit" => format!("#[limit({value}, per = \"1s\")]"),
        key => format!("{key} = {value}"),
    }
}

pub(crate) fn not_a_path(key: &str, value: &str, example: &str) -> Message {
    Message::new(format!("`{value}` is not the name of a function")).help(format!(
        "write `{key} = {example}`, with a `fn {example}(error: &AskError<E>) -> bool`"
    ))
}

pub(crate) fn unknown_word(key: &str, word: &str, words: &[&str]) -> Message {
    let meant = match word {
        "drop" | "drop_newest" | "drop_oldest" | "error" | "fail" | "refuse" | "deny" => {
            Some("reject")
        }
        "block" | "queue" | "delay" | "throttle" | "sleep" => Some("wait"),
        _ => nearest(word, words),
    };
    Message::new(format!("unknown value `{word}` of `{key}`"))
        .maybe_help(meant.map(|meant| format!("did you mean `{meant}`?")))
        .help(format!("the values of `{key}` are {}", list(words)))
}

pub(crate) fn quoted_word(key: &str, word: &str) -> Message {
    Message::new(format!("the value of `{key}` is written without quotes"))
        .help(format!("write `{key} = {word}`"))
}

// ---- circuit breakers

pub(crate) fn breaker_of_a_tell(variant: &str) -> Message {
    Message::new(format!(
        "`#[breaker]` has no effect on `{variant}`, which has no reply"
    ))
    .help("remove `#[breaker]`, or add `#[reply(T)]`")
    .note("a circuit breaker goes by what calls come to, and nobody hears what a tell comes to")
}

pub(crate) fn two_windows() -> Message {
    Message::new("a circuit breaker has one window: of `calls`, or of `time`")
        .help("remove one of the two")
}

pub(crate) fn window_here(key: &str) -> Message {
    Message::new(format!("`{key}` makes it look at a window here"))
}

pub(crate) fn failures_with_a_window() -> Message {
    Message::new("`failures` has no effect with a window")
        .help("remove `failures`, and give the share of failures that opens it: `rate = 50`")
}

pub(crate) fn without_a_window(key: &str) -> Message {
    Message::new(format!("`{key}` has no effect without a window"))
        .help(format!(
            "remove `{key}`, or add `calls = 20` or `time = \"60s\"`"
        ))
        .note("without a window, failures in a row are counted")
}

pub(crate) fn slow_rate_without_slow() -> Message {
    Message::new("`slow_rate` has no effect without `slow`")
        .help("remove `slow_rate`, or say which calls are slow: `slow = \"2s\"`")
}

pub(crate) fn minimum_beyond_calls(minimum: u64, calls: u64) -> Message {
    Message::new(format!(
        "a window of {calls} calls never has {minimum}, so this breaker never opens"
    ))
    .help(format!("let `minimum` be at most {calls}"))
}

pub(crate) fn trials_beyond_successes(trials: u64, successes: u64) -> Message {
    Message::new(format!(
        "{trials} calls are never tried at a time, as {successes} successes close the breaker"
    ))
    .help(format!(
        "let `trials` be at most {successes}, or `successes` at least {trials}"
    ))
}

// ---- rate limits

pub(crate) fn limit_with_equals(value: &str) -> Message {
    Message::new("the value of `#[limit]` is given in parentheses")
        .help(format!("write `#[limit({value}, per = \"1s\")]`"))
}

pub(crate) fn limit_without_number() -> Message {
    Message::new("`#[limit]` begins with the number of messages")
        .help("write `#[limit(100, per = \"1s\")]`")
}

pub(crate) fn limit_without_per(count: &str) -> Message {
    Message::new("`#[limit]` does not say in how much time")
        .help(format!("write `#[limit({count}, per = \"1s\")]`"))
}

pub(crate) fn too_fast() -> Message {
    Message::new("this limit is more than one message in each 100 nanoseconds")
        .help("let `per` be longer, or the number smaller")
}

pub(crate) fn too_slow() -> Message {
    Message::new("this limit would take more than a hundred years to let its burst through")
        .help("let `per` be shorter, or `burst` smaller")
}

pub(crate) fn limit_of_an_internal(variant: &str) -> Message {
    Message::new(format!(
        "`#[limit]` has no effect on `{variant}`, which is internal"
    ))
    .help("remove `#[limit]`, or remove `#[internal]`")
    .note("the limit is that of the handle's method")
}

// ---- batches

pub(crate) fn batch_with_priority(variant: &str) -> Message {
    Message::new(format!(
        "`{variant}` has high priority, and so cannot be batched"
    ))
    .help("remove `#[priority]`, or remove `#[batch]`")
    .note("what goes before all other messages does not wait for more of its kind")
}

pub(crate) fn batch_with_every(variant: &str) -> Message {
    Message::new(format!(
        "`{variant}` is sent by the clock, and so cannot be batched"
    ))
    .help("remove `#[every]`, or remove `#[batch]`")
    .note("of a tick there is at most one at a time")
}

pub(crate) fn batch_here(variant: &str) -> Message {
    Message::new(format!("`{variant}` is batched here"))
}

pub(crate) fn batch_with_conditions(variant: &str) -> Message {
    Message::new(format!(
        "the fields of `{variant}` are the items of a batch, and cannot have `#[cfg]`"
    ))
    .help("declare the variant once for each case, each with its own `#[cfg(…)]`")
}

pub(crate) fn deferred_in_a_batch(variant: &str) -> Message {
    Message::new(format!(
        "`deferred` has no effect on `{variant}`, which is batched"
    ))
    .help("remove `deferred`")
    .note("in a batch of asks each comes with its `Reply`")
}

pub(crate) fn method_of_a_batch(variant: &str, method: &str, batched: &str) -> Message {
    Message::new(format!(
        "the method of `{variant}` would be called `{method}`, which `#[batch]` makes for `{batched}`"
    ))
    .help(format!(
        "choose another name: `#[method(do_{method})]`, or rename the variant"
    ))
}

// ---- the latest of its kind

pub(crate) fn not_a_field(key: &str, value: &str, example: &str) -> Message {
    Message::new(format!("`{value}` is not a field")).help(format!(
        "write the name of a field, as in `{key} = {example}`, or its number, as in `{key} = 0`"
    ))
}

pub(crate) fn field_alone(field: &str) -> Message {
    Message::new("the field of `#[latest]` is given with `by =`")
        .help(format!("write `#[latest(by = {field})]`"))
}

pub(crate) fn latest_of_an_ask(variant: &str) -> Message {
    Message::new(format!(
        "`{variant}` has a reply, so a newer one cannot take its place"
    ))
    .help("remove `#[latest]`, or remove `#[reply]`")
    .note("whoever asked first would never be answered")
}

pub(crate) fn latest_here(variant: &str) -> Message {
    Message::new(format!("only the latest `{variant}` counts here"))
}

pub(crate) fn latest_of_a_tick(variant: &str) -> Message {
    Message::new(format!(
        "`#[latest]` has no effect on `{variant}`, which is sent by the clock"
    ))
    .help("remove `#[latest]`")
    .note("of a tick there is at most one at a time")
}

pub(crate) fn latest_of_an_internal(variant: &str) -> Message {
    Message::new(format!(
        "`#[latest]` has no effect on `{variant}`, which is internal"
    ))
    .help("remove `#[latest]`, or remove `#[internal]`")
    .note("what an actor sends to itself is not in its mailbox; a timer by name takes the place of an older one")
}

pub(crate) fn unknown_field(variant: &str, field: &str, fields: &[&str]) -> Message {
    let message = Message::new(format!("`{variant}` has no field `{field}`"));
    if fields.is_empty() {
        return message.help("remove `by`: there is one message of this kind at a time");
    }
    message
        .maybe_help(nearest(field, fields).map(|near| format!("did you mean `{near}`?")))
        .help(format!("its fields are {}", list(fields)))
}

pub(crate) fn latest_by_a_conditional(variant: &str, field: &str) -> Message {
    Message::new(format!(
        "`{variant}` cannot be told apart by `{field}`, which has a `#[cfg]`"
    ))
    .help("declare the variant once for each case, each with its own `#[cfg(…)]`")
}

// ---- asks that may be repeated

pub(crate) fn idempotent_tell(variant: &str) -> Message {
    Message::new(format!(
        "`#[idempotent]` has no effect on `{variant}`, which has no reply"
    ))
    .help("remove `#[idempotent]`, or add `#[reply(T)]`")
    .note("only an ask tells its caller that it has failed, and so can be tried again")
}
