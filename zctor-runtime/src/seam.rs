//! The one way to time, randomness, threads and the run queue.
//!
//! The rest of the runtime reads no clock, draws no random number, starts no
//! thread and queues no task but through [`Seam`]. `threads` implements it
//! for real; a simulation can implement it with one thread, virtual time and
//! an order chosen from a seed.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

/// A task that is ready to run.
pub(crate) type Runnable = async_task::Runnable;

pub(crate) trait Seam: Send + Sync {
    /// The time now.
    fn now(&self) -> Instant;

    /// A random number.
    fn random(&self) -> u64;

    /// Queues a task. One that `yielded` goes behind all others.
    fn schedule(&self, task: Runnable, yielded: bool);

    /// Rings `bell` at `at`, once, unless it is cancelled before.
    fn set_alarm(&self, at: Instant, bell: Bell) -> AlarmId;

    /// Takes an alarm back. One that rings right now may still ring.
    fn cancel_alarm(&self, id: AlarmId);

    /// Ends all threads; tasks that are still queued are dropped. With `join`
    /// it returns when they have ended (unless one of them calls it).
    fn terminate(&self, join: bool);

    /// Whether its threads have been told to end.
    fn is_terminated(&self) -> bool;
}

/// Names an alarm; unique within its system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AlarmId {
    pub(crate) at: Instant,
    pub(crate) number: u64,
}

/// What an alarm does.
pub(crate) enum Bell {
    Wake(Waker),
    Ring(Arc<dyn Ring>),
}

/// Someone who is told which of his alarms went off.
pub(crate) trait Ring: Send + Sync {
    fn ring(&self, alarm: AlarmId);
}

impl Bell {
    pub(crate) fn strike(self, alarm: AlarmId) {
        match self {
            Bell::Wake(waker) => waker.wake(),
            Bell::Ring(someone) => someone.ring(alarm),
        }
    }
}

impl fmt::Debug for Bell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Bell::Wake(_) => "Wake",
            Bell::Ring(_) => "Ring",
        })
    }
}

/// Runs a future of the runtime's own as a task beside the actors.
pub(crate) fn run_beside(seam: Arc<dyn Seam>, future: impl Future<Output = ()> + Send + 'static) {
    spawn_beside(seam, future).detach();
}

/// The same, until what it returns is dropped.
pub(crate) fn spawn_beside(
    seam: Arc<dyn Seam>,
    future: impl Future<Output = ()> + Send + 'static,
) -> Beside {
    let (runnable, task) = async_task::spawn(future, move |task| seam.schedule(task, false));
    runnable.schedule();
    task
}

/// A task beside the actors.
pub(crate) type Beside = async_task::Task<()>;

/// An instant that a future waits for, or none: an alarm that follows the
/// future's waker and is taken back when it is dropped.
pub(crate) struct Deadline {
    at: Option<Instant>,
    alarm: Option<(AlarmId, Waker)>,
    seam: Arc<dyn Seam>,
}

impl Deadline {
    pub(crate) fn new(seam: Arc<dyn Seam>, at: Option<Instant>) -> Deadline {
        Deadline {
            at,
            alarm: None,
            seam,
        }
    }

    pub(crate) fn poll_passed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(at) = self.at else {
            return Poll::Pending;
        };
        if self.seam.now() >= at {
            self.cancel();
            return Poll::Ready(());
        }
        if self.seam.is_terminated() {
            // Its clock has stopped: no time is left.
            return Poll::Ready(());
        }
        if !matches!(&self.alarm, Some((_, waker)) if waker.will_wake(cx.waker())) {
            self.cancel();
            let bell = Bell::Wake(cx.waker().clone());
            self.alarm = Some((self.seam.set_alarm(at, bell), cx.waker().clone()));
        }
        Poll::Pending
    }

    fn cancel(&mut self) {
        if let Some((alarm, _)) = self.alarm.take() {
            self.seam.cancel_alarm(alarm);
        }
    }
}

impl Future for Deadline {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_passed(cx)
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Deadline").field(&self.at).finish()
    }
}
