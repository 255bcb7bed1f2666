//! Making pools.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::keeper::{Keeping, Plan};
use super::kind::PoolOf;
use super::pool::ActorPool;
use crate::cell::Cell;
use crate::child::Child;
use crate::exit::ExitReason;
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::protocol::{Mailbox, Protocol};
use crate::registry::Refusal;
use crate::role::Plain;
use crate::spawn::{Spawn, end_refused, launch};
use crate::spawn_error::SpawnError;
use crate::supervision::declared::Patience;
use crate::system::System;

/// How pools of actors are made: `Counter::pool(&system, n, factory)`.
/// Implemented for every protocol.
pub trait SpawnPool: Spawn {
    /// Starts `size` workers, and returns the handle of all of them. `factory`
    /// makes the state of the worker with the index that it is given, from 0,
    /// and is called again for each restart.
    ///
    /// As [`Spawn::spawn`] it cannot fail: messages can be sent at once, and wait
    /// for the workers. They start one after the other, and
    /// [`ActorPool::started`] tells how that went: if one does not start, the
    /// pool ends. On a system that is shutting down the pool is dead from the
    /// start.
    ///
    /// # Panics
    /// If `size` is zero. [`pool_builder`](SpawnPool::pool_builder) has an error
    /// for that.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Teller { #[reply(usize)] Desk }
    /// # struct Desk(usize);
    /// # #[handlers] impl TellerActor for Desk { fn desk(&self) -> usize { self.0 } }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let tellers = Teller::pool(&system, 3, |index| Desk(index));
    /// assert_eq!(tellers.next().desk().wait()?, 0);
    /// assert_eq!(tellers.next().desk().wait()?, 1);
    /// # system.shutdown().wait() }
    /// ```
    #[must_use = "the pool stops when its last handle is dropped; `.detach()` lets it live on"]
    #[track_caller]
    fn pool<S, F>(system: &System, size: usize, factory: F) -> ActorPool<Self>
    where
        Self: HandledBy<S>,
        S: Send + 'static,
        F: FnMut(usize) -> S + Send + 'static,
    {
        assert!(size > 0, "a pool has at least one worker");
        let builder = Self::pool_builder(factory).size(size);
        let (cell, state) = builder.parts(system);
        if let Err((refusal, state)) = open(&cell, state) {
            drop(state);
            end_refused(&*cell, refusal);
        }
        ActorPool::from(Handle::first(cell))
    }

    /// Prepares a pool with settings of its own.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamps = Lamp::pool_builder(|_index| Bulb)
    ///     .name("street")
    ///     .size(4)
    ///     .mailbox(64)
    ///     .max_restarts(10)
    ///     .within(Duration::from_secs(5))
    ///     .backoff(Duration::from_millis(10), Duration::from_secs(1))
    ///     .shutdown(Duration::from_secs(2))
    ///     .spawn(&system)?;
    /// assert_eq!(lamps.next().capacity(), Some(64));
    /// # system.shutdown().wait() }
    /// ```
    fn pool_builder<S, F>(factory: F) -> ActorPoolBuilder<Self, S, F>
    where
        Self: HandledBy<S>,
        S: Send + 'static,
        F: FnMut(usize) -> S + Send + 'static,
    {
        ActorPoolBuilder {
            factory,
            name: None,
            plan: Plan {
                size: 1,
                supervision: PoolOf::<Self>::SUPERVISION,
                limit: None,
            },
            workers: PhantomData,
        }
    }
}

impl<P: Spawn> SpawnPool for P {}

/// The settings of a pool, each the last that was given: see
/// [`SpawnPool::pool_builder`].
#[must_use = "it does nothing until `.spawn(&system)` or `.child()`"]
pub struct ActorPoolBuilder<P: Protocol, S, F> {
    factory: F,
    name: Option<Arc<str>>,
    plan: Plan,
    workers: PhantomData<fn() -> (P, S)>,
}

impl<P, S, F> ActorPoolBuilder<P, S, F>
where
    P: HandledBy<S> + Spawn,
    S: Send + 'static,
    F: FnMut(usize) -> S + Send + 'static,
{
    /// How many workers. 1 unless set.
    pub fn size(mut self, size: usize) -> Self {
        self.plan.size = size;
        self
    }

    /// A name, as [`ActorBuilder::name`](crate::ActorBuilder::name):
    /// `system.whereis::<PoolOf<Counter>>("…")` gives the pool. A named pool lives
    /// without handles.
    pub fn name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Another capacity of the mailbox of each worker, as
    /// [`ActorBuilder::mailbox`](crate::ActorBuilder::mailbox). Not for
    /// [`child`](ActorPoolBuilder::child).
    ///
    /// # Panics
    /// If `capacity` is zero.
    pub fn mailbox(mut self, capacity: usize) -> Self {
        // It checks it.
        let _ = P::MAILBOX.resized(capacity);
        self.plan.supervision.capacity = Some(capacity);
        self
    }

    /// So many restarts of workers are allowed `within` some time; with one more
    /// the pool gives up. 3 unless set.
    pub fn max_restarts(mut self, most: u32) -> Self {
        self.plan.supervision.max_restarts = most;
        self
    }

    /// The time in which restarts are counted. 60 seconds unless set.
    pub fn within(mut self, time: Duration) -> Self {
        self.plan.supervision.within = time;
        self
    }

    /// A delay before each restart of a worker: `min` for the first, twice as
    /// much for each one that follows, at most `max`, of which up to a half is
    /// left out at random. Its mail waits. None unless set.
    pub fn backoff(mut self, min: Duration, max: Duration) -> Self {
        self.plan.supervision = self.plan.supervision.backoff(min, max);
        self
    }

    /// How long a worker may take to handle its mail and stop, before it is
    /// killed: at the end of the pool, or when a resize stops it. 5 seconds unless
    /// set, and without limit if the workers are supervisors.
    pub fn shutdown(mut self, limit: impl Into<Patience>) -> Self {
        self.plan.limit = Some(limit.into());
        self
    }

    /// Starts the pool: see [`SpawnPool::pool`].
    ///
    /// # Errors
    /// If the pool is to have no workers, its name is taken, or the system is
    /// shutting down: the factory is given back.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # use zctor::NotSpawned;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let error = Lamp::pool_builder(|_index| Bulb).size(0).spawn(&system).unwrap_err();
    /// assert_eq!(error.reason(), NotSpawned::NoWorkers);
    /// # system.shutdown().wait() }
    /// ```
    pub fn spawn(self, system: &System) -> Result<ActorPool<P>, SpawnError<F>> {
        let name = self.name.clone();
        if self.plan.size == 0 {
            let refusal = Refusal::NoWorkers;
            return Err(SpawnError::new::<PoolOf<P>>(name, refusal, self.factory));
        }
        let (cell, state) = self.parts(system);
        let Err((refusal, state)) = open(&cell, state) else {
            return Ok(ActorPool::from(Handle::first(cell)));
        };
        // Somebody may have found it by its name meanwhile.
        cell.any().end_unstarted(ExitReason::Shutdown);
        Err(SpawnError::new::<PoolOf<P>>(name, refusal, state.factory))
    }

    /// A pool that is the child of a supervisor or of another actor: see
    /// [`PoolOf`](crate::PoolOf). Its workers are the children of the pool; one
    /// that gives up is a child that was shut down, which its supervisor restarts
    /// if it is permanent.
    ///
    /// Before the pool has begun it has one worker, for what is sent early. One
    /// that its supervisor restarts has as many workers as the builder says, or
    /// more if it was grown to more, with the mail that they had.
    ///
    /// It does not start if it is to have no workers, or a
    /// [`mailbox`](ActorPoolBuilder::mailbox) was given.
    pub fn child(self) -> Child<PoolOf<P>> {
        let child = <PoolOf<P> as Spawn>::child(Keeping::<P, S, F>::new(self.factory, self.plan));
        match self.name {
            Some(name) => child.name(name),
            None => child,
        }
    }

    /// The actor with all its workers, none of which runs, and its state.
    fn parts(self, system: &System) -> Parts<P, S, F> {
        let hub = Arc::clone(system.hub());
        let supervision = Some(&self.plan.supervision);
        let cell = Cell::supervising(hub, self.name, Mailbox::unbounded(), supervision);
        if let Some(roster) = cell.roster() {
            roster.enlist(self.plan.size - 1, true);
        }
        (cell, Keeping::new(self.factory, self.plan))
    }
}

/// A pool that has not begun, and what it begins with.
type Parts<P, S, F> = (Arc<Cell<PoolOf<P>>>, Keeping<P, S, F>);

/// Launches a pool whose workers are there from now on.
fn open<P, S>(cell: &Arc<Cell<P>>, state: S) -> Result<(), (Refusal, S)>
where
    P: HandledBy<S>,
    S: Send + 'static,
{
    match cell.roster().map_or(Ok(()), |roster| roster.enroll()) {
        Ok(()) => launch(cell, Plain(state)).map_err(|(refusal, Plain(state))| (refusal, state)),
        Err(refusal) => Err((refusal, state)),
    }
}

impl<P: Protocol, S, F> fmt::Debug for ActorPoolBuilder<P, S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActorPoolBuilder")
            .field("protocol", &P::NAME)
            .field("name", &self.name)
            .field("size", &self.plan.size)
            .field("max_restarts", &self.plan.supervision.max_restarts)
            .field("within", &self.plan.supervision.within)
            .field("mailbox", &self.plan.supervision.capacity)
            .field("shutdown", &self.plan.limit)
            .finish_non_exhaustive()
    }
}
