//! Spawning actors.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use crate::cell::Cell;
use crate::exit::{Cause, Crash, ExitReason, Place};
use crate::failure::Failure;
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::label::ActorId;
use crate::life::begin;
use crate::protocol::{Mailbox, Protocol};
use crate::registry::{AnyActor, Refusal};
use crate::system::System;

/// How actors of a protocol are spawned: `Counter::spawn(&system, state)`.
/// Implemented for every protocol.
pub trait Spawn: Protocol<Handle: From<Handle<Self>>> {
    /// Spawns an actor, and returns a handle to it.
    ///
    /// It cannot fail: on a system that is shutting down the handle is dead
    /// from the start, and so is that of an actor that is to have a thread of
    /// its own and gets none. [`Handle::started`] tells how `on_start` went. The
    /// actor lives as long as a handle does; [`Handle::detach`] lets it live
    /// on.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamp = Lamp::spawn(&system, Bulb);
    /// lamp.on()?;
    /// # system.shutdown().wait() }
    /// ```
    #[must_use = "the actor stops when its last handle is dropped; `.detach()` lets it live on"]
    fn spawn<S>(system: &System, state: S) -> Self::Handle
    where
        Self: HandledBy<S>,
        S: Send + 'static,
    {
        let cell = Arc::new(Cell::<Self>::new(
            Arc::clone(system.hub()),
            None,
            Self::MAILBOX,
        ));
        if let Err((refusal, state)) = launch(&cell, state) {
            drop(state);
            let reason = match refusal {
                Refusal::NoThread(error) => {
                    let cause = Cause::Error(Failure::from(error));
                    let crash = Crash::new(cell.label(), Place::Thread, cause);
                    cell.record_crash(&crash);
                    ExitReason::Crashed(crash)
                }
                _ => ExitReason::Shutdown,
            };
            cell.end_unstarted(reason);
        }
        Self::Handle::from(Handle::first(cell))
    }

    /// Prepares an actor with settings of its own.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamp = Lamp::builder(Bulb).name("hall").mailbox(8).spawn(&system)?;
    /// assert_eq!(lamp.capacity(), Some(8));
    /// # system.shutdown().wait() }
    /// ```
    fn builder<S>(state: S) -> ActorBuilder<Self, S>
    where
        Self: HandledBy<S>,
        S: Send + 'static,
    {
        ActorBuilder {
            state,
            name: None,
            mailbox: Self::MAILBOX,
            dedicated: false,
            protocol: PhantomData,
        }
    }
}

impl<P: Protocol<Handle: From<Handle<P>>>> Spawn for P {}

/// Registers the actor and starts its task.
fn launch<P, S>(cell: &Arc<Cell<P>>, state: S) -> Result<(), (Refusal, S)>
where
    P: HandledBy<S>,
    S: Send + 'static,
{
    let actor = Arc::clone(cell) as Arc<dyn AnyActor>;
    let registry = &cell.hub.registry;
    if let Err(refusal) = registry.add(cell.id, cell.name(), actor) {
        return Err((refusal, state));
    }
    if cell.is_dedicated()
        && let Err(error) = cell.hub.seam.dedicate(&cell.label())
    {
        registry.remove(cell.id, cell.name());
        return Err((Refusal::NoThread(error), state));
    }
    begin(Arc::clone(cell), state).schedule();
    Ok(())
}

/// An actor to be spawned, with its settings: see [`Spawn::builder`].
#[must_use = "it does nothing until `.spawn(&system)`"]
pub struct ActorBuilder<P, S> {
    state: S,
    name: Option<Arc<str>>,
    mailbox: Mailbox,
    dedicated: bool,
    protocol: PhantomData<fn() -> P>,
}

impl<P, S> ActorBuilder<P, S>
where
    P: HandledBy<S> + Spawn,
    S: Send + 'static,
{
    /// A name for [`System::whereis`] and for reports. No two live actors of
    /// a system have the same. A named actor lives without handles.
    pub fn name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Another capacity of the mailbox, at most 2³¹ − 1. The policy stays what
    /// the enum says; that of an enum declared unbounded is `reject`.
    ///
    /// # Panics
    /// If `capacity` is zero.
    pub fn mailbox(mut self, capacity: usize) -> Self {
        assert!(
            capacity > 0,
            "a mailbox with a capacity of zero can take no message"
        );
        self.mailbox = self.mailbox.resized(capacity);
        self
    }

    /// Gives it an OS thread of its own, as `#[actor(thread = dedicated)]` does
    /// for all actors of a protocol: its handlers may block, also with
    /// `.wait()`.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// #[handlers] impl LampActor for Bulb {
    ///     fn on(&mut self) { std::thread::sleep(std::time::Duration::from_millis(1)) }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamp = Lamp::builder(Bulb).name("hall").dedicated().spawn(&system)?;
    /// lamp.on()?;
    /// # system.shutdown().wait() }
    /// ```
    pub fn dedicated(mut self) -> Self {
        self.dedicated = true;
        self
    }

    /// Spawns the actor.
    ///
    /// # Errors
    /// If the name is taken, the system is shutting down, or the operating
    /// system gives no thread to an actor that is to have one of its own: the
    /// state is given back.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb(u8);
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let first = Lamp::builder(Bulb(1)).name("hall").spawn(&system)?;
    /// let error = Lamp::builder(Bulb(2)).name("hall").spawn(&system).unwrap_err();
    /// assert_eq!(error.to_string(), "cannot spawn the `Lamp` \"hall\": the name is taken by actor #1");
    /// assert_eq!(error.into_state().0, 2);
    /// # system.shutdown().wait() }
    /// ```
    pub fn spawn(self, system: &System) -> Result<P::Handle, SpawnError<S>> {
        let cell = Cell::<P>::new(Arc::clone(system.hub()), self.name.clone(), self.mailbox);
        if self.dedicated {
            cell.set_dedicated();
        }
        let cell = Arc::new(cell);
        let Err((refusal, state)) = launch(&cell, self.state) else {
            return Ok(P::Handle::from(Handle::first(cell)));
        };
        // Somebody may have found it by its name meanwhile.
        cell.end_unstarted(ExitReason::Shutdown);
        let (reason, cause) = match refusal {
            Refusal::Closed => (NotSpawned::ShuttingDown, None),
            Refusal::NameTaken(holder) => (NotSpawned::NameTaken(holder), None),
            Refusal::NoThread(error) => (NotSpawned::NoThread(error.kind()), Some(error)),
        };
        Err(SpawnError(Box::new(Refused {
            protocol: P::NAME,
            name: self.name,
            reason,
            cause,
            state: Mutex::new(state),
        })))
    }
}

impl<P: Protocol, S> fmt::Debug for ActorBuilder<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActorBuilder")
            .field("protocol", &P::NAME)
            .field("name", &self.name)
            .field("mailbox", &self.mailbox)
            .finish_non_exhaustive()
    }
}

/// An actor that was not spawned, with its state.
///
/// It is an error whatever the state is: it needs neither `Debug` nor `Sync`
/// of it.
pub struct SpawnError<S>(Box<Refused<S>>);

struct Refused<S> {
    protocol: &'static str,
    name: Option<Arc<str>>,
    reason: NotSpawned,
    /// Why there is no thread for it.
    cause: Option<io::Error>,
    /// Never locked: a mutex makes the error `Sync` for every state.
    state: Mutex<S>,
}

/// Why an actor was not spawned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotSpawned {
    /// A live actor, with this number, has the name.
    NameTaken(ActorId),
    /// The system is shutting down.
    ShuttingDown,
    /// The operating system gave it no thread of its own.
    NoThread(io::ErrorKind),
}

impl<S> SpawnError<S> {
    /// The state.
    #[must_use]
    pub fn into_state(self) -> S {
        self.0
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Why it was not spawned.
    #[must_use]
    pub fn reason(&self) -> NotSpawned {
        self.0.reason
    }
}

impl<S> fmt::Display for SpawnError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot spawn the `{}`", self.0.protocol)?;
        if let Some(name) = &self.0.name {
            write!(f, " {name:?}")?;
        }
        match self.0.reason {
            NotSpawned::NameTaken(holder) => write!(f, ": the name is taken by actor {holder}"),
            NotSpawned::ShuttingDown => write!(f, ": the system is shutting down"),
            NotSpawned::NoThread(kind) => {
                f.write_str(": it cannot have a thread of its own: ")?;
                match &self.0.cause {
                    Some(error) => write!(f, "{error}"),
                    None => write!(f, "{kind}"),
                }
            }
        }
    }
}

impl<S> fmt::Debug for SpawnError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpawnError")
            .field("protocol", &self.0.protocol)
            .field("name", &self.0.name)
            .field("reason", &self.0.reason)
            .finish()
    }
}

impl<S> std::error::Error for SpawnError<S> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let error = self.0.cause.as_ref()?;
        Some(error)
    }
}
