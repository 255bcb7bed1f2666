//! The memory that a handler has for the time of its message.

use crate::arena::MessageArena;
use crate::context::Context;
use crate::protocol::Protocol;

impl<P: Protocol> Context<P> {
    /// Memory for the time of this message: an arena whose chunk is used again
    /// for each message, so that a handler that needs a hundred small pieces of
    /// memory allocates nothing.
    ///
    /// It borrows from the context, which can still be asked meanwhile (`now`,
    /// `handle`, `stop`). For what changes the context, such as `send_after`,
    /// take both with [`split_arena`](Context::split_arena). The guide is in
    /// [`zctor::arena`](crate::arena), and what an async handler can do with it in
    /// [`MessageArena`].
    ///
    /// An actor that never calls this pays nothing. A handler that calls it again
    /// when the first arena is dropped gets the same memory, reset. While that
    /// lives it gets another, and the memory of the one that is dropped last is
    /// kept.
    ///
    /// Needs the feature `arena` of zctor.
    ///
    /// ```
    /// use zctor::bumpalo::collections::Vec;
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Sorter { #[reply(String)] Sort(String) }
    /// struct Shelf;
    /// #[handlers]
    /// impl SorterActor for Shelf {
    ///     fn sort(&mut self, text: String, ctx: &mut Context<Sorter>) -> String {
    ///         let arena = ctx.arena();
    ///         let mut words = Vec::from_iter_in(text.split(' '), &arena);
    ///         words.sort();
    ///         words.join(" ")
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let sorter = Sorter::spawn(&system, Shelf);
    /// assert_eq!(sorter.sort("one two three".to_owned()).wait()?, "one three two");
    /// # system.shutdown().wait() }
    /// ```
    ///
    /// What is allocated in it stays in the handler:
    ///
    /// ```compile_fail
    /// # use zctor::prelude::*;
    /// # #[actor] enum Sorter { Keep(String) }
    /// struct Shelf { kept: &'static str }
    /// #[handlers]
    /// impl SorterActor for Shelf {
    ///     fn keep(&mut self, text: String, ctx: &mut Context<Sorter>) {
    ///         let arena = ctx.arena();
    ///         self.kept = arena.alloc_str(&text); // `arena` does not live long enough
    ///     }
    /// }
    /// ```
    pub fn arena(&self) -> MessageArena<'_> {
        MessageArena::open(self.cell().arena_home())
    }

    /// [`arena`](Context::arena), together with the context: for handlers that
    /// need both at the same time.
    ///
    /// Needs the feature `arena` of zctor.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Reminder { Remind(String), #[internal] Ring(usize) }
    /// struct Clock;
    /// #[handlers]
    /// impl ReminderActor for Clock {
    ///     fn remind(&mut self, text: String, ctx: &mut Context<Reminder>) {
    ///         let (arena, ctx) = ctx.split_arena();
    ///         let loud = arena.alloc_str(&text);
    ///         loud.make_ascii_uppercase();
    ///         ctx.send_after(Duration::from_millis(1), Reminder::Ring(loud.len()));
    ///         assert_eq!(loud, "TEA");
    ///     }
    ///     fn ring(&mut self, letters: usize, ctx: &mut Context<Reminder>) {
    ///         assert_eq!(letters, 3);
    ///         ctx.stop();
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let reminder = Reminder::spawn(&system, Clock);
    /// reminder.remind("tea".to_owned())?;
    /// assert!(reminder.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn split_arena(&mut self) -> (MessageArena<'_>, &mut Context<P>) {
        (MessageArena::open(self.cell().arena_home()), self)
    }

    /// How many bytes of memory the arena keeps from one message to the next:
    /// 64 KiB unless set. After a message that needed more, its memory is given
    /// back, and the next one begins with little. What is kept already goes at
    /// once if it is more.
    ///
    /// It holds until this actor ends or is restarted, so `on_start` is the place
    /// for it. For an actor whose ordinary messages need more than the default it
    /// is worth setting: what is given back has to be allocated again. (What is
    /// kept is one chunk, and its size is up to twice that of what it must hold.)
    ///
    /// Needs the feature `arena` of zctor.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Mill { #[reply(usize)] Grind(usize) }
    /// struct Stones;
    /// #[handlers]
    /// impl MillActor for Stones {
    ///     fn on_start(&mut self, ctx: &mut Context<Mill>) { ctx.set_arena_limit(4096) }
    ///     fn grind(&mut self, bytes: usize, ctx: &mut Context<Mill>) -> usize {
    ///         let arena = ctx.arena();
    ///         let kept = arena.allocated_bytes();
    ///         arena.alloc_slice_fill_copy(bytes, 0_u8);
    ///         kept
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let mill = Mill::spawn(&system, Stones);
    /// assert_eq!(mill.grind(1000).wait()?, 0);
    /// assert!(mill.grind(1_000_000).wait()? >= 1000); // what the first one left
    /// assert_eq!(mill.grind(1000).wait()?, 0); // what the second one left was too much
    /// # system.shutdown().wait() }
    /// ```
    pub fn set_arena_limit(&mut self, bytes: usize) {
        self.cell().arena_home().set_limit(bytes);
    }
}
