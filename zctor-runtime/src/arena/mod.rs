//! Memory for the time of a message, or of a request. With the feature `arena`.
//!
//! A handler that takes a request apart needs many small pieces of memory, and
//! all of them until its end. An arena gives them out of one chunk, by moving a
//! pointer, frees all of them at once, and has the chunk for the next message:
//! after the first few messages nothing is allocated any more. The allocator is
//! that of the crate [`bumpalo`], with its collections.
//!
//! | | |
//! |---|---|
//! | [`ctx.arena()`](crate::Context::arena) | the arena of a message. It ends with its handler, and nothing that is allocated in it can be kept, sent or returned |
//! | [`ctx.split_arena()`](crate::Context::split_arena) | the same, with the context beside it: `let (arena, ctx) = ctx.split_arena();` |
//! | [`ctx.set_arena_limit(bytes)`](crate::Context::set_arena_limit) | how much memory is kept from one message to the next |
//! | [`Arena`] | that of a request: a field of its messages, from actor to actor and back |
//!
//! ```
//! use zctor::bumpalo::{self, collections::Vec};
//! use zctor::prelude::*;
//!
//! #[actor]
//! enum Greeter { #[reply(usize)] Greet(String) }
//! struct Desk { letters: usize }
//!
//! #[handlers]
//! impl GreeterActor for Desk {
//!     fn greet(&mut self, names: String, ctx: &mut Context<Greeter>) -> usize {
//!         let arena = ctx.arena();
//!         let mut greetings = Vec::new_in(&arena);
//!         for name in names.split(',') {
//!             greetings.push(bumpalo::format!(in &arena, "hello, {}", name.trim()));
//!         }
//!         self.letters += greetings.iter().map(|greeting| greeting.len()).sum::<usize>();
//!         greetings.len()
//!     } // here all of it is freed
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let greeter = Greeter::spawn(&system, Desk { letters: 0 });
//! assert_eq!(greeter.greet("Ada, Bob".to_owned()).wait()?, 2);
//! # system.shutdown().wait() }
//! ```
//!
//! # What it saves
//!
//! All allocations of a handler but those of what it keeps, sends or returns. In
//! the example `arena`, which answers small HTTP requests, that is 18 for each.
//! An arena itself costs about as much as one small allocation, so a handler that
//! makes one or two gains nothing.
//!
//! # When it is reset
//!
//! The arena of a message is a value of its handler. Its drop resets it: at the
//! end of the handler, of the scope, or by `drop(arena)`. That is so whether the
//! handler returns, returns an error, panics, or is dropped where it awaits as
//! its actor is killed. The memory is kept by the incarnation of the actor, one
//! chunk of it, and goes with that: what crashes leaves nothing to the next
//! incarnation. Hooks have arenas like handlers.
//!
//! # Why a request stores, and does not borrow
//!
//! A value that owns memory together with references into it cannot be written
//! without `unsafe`, and this library has none. So what travels is found by
//! handles ([`Stored`]) that are checked: one that was mixed up is an error, and
//! never gives another's data. If you would rather have references, make a type
//! that owns a [`Bump`] and what borrows from it with a crate such as
//! [`self_cell`](https://docs.rs/self_cell): it is `Send` as well, as long as it
//! holds slices and texts and not the collections, and a message can carry it.

mod columns;
pub(crate) mod home;
mod message;
mod owned;
mod storable;
mod store;
mod stored;

pub use self::message::MessageArena;
pub use self::owned::Arena;
pub use self::storable::Storable;
pub use self::store::Store;
pub use self::stored::{ArenaError, Stored};
pub use bumpalo::Bump;

/// How many bytes an arena keeps unless it is told otherwise.
const LIMIT: usize = 64 * 1024;
