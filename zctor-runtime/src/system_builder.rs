//! Systems with settings of their own.

use std::sync::{Arc, Weak};
use std::thread::available_parallelism;
use std::time::Duration;

use crate::failure::Failure;
use crate::hub::{GRACE, Hub};
use crate::seam::Overseer;
use crate::system::{DEFAULT_LIMIT, System};
use crate::threads::{self, Ambience, Dial, Limits};

const BLOCKED_AFTER: Duration = Duration::from_secs(1);

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
            quiet: false,
            threads: Limits {
                grace: GRACE,
                blocked_after: BLOCKED_AFTER,
            },
            dial: None,
            census: false,
            #[cfg(feature = "tokio")]
            tokio: Tokio::None,
        }
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
    quiet: bool,
    threads: Limits,
    /// The clock of a test.
    pub(crate) dial: Option<Arc<Dial>>,
    /// All actors are remembered.
    pub(crate) census: bool,
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

    /// How long a [`shutdown`](System::shutdown) waits for actors to stop before
    /// it kills them. 10 seconds unless set.
    pub fn shutdown_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Writes nothing to stderr: neither crashes that nobody reads of among the
    /// [`events`](System::events), nor workers that are held up. For programs
    /// and tests that expect them. (What a panic itself writes is for
    /// [`std::panic::set_hook`] to say.)
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb {
    /// #     fn on(&mut self) -> Result<(), Failure> { Err(Failure::msg("burnt out")) }
    /// # }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::builder().quiet().build()?;
    /// let lamp = Lamp::spawn(&system, Bulb);
    /// lamp.on()?; // it crashes, in silence
    /// assert!(!lamp.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// How long a killed actor may go on holding its thread. After that it
    /// counts as dead: its mail is dropped, its name is free, and
    /// [`stopped`](crate::Handle::stopped) returns, although its handler still runs.
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
        if self.name.as_bytes().contains(&0) {
            let text = format!("the name {:?} of a system contains a zero byte", self.name);
            return Err(Failure::msg(text));
        }
        let limits = self.threads;
        let ambience = self.ambience(workers)?;
        let seam = threads::start(&self.name, workers, limits, ambience, self.dial)?;
        let hub = Hub::new(&self.name, seam, self.limit)
            .with_grace(limits.grace)
            .with_quiet(self.quiet);
        if self.census {
            hub.registry.begin_census();
        }
        let hub = Arc::new(hub);
        let overseer = Arc::downgrade(&hub) as Weak<dyn Overseer>;
        hub.seam.report_to(overseer);
        Ok(System::owned(hub))
    }
}
