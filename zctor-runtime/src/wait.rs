//! Waiting on a plain thread: `.wait()`.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{AcqRel, Acquire};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Looks at the flag this often before the thread goes to sleep.
const SPINS: u32 = 200;

thread_local! {
    static RUNS: Cell<Runs> = const { Cell::new(Runs::NoActors) };
    /// A waker kept between waits, so that a wait allocates nothing.
    static KEPT: Cell<Option<Arc<Sleeper>>> = const { Cell::new(None) };
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
    let mut future = pin!(future);
    let output = loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            break output;
        }
        sleep_until_woken(&sleeper);
    };
    let _ = KEPT.try_with(|kept| kept.set(Some(sleeper)));
    Ok(output)
}

fn sleep_until_woken(sleeper: &Sleeper) {
    for _ in 0..SPINS {
        if sleeper.woken.load(Acquire) {
            break;
        }
        std::hint::spin_loop();
    }
    while !sleeper.woken.swap(false, AcqRel) {
        thread::park();
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
    pub(crate) const TEXT: &str = "`.wait()` was called in a handler on a shared worker thread, \
         which would block other actors; make the handler an `async fn` and `.await` instead, \
         or give the actor a thread of its own with `#[actor(thread = dedicated)]`";
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
