//! Systems: where actors live.

use std::fmt;
use std::sync::{Arc, Weak};
use std::thread::available_parallelism;
use std::time::Duration;

use crate::actors::{ActorInfo, Actors};
use crate::blocking::Blocking;
use crate::cell::Cell;
use crate::events::Events;
use crate::failure::Failure;
use crate::handle::Handle;
use crate::hub::{GRACE, Hub};
use crate::protocol::Protocol;
use crate::registry::AnyActor;
use crate::seam::{Overseer, Seam};
use crate::shutdown::{Shutdown, in_background, shut_down};
use crate::threads::{self, Ambience, Limits};
use crate::wait::{on_actor_thread, wait};

const DEFAULT_LIMIT: Duration = Duration::from_secs(10);
const BLOCKED_AFTER: Duration = Duration::from_secs(1);

/// A set of actors and the worker threads that run them.
///
/// A clone is the same system. When the last clone is dropped, the system
/// shuts down within its limit (10 seconds unless
/// [`shutdown_limit`](SystemBuilder::shutdown_limit) says otherwise), and the
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
    /// A system with one worker for each processor.
    ///
    /// # Errors
    /// If the operating system cannot start its threads.
    pub fn new() -> Result<System, Failure> {
        System::builder().build()
    }

    /// A system with settings of its own.
    pub fn builder() -> SystemBuilder {
        SystemBuilder {
            name: "zctor".to_owned(),
            workers: None,
            limit: DEFAULT_LIMIT,
            threads: Limits {
                grace: GRACE,
                blocked_after: BLOCKED_AFTER,
            },
            #[cfg(feature = "tokio")]
            tokio: Tokio::None,
        }
    }

    /// A system on a seam of its own kind, owned.
    pub(crate) fn on(name: &str, seam: Arc<dyn Seam>) -> System {
        System::owned(Arc::new(Hub::new(name, seam, DEFAULT_LIMIT)))
    }

    fn owned(hub: Arc<Hub>) -> System {
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
        let all = self.hub.registry.all();
        let info = |actor: &Arc<dyn AnyActor>| ActorInfo {
            label: actor.label(),
            stats: actor.stats(),
        };
        Actors::new(all.iter().map(info).collect())
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
    /// [`grace`](SystemBuilder::grace).
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
    /// # Errors
    /// [`ShutdownError`](crate::ShutdownError), in a [`Failure`], names the
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

/// The settings of a [`System`].
///
/// ```
/// use std::time::Duration;
/// use zctor::System;
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::builder()
///     .name("shop")
///     .workers(2)
///     .shutdown_limit(Duration::from_secs(5))
///     .build()?;
/// assert_eq!(system.name(), "shop");
/// assert!(System::builder().workers(0).build().is_err());
/// # system.shutdown().wait() }
/// ```
#[derive(Debug, Clone)]
#[must_use = "it does nothing until `.build()`"]
pub struct SystemBuilder {
    name: String,
    workers: Option<usize>,
    limit: Duration,
    threads: Limits,
    #[cfg(feature = "tokio")]
    tokio: Tokio,
}

/// The tokio runtime that handlers find around them.
#[cfg(feature = "tokio")]
#[derive(Debug, Clone)]
enum Tokio {
    None,
    Own,
    Borrowed(tokio::runtime::Handle),
}

impl SystemBuilder {
    /// The name in reports, and of the threads. `zctor` unless set.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// How many worker threads run the actors. One for each processor unless
    /// set.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = Some(workers);
        self
    }

    /// How long a shutdown waits for actors to stop before it kills them. 10
    /// seconds unless set.
    pub fn shutdown_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// How long a killed actor may go on holding its thread. After that it
    /// counts as dead: its mail is dropped, its name is free, and
    /// [`stopped`](Handle::stopped) returns, although its handler still runs.
    /// Whenever that returns, the state is dropped and nothing else happens.
    /// 500 milliseconds unless set.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Disk { Read }
    /// struct Broken(std::sync::mpsc::Receiver<()>);
    /// #[handlers]
    /// impl DiskActor for Broken {
    ///     fn read(&mut self) { let _ = self.0.recv(); }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let (answer, wait_for_ever) = std::sync::mpsc::channel();
    /// let system = System::builder().grace(Duration::from_millis(20)).build()?;
    /// let disk = Disk::spawn(&system, Broken(wait_for_ever));
    /// disk.read()?;
    /// disk.kill();
    /// assert!(matches!(disk.stopped().wait()?, zctor::ExitReason::Killed));
    /// # drop(answer);
    /// # system.shutdown().wait() }
    /// ```
    pub fn grace(mut self, grace: Duration) -> Self {
        self.threads.grace = grace;
        self
    }

    /// How long a handler may hold a worker thread. After that it is reported
    /// on stderr, and another thread does the worker's work, so that the other
    /// actors go on. One second unless set; `Duration::MAX` for never.
    ///
    /// No more than 512 workers are replaced at a time. One that is free again
    /// takes its place back.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::System;
    ///
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::builder().blocked_after(Duration::from_millis(200)).build()?;
    /// # system.shutdown().wait() }
    /// ```
    pub fn blocked_after(mut self, limit: Duration) -> Self {
        self.threads.blocked_after = limit;
        self
    }

    /// Runs handlers inside the context of a tokio runtime that is made for
    /// this system and ends with it, so that they can use `tokio::net`,
    /// `tokio::time`, `tokio::spawn` and all that is built on them. The
    /// runtime has as many threads as the system has workers; the handlers
    /// themselves still run on those.
    ///
    /// When the system has shut down, tasks that were spawned on the runtime
    /// are dropped where they await.
    ///
    /// Needs the feature `tokio` of zctor. What of tokio is there is up to the
    /// features of `tokio` in your own manifest, such as `net` and `time`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// #[actor] enum Egg { #[reply(u32)] Boil }
    /// struct Pot;
    /// #[handlers] impl EggActor for Pot {
    ///     async fn boil(&mut self) -> u32 {
    ///         tokio::time::sleep(Duration::from_millis(5)).await;
    ///         1
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::builder().tokio().build()?;
    /// assert_eq!(Egg::spawn(&system, Pot).boil().wait()?, 1);
    /// # system.shutdown().wait() }
    /// ```
    #[cfg(feature = "tokio")]
    pub fn tokio(mut self) -> Self {
        self.tokio = Tokio::Own;
        self
    }

    /// Runs handlers inside the context of a tokio runtime that is there
    /// already, and that must outlive the system's actors: see
    /// [`tokio`](SystemBuilder::tokio).
    ///
    /// Needs the feature `tokio` of zctor.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor] enum Egg { #[reply(u32)] Boil }
    /// struct Pot;
    /// #[handlers] impl EggActor for Pot {
    ///     async fn boil(&mut self) -> Result<u32, Failure> {
    ///         Ok(tokio::spawn(async { 1 }).await?)
    ///     }
    /// }
    /// #[tokio::main]
    /// async fn main() -> zctor::Result<()> {
    ///     let handle = tokio::runtime::Handle::current();
    ///     let system = System::builder().tokio_handle(handle).build()?;
    ///     assert_eq!(Egg::spawn(&system, Pot).boil().await?, 1);
    ///     system.shutdown().await
    /// }
    /// ```
    #[cfg(feature = "tokio")]
    pub fn tokio_handle(mut self, handle: tokio::runtime::Handle) -> Self {
        self.tokio = Tokio::Borrowed(handle);
        self
    }

    #[cfg(feature = "tokio")]
    fn ambience(&self, workers: usize) -> std::io::Result<Ambience> {
        match &self.tokio {
            Tokio::None => Ok(Ambience::default()),
            Tokio::Own => Ambience::new(&self.name, workers),
            Tokio::Borrowed(handle) => Ok(Ambience::of(handle.clone())),
        }
    }

    #[cfg(not(feature = "tokio"))]
    fn ambience(&self, _workers: usize) -> std::io::Result<Ambience> {
        Ok(Ambience::default())
    }

    /// Starts the system.
    ///
    /// # Errors
    /// If there are to be no workers, or more than 1024, the name contains a
    /// zero byte, or the operating system cannot start the threads.
    pub fn build(self) -> Result<System, Failure> {
        let workers = self
            .workers
            .unwrap_or_else(|| available_parallelism().map_or(1, |n| n.get().min(1024)));
        if !(1..=1024).contains(&workers) {
            let text = format!("a system has 1 to 1024 workers, not {workers}");
            return Err(Failure::msg(text));
        }
        if self.name.contains('\0') {
            let text = format!("the name {:?} of a system contains a zero byte", self.name);
            return Err(Failure::msg(text));
        }
        let limits = self.threads;
        let ambience = self.ambience(workers)?;
        let seam = threads::start(&self.name, workers, limits, ambience)?;
        let hub = Hub::new(&self.name, seam, self.limit).with_grace(limits.grace);
        let hub = Arc::new(hub);
        let overseer = Arc::downgrade(&hub) as Weak<dyn Overseer>;
        hub.seam.report_to(overseer);
        Ok(System::owned(hub))
    }
}
