//! What is wrong with a declaration as a whole.

use crate::diag::Message;

pub(crate) fn no_variants(name: &str) -> Message {
    Message::new(format!("the actor `{name}` has no messages")).help(format!(
        "add a variant for each message, as in `enum {name} {{ Ping }}`"
    ))
}

pub(crate) fn lifetime(lifetime: &str) -> Message {
    Message::new(format!(
        "an actor's messages cannot borrow: `{lifetime}` is not allowed"
    ))
    .help("let the fields own their data, as in `String` for `&str`, or share it in an `Arc`")
    .note("a message waits in the mailbox for as long as it takes, on whichever thread")
}

pub(crate) fn borrowed(written: &str, owned: Option<&str>) -> Message {
    let message = Message::new(format!(
        "an actor's messages cannot borrow: `{written}` is not allowed"
    ));
    let message = match owned {
        Some(owned) => message.help(format!("write `{owned}`, or share it: `Arc<…>`")),
        None => message.help("let the fields own their data"),
    };
    message.note("a message waits in the mailbox for as long as it takes, on whichever thread")
}

pub(crate) fn borrowed_answer(written: &str, owned: Option<&str>) -> Message {
    let message = Message::new(format!("a reply cannot borrow: `{written}` is not allowed"));
    let message = match owned {
        Some(owned) => message.help(format!("write `{owned}`, or share it: `Arc<…>`")),
        None => message.help("let it own its data, as in `String` for `Cow<'_, str>`"),
    };
    message
        .note("it goes to the caller, on whichever thread, and may be there longer than the state")
}

pub(crate) fn unnamed_field(written: &str) -> Message {
    Message::new(format!(
        "the types of a message must be named, `{written}` leaves one open"
    ))
    .help("write a type that has a name, or make it a parameter of the enum: `enum Counter<T>`")
    .note("what crosses from one actor to another has one type that both sides know")
}

pub(crate) fn unnamed_answer(written: &str) -> Message {
    Message::new(format!(
        "the type of a reply must be named, `{written}` leaves it open"
    ))
    .help("write a type that has a name")
    .note("what crosses from one actor to another has one type that both sides know")
}

pub(crate) fn unused_parameter(parameter: &str, actor: &str) -> Message {
    Message::new(format!(
        "no message of `{actor}` has a field with `{parameter}`"
    ))
    .help(format!(
        "remove `{parameter}`, or name it in the type of a field"
    ))
    .note(
        "a reply is no field: what only replies name can stand in a field `PhantomData<fn() -> T>`",
    )
}

pub(crate) fn same_name(option: &str, name: &str, other: &str) -> Message {
    let what = match option {
        "trait" => "the trait of the handlers",
        "double" => "the double",
        _ => "the handle",
    };
    Message::new(format!(
        "{what} cannot be called `{name}`, which is the name of {other}"
    ))
    .help(format!("choose another name: `{option} = My{name}`"))
}

pub(crate) fn discriminant(variant: &str) -> Message {
    Message::new(format!("the message `{variant}` cannot have a number"))
        .help(format!("write `{variant}` without a discriminant"))
        .note("messages are told apart by their names")
}

pub(crate) fn too_many_conditions() -> Message {
    Message::new("a variant can have at most 4 unnamed fields with `#[cfg]`")
        .help("give the fields names")
}

pub(crate) fn overflow_without_mailbox(lock_free: bool) -> Message {
    let bounded = if lock_free {
        "mailbox = lock_free(1024)"
    } else {
        "mailbox = 1024"
    };
    Message::new("`overflow` has no effect on an unbounded mailbox").help(format!(
        "give the mailbox a capacity, as in `{bounded}`, or remove `overflow`"
    ))
}

pub(crate) fn timeout_without_asks() -> Message {
    Message::new("`timeout` has no effect: no message has a reply")
        .help("remove `timeout`, or mark what is answered with `#[reply(T)]`")
}

pub(crate) fn timeout_without_reply(variant: &str) -> Message {
    Message::new(format!(
        "`#[timeout]` has no effect on `{variant}`, which has no reply"
    ))
    .help("remove `#[timeout]`, or add `#[reply(T)]`")
    .note("a time limit is that of the caller who waits for an answer")
}

pub(crate) fn internal_with_priority(variant: &str) -> Message {
    Message::new(format!(
        "`#[priority]` has no effect on `{variant}`, which is internal"
    ))
    .help("remove `#[priority]`, or remove `#[internal]`")
    .note("what an actor sends to itself has a lane of its own, which takes turns with its mail")
}

pub(crate) fn internal_with_reply(variant: &str) -> Message {
    Message::new(format!(
        "`{variant}` is internal, and so cannot have a reply"
    ))
    .help("remove `#[internal]`, or remove `#[reply]`")
    .note("an actor that asks itself would wait for itself")
}

pub(crate) fn internal_here(variant: &str) -> Message {
    Message::new(format!("`{variant}` is made internal here"))
}

pub(crate) fn no_method_name(variant: &str, method: &str) -> Message {
    Message::new(format!(
        "the method of `{variant}` would be called `{method}`, which cannot be a name"
    ))
    .help(format!("name it yourself: `#[method({method}_)]`"))
}

/// Whose method the name is already.
#[derive(Clone, Copy)]
pub(crate) enum Owner {
    Handle,
    Hook,
}

pub(crate) fn reserved(variant: &str, method: &str, owner: Owner, explicit: bool) -> Message {
    let owner = match owner {
        Owner::Handle => "every handle has already",
        Owner::Hook => "is a hook of every actor",
    };
    let message = Message::new(format!(
        "the method of `{variant}` would be called `{method}`, which {owner}"
    ));
    if explicit {
        message.help("choose another name")
    } else {
        message.help(format!(
            "choose another name: `#[method(do_{method})]`, or rename the variant"
        ))
    }
}

pub(crate) fn same_method(variant: &str, other: &str, method: &str) -> Message {
    Message::new(format!(
        "`{variant}` and `{other}` have the same method `{method}`"
    ))
    .help(format!(
        "give one of them another name: `#[method({method}_2)]`"
    ))
}

pub(crate) fn same_method_first(variant: &str, method: &str) -> Message {
    Message::new(format!("`{variant}` has the method `{method}` first"))
}
