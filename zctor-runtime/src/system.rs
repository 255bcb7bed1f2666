//! Systems: where actors live.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::actors::{ActorInfo, Actors};
use crate::blocking::Blocking;
use crate::cell::Cell;
use crate::events::Events;
use crate::handle::Handle;
use crate::hub::Hub;
use crate::protocol::Protocol;
use crate::shutdown::{Shutdown, in_background, shut_down};
use crate::wait::{on_actor_thread, wait};

pub(crate) const DEFAULT_LIMIT: Duration = Duration::from_secs(10);

/// A set of actors and the worker threads that run them.
///
/// A clone is the same system. When the last clone is dropped, the system
/// shuts down within its limit (10 seconds unless
/// [`shutdown_limit`](crate::SystemBuilder::shutdown_limit) says otherwise), and the
/// drop waits for that (blocking the thread, also one of another async
/// runtime) unless it happens in a handler. What
/// [`Context::system`](crate::Context::system) returns does not count.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Lamp { On }
/// struct Bulb;
/// #[handlers]
/// impl LampActor for Bulb { fn on(&mut self) { println!("light") } }
///
/// fn main() -> zctor::Result<()> {
///     let system = System::builder().name("house").workers(2).build()?;
///     let lamp = Lamp::spawn(&system, Bulb);
///     lamp.on()?;
///     system.shutdown().wait()
/// }
/// ```
#[derive(Clone)]
pub struct System {
    hub: Arc<Hub>,
    owner: Option<Arc<Owner>>,
}

/// Shuts the system down when nobody owns it any more.
struct Owner(Arc<Hub>);

impl System {
    /// The system of a hub, owned.
    pub(crate) fn owned(hub: Arc<Hub>) -> System {
        System {
            owner: Some(Arc::new(Owner(Arc::clone(&hub)))),
            hub,
        }
    }

    /// The system of a hub, not owned.
    pub(crate) fn of(hub: &Arc<Hub>) -> System {
        System {
            hub: Arc::clone(hub),
            owner: None,
        }
    }

    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// How many clones of it there are, this one included.
    #[cfg_attr(not(feature = "test"), allow(dead_code))]
    pub(crate) fn owners(&self) -> usize {
        self.owner.as_ref().map_or(0, Arc::strong_count)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.hub.name
    }

    /// How many actors are alive.
    #[must_use]
    pub fn actor_count(&self) -> usize {
        self.hub.registry.len()
    }

    /// The actors that are alive, with what has become of their messages.
    #[must_use]
    pub fn actors(&self) -> Actors {
        let mut actors = Vec::new();
        for actor in self.hub.registry.all() {
            actors.push(ActorInfo {
                label: actor.label(),
                stats: actor.stats(),
            });
        }
        Actors::new(actors)
    }

    /// The actor of the protocol `P` that was spawned under `name`.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamp = Lamp::builder(Bulb).name("hall").spawn(&system)?;
    /// assert_eq!(system.whereis::<Lamp>("hall"), Some(lamp));
    /// assert_eq!(system.whereis::<Lamp>("attic"), None);
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn whereis<P: Protocol>(&self, name: &str) -> Option<P::Handle>
    where
        P::Handle: From<Handle<P>>,
    {
        let actor = self.hub.registry.named(name)?;
        let cell: Arc<Cell<P>> = actor.into_any().downcast().ok()?;
        Some(P::Handle::from(Handle::new(&cell)))
    }

    /// Runs `work` on a thread where it may block, and returns a future of what
    /// it returns. It begins at once.
    ///
    /// The threads are started as they are needed, up to 512 at a time, and end
    /// after ten seconds without work. A shutdown does not begin what still
    /// waits for a thread, and waits for what runs no longer than the
    /// [`grace`](crate::SystemBuilder::grace).
    ///
    /// # Errors
    /// The future gives a [`BlockingError`](crate::BlockingError) if the work
    /// panicked, or was not begun.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor] enum Reader { #[reply(usize)] Measure(std::path::PathBuf) }
    /// struct Files;
    /// #[handlers] impl ReaderActor for Files {
    ///     async fn measure(&mut self, value: std::path::PathBuf, ctx: &mut Context<Reader>)
    ///         -> Result<usize, Failure>
    ///     {
    ///         let text = ctx.system().spawn_blocking(|| std::fs::read_to_string(value)).await??;
    ///         Ok(text.len())
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// assert_eq!(system.spawn_blocking(|| 6 * 7).wait()?, 42);
    /// let reader = Reader::spawn(&system, Files);
    /// assert!(reader.measure("Cargo.toml".into()).wait()? > 0);
    /// # system.shutdown().wait() }
    /// ```
    pub fn spawn_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Blocking<T> {
        Blocking::start(&*self.hub.seam, work)
    }

    /// The events of this system from now on: what happens to its actors, in
    /// one order. While anybody reads them, crashes are not written to stderr.
    ///
    /// Events of one actor come in the order of its life, and an event is
    /// there by the time that anything else shows what it tells: that an actor
    /// has stopped, by the time that [`stopped`](Handle::stopped) returns.
    /// (Only a message that another thread's tell drops while the actor ends,
    /// since its mailbox was full, may be told of after the end, or not at all.)
    ///
    /// It costs nothing while nobody reads, and little otherwise: the plain
    /// way of a message has no event.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let mut events = system.events();
    /// let lamp = Lamp::spawn(&system, Bulb);
    /// let event = events.next().wait()?.unwrap();
    /// assert_eq!(event.actor(), Some(&lamp.label()));
    /// assert_eq!((event.number(), event.incarnation()), (1, 1));
    /// # system.shutdown().wait() }
    /// ```
    #[doc(alias = "subscribe")]
    pub fn events(&self) -> Events {
        Events::new(&self.hub.events)
    }

    /// Shuts down: no actor is spawned any more, all are stopped at once (so
    /// each handles what is queued and runs `on_stop`), those that have not
    /// ended within the limit are killed, and the threads end.
    ///
    /// One that blocks its thread is left behind when it has been killed for the
    /// [`grace`](crate::SystemBuilder::grace), and those who only waited for
    /// that thread end then. So a shutdown may take longer than the limit: as a
    /// rule by the grace, and by three times the grace at most, besides what the
    /// drops of states and messages take.
    ///
    /// # Errors
    /// [`ShutdownError`](crate::ShutdownError), in a [`Failure`](crate::Failure), names the
    /// actors that had to be killed.
    pub fn shutdown(&self) -> Shutdown {
        Shutdown::new(Arc::clone(&self.hub))
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let hub = Arc::clone(&self.0);
        if hub.seam.is_terminated() {
            return;
        }
        if on_actor_thread() {
            drop(in_background(hub));
        } else if let Ok(Err(failure)) = wait(shut_down(Arc::clone(&hub))) {
            hub.report_failure(&failure);
        }
    }
}

impl fmt::Debug for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("System")
            .field("name", &self.name())
            .field("actors", &self.actor_count())
            .field("owned", &self.owner.is_some())
            .finish()
    }
}
