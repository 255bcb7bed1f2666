//! Simulated systems: the same actors on one thread, in virtual time, in an
//! order that a seed decides.
//!
//! Nothing waits in a simulation. When no actor can run, the clock jumps to
//! the next timer, so an hour takes milliseconds. When several can run, the
//! seed decides which one does: a run can be repeated, and many seeds show
//! many orders.
//!
//! It comes with the feature `test` of zctor, which belongs in the
//! dev-dependencies.
//!
//! ```
//! use std::time::Duration;
//! use zctor::prelude::*;
//! use zctor::sim::Sim;
//!
//! #[actor]
//! enum Clock {
//!     #[internal]
//!     Tick,
//!     #[reply(u32)]
//!     Ticks,
//! }
//!
//! #[derive(Default)]
//! struct Hand { ticks: u32 }
//!
//! #[handlers]
//! impl ClockActor for Hand {
//!     fn on_start(&mut self, ctx: &mut Context<Clock>) {
//!         ctx.send_every(Duration::from_secs(1), || Clock::Tick);
//!     }
//!     fn tick(&mut self) { self.ticks += 1 }
//!     fn ticks(&self) -> u32 { self.ticks }
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let sim = Sim::new(42);
//! let clock = Clock::spawn(sim.system(), Hand::default());
//! sim.advance(Duration::from_secs(3600));
//! assert_eq!(sim.block_on(clock.ticks())??, 3600);
//! assert_eq!(clock.ticks().wait()?, 3600);
//! # Ok(()) }
//! ```
//!
//! What an actor does beside the library is not simulated: threads that it
//! starts, clocks that it reads itself ([`Context::now`](crate::Context::now)
//! is the simulated one), and the iteration order of its `HashMap`s.

mod explore;
mod fault;
mod faults;
mod hook;
mod invariants;
mod machine;
mod replay;
mod report;
mod schedule;
mod setup;
mod shrink;
mod sim_system;
mod stalled;
mod still;
mod trace;
mod tracing;
mod world;

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

pub use self::explore::{Explored, Explorer, Outcome, explore};
pub use self::fault::Fault;
pub use self::faults::Faults;
#[cfg(feature = "proptest")]
pub(crate) use self::hook::keeping_panics;
use self::machine::{Choice, Machine};
pub use self::replay::{InvalidReplay, Replay};
pub use self::report::Found;
pub use self::schedule::Schedule;
use self::setup::Setup;
pub use self::sim_system::SimSystem;
pub use self::stalled::Stalled;
pub(crate) use self::still::Still;
pub use self::trace::{Trace, TraceEntry};
use crate::hub::Hub;
use crate::observe::Observing;
use crate::shutdown::shut_down;
use crate::system::{DEFAULT_LIMIT, System};
use crate::wait::{Drive, Driven, wait};

/// A simulation: a system on this thread, in virtual time.
///
/// Its actors run while [`run`](Sim::run), [`block_on`](Sim::block_on),
/// [`advance`](Sim::advance), [`run_until_idle`](Sim::run_until_idle), or a
/// `.wait()` on this thread is in progress, and at no other time. In handlers
/// `.wait()` is refused, also in those of `thread = dedicated`, which a
/// simulation runs on its one thread: `.await` works on both.
///
/// While a `Sim` lives, every `.wait()` on its thread drives it; one that can
/// never end, as nothing is left to run, panics. So wait for what other
/// systems do on another thread.
///
/// An actor handles one message in a step; then it is decided anew who runs.
/// What it sends in between, without an `.await`, is queued at once: nobody comes
/// between two of its messages, as somebody may where there are threads. Tells
/// that are [late](Faults::delay), also by no time at all, show such orders.
///
/// Dropped, it shuts its system down, in virtual time.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::sim::Sim;
///
/// #[actor] enum Lamp { #[reply(bool)] Toggle }
/// #[derive(Default)] struct Bulb(bool);
/// #[handlers] impl LampActor for Bulb {
///     fn toggle(&mut self) -> bool { self.0 = !self.0; self.0 }
/// }
///
/// # fn main() -> zctor::Result<()> {
/// let is_on = Sim::new(1).run(|system| async move {
///     let lamp = Lamp::spawn(&system, Bulb::default());
///     lamp.toggle().await
/// })??;
/// assert!(is_on);
/// # Ok(()) }
/// ```
pub struct Sim {
    machine: Arc<Machine>,
    system: SimSystem,
    /// Driven by `.wait()` on this thread; none only while it is dropped.
    driven: Option<Driven>,
    _observing: Observing,
    /// It belongs to the thread on which it was made.
    here: PhantomData<*const ()>,
}

/// How a simulation is to run: what [`Sim::builder`] returns.
///
/// ```
/// use std::time::Duration;
/// use zctor::sim::{Faults, Schedule, Sim};
///
/// let sim = Sim::builder(42)
///     .schedule(Schedule::pct(2, 500))
///     .faults(Faults::new().jump_clock(100, Duration::from_secs(1)))
///     .time_limit(Duration::from_secs(3600))
///     .trace(true)
///     .build();
/// # drop(sim);
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing runs before `build`"]
pub struct SimBuilder(Setup);

impl SimBuilder {
    /// Who runs next when several could: [`Schedule::Random`] unless it is said
    /// here.
    pub fn schedule(mut self, schedule: Schedule) -> SimBuilder {
        self.0.schedule = schedule;
        self
    }

    /// What goes wrong at random: nothing unless it is said here.
    pub fn faults(mut self, faults: Faults) -> SimBuilder {
        self.0.faults = faults;
        self
    }

    /// Repeats a run: the schedule and the faults are those of `replay`, and
    /// what else was said of them has no effect.
    pub fn replay(mut self, replay: Replay) -> SimBuilder {
        self.0.seed = replay.seed();
        self.0.replay = Some(replay);
        self
    }

    /// Keeps a [`Trace`]. Crashes are in it, and not on stderr.
    pub fn trace(mut self, trace: bool) -> SimBuilder {
        self.0.traces = trace;
        self
    }

    /// No run goes on beyond so much virtual time since the start: it is an
    /// error then, for actors with timers never come to rest.
    pub fn time_limit(mut self, limit: Duration) -> SimBuilder {
        self.0.limits.time = Some(limit);
        self
    }

    /// No run takes more than so many steps, counted from the start.
    pub fn step_limit(mut self, limit: u64) -> SimBuilder {
        self.0.limits.steps = Some(limit);
        self
    }

    /// The simulation.
    #[must_use]
    pub fn build(self) -> Sim {
        Sim::of(self.0)
    }
}

impl Sim {
    /// A simulation whose order of execution, and whose random numbers, are
    /// decided by `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Sim {
        Sim::builder(seed).build()
    }

    /// One with more to say of it.
    pub fn builder(seed: u64) -> SimBuilder {
        SimBuilder(Setup {
            seed,
            ..Setup::default()
        })
    }

    fn of(setup: Setup) -> Sim {
        let quiet = setup.quiet;
        let machine = Machine::new(setup);
        let hub = Hub::new("sim", Arc::clone(&machine) as _, DEFAULT_LIMIT).with_quiet(quiet);
        let hub = Arc::new(hub);
        machine.runs(&hub);
        let engine = Engine(Arc::clone(&machine));
        let driven = Driven::here(Rc::new(engine));
        Sim {
            system: SimSystem::new(System::owned(hub), &machine),
            machine,
            driven: Some(driven),
            _observing: Observing::here(),
            here: PhantomData,
        }
    }

    /// The system that is simulated.
    #[must_use]
    pub fn system(&self) -> &SimSystem {
        &self.system
    }

    /// Runs the simulation until the future that `scenario` makes is ready, and
    /// until what was to hold [`eventually`](SimSystem::eventually) has held.
    /// The clock jumps whenever nothing can run.
    ///
    /// # Errors
    /// [`Stalled`] if nothing can run, no timer is set, and the future is still
    /// not ready, so that it never would be; or if a limit of the builder is
    /// passed, also while something is still to hold. The future is dropped then.
    ///
    /// # Panics
    /// If something does not hold that must: see [`SimSystem::always`]. So does
    /// whatever the future does.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// use zctor::sim::Sim;
    ///
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// let error = Sim::new(1)
    ///     .run(|system| async move {
    ///         let lamp = Lamp::spawn(&system, Bulb);
    ///         lamp.stopped().await
    ///     })
    ///     .unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the simulation stalled at 0ns: nothing can run and no timer is set; alive: Lamp#1",
    /// );
    /// ```
    pub fn run<F: Future>(
        &self,
        scenario: impl FnOnce(SimSystem) -> F,
    ) -> Result<F::Output, Stalled> {
        let output = self.block_on(scenario(self.system.clone()))?;
        self.machine.see_it_through()?;
        Ok(output)
    }

    /// Runs the simulation until `future` is ready, for one that is made
    /// already: see [`run`](Sim::run).
    ///
    /// # Errors
    /// Those of `run`.
    ///
    /// # Panics
    /// Those of `run`.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// use zctor::sim::Sim;
    ///
    /// # #[actor] enum Lamp { #[reply(bool)] Toggle }
    /// # #[derive(Default)] struct Bulb(bool);
    /// # #[handlers] impl LampActor for Bulb {
    /// #     fn toggle(&mut self) -> bool { self.0 = !self.0; self.0 }
    /// # }
    /// # fn main() -> zctor::Result<()> {
    /// let sim = Sim::new(1);
    /// let lamp = Lamp::spawn(sim.system(), Bulb::default());
    /// assert!(sim.block_on(lamp.toggle())??);
    /// # Ok(()) }
    /// ```
    pub fn block_on<F: Future>(&self, future: F) -> Result<F::Output, Stalled> {
        self.machine.forget_caller();
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut cx = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            match self.machine.choose(woken.0.load(SeqCst)) {
                Choice::Ran => {}
                Choice::Caller => {
                    woken.0.store(false, SeqCst);
                    if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
                        self.machine.look();
                        return Ok(output);
                    }
                    self.machine.look();
                }
                Choice::Nothing if self.machine.jump(None) => {}
                Choice::Nothing => {
                    self.machine.forget_caller();
                    if let Some(stalled) = self.machine.stalled() {
                        return Err(stalled);
                    }
                }
            }
        }
    }

    /// Runs what can run, without moving the clock.
    ///
    /// # Panics
    /// If something does not hold that must: see [`SimSystem::always`].
    pub fn run_until_idle(&self) {
        while self.machine.choose(false) == Choice::Ran {}
    }

    /// Moves the clock ahead by `duration`, and runs everything that is due
    /// until then, each thing at its time. (Not further than 584 years after the
    /// start.)
    ///
    /// # Panics
    /// If something does not hold that must: see [`SimSystem::always`].
    pub fn advance(&self, duration: Duration) {
        let until = self.machine.after(duration);
        self.run_until_idle();
        while self.machine.jump(Some(until)) {
            self.run_until_idle();
        }
        self.machine.move_clock(until);
    }

    /// Does one thing, at `until` at the latest. False if there is none.
    #[cfg(feature = "proptest")]
    pub(crate) fn step(&self, until: Duration) -> bool {
        self.machine.choose(false) == Choice::Ran || self.machine.jump(Some(until))
    }

    /// How much virtual time has passed.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.machine.elapsed()
    }

    /// How many steps were taken. A step is one poll of an actor or of the
    /// future that [`run`](Sim::run) was given.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.machine.steps()
    }

    /// What has happened so far, if the builder was told to keep it.
    #[must_use]
    pub fn trace(&self) -> Trace {
        self.machine.trace()
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        // What must hold in a run need not hold at its end.
        self.machine.let_go();
        let hub = Arc::clone(self.system.hub());
        if !hub.seam.is_terminated()
            && let Ok(Err(failure)) = wait(shut_down(Arc::clone(&hub)))
        {
            hub.report_failure(&failure);
        }
        self.driven = None;
    }
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sim")
            .field("elapsed", &self.elapsed())
            .field("steps", &self.steps())
            .field("actors", &self.system.actor_count())
            .finish_non_exhaustive()
    }
}

/// Says that the future of [`Sim::run`] wants to be polled.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

/// How `.wait()` drives a simulation.
struct Engine(Arc<Machine>);

impl Drive for Engine {
    fn step(&self) -> bool {
        self.0.choose(false) == Choice::Ran || self.0.jump(None)
    }

    fn stalled(&self) -> String {
        let stalled = self.0.stalled();
        stalled.map_or_else(String::new, |stalled| stalled.to_string())
    }
}
