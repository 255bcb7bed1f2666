//! `#[handlers]` and the methods under it.

use super::near::nearest;
use crate::diag::Message;

pub(crate) fn unread(name: &str) -> Message {
    Message::new(format!("the handler `{name}` cannot be read"))
        .help(format!(
            "a handler reads `fn {name}(&mut self, field: Type) -> Answer {{ … }}`"
        ))
        .note(
            "the compiler has said what is wrong with it; the other handlers are there all the same",
        )
}

pub(crate) fn not_an_impl(what: &str) -> Message {
    Message::new(format!(
        "`#[handlers]` goes on the impl of an actor's trait, not on {what}"
    ))
    .help("write `#[handlers] impl CounterActor for State { … }` for an actor `Counter`")
}

pub(crate) fn inherent_impl(state: &str) -> Message {
    Message::new("`#[handlers]` goes on the impl of an actor's trait, and this impl has no trait")
        .help(format!(
            "write `impl CounterActor for {state}` for an actor `Counter`"
        ))
        .note("shared logic goes in plain methods, in an impl without `#[handlers]`")
}

pub(crate) fn handlers_twice() -> Message {
    Message::new("`#[handlers]` is given twice").help("remove one of the two")
}

pub(crate) fn unknown_argument(text: &str, name: &str, value: Option<&str>) -> Message {
    let message = Message::new(format!("unknown argument `{text}` of `#[handlers]`"));
    let help = match (name, value) {
        (name, Some(value)) if names_the_protocol(name) => {
            Some(format!("write `#[handlers({value})]`"))
        }
        _ => nearest(name, &["crate"]).map(|near| format!("did you mean `{near}`?")),
    };
    message
        .maybe_help(help)
        .help("the arguments of `#[handlers]` are the actor's enum, as in `#[handlers(Counter)]`, and `crate = path`")
}

/// Whether an argument of that name is meant to say which actor's handlers these are.
pub(crate) fn names_the_protocol(name: &str) -> bool {
    matches!(name, "protocol" | "actor" | "for" | "message" | "enum")
}

pub(crate) fn root_without_path() -> Message {
    Message::new("`crate` needs a value").help("write `crate = path::to::zctor`")
}

pub(crate) fn protocol_twice() -> Message {
    Message::new("the actor's enum is given twice").help("remove one of the two")
}

pub(crate) fn not_an_actor_trait(name: &str, state: &str) -> Message {
    Message::new(format!(
        "the name of the trait `{name}` does not tell which actor it belongs to"
    ))
    .help(format!(
        "if `{name}` is the actor's enum, write `impl {name}Actor for {state}`"
    ))
    .help("if it is a trait of another name, name the actor's enum: `#[handlers(Counter)]`")
    .note("without that, the actor of `CounterActor` is `Counter`")
}

pub(crate) fn factories(name: &str) -> Message {
    Message::new(format!("the factories of `{name}` are no handlers"))
        .help("remove `#[handlers]`")
        .note("a supervisor's messages, if it has any, have their handlers in an impl of their own")
}

pub(crate) fn self_by_value() -> Message {
    Message::new("a handler cannot take the state by value")
        .help("write `&mut self`, or `&self` for a handler that only reads")
        .note("the state belongs to the actor, and is needed for its next message")
}

pub(crate) fn self_with_type() -> Message {
    Message::new("a handler takes the state as `&mut self` or `&self`").help("write `&mut self`")
}

pub(crate) fn no_receiver(name: &str) -> Message {
    let receiver = if name == "ready" {
        "&self"
    } else {
        "&mut self"
    };
    Message::new(format!(
        "the {} `{name}` does not take the state",
        role(name)
    ))
    .help(format!("write `fn {name}({receiver}, …)`"))
    .note("a function that is not a handler goes in an impl without `#[handlers]`")
}

pub(crate) fn makes_the_state(name: &str) -> Message {
    Message::new(format!(
        "`{name}` makes a state, and is no handler of a message"
    ))
    .help(format!(
        "move `{name}` to an impl of the state's own, without `#[handlers]`"
    ))
}

/// What a function of that name is.
fn role(name: &str) -> &'static str {
    match name {
        "on_start" | "on_restart" | "on_stop" | "ready" => "hook",
        _ => "handler",
    }
}

fn ready_is(kind: &str) -> String {
    format!("write `fn ready(&self, next: {kind}) -> bool`")
}

pub(crate) fn ready_async(kind: &str) -> Message {
    Message::new("the hook `ready` cannot be `async`")
        .help(ready_is(kind))
        .note("it is asked between two messages, and what it answers with is in the state already")
}

pub(crate) fn ready_generic(kind: &str) -> Message {
    Message::new("the hook `ready` cannot be generic").help(ready_is(kind))
}

pub(crate) fn ready_receiver() -> Message {
    Message::new("the hook `ready` takes the state as `&self`")
        .help("write `&self`")
        .note("it tells what the state is ready for; what changes the state is a handler")
}

pub(crate) fn ready_without_kind(kind: &str) -> Message {
    Message::new("the hook `ready` takes the kind of the next message").help(ready_is(kind))
}

pub(crate) fn ready_context(kind: &str) -> Message {
    Message::new("the hook `ready` takes no context")
        .help(ready_is(kind))
        .note("it tells what the state is ready for; what does something is a handler")
}

pub(crate) fn ready_with_more(kind: &str) -> Message {
    Message::new("the hook `ready` takes the kind of the next message, and nothing else")
        .help(ready_is(kind))
        .note("it is asked once for all messages of a kind, so it cannot look at the fields of one")
}

pub(crate) fn ready_without_answer(kind: &str) -> Message {
    Message::new("the hook `ready` returns a `bool`").help(ready_is(kind))
}

pub(crate) fn generic(name: &str) -> Message {
    Message::new(format!("the {} `{name}` cannot be generic", role(name)))
        .help("use the types of the message's fields")
        .note("a message has one type for each field; an actor for several types is a generic enum")
}

pub(crate) fn qualified(word: &str, name: &str) -> Message {
    Message::new(format!("the {} `{name}` cannot be `{word}`", role(name)))
        .help(format!("remove `{word}`"))
}

pub(crate) fn duplicate(name: &str) -> Message {
    Message::new(format!("the {} `{name}` is given twice", role(name)))
        .help("remove one of the two")
}

pub(crate) fn duplicate_first(name: &str) -> Message {
    Message::new(format!("the {} `{name}` is first given here", role(name)))
}

pub(crate) fn opaque_return(name: &str, future: bool) -> Message {
    let message = Message::new(format!(
        "the handler `{name}` must name the type that it returns"
    ));
    if future {
        message.help(format!(
            "write `async fn {name}(…)`, with the type of the future's output"
        ))
    } else {
        message.help("write the type of the reply")
    }
}

pub(crate) fn context_type(protocol: &str, written: &str) -> Message {
    Message::new(format!(
        "a handler takes its context as `&mut Context<{protocol}>`, not as `{written}`"
    ))
    .help(format!("write `&mut Context<{protocol}>`"))
}

pub(crate) fn context_of_the_state(protocol: &str, written: &str) -> Message {
    Message::new(format!(
        "the context belongs to the actor `{protocol}`, not to its state: `{written}`"
    ))
    .help(format!("write `&mut Context<{protocol}>`"))
}

pub(crate) fn whole_message(name: &str, protocol: &str) -> Message {
    Message::new(format!(
        "the handler `{name}` gets the fields of its message, not a whole `{protocol}`"
    ))
    .help("write a parameter for each field, with its name and type")
}

pub(crate) fn reply_without_deferred(name: &str, types: &[String]) -> Message {
    let returned = match types {
        [answer, error] => format!("Result<{answer}, {error}>"),
        _ => types.join(", "),
    };
    Message::new(format!(
        "`{name}` gets a `Reply`, but the reply of its variant is not deferred"
    ))
    .help(format!(
        "mark the variant: `#[reply({}, deferred)]`",
        declared(types)
    ))
    .help(format!(
        "or return the answer in place of the parameter: `fn {name}(…) -> {returned}`"
    ))
}

pub(crate) fn reply_of_a_tell(name: &str, types: &[String]) -> Message {
    Message::new(format!(
        "`{name}` gets a `Reply`, but its variant is not an ask"
    ))
    .help(format!(
        "mark the variant: `#[reply({}, deferred)]`",
        declared(types)
    ))
    .help("or remove the parameter: nobody waits for an answer")
}

/// A reply as its variant declares it.
fn declared(types: &[String]) -> String {
    match types {
        [answer, error] => format!("{answer}, error = {error}"),
        _ => types.join(", "),
    }
}

pub(crate) fn context_not_last() -> Message {
    Message::new("the context is the last parameter of a handler")
        .help("move it behind the fields of the message")
}

/// What the parameters of a handler are checked against is known to the compiler only: it puts the
/// names of the fields into the gap.
pub(crate) fn parameter_names(method: &str, gap: &str) -> Message {
    Message::new(format!(
        "the parameters of `{method}` are not named after the fields of its variant"
    ))
    .help(format!("write `fn {method}(&mut self, {gap})`"))
    .help("a parameter that is not used may have a `_` in front of its name")
}
