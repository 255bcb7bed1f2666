//! Waiting on a plain thread: `.wait()`.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{AcqRel, Acquire};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::notes;

/// Looks at the flag this often before the thread goes to sleep.
const SPINS: u32 = 200;

thread_local! {
    static RUNS: Cell<Runs> = const { Cell::new(Runs::NoActors) };
    /// A waker kept between waits, so that a wait allocates nothing.
    static KEPT: Cell<Option<Arc<Sleeper>>> = const { Cell::new(None) };
    /// Who is told of the waits of what this thread is at.
    static WATCHED: RefCell<Option<Arc<dyn WatchWaits>>> = const { RefCell::new(None) };
    static SIMULATIONS: RefCell<Vec<Rc<dyn Drive>>> = const { RefCell::new(Vec::new()) };
}

/// What a thread runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    NoActors,
    /// One actor, which has the thread for itself.
    Actor,
    Actors,
}

/// Declares this thread one that runs actors and must never block.
pub(crate) fn mark_worker_thread() {
    RUNS.set(Runs::Actors);
}

/// Declares this thread one that runs a single actor, which may block it.
pub(crate) fn mark_dedicated_thread() {
    RUNS.set(Runs::Actor);
}

/// Whether blocking this thread would block other actors.
pub(crate) fn on_worker_thread() -> bool {
    RUNS.get() == Runs::Actors
}

/// Whether an actor would wait for itself if this thread waited for all.
pub(crate) fn on_actor_thread() -> bool {
    RUNS.get() != Runs::NoActors
}

/// Runs `work`, during which this thread is one that must never block.
#[cfg_attr(not(feature = "test"), allow(dead_code))]
pub(crate) fn as_worker<T>(work: impl FnOnce() -> T) -> T {
    struct Before(Runs);
    impl Drop for Before {
        fn drop(&mut self) {
            RUNS.set(self.0);
        }
    }
    let _before = Before(RUNS.replace(Runs::Actors));
    work()
}

/// A simulation that runs on this thread: a wait drives it, as nobody else
/// would.
pub(crate) trait Drive {
    /// Does something; false if there is nothing to do.
    fn step(&self) -> bool;

    /// Says that there is nothing to do.
    fn stalled(&self) -> String;
}

/// Keeps a simulation among those that are driven by waits on this thread.
#[cfg_attr(not(feature = "test"), allow(dead_code))]
pub(crate) struct Driven(Rc<dyn Drive>);

#[cfg_attr(not(feature = "test"), allow(dead_code))]
impl Driven {
    pub(crate) fn here(simulation: Rc<dyn Drive>) -> Driven {
        SIMULATIONS.with_borrow_mut(|all| all.push(Rc::clone(&simulation)));
        Driven(simulation)
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        // At the very end of a thread its storage is gone already.
        let _ = SIMULATIONS.try_with(|all| {
            let mut all = all.borrow_mut();
            if let Some(place) = all.iter().position(|one| Rc::ptr_eq(one, &self.0)) {
                all.remove(place);
            }
        });
    }
}

/// The simulations of this thread, the newest first. None on most threads.
fn simulations() -> Vec<Rc<dyn Drive>> {
    let mut simulations = Vec::new();
    let _ = SIMULATIONS.try_with(|all| {
        for one in all.borrow().iter().rev() {
            simulations.push(Rc::clone(one));
        }
    });
    simulations
}

/// Somebody who is told when a thread waits in the middle of its work.
pub(crate) trait WatchWaits: Send + Sync {
    fn waits(&self, pause: Pause);
    fn goes_on(&self);
}

/// Has the waits on this thread be told to another, and returns the one who was
/// told before.
pub(crate) fn watch_waits(who: Option<Arc<dyn WatchWaits>>) -> Option<Arc<dyn WatchWaits>> {
    // At the very end of a thread its storage is gone already.
    WATCHED.try_with(|watched| watched.replace(who)).ok()?
}

/// Whether the waits on this thread are told to anybody.
#[cfg_attr(not(feature = "test"), allow(dead_code))]
pub(crate) fn is_watched() -> bool {
    WATCHED.with_borrow(Option::is_some)
}

/// A wait that a thread is in.
#[cfg_attr(not(feature = "test"), allow(dead_code))]
pub(crate) struct Pause(Arc<Sleeper>);

impl Pause {
    /// Whether it was woken.
    #[cfg_attr(not(feature = "test"), allow(dead_code))]
    pub(crate) fn is_over(&self) -> bool {
        self.0.woken.load(Acquire)
    }
}

struct Sleeper {
    thread: Thread,
    woken: AtomicBool,
}

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, AcqRel) {
            self.thread.unpark();
        }
    }
}

/// Runs any future on this thread, which sleeps while there is nothing to do:
/// for plain code that waits for more than one thing. What zctor gives out has
/// a `.wait()` of its own.
///
/// # Errors
/// Refused on a thread that runs actors, where a handler must `.await`.
///
/// # Panics
/// On the thread of a `zctor::sim::Sim`, which this drives, if nothing
/// is left to run before the future is ready.
///
/// ```
/// use zctor::prelude::*;
///
/// # #[actor] enum Lamp { On }
/// # struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let lamps = [Lamp::spawn(&system, Bulb), Lamp::spawn(&system, Bulb)];
/// lamps.iter().for_each(|lamp| lamp.stop());
/// zctor::wait(async {
///     for lamp in &lamps {
///         lamp.stopped().await;
///     }
/// })?;
/// # system.shutdown().wait() }
/// ```
#[doc(alias = "block_on")]
pub fn wait<F: Future>(future: F) -> Result<F::Output, WaitInHandler> {
    let mut future = pin!(future);
    let mut output = None;
    wait_until(&mut |cx| {
        if let Poll::Ready(value) = future.as_mut().poll(cx) {
            output = Some(value);
        }
        output.is_some()
    })?;
    output.ok_or(WaitInHandler(()))
}

/// Not generic, so that it is compiled once.
fn wait_until(is_ready: &mut dyn FnMut(&mut Context<'_>) -> bool) -> Result<(), WaitInHandler> {
    if on_worker_thread() {
        return Err(WaitInHandler(()));
    }
    // A wait within a wait finds none kept, and makes its own.
    // (So does one at the very end of a thread, when its storage is gone.)
    let sleeper = KEPT.try_with(Cell::take).ok().flatten().unwrap_or_else(|| {
        Arc::new(Sleeper {
            thread: thread::current(),
            woken: AtomicBool::new(false),
        })
    });
    let waker = Waker::from(Arc::clone(&sleeper));
    let mut cx = Context::from_waker(&waker);
    let mut blocked = notes::block(&waker);
    while !is_ready(&mut cx) {
        if let Some(blocked) = &mut blocked {
            blocked.pause(&waker);
        }
        sleep_until_woken(&sleeper);
        if let Some(blocked) = &mut blocked {
            blocked.resume();
        }
    }
    drop(blocked);
    let _ = KEPT.try_with(|kept| kept.set(Some(sleeper)));
    Ok(())
}

fn sleep_until_woken(sleeper: &Arc<Sleeper>) {
    let simulations = simulations();
    if !simulations.is_empty() {
        return simulate_until_woken(sleeper, &simulations);
    }
    for _ in 0..SPINS {
        if sleeper.woken.load(Acquire) {
            break;
        }
        std::hint::spin_loop();
    }
    let watched = WATCHED.try_with(|watched| watched.borrow().clone());
    if let Some(watched) = watched.ok().flatten() {
        return watched_sleep(sleeper, &*watched);
    }
    while !sleeper.woken.swap(false, AcqRel) {
        thread::park();
    }
}

#[cold]
fn watched_sleep(sleeper: &Arc<Sleeper>, watched: &dyn WatchWaits) {
    watched.waits(Pause(Arc::clone(sleeper)));
    // It goes on before the flag is cleared, by which others see it.
    while !sleeper.woken.load(Acquire) {
        thread::park();
    }
    watched.goes_on();
    sleeper.woken.swap(false, AcqRel);
}

fn simulate_until_woken(sleeper: &Sleeper, simulations: &[Rc<dyn Drive>]) {
    while !sleeper.woken.swap(false, AcqRel) {
        if !simulations.iter().any(|simulation| simulation.step()) {
            let mut stalled = String::new();
            for one in simulations {
                let comma = if stalled.is_empty() { "" } else { "; " };
                stalled = format!("{stalled}{comma}{}", one.stalled());
            }
            panic!("this wait would never end: {stalled}");
        }
    }
}

/// The error of `.wait()` inside a handler that runs on a shared worker
/// thread: it would block other actors, so it is refused at once.
///
/// ```
/// # use zctor::prelude::*;
/// # #[actor] enum Lamp { On }
/// # struct Bulb;
/// #[handlers]
/// impl LampActor for Bulb {
///     fn on(&mut self, ctx: &mut Context<Lamp>) {
///         let refused = ctx.handle().stopped().wait().unwrap_err();
///         assert!(refused.to_string().contains("make the handler an `async fn`"));
///     }
/// }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// # let lamp = Lamp::spawn(&system, Bulb);
/// # lamp.on()?;
/// # lamp.stop();
/// # assert!(matches!(lamp.stopped().wait()?, zctor::ExitReason::Normal));
/// # system.shutdown().wait() }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitInHandler(());

impl WaitInHandler {
    pub(crate) const TEXT: &str = "`.wait()` was called in a handler on a thread that other actors \
         need, too; make the handler an `async fn` and `.await` instead, or give the actor a thread \
         of its own with `#[actor(thread = dedicated)]` (a simulation has one thread for all)";
}

impl fmt::Display for WaitInHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::TEXT)
    }
}

impl std::error::Error for WaitInHandler {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_within_a_wait() {
        let inner = || wait(async { 1 });
        assert_eq!(wait(async move { inner() }), Ok(Ok(1)));
    }

    #[test]
    fn woken_from_another_thread() {
        let (sender, receiver) = oneshot::async_channel();
        let other = thread::spawn(move || sender.send(7));
        assert_eq!(wait(receiver), Ok(Ok(7)));
        assert!(other.join().is_ok());
    }

    #[test]
    fn refused_on_a_worker() {
        let refused = thread::spawn(|| {
            mark_worker_thread();
            wait(async {})
        });
        assert!(matches!(refused.join(), Ok(Err(WaitInHandler(())))));
    }
}
