//! What a handler can do besides changing its state.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use crate::cell::Cell;
use crate::failure::Failure;
use crate::handle::Handle;
use crate::label::{ActorId, ActorLabel};
use crate::own::{AnyOwn, Own};
use crate::protocol::Protocol;
use crate::stats::Stats;
use crate::system::System;
use crate::tell_error::{TellError, Undelivered};

/// An actor's access to itself and its system: the last parameter of a
/// handler or hook that wants it.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Egg { Boil, #[internal] Done }
/// struct Pot;
/// #[handlers]
/// impl EggActor for Pot {
///     fn boil(&mut self, ctx: &mut Context<Egg>) {
///         ctx.send_after(Duration::from_millis(5), Egg::Done);
///     }
///     fn done(&mut self, ctx: &mut Context<Egg>) { ctx.stop() }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let egg = Egg::spawn(&system, Pot);
/// egg.boil()?;
/// egg.stopped().wait()?;
/// # system.shutdown().wait() }
/// ```
pub struct Context<P: Protocol> {
    cell: Arc<Cell<P>>,
    /// Most actors have nothing but their mail. (In a box of its own for their
    /// sake.)
    own: Option<Box<Box<dyn AnyOwn<P>>>>,
}

impl<P: Protocol> Context<P> {
    pub(crate) fn new(cell: Arc<Cell<P>>) -> Context<P> {
        Context { cell, own: None }
    }

    pub(crate) fn cell(&self) -> &Arc<Cell<P>> {
        &self.cell
    }

    /// A handle to this actor. It keeps the actor alive like any other.
    #[must_use]
    pub fn handle(&self) -> P::Handle
    where
        P::Handle: From<Handle<P>>,
    {
        P::Handle::from(Handle::new(&self.cell))
    }

    /// The system that this actor lives in. This value does not keep it
    /// running.
    #[must_use]
    pub fn system(&self) -> System {
        System::of(&self.cell.hub)
    }

    /// This actor's number.
    #[must_use]
    pub fn id(&self) -> ActorId {
        self.cell.id
    }

    /// The name that this actor was spawned under, if any.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.cell.name().map(|name| &**name)
    }

    /// This actor's protocol, number and name, as errors show them.
    #[must_use]
    pub fn label(&self) -> ActorLabel {
        self.cell.label()
    }

    /// What has become of this actor's messages, and its age. The one in hand
    /// counts as handled.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.cell.any().stats()
    }

    /// The time on the system's clock. Use this and not `Instant::now`, so
    /// that the actor also runs in simulated time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.cell.hub.seam.now()
    }

    /// A random number from the system's source.
    #[must_use]
    pub fn random(&self) -> u64 {
        self.cell.hub.seam.random()
    }

    /// Stops this actor: what is queued now is handled, then `on_stop` runs.
    pub fn stop(&self) {
        self.cell.any().stop();
    }

    /// Stops this actor like [`stop`](Context::stop), but as a shutdown with a
    /// reason: it ends with [`ExitReason::ShutdownFor`](crate::ExitReason::ShutdownFor),
    /// and a supervisor restarts it only if it is permanent. OTP's exit reason
    /// `{shutdown, Term}`. The first reason stays.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// #[actor] enum Guest { Leave }
    /// struct Visitor;
    /// #[handlers] impl GuestActor for Visitor {
    ///     fn leave(&mut self, ctx: &mut Context<Guest>) { ctx.shut_down("it is late") }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let guest = Guest::spawn(&system, Visitor);
    /// guest.leave()?;
    /// assert_eq!(guest.stopped().wait()?.to_string(), "was shut down: it is late");
    /// # system.shutdown().wait() }
    /// ```
    pub fn shut_down(&mut self, reason: impl Into<Arc<str>>) {
        self.parts().1.leaving.get_or_insert_with(|| reason.into());
        self.cell.any().stop();
    }

    /// Why it shuts itself down, if it does.
    pub(crate) fn take_leaving(&mut self) -> Option<Arc<str>> {
        self.own.as_mut()?.take_leaving()
    }

    /// Has this actor crash with `error` when the current handler or hook has
    /// returned: what is queued behind it is not handled, and `on_stop` does not
    /// run. For code deep inside of a handler, which cannot return an `Err`.
    ///
    /// What the handler returns is still the reply of an ask (unlike with an
    /// `Err`, which answers [`AskError::Crashed`](crate::AskError::Crashed)).
    /// The first error stays; an `Err` of the handler itself goes before it.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Scale { #[reply(u32)] Weigh(u32) }
    /// struct Spring { limit: u32 }
    /// #[handlers]
    /// impl ScaleActor for Spring {
    ///     fn weigh(&mut self, value: u32, ctx: &mut Context<Scale>) -> u32 {
    ///         if value > self.limit {
    ///             ctx.fail(Failure::msg("the spring is broken"));
    ///         }
    ///         value
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let scale = Scale::spawn(&system, Spring { limit: 10 });
    /// assert_eq!(scale.weigh(11).wait()?, 11);
    /// let reason = scale.stopped().wait()?;
    /// assert_eq!(reason.to_string(), "crashed in the handler of `Weigh`: the spring is broken");
    /// # system.shutdown().wait() }
    /// ```
    pub fn fail(&mut self, error: impl Into<Failure>) {
        let error = error.into();
        self.parts().1.failure.get_or_insert(error);
        self.cell.set_failed();
    }

    /// Sends `message` to this actor: this is how an actor goes on with work of
    /// its own, such as `#[internal]` variants, bit by bit.
    ///
    /// It is outside the mailbox's capacity, and takes turns with the mail:
    /// after each such message one from the mailbox is handled, if any waits.
    /// What was sent before a stop is still handled. `#[priority(high)]` makes
    /// no difference here; the hook `ready` is asked as for mail.
    ///
    /// # Errors
    /// If the actor was stopped: the message is given back.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor(mailbox = 1)]
    /// enum Countdown { Count(u32) }
    /// struct Rocket;
    /// #[handlers]
    /// impl CountdownActor for Rocket {
    ///     fn count(&mut self, value: u32, ctx: &mut Context<Countdown>) -> Result<(), Failure> {
    ///         match value.checked_sub(1) {
    ///             Some(less) => ctx.send(Countdown::Count(less))?,
    ///             None => ctx.stop(),
    ///         }
    ///         Ok(())
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let countdown = Countdown::spawn(&system, Rocket);
    /// countdown.count(10).wait()?;
    /// assert!(countdown.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn send(&mut self, message: P) -> Result<(), TellError<P>> {
        let envelope = message.seal();
        if self.cell.mailbox.is_closed() {
            self.cell.count_returned();
            let stopped = Undelivered::Stopped;
            return Err(TellError::new(&self.cell, envelope, stopped));
        }
        self.parts().1.sent.push(envelope);
        Ok(())
    }

    /// What it has besides its mail, beside the cell that it belongs to.
    pub(crate) fn parts(&mut self) -> (&Arc<Cell<P>>, &mut Own<P>) {
        let own = self
            .own
            .get_or_insert_with(|| Box::new(Own::open(&self.cell)));
        (&self.cell, own.all())
    }

    /// The same, if there is any yet.
    pub(crate) fn parts_if_any(&mut self) -> Option<(&Arc<Cell<P>>, &mut Own<P>)> {
        let own = self.own.as_mut()?;
        Some((&self.cell, own.all()))
    }

    /// Whether it may have a message that is not mail: cheap.
    #[inline]
    pub(crate) fn has_own(&self) -> bool {
        self.own.is_some()
    }

    /// A message from the mailbox is about to be handled.
    #[inline]
    pub(crate) fn count_mail(&mut self, messages: u64) {
        if let Some(own) = &mut self.own {
            own.count_mail(messages);
        }
    }

    /// Whether notices wait for the mail before them.
    pub(crate) fn has_notices(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.has_notices())
    }

    /// The next message that is not mail: see [`AnyOwn::next`].
    pub(crate) fn next_own(&mut self, outside: bool, no_mail: bool) -> Option<P::Envelope> {
        self.own.as_mut()?.next(&self.cell, outside, no_mail)
    }

    /// The same, of those that are ready.
    pub(crate) fn next_own_ready(
        &mut self,
        outside: bool,
        no_mail: bool,
        ready: &mut dyn FnMut(P::Kind) -> bool,
    ) -> Option<P::Envelope> {
        let own = self.own.as_mut()?;
        own.next_ready(&self.cell, outside, no_mail, ready)
    }

    /// Why it fails, if it was made to.
    pub(crate) fn take_failure(&mut self) -> Option<Failure> {
        if !self.cell.has_failed() {
            return None;
        }
        self.own.as_mut()?.take_failure()
    }
}

impl<P: Protocol> Drop for Context<P> {
    fn drop(&mut self) {
        if let Some(own) = self.own.take() {
            own.close(&self.cell);
        }
        #[cfg(feature = "arena")]
        self.cell.empty_arena();
    }
}

impl<P: Protocol> fmt::Debug for Context<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Context({})", self.label())
    }
}
