//! One thread as the others see it.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::sync::{Mutex, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

use crossbeam_deque::Stealer;
use crossbeam_utils::atomic::AtomicCell;

use super::watch::Watch;
use crate::seam::{Runnable, Tag};

/// One worker's part of the queues.
pub(super) struct Lane {
    pub(super) stealer: Stealer<Runnable>,
    /// The task that this worker's current one scheduled last: it runs next,
    /// while what it is about is still in the cache. Not stolen in passing;
    /// the driver rescues it from a worker that does not come back.
    pub(super) slot: AtomicCell<Option<Runnable>>,
    pub(super) pulse: Pulse,
    pub(super) nap: Nap,
}

impl Lane {
    pub(super) fn new(stealer: Stealer<Runnable>) -> Lane {
        Lane {
            stealer,
            slot: AtomicCell::new(None),
            pulse: Pulse::default(),
            nap: Nap::default(),
        }
    }
}

/// What shows whether a thread gets on.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    /// Tasks run so far.
    turns: AtomicUsize,
    /// Whose task it runs; zero while it looks for one.
    task: AtomicU64,
    /// It is held up, and others do its work.
    relieved: AtomicBool,
    /// What the driver has seen of it.
    pub(super) watch: Mutex<Watch>,
}

impl Pulse {
    pub(super) fn count_turn(&self, turns: usize) {
        self.turns.store(turns, Relaxed);
    }

    pub(super) fn turns(&self) -> usize {
        self.turns.load(Relaxed)
    }

    pub(super) fn begin(&self, task: Tag) {
        self.task.store(task.number(), Relaxed);
    }

    pub(super) fn rest(&self) {
        self.task.store(0, Relaxed);
    }

    pub(super) fn task(&self) -> Option<Tag> {
        Tag::from_number(self.task.load(Relaxed))
    }

    pub(super) fn relieve(&self) {
        self.relieved.store(true, SeqCst);
    }

    pub(super) fn is_relieved(&self) -> bool {
        self.relieved.load(Relaxed)
    }

    /// Its thread is about to end. Whether that was relieved, and nobody has seen
    /// that it is back: whoever relieves it from now on sees that it is over.
    pub(super) fn end(&self) -> bool {
        self.task.store(0, SeqCst);
        self.relieved.swap(false, SeqCst)
    }

    /// Whether it runs no task, seen after it was relieved.
    pub(super) fn is_over(&self) -> bool {
        self.task.load(SeqCst) == 0
    }

    /// Called by the thread when it gets on: whether it had been relieved.
    pub(super) fn is_back(&self) -> bool {
        self.is_relieved() && self.relieved.swap(false, SeqCst)
    }
}

/// A thread's sleep, and its end.
#[derive(Debug, Default)]
pub(super) struct Nap {
    thread: OnceLock<Thread>,
    woken: AtomicBool,
    /// Set by the driver while it sleeps without a watch over the workers.
    pub(super) deep: AtomicBool,
}

impl Nap {
    /// Called by the thread itself, once.
    pub(super) fn begin(&self) {
        self.thread.get_or_init(thread::current);
    }

    pub(super) fn wake(&self) {
        self.woken.store(true, SeqCst);
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// Sleeps until it is woken; a wake that came first counts.
    pub(super) fn sleep(&self) {
        while !self.woken.swap(false, SeqCst) {
            thread::park();
        }
    }

    /// Sleeps until it is woken, `limit` has passed, or for no reason.
    pub(super) fn sleep_for(&self, limit: Duration) {
        if !self.woken.swap(false, SeqCst) {
            thread::park_timeout(limit);
            self.woken.store(false, SeqCst);
        }
    }
}
