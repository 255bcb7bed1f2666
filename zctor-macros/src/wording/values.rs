//! Values that several options share: durations, names, paths and types.

use super::near::list;
use crate::diag::Message;

pub(crate) fn zero_limit() -> Message {
    Message::new("a time limit of zero ends every ask before it is sent")
        .help("leave the option out for asks without a limit, or give one, as in `\"5s\"`")
}

pub(crate) fn negative_duration() -> Message {
    Message::new("a duration cannot be negative").help("remove the `-`")
}

pub(crate) fn unquoted_duration(written: &str, paste: &str) -> Message {
    Message::new(format!(
        "a duration is text with a unit, not the number `{written}`"
    ))
    .help(format!("write `{paste}`"))
}

pub(crate) fn not_a_duration(value: &str, paste: &str) -> Message {
    Message::new(format!("`{value}` is not a duration"))
        .help(format!("a duration is text with a unit: `{paste}`"))
}

pub(crate) fn empty_duration(paste: &str) -> Message {
    Message::new("the duration is empty").help(format!("write `{paste}`"))
}

pub(crate) fn no_unit(number: &str, paste: &str, units: &[&str]) -> Message {
    Message::new(format!("the duration `{number}` has no unit"))
        .help(format!("for seconds write `{paste}`"))
        .help(format!("the units are {}", list(units)))
}

pub(crate) fn unknown_unit(unit: &str, paste: Option<&str>, units: &[&str]) -> Message {
    Message::new(format!("unknown unit `{unit}` of a duration"))
        .maybe_help(paste.map(|paste| format!("write `{paste}`")))
        .help(format!("the units are {}", list(units)))
}

pub(crate) fn not_a_number(part: &str, paste: &str) -> Message {
    Message::new(format!("`{part}` is not a number with a unit")).help(format!(
        "a duration is written `{paste}`, or as a sum such as `\"1m 30s\"`"
    ))
}

pub(crate) fn too_long() -> Message {
    Message::new("the duration is longer than can be measured")
}

pub(crate) fn too_long_limit() -> Message {
    too_long().help("leave the option out for asks without a limit")
}

pub(crate) fn quoted_name(name: &str, paste: &str) -> Message {
    Message::new(format!("the name `{name}` is written without quotes"))
        .help(format!("write `{paste}`"))
}

pub(crate) fn keyword(word: &str, paste: &str) -> Message {
    let message = Message::new(format!("`{word}` is a keyword"));
    if matches!(word, "self" | "Self" | "super" | "crate" | "_") {
        return Message::new(format!("`{word}` cannot be a name")).help("choose another name");
    }
    message.help(format!("write `{paste}`, or choose another name"))
}

pub(crate) fn not_a_name(value: &str, paste: &str) -> Message {
    Message::new(format!("`{value}` is not a name")).help(format!("write `{paste}`"))
}

pub(crate) fn quoted_path(path: &str) -> Message {
    Message::new("the value of `crate` is written without quotes")
        .help(format!("write `crate = {path}`"))
}

pub(crate) fn not_a_path(value: &str) -> Message {
    Message::new(format!("`{value}` is not the path of a crate or module"))
        .help("write `crate = path::to::zctor`")
}

pub(crate) fn quoted_type(paste: &str) -> Message {
    Message::new("a type is written without quotes").help(format!("write `{paste}`"))
}

pub(crate) fn unnamed_type(value: &str, paste: &str) -> Message {
    Message::new(format!("the type must be named, `{value}` leaves it open"))
        .help(format!("write `{paste}`, with a type that has a name"))
        .note("what crosses from one actor to another has one type that both sides know")
}

pub(crate) fn not_a_type(value: &str, paste: &str) -> Message {
    Message::new(format!("`{value}` is not a type")).help(format!("write `{paste}`"))
}
