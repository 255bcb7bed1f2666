//! Spawning actors.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::cell::{Cell, Core};
use crate::child::{Child, Seed, Source};
use crate::exit::{Cause, Crash, ExitReason, Place};
use crate::failure::Failure;
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::incarnation::boxed;
use crate::life::begin;
use crate::protocol::{Mailbox, Protocol};
use crate::registry::{AnyActor, Refusal};
use crate::role::{Plain, Role};
use crate::spawn_error::SpawnError;
use crate::stage::Boxed;
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
        Self::Handle::from(spawn(system, state))
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
            launch: None,
            protocol: PhantomData,
        }
    }

    /// Prepares an actor that its parent spawns, with
    /// [`Context::spawn_child`](crate::Context::spawn_child).
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// #[actor] enum Room { Light }
    /// struct Walls;
    /// #[handlers]
    /// impl RoomActor for Walls {
    ///     fn light(&mut self, ctx: &mut Context<Room>) -> Result<(), Failure> {
    ///         ctx.spawn_child(Lamp::child(Bulb).name("ceiling"))?.on()?;
    ///         Ok(())
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// # let room = Room::spawn(&system, Walls);
    /// # room.light()?;
    /// # room.stop();
    /// # assert!(room.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    fn child<S>(state: S) -> Child<Self>
    where
        Self: HandledBy<S>,
        S: Send + 'static,
    {
        Child::new(Source::Once(Box::new(State(Plain(state)))))
    }

    /// Prepares an actor that its supervisor can start again: `state` is called
    /// for each start. For
    /// [`start_child`](crate::Handle::start_child); the factories of a
    /// supervisor are called for each start anyway.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On, #[reply(())] Ping }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb {
    /// #     fn on(&mut self) -> Result<(), Failure> { Err(Failure::msg("burnt out")) }
    /// #     fn ping(&self) {}
    /// # }
    /// # #[supervisor] enum House { #[child] Hall(Lamp) }
    /// # struct Plan;
    /// # impl HouseChildren for Plan {
    /// #     fn hall(&mut self, _: &HouseHandle) -> Child<Lamp> { Lamp::child(Bulb) }
    /// # }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// # let house = House::start(&system, Plan).wait()?;
    /// let porch = house.start_child("porch", Lamp::child_with(|| Bulb)).wait()?;
    /// porch.on()?; // crashes it, and it is restarted
    /// porch.ping().wait()?;
    /// # system.shutdown().wait() }
    /// ```
    fn child_with<S>(mut state: impl FnMut() -> S + Send + 'static) -> Child<Self>
    where
        Self: HandledBy<S>,
        S: Send + 'static,
    {
        let seed = move || Box::new(State(Plain(state()))) as Box<dyn Seed<Self>>;
        Child::new(Source::Again(Box::new(seed)))
    }
}

impl<P: Protocol<Handle: From<Handle<P>>>> Spawn for P {}

/// A state that an actor can begin with.
pub(crate) struct State<S>(pub(crate) S);

impl<P, S> Seed<P> for State<S>
where
    P: Protocol,
    S: Role<P>,
{
    fn launch(self: Box<Self>, cell: &Arc<Cell<P>>) -> Result<(), Refusal> {
        launch(cell, self.0).map_err(|(refusal, state)| {
            drop(state);
            refusal
        })
    }

    fn incarnate(self: Box<Self>, cell: &Arc<Cell<P>>) -> Boxed {
        boxed(cell, self.0)
    }
}

/// Spawns an actor: see [`Spawn::spawn`].
pub(crate) fn spawn<P, S>(system: &System, state: S) -> Handle<P>
where
    P: HandledBy<S>,
    S: Send + 'static,
{
    spawn_role(system, Plain(state))
}

/// The same of whoever handles its messages.
pub(crate) fn spawn_role<P, S>(system: &System, state: S) -> Handle<P>
where
    P: Protocol,
    S: Role<P>,
{
    let cell = Cell::<P>::new(Arc::clone(system.hub()), None, P::MAILBOX);
    if let Err((refusal, state)) = launch(&cell, state) {
        drop(state);
        end_refused(&*cell, refusal);
    }
    Handle::first(cell)
}

/// Ends an actor that was not launched.
pub(crate) fn end_refused(actor: &dyn AnyActor, refusal: Refusal) {
    let reason = match refusal {
        Refusal::NoThread(error) => {
            let cause = Cause::Error(Failure::from(error));
            let crash = Crash::new(actor.core().label(), Place::Thread, cause);
            actor.record_crash(&crash);
            ExitReason::Crashed(crash)
        }
        _ => ExitReason::Shutdown,
    };
    actor.end_unstarted(reason);
}

/// Registers the actor and starts its task.
pub(crate) fn launch<P, S>(cell: &Arc<Cell<P>>, state: S) -> Result<(), (Refusal, S)>
where
    P: Protocol,
    S: Role<P>,
{
    match register(cell) {
        Err(refusal) => Err((refusal, state)),
        Ok(()) => {
            start(cell, state);
            Ok(())
        }
    }
}

/// Makes an actor known, and gives it its thread if it has one.
pub(crate) fn register<P: Protocol>(cell: &Arc<Cell<P>>) -> Result<(), Refusal> {
    cell.hub.registry.add(Arc::clone(cell) as _)?;
    if cell.is_dedicated() {
        return dedicate(cell);
    }
    Ok(())
}

fn dedicate(core: &Core) -> Result<(), Refusal> {
    core.hub.seam.dedicate(&core.label()).map_err(|error| {
        core.hub.registry.remove(core.id, core.name());
        Refusal::NoThread(error)
    })
}

/// Starts the task of an actor that is registered.
pub(crate) fn start<P, S>(cell: &Arc<Cell<P>>, state: S)
where
    P: Protocol,
    S: Role<P>,
{
    begin(cell, state).schedule();
}

/// An actor to be spawned, with its settings: see [`Spawn::builder`].
#[must_use = "it does nothing until `.spawn(&system)`"]
pub struct ActorBuilder<P: Protocol, S> {
    state: S,
    name: Option<Arc<str>>,
    mailbox: Mailbox,
    dedicated: bool,
    /// Where something of ours is to have the state.
    launch: Option<Launch<P, S>>,
    protocol: PhantomData<fn() -> P>,
}

/// How an actor is launched, if not by its state alone.
pub(crate) type Launch<P, S> =
    Box<dyn FnOnce(&Arc<Cell<P>>, S) -> Result<(), (Refusal, S)> + Send + Sync>;

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
    /// the enum says, and so does the queue, `lock_free` or not; the policy of an
    /// enum declared unbounded is `reject`.
    ///
    /// # Panics
    /// If `capacity` is zero.
    pub fn mailbox(mut self, capacity: usize) -> Self {
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

    #[cfg_attr(not(feature = "test"), allow(dead_code))]
    pub(crate) fn launched_by(mut self, launch: Launch<P, S>) -> Self {
        self.launch = Some(launch);
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
        let launched = match self.launch {
            None => launch(&cell, Plain(self.state)).map_err(|(why, Plain(state))| (why, state)),
            Some(launch) => launch(&cell, self.state),
        };
        let Err((refusal, state)) = launched else {
            return Ok(P::Handle::from(Handle::first(cell)));
        };
        // Somebody may have found it by its name meanwhile.
        cell.any().end_unstarted(ExitReason::Shutdown);
        Err(SpawnError::new::<P>(self.name, refusal, state))
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
