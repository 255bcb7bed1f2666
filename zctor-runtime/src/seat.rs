//! Actors whose handles are there before they are spawned.

use std::fmt;
use std::sync::Arc;

use crate::cell::Cell;
use crate::exit::ExitReason;
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::protocol::Protocol;
use crate::registry::Refusal;
use crate::role::Plain;
use crate::spawn::{Spawn, register, start};
use crate::spawn_error::SpawnError;
use crate::system::System;

/// How actors of a protocol are reserved: `Node::reserve(&system)`. Implemented
/// for every protocol.
pub trait Reserve: Spawn {
    /// Makes the handle of an actor that is spawned later: for actors that need
    /// one another's handles. What is sent to it waits.
    ///
    /// On a system that is shutting down the handle is dead from the start.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Node { Pass(u32) }
    /// struct Link { next: NodeHandle }
    /// #[handlers]
    /// impl NodeActor for Link {
    ///     fn pass(&mut self, value: u32) -> Result<(), Failure> {
    ///         if value > 0 { self.next.pass(value - 1)? }
    ///         Ok(())
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// let seat = Node::reserve(&system);
    /// let second = Node::spawn(&system, Link { next: seat.handle() });
    /// second.pass(10)?;
    /// let first = seat.spawn(Link { next: second })?;
    /// first.pass(3)?;
    /// # system.shutdown().wait() }
    /// ```
    fn reserve(system: &System) -> Seat<Self> {
        let seat = Seat::new(system, None);
        if register(seat.handle.cell()).is_err() {
            seat.end(ExitReason::Shutdown);
        }
        seat
    }

    /// The same with a name, which is taken from now on.
    ///
    /// # Errors
    /// If the name is taken, or the system is shutting down.
    fn reserve_named(
        system: &System,
        name: impl Into<Arc<str>>,
    ) -> Result<Seat<Self>, SpawnError<()>> {
        let name: Arc<str> = name.into();
        let seat = Seat::new(system, Some(Arc::clone(&name)));
        match register(seat.handle.cell()) {
            Ok(()) => Ok(seat),
            Err(refusal) => {
                // It was not registered, so nothing is to be removed.
                seat.handle.cell().claim();
                Err(SpawnError::new::<Self>(Some(name), refusal, ()))
            }
        }
    }
}

impl<P: Spawn> Reserve for P {}

/// The place of an actor that is not spawned yet: see [`Reserve::reserve`].
///
/// Dropped without a spawn, it ends its actor: messages that wait are dropped
/// and counted, and asks get [`AskError::Stopped`](crate::AskError::Stopped).
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor] enum Lamp { #[reply(())] On }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let seat = Lamp::reserve(&system);
/// let lamp = seat.handle();
/// let on = lamp.on().send();
/// drop(seat);
/// assert!(on.wait().unwrap_err().is_stopped());
/// assert!(!lamp.is_alive());
/// # system.shutdown().wait() }
/// ```
#[must_use = "dropped without `.spawn(state)`, it ends its actor"]
pub struct Seat<P: Protocol> {
    handle: Handle<P>,
}

impl<P: Protocol> Seat<P> {
    fn new(system: &System, name: Option<Arc<str>>) -> Seat<P> {
        let cell = Cell::new(Arc::clone(system.hub()), name, P::MAILBOX);
        cell.reserve();
        Seat {
            handle: Handle::first(cell),
        }
    }

    /// A handle of the actor.
    #[must_use]
    pub fn handle(&self) -> P::Handle
    where
        P::Handle: From<Handle<P>>,
    {
        P::Handle::from(self.handle.clone())
    }

    /// Spawns the actor: it handles what waits.
    ///
    /// # Errors
    /// If it has ended, since its system has shut down or it was killed: the
    /// state is given back.
    pub fn spawn<S>(self, state: S) -> Result<P::Handle, SpawnError<S>>
    where
        P: HandledBy<S> + Spawn,
        S: Send + 'static,
    {
        let cell = self.handle.cell();
        if !cell.claim() {
            let refusal = Refusal::Ended;
            return Err(SpawnError::new::<P>(cell.name().cloned(), refusal, state));
        }
        start(cell, Plain(state));
        Ok(P::Handle::from(self.handle.clone()))
    }

    fn end(&self, reason: ExitReason) {
        let cell = self.handle.cell();
        if cell.claim() {
            cell.any().end_unstarted(reason);
        }
    }
}

impl<P: Protocol> Drop for Seat<P> {
    fn drop(&mut self) {
        self.end(ExitReason::Normal);
    }
}

impl<P: Protocol> fmt::Debug for Seat<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seat({})", self.handle.label())
    }
}
