//! Simulated systems: the same actors on one thread, in virtual time, in an
//! order that a seed decides.
//!
//! Nothing waits in a simulation. When no actor can run, the clock jumps to
//! the next timer, so an hour takes milliseconds. When several can run, the
//! seed decides which one does: a run can be repeated, and many seeds show
//! many orders.
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
//! assert_eq!(sim.run(async { clock.ticks().await })??, 3600);
//! assert_eq!(clock.ticks().wait()?, 3600);
//! # Ok(()) }
//! ```
//!
//! What an actor does beside the library is not simulated: threads that it
//! starts, clocks that it reads itself ([`Context::now`](crate::Context::now)
//! is the simulated one), and the iteration order of its `HashMap`s.

mod machine;
mod stalled;
mod still;

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use self::machine::{Choice, Machine};
pub use self::stalled::Stalled;
pub(crate) use self::still::Still;
use crate::hub::Hub;
use crate::shutdown::shut_down;
use crate::system::System;
use crate::wait::{Drive, Driven, wait};

/// A simulation: a system on this thread, in virtual time.
///
/// Its actors run while [`run`](Sim::run), [`advance`](Sim::advance),
/// [`run_until_idle`](Sim::run_until_idle), or a `.wait()` on this thread is
/// in progress, and at no other time. In handlers `.wait()` is refused,
/// also in those of `thread = dedicated`, which a simulation runs on its one
/// thread: `.await` works on both.
///
/// While a `Sim` lives, every `.wait()` on its thread drives it; one that can
/// never end, as nothing is left to run, panics. So wait for what other
/// systems do on another thread.
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
/// let sim = Sim::new(1);
/// let lamp = Lamp::spawn(sim.system(), Bulb::default());
/// assert!(lamp.toggle().wait().unwrap());
/// ```
pub struct Sim {
    machine: Arc<Machine>,
    system: System,
    /// Driven by `.wait()` on this thread; none only while it is dropped.
    driven: Option<Driven>,
    /// It belongs to the thread on which it was made.
    here: PhantomData<*const ()>,
}

impl Sim {
    /// A simulation whose order of execution, and whose random numbers, are
    /// decided by `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Sim {
        let machine = Machine::new(seed);
        let system = System::on("sim", Arc::clone(&machine) as _);
        let driven = Driven::here(Box::new(Engine {
            machine: Arc::clone(&machine),
            hub: Arc::clone(system.hub()),
        }));
        Sim {
            machine,
            system,
            driven: Some(driven),
            here: PhantomData,
        }
    }

    /// The system that is simulated.
    #[must_use]
    pub fn system(&self) -> &System {
        &self.system
    }

    /// Runs the simulation until `future` is ready. The clock jumps whenever
    /// nothing can run.
    ///
    /// # Errors
    /// [`Stalled`] if nothing can run, no timer is set, and `future` is still
    /// not ready, so that it never would be. It is dropped then.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// use zctor::sim::Sim;
    ///
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// let sim = Sim::new(1);
    /// let lamp = Lamp::spawn(sim.system(), Bulb);
    /// let error = sim.run(lamp.stopped()).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the simulation stalled at 0ns: nothing can run and no timer is set; alive: Lamp#1",
    /// );
    /// ```
    pub fn run<F: Future>(&self, future: F) -> Result<F::Output, Stalled> {
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut cx = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            match self.machine.choose(woken.0.load(SeqCst)) {
                Choice::Ran => {}
                Choice::Other => {
                    woken.0.store(false, SeqCst);
                    if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
                        return Ok(output);
                    }
                }
                Choice::Nothing if self.machine.jump(None) => {}
                Choice::Nothing => return Err(stalled(&self.machine, self.system.hub())),
            }
        }
    }

    /// Runs what can run, without moving the clock.
    pub fn run_until_idle(&self) {
        while self.machine.choose(false) == Choice::Ran {}
    }

    /// Moves the clock ahead by `duration`, and runs everything that is due
    /// until then, each thing at its time.
    pub fn advance(&self, duration: Duration) {
        let until = self.elapsed().saturating_add(duration);
        self.run_until_idle();
        while self.machine.jump(Some(until)) {
            self.run_until_idle();
        }
        self.machine.move_clock(until);
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
}

impl Drop for Sim {
    fn drop(&mut self) {
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
struct Engine {
    machine: Arc<Machine>,
    hub: Arc<Hub>,
}

impl Drive for Engine {
    fn step(&self) -> bool {
        self.machine.choose(false) == Choice::Ran || self.machine.jump(None)
    }

    fn stalled(&self) -> String {
        stalled(&self.machine, &self.hub).to_string()
    }
}

fn stalled(machine: &Machine, hub: &Hub) -> Stalled {
    let actors = hub.registry.all();
    let actors = actors.iter().map(|actor| actor.label()).collect();
    Stalled::new(machine.elapsed(), actors)
}
