//! Mistakes that several places have in common.

use crate::diag::Message;

pub(crate) fn given_twice(name: &str) -> Message {
    Message::new(format!("`{name}` is given twice")).help("remove one of the two")
}

pub(crate) fn given_first(name: &str) -> Message {
    Message::new(format!("`{name}` is first given here"))
}

pub(crate) fn in_cfg_attr(name: &str) -> Message {
    Message::new(format!("`#[{name}]` does not work inside of `cfg_attr`"))
        .help("declare the variant once for each case, each with its own `#[cfg(…)]`")
        .note("the compiler hands `cfg_attr` to an attribute macro unexpanded, so its condition cannot be known")
}
