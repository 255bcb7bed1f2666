//! What stands under `#[actor]`, and attributes in the wrong place.

use proc_macro2::Ident;

use crate::diag::Message;

pub(crate) fn not_an_enum(attribute: &str, what: &str, name: Option<&Ident>) -> Message {
    let message = Message::new(format!("`#[{attribute}]` goes on an enum, not on {what}"))
        .maybe_help(name.map(|name| match attribute {
            "supervisor" => format!("write `enum {name} {{ … }}` with one variant for each child"),
            _ => format!("write `enum {name} {{ … }}` with one variant for each message"),
        }));
    match attribute {
        "supervisor" => message.note("the enum declares the children; what they are made from is the state, a type of its own with the impl of the factories"),
        _ => message.note("the enum is the actor's protocol; the state is a type of its own, with `#[handlers]` on its impl"),
    }
}

pub(crate) fn actor_on_impl(attribute: &str) -> Message {
    let message = Message::new(format!("`#[{attribute}]` goes on an enum, not on an impl"));
    match attribute {
        "supervisor" => message.help("the impl of the factories needs no attribute"),
        _ => message.help("write `#[handlers]` on the impl of the actor's trait"),
    }
}

pub(crate) fn unread_field(name: &str) -> Message {
    Message::new(format!("the type of `{name}` cannot be read"))
        .help(format!("write a type, as in `{name}: u64`"))
}

pub(crate) fn unread_type() -> Message {
    Message::new("the type of a field cannot be read").help("write a type, as in `(u64)`")
}

pub(crate) fn twice(attribute: &str, other: &str) -> Message {
    if attribute == other {
        return Message::new(format!("`#[{attribute}]` is given twice"))
            .help("remove one of the two, and join their options");
    }
    Message::new("a supervisor is an actor already")
        .help("remove `#[actor]`; its options go in `#[supervisor(…)]`")
}

pub(crate) fn mark_on_enum(name: &str) -> Message {
    let message = Message::new(format!(
        "`#[{name}]` is an attribute of variants, not of the enum"
    ));
    match name {
        "timeout" => {
            message.help("the time limit of all asks is written `#[actor(timeout = \"5s\")]`")
        }
        "reply" => message.help("put `#[reply(T)]` on each variant that is answered"),
        _ => message.help(format!("move `#[{name}]` to a variant")),
    }
}

pub(crate) fn option_as_attribute(name: &str, value: &str) -> Message {
    Message::new(format!(
        "`{name}` is an option of `#[actor]`, not an attribute"
    ))
    .help(match (name, value) {
        ("double", "…") => "write `#[actor(double)]`".to_owned(),
        _ => format!("write `#[actor({name} = {value})]`"),
    })
}

pub(crate) fn mark_on_field(name: &str) -> Message {
    Message::new(format!(
        "`#[{name}]` is an attribute of variants, not of fields"
    ))
    .help(format!("move `#[{name}]` above the variant"))
}
