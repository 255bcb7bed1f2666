//! The one way to time, randomness, threads and the run queue.
//!
//! The rest of the runtime reads no clock, draws no random number, starts no
//! thread and queues no task but through [`Seam`]. `threads` implements it
//! for real; a simulation can implement it with one thread, virtual time and
//! an order chosen from a seed.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::guard;
use crate::label::{ActorId, ActorLabel};
use crate::ordered::{Key, Rank};

/// A task that is ready to run.
pub(crate) type Runnable = async_task::Runnable<Tag>;

/// Whose task it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag(u64);

impl Tag {
    /// A task of the runtime's own.
    pub(crate) const BESIDE: Tag = Tag(u64::MAX);
    const DEDICATED: u64 = 1 << 62;
    const OTHER: u64 = 1 << 61;

    pub(crate) fn of(actor: ActorId, dedicated: bool) -> Tag {
        Tag(actor.get() | if dedicated { Tag::DEDICATED } else { 0 })
    }

    /// A task beside its mailbox that works for an actor.
    pub(crate) fn beside(actor: ActorId) -> Tag {
        Tag(actor.get() | Tag::OTHER)
    }

    /// Those of the tasks that it may have.
    pub(crate) fn all_of(actor: ActorId) -> [Tag; 3] {
        [
            Tag::of(actor, false),
            Tag::of(actor, true),
            Tag::beside(actor),
        ]
    }

    /// The actor that this is the task of.
    pub(crate) fn actor(self) -> Option<ActorId> {
        (self.0 & Tag::OTHER == 0).then(|| ActorId::new(self.0 & !Tag::DEDICATED))
    }

    /// The actor for which it works.
    pub(crate) fn on_behalf(self) -> Option<ActorId> {
        let flags = Tag::DEDICATED | Tag::OTHER;
        (self != Tag::BESIDE).then(|| ActorId::new(self.0 & !flags))
    }

    /// Whether its actor has a thread of its own.
    pub(crate) fn is_dedicated(self) -> bool {
        self.0 & Tag::DEDICATED != 0 && self != Tag::BESIDE
    }

    /// As a number that is not zero.
    pub(crate) fn number(self) -> u64 {
        self.0
    }

    pub(crate) fn from_number(number: u64) -> Option<Tag> {
        (number != 0).then_some(Tag(number))
    }
}

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

    /// When it is terminated: waits until all who hold a thread have let go of
    /// it, which `done` tells, but no longer than the grace. Where one thread
    /// runs everything nobody holds it by then.
    fn await_release(&self, _done: &mut dyn FnMut() -> bool) {}

    /// Whether its threads have been told to end.
    fn is_terminated(&self) -> bool;

    /// Gives an actor a thread of its own, which runs its tasks until it is
    /// dismissed. Where there are no threads, they are like any other's.
    fn dedicate(&self, _actor: &ActorLabel) -> io::Result<()> {
        Ok(())
    }

    /// An actor with a thread of its own has ended.
    fn dismiss(&self, _actor: ActorId) {}

    /// Runs a job that may block. Where there is one thread only, at once.
    fn run_blocking(&self, job: Job) {
        job();
    }

    /// An actor was killed: it must be looked at whether it holds a thread.
    fn watch_out(&self) {}

    /// Names who is told of threads that are held up. Where one thread runs
    /// everything there is nobody who could tell.
    fn report_to(&self, _overseer: Weak<dyn Overseer>) {}

    /// Somebody is about to queue a message, on a thread where they are looked
    /// at one by one: what becomes of it.
    fn at_send(&self, _message: &Addressed) -> Fate {
        Fate::Queue
    }

    /// It was queued.
    fn at_queued(&self, _message: &Addressed) {}

    /// It was not queued after all, and its sender is told.
    fn at_refused(&self, _message: &Addressed) {}

    /// One that was queued is dropped unhandled.
    fn at_dropped(&self, _message: &Addressed, _newest: bool) {}

    /// An actor begins to handle a message, or a batch of them. It panics if
    /// it is told to.
    fn at_message(&self, _message: &Addressed, _incarnation: u64, _batch: u64) {}

    /// Where this clock stands still until a test moves it: the same threads,
    /// with the clock that goes on.
    fn in_real_time(&self) -> Option<Arc<dyn Seam>> {
        None
    }

    /// The names of its threads that have not ended.
    fn threads_left(&self) -> Vec<String> {
        Vec::new()
    }

    /// An actor has ended, and is sent nothing more.
    fn at_end(&self, _actor: ActorId) {}

    /// Whether the calling code is in the task of an actor of this system.
    fn runs_an_actor(&self) -> bool {
        true
    }
}

/// A message, and the actor that it is for.
pub(crate) struct Addressed {
    pub(crate) to: ActorId,
    /// The type of the enum.
    pub(crate) protocol: TypeId,
    pub(crate) message: &'static str,
    /// The variant's place in the enum.
    pub(crate) index: usize,
    /// Of one that takes the place of an older one: the hash of what both are
    /// known by. 0 of others.
    pub(crate) key: u64,
    pub(crate) ask: bool,
}

/// What becomes of a message that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Queue,
    /// It never arrives, and its sender is not told.
    Lose,
    /// It arrives so much later, brought by a task with this tag.
    Delay(Duration, Tag),
}

/// Blocking work.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// Who knows the actors that hold threads.
pub(crate) trait Overseer: Send + Sync {
    fn is_killed(&self, actor: ActorId) -> bool;

    /// A killed actor has not let go of its thread: it counts as dead.
    fn give_up(&self, actor: ActorId);

    /// The actor and what it is at, for people.
    fn describe(&self, actor: ActorId) -> Option<String>;

    /// A worker has been held up for so long.
    fn held_up(&self, task: Tag, so_long: Duration, relief: &Relief);
}

/// What was done about a worker that is held up.
#[derive(Debug)]
pub(crate) enum Relief {
    /// Another thread has taken its place.
    Replaced,
    /// So many have been replaced already that there is no further one.
    NoMore(usize),
    /// The operating system gives no thread.
    Refused(io::Error),
}

/// Names an alarm; unique within its system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AlarmId {
    pub(crate) at: Instant,
    pub(crate) number: u64,
}

impl Key for AlarmId {
    fn rank(self) -> Rank {
        Rank::Time(self.at, self.number)
    }
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
    /// A foreign waker may panic; that is no reason to stop the clock.
    pub(crate) fn strike(self, alarm: AlarmId) {
        guard::quietly(|| match self {
            Bell::Wake(waker) => waker.wake(),
            Bell::Ring(someone) => someone.ring(alarm),
        });
    }
}

/// The time in which a test waits, that could not move a clock of its own
/// meanwhile.
pub(crate) fn time_of_waiting(seam: &Arc<dyn Seam>) -> Arc<dyn Seam> {
    seam.in_real_time().unwrap_or_else(|| Arc::clone(seam))
}

/// Runs a future of the runtime's own as a task beside the actors.
pub(crate) fn run_beside(seam: Arc<dyn Seam>, future: impl Future<Output = ()> + Send + 'static) {
    spawn_beside(seam, Tag::BESIDE, future).detach();
}

/// The same, until what it returns is dropped.
pub(crate) fn spawn_beside(
    seam: Arc<dyn Seam>,
    tag: Tag,
    future: impl Future<Output = ()> + Send + 'static,
) -> Beside {
    spawn_boxed(seam, tag, Box::pin(future))
}

/// Not generic, so that the code of a task is compiled once.
fn spawn_boxed(
    seam: Arc<dyn Seam>,
    tag: Tag,
    future: Pin<Box<dyn Future<Output = ()> + Send>>,
) -> Beside {
    let schedule = move |task| seam.schedule(task, false);
    let (runnable, task) = async_task::Builder::new()
        .metadata(tag)
        .spawn(|_| future, schedule);
    runnable.schedule();
    task
}

/// A task beside the actors.
pub(crate) type Beside = async_task::Task<(), Tag>;

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

    pub(crate) fn at(&self) -> Option<Instant> {
        self.at
    }

    pub(crate) fn seam(&self) -> &Arc<dyn Seam> {
        &self.seam
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
