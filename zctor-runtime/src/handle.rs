//! Handles: what is passed around of an actor.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Weak};

use crate::breaker::circuit::CircuitBreaker;
use crate::cell::Cell;
use crate::flush_error::FlushError;
use crate::label::{ActorId, ActorLabel};
use crate::limit::limited::Limited;
use crate::limit::limiter::RateLimiter;
use crate::mailbox::Refused;
use crate::milestones::{Started, Stopped};
use crate::protocol::{Kind, Protocol};
use crate::stats::Stats;
use crate::sync::lock;
use crate::tell_error::{TellError, Undelivered};

/// A handle to any actor of the protocol `P`: what the generated handles,
/// such as `CounterHandle`, dereference to.
///
/// A clone is cheap. Two handles are equal if they are of the same actor.
/// When the last handle of an actor is dropped, and neither a name nor
/// [`detach`](Handle::detach) holds it, the actor handles what is queued and
/// stops.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Lamp { Dim(u8), #[reply(u8)] Level }
/// struct Bulb(u8);
/// #[handlers]
/// impl LampActor for Bulb {
///     fn dim(&mut self, value: u8) { self.0 = value }
///     fn level(&self) -> u8 { self.0 }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let lamp = Lamp::spawn(&system, Bulb(0));
/// let same = lamp.clone();
/// assert_eq!(lamp, same);
/// same.tell(Lamp::Dim(7))?;
/// assert_eq!(lamp.level().wait()?, 7);
/// # system.shutdown().wait() }
/// ```
#[doc(alias = "ActorRef")]
#[doc(alias = "Addr")]
#[doc(alias = "Pid")]
pub struct Handle<P: Protocol> {
    cell: Arc<Cell<P>>,
}

impl<P: Protocol> Handle<P> {
    /// A handle that counts.
    pub(crate) fn new(cell: &Arc<Cell<P>>) -> Handle<P> {
        cell.hold();
        Handle {
            cell: Arc::clone(cell),
        }
    }

    /// The handle that a new cell's first holder stands for.
    pub(crate) fn first(cell: Arc<Cell<P>>) -> Handle<P> {
        Handle { cell }
    }

    pub(crate) fn cell(&self) -> &Arc<Cell<P>> {
        &self.cell
    }

    /// Queues a message, without waiting. The reply of an ask is discarded.
    ///
    /// # Errors
    /// If the actor has ended or was stopped, or its mailbox is full (unless
    /// its policy is to drop messages): the message is given back.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamp = Lamp::spawn(&system, Bulb);
    /// lamp.tell(Lamp::On)?;
    /// # system.shutdown().wait() }
    /// ```
    #[doc(alias = "send")]
    #[doc(alias = "cast")]
    pub fn tell(&self, message: P) -> Result<(), TellError<P>> {
        self.tell_envelope(message.seal())
    }

    #[inline]
    pub(crate) fn tell_envelope(&self, envelope: P::Envelope) -> Result<(), TellError<P>> {
        self.cell
            .deliver(envelope)
            .map_err(|refused| self.refused(refused))
    }

    #[cold]
    pub(crate) fn refused(&self, refused: Refused<P::Envelope>) -> TellError<P> {
        match refused {
            Refused::Full(envelope) => self.undelivered(envelope, Undelivered::Full),
            Refused::Closed(envelope) => self.undelivered(envelope, Undelivered::Stopped),
        }
    }

    pub(crate) fn flush(&self, kind: P::Kind) -> Result<(), FlushError> {
        if self.cell.has_ended() {
            return Err(FlushError {
                actor: self.label(),
                message: kind.name(),
            });
        }
        self.cell.flush(kind);
        Ok(())
    }

    /// A message that has no permit.
    #[cold]
    pub(crate) fn limited(&self, envelope: P::Envelope, limited: Limited) -> TellError<P> {
        self.cell.count_returned();
        TellError::limited(&self.cell, envelope, limited)
    }

    #[cold]
    pub(crate) fn undelivered(&self, envelope: P::Envelope, reason: Undelivered) -> TellError<P> {
        self.cell.count_returned();
        TellError::new(&self.cell, envelope, reason)
    }

    /// Stops the actor: it handles what is queued now, runs `on_stop`, and
    /// ends. Messages that come later are refused.
    ///
    /// It returns at once; [`stopped`](Handle::stopped) waits for the end.
    ///
    /// An actor that its supervisor is about to restart has nothing to stop:
    /// that is left as it is. One that has not begun starts, handles what was
    /// queued before, and stops.
    pub fn stop(&self) {
        if !self.cell.is_between() {
            self.cell.any().stop();
        }
    }

    /// Ends the actor as soon as it can be interrupted: a handler that awaits
    /// is dropped where it awaits, a synchronous one ends first. `on_stop`
    /// does not run, and what is queued is dropped, unless its supervisor
    /// restarts it: then its mail waits for the next incarnation.
    ///
    /// One that blocks its thread cannot be interrupted. It counts as dead when
    /// the [`grace`](crate::SystemBuilder::grace) of its system is over, and
    /// its thread is left to it.
    ///
    /// An actor that its supervisor is about to restart has nothing to kill:
    /// that is left as it is.
    pub fn kill(&self) {
        if !self.cell.is_between() {
            self.cell.any().kill();
        }
    }

    /// The actor's number.
    #[must_use]
    pub fn id(&self) -> ActorId {
        self.cell.id
    }

    /// The name that it was spawned under, if any.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.cell.name().map(|name| &**name)
    }

    /// Its protocol, number and name, as errors show them.
    #[must_use]
    pub fn label(&self) -> ActorLabel {
        self.cell.label()
    }

    /// Whether it has not ended yet. A stopped actor is alive until it has
    /// handled what was queued.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.cell.has_ended()
    }

    /// How many messages wait in its mailbox, roughly: the one in hand may be
    /// counted, and so may those that were fetched together with it and are
    /// handled already. (Without a lock, that is 128 of them at most.) Those of
    /// high priority are counted, and those that the hook `ready` holds.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.cell.queued()
    }

    /// How many ordinary messages may wait in its mailbox; none: no limit.
    #[must_use]
    pub fn capacity(&self) -> Option<usize> {
        self.cell.mailbox.capacity()
    }

    /// How many queued messages were dropped: by an overflow policy, or
    /// because the actor ended before it came to them.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.stats().dropped()
    }

    /// How many asks were skipped because their callers had gone before their
    /// turn came.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.stats().skipped()
    }

    /// What has become of its messages, and its age.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.cell.any().stats()
    }

    /// How many hold this actor: its handles, its name if it has one, a parent,
    /// and each [`detach`](Handle::detach). When nobody does, it stops.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamp = Lamp::spawn(&system, Bulb);
    /// let same = lamp.clone();
    /// assert_eq!(lamp.holders(), 2);
    /// drop(same);
    /// assert_eq!(lamp.holders(), 1);
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn holders(&self) -> usize {
        self.cell.holders()
    }

    /// How many monitors and links of other actors there are on this one, and
    /// how many subscriptions to topics it has.
    #[must_use]
    pub fn watchers(&self) -> usize {
        let ties = self.cell.ties_if_any();
        ties.map_or(0, |ties| lock(&ties.watchers).len())
    }

    /// Waits until `on_start` has returned.
    pub fn started(&self) -> Started<P> {
        Started::new(Arc::clone(&self.cell))
    }

    /// Waits until the actor has ended for good, after `on_stop`. By then its
    /// name is free and all its messages are handled or dropped. Does not
    /// keep the actor alive.
    pub fn stopped(&self) -> Stopped<P> {
        Stopped::new(Arc::clone(&self.cell))
    }

    /// Lets the actor live without handles, until it is stopped or its system
    /// shuts down.
    pub fn detach(&self) {
        self.cell.hold();
    }

    /// The circuit breaker of a message with `#[breaker]`, which all handles of
    /// this actor share and which outlives its restarts: to look at it, and to
    /// open and close it by hand. None of other messages.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::CircuitState;
    ///
    /// #[actor]
    /// enum Oracle {
    ///     #[reply(u32)]
    ///     #[breaker(failures = 3)]
    ///     Answer,
    /// }
    /// struct Deep;
    /// #[handlers]
    /// impl OracleActor for Deep { fn answer(&self) -> u32 { 42 } }
    ///
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// let oracle = Oracle::spawn(&system, Deep);
    /// let breaker = oracle.breaker(OracleKind::Answer).expect("it has one");
    /// breaker.force_open();
    /// assert!(oracle.answer().wait().unwrap_err().is_circuit_open());
    /// breaker.force_close();
    /// assert_eq!(oracle.answer().wait()?, 42);
    /// assert_eq!(breaker.state(), CircuitState::Closed);
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn breaker(&self, message: P::Kind) -> Option<CircuitBreaker> {
        self.cell.breaker(message).cloned()
    }

    /// The rate limit of a message with `#[limit]`, which all handles of this
    /// actor share. None of other messages.
    #[must_use]
    pub fn limiter(&self, message: P::Kind) -> Option<RateLimiter> {
        self.cell.limiter(message).cloned()
    }

    /// A handle that does not keep the actor alive.
    #[must_use]
    pub fn downgrade(&self) -> WeakHandle<P> {
        WeakHandle {
            cell: Arc::downgrade(&self.cell),
            id: self.cell.id,
        }
    }
}

impl<P: Protocol> Clone for Handle<P> {
    fn clone(&self) -> Self {
        Handle::new(&self.cell)
    }
}

impl<P: Protocol> Drop for Handle<P> {
    fn drop(&mut self) {
        self.cell.release();
    }
}

impl<P: Protocol> PartialEq for Handle<P> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.cell, &other.cell)
    }
}

impl<P: Protocol> Eq for Handle<P> {}

impl<P: Protocol> Hash for Handle<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.cell.id.hash(state);
    }
}

impl<P: Protocol> fmt::Debug for Handle<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", self.label())
    }
}

/// A handle that does not keep its actor alive.
///
/// ```
/// # use zctor::prelude::*;
/// # #[actor] enum Lamp { On }
/// # struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let lamp = Lamp::spawn(&system, Bulb);
/// let weak = lamp.downgrade();
/// assert_eq!(weak.upgrade().as_ref(), Some(&lamp));
/// drop(lamp);
/// assert!(weak.upgrade().is_none());
/// # system.shutdown().wait() }
/// ```
pub struct WeakHandle<P: Protocol> {
    cell: Weak<Cell<P>>,
    id: ActorId,
}

impl<P: Protocol> WeakHandle<P> {
    /// A handle, if anything still keeps the actor alive.
    #[must_use]
    pub fn upgrade(&self) -> Option<P::Handle>
    where
        P::Handle: From<Handle<P>>,
    {
        let cell = self.cell.upgrade()?;
        cell.hold_if_held()
            .then(|| P::Handle::from(Handle::first(cell)))
    }

    /// The actor's number.
    #[must_use]
    pub fn id(&self) -> ActorId {
        self.id
    }
}

impl<P: Protocol> Clone for WeakHandle<P> {
    fn clone(&self) -> Self {
        WeakHandle {
            cell: Weak::clone(&self.cell),
            id: self.id,
        }
    }
}

impl<P: Protocol> PartialEq for WeakHandle<P> {
    fn eq(&self, other: &Self) -> bool {
        Weak::ptr_eq(&self.cell, &other.cell)
    }
}

impl<P: Protocol> Eq for WeakHandle<P> {}

impl<P: Protocol> Hash for WeakHandle<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl<P: Protocol> fmt::Debug for WeakHandle<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WeakHandle({}{})", P::NAME, self.id)
    }
}
