//! The attribute macros of zctor.
//!
//! Use them through the crate `zctor`, which re-exports them beside what their output runs on.

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod diag;
mod expand;
mod handlers;
mod model;
mod parse;
mod pipeline;
#[cfg(test)]
mod tests;
mod validate;
mod wording;

use proc_macro::TokenStream;

/// Makes an enum the protocol of an actor: its variants are the messages.
///
/// For an enum `Counter` it adds, with the enum's visibility and generics:
///
/// - the trait `CounterActor`, with a method for each variant, in snake case. It is what the state
///   implements, by [`macro@handlers`] or by hand. It also has the hooks `on_start`, `on_stop` and `ready`.
/// - the struct `CounterHandle`, with a method for each variant: what is passed around.
/// - the enum `CounterKind`: the variants without their fields.
///
/// # Options of the enum
///
/// | option | meaning |
/// |---|---|
/// | `mailbox = unbounded` | a mailbox without a limit, the default |
/// | `mailbox = 1024` | a mailbox with room for so many messages: a number, or the path of a constant |
/// | `overflow = wait` | who tells a full mailbox waits for room; the default where there is a capacity |
/// | `overflow = reject` | a full mailbox gives the message back |
/// | `overflow = drop_newest` | a full mailbox drops the message, and counts it |
/// | `overflow = drop_oldest` | a full mailbox drops the message that has waited longest, and counts it |
/// | `timeout = "5s"` | the time limit of every ask that has none of its own |
/// | `thread = shared` | it runs on the workers of its system, the default; its handlers must not block |
/// | `thread = dedicated` | it has an OS thread of its own, which its handlers may block, also with `.wait()` |
/// | `handle = Name`, `trait = Name` | other names for the handle and the trait |
/// | `crate = path` | where zctor is found, if it is renamed or re-exported |
///
/// # Attributes of variants
///
/// | attribute | meaning |
/// |---|---|
/// | `#[reply(T)]` | an ask: its handler returns a `T`, which the caller gets |
/// | `#[reply(T, error = E)]` | an ask that can fail: its handler returns a `Result<T, E>` |
/// | `#[reply(T, deferred)]` | its handler gets `reply: Reply<T>` behind the fields, to answer later or to pass on; `error = E` may stand before or after |
/// | `#[timeout("100ms")]` | the time limit of this ask |
/// | `#[priority(high)]` | served before ordinary messages, outside the mailbox's capacity and policy |
/// | `#[internal]` | no method on the handle: for what the actor sends to itself (`handle.tell(Enum::Variant)` still can) |
/// | `#[method(name)]` | another name for its methods |
///
/// Messages of high priority have a lane of their own. They are served before all ordinary ones,
/// keep their order among themselves, and no policy drops them; their methods return at once, also
/// under `overflow = wait`. While they keep coming, ordinary messages wait: leave the attribute to
/// what is rare. A stop or a kill needs none, since signals never wait behind messages.
///
/// # Hooks
///
/// They stand in the same impl as the handlers, as `fn` or `async fn` and with or without the context:
///
/// | hook | when |
/// |---|---|
/// | `on_start(&mut self, ctx)` | before the first message; an error or a panic ends the actor, and `started()` says so |
/// | `on_stop(&mut self, ctx)` | after the last message of a stop; not after a crash or a kill |
/// | `fn ready(&self, next: CounterKind) -> bool` | before a message is handled: one that is not ready stays queued |
///
/// Durations are text with a unit: `ns`, `us`, `ms`, `s`, `m` or `h`, also as a sum, `"1m 30s"`.
///
/// Documentation, `#[cfg]` and `#[deprecated]` of a variant are those of what is made from it. The
/// fields own their data: lifetime parameters are refused.
#[proc_macro_attribute]
pub fn actor(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::actor(options.into(), item.into()).into()
}

/// Makes the impl of an actor's trait from plain functions.
///
/// A handler is a `fn` or an `async fn` that takes `&self` or `&mut self`, then the fields of its
/// message, named like them where they have names, and last, if it wants it, the context, as
/// `ctx: &mut Context<Counter>`. The handler of a tell returns nothing, that of an ask its answer.
/// Either may return a `Result` with an error that ends the actor.
///
/// The hook `fn ready(&self, next: CounterKind) -> bool` says which kinds of messages the state takes
/// now; without it, all. A message that is not ready stays queued, with its reply, and is offered
/// again, in the order of arrival, after each message that was handled. The hook is asked once for
/// each kind, not for each message. What is held takes a place in a bounded mailbox. When the actor
/// stops, messages are offered until none is ready; the rest is dropped and counted.
///
/// | argument | meaning |
/// |---|---|
/// | none | the actor of `impl CounterActor for State` is `Counter` |
/// | `#[handlers(Counter)]` | the actor's enum, where the name of the trait does not tell it |
/// | `#[handlers(crate = path)]` | where zctor is found, if it is renamed or re-exported |
#[proc_macro_attribute]
pub fn handlers(arguments: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::handlers(arguments.into(), item.into()).into()
}
