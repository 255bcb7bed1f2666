//! Where tasks wait for a worker.

use std::cell::{Cell, OnceCell};
use std::sync::atomic::Ordering::{Acquire, Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};

use crossbeam_deque::{Injector, Steal, Stealer, Worker};
use crossbeam_utils::CachePadded;
use crossbeam_utils::atomic::AtomicCell;

use super::sleep::Sleep;
use crate::seam::Runnable;

/// A worker looks at the shared queue first once in so many tasks.
const SHARED_FIRST: u32 = 61;
/// So many tasks in a row may come from the slot before the queue has a turn.
const SLOT_STREAK: u32 = 16;

/// What all workers, and the threads that queue tasks, share.
pub(super) struct Queues {
    /// Tasks queued from outside, and ones that were rescued.
    injector: Injector<Runnable>,
    pub(super) lanes: Box<[CachePadded<Lane>]>,
    pub(super) sleep: Sleep,
    closed: AtomicBool,
    /// The thread that rings alarms and watches over the workers.
    pub(super) driver: Nap,
}

/// One worker's part of it.
pub(super) struct Lane {
    stealer: Stealer<Runnable>,
    /// The task that this worker's current one scheduled last: it runs next,
    /// while what it is about is still in the cache. Not stolen in passing;
    /// the driver rescues it from a worker that does not come back.
    slot: AtomicCell<Option<Runnable>>,
    /// Tasks run so far, for the driver to see whether the worker gets on.
    pub(super) turns: AtomicUsize,
    pub(super) nap: Nap,
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
    pub(super) fn sleep_for(&self, limit: std::time::Duration) {
        if !self.woken.swap(false, SeqCst) {
            thread::park_timeout(limit);
            self.woken.store(false, SeqCst);
        }
    }
}

impl Queues {
    pub(super) fn new(workers: usize) -> (Arc<Queues>, Vec<Local>) {
        let deques: Vec<_> = (0..workers).map(|_| Worker::new_fifo()).collect();
        let lane = |deque: &Worker<Runnable>| Lane {
            stealer: deque.stealer(),
            slot: AtomicCell::new(None),
            turns: AtomicUsize::new(0),
            nap: Nap::default(),
        };
        let queues = Arc::new(Queues {
            injector: Injector::new(),
            lanes: deques
                .iter()
                .map(|deque| CachePadded::new(lane(deque)))
                .collect(),
            sleep: Sleep::new(),
            closed: AtomicBool::new(false),
            driver: Nap::default(),
        });
        let locals = deques.into_iter().enumerate().map(|(index, deque)| Local {
            queues: Arc::clone(&queues),
            index,
            deque,
            streak: Cell::new(0),
            tick: Cell::new(0),
        });
        let locals = locals.collect();
        (queues, locals)
    }

    /// Queues a task from wherever this is called.
    pub(super) fn schedule(self: &Arc<Queues>, task: Runnable, yielded: bool) {
        if self.is_closed() {
            return drop(task);
        }
        if let Some(task) = Local::with(self, task, |local, task| local.push(task, yielded)) {
            self.push_shared(task);
        }
    }

    fn push_shared(&self, task: Runnable) {
        self.injector.push(task);
        self.work_queued();
        if self.is_closed() {
            self.drop_tasks();
        }
    }

    pub(super) fn work_queued(&self) {
        if let Some(worker) = self.sleep.work_queued() {
            self.lanes[worker].nap.wake();
            self.rouse_driver();
        }
    }

    /// A worker works again: the driver must watch over it.
    pub(super) fn rouse_driver(&self) {
        if self.driver.deep.load(SeqCst) {
            self.driver.wake();
        }
    }

    /// Gets the other workers to do the work of one that is held up: the task
    /// in its slot, and those in its queue.
    pub(super) fn rescue(&self, lane: &Lane) {
        if let Some(task) = lane.slot.take() {
            self.push_shared(task);
        }
        if !lane.stealer.is_empty() {
            self.work_queued();
        }
    }

    pub(super) fn has_work(&self) -> bool {
        !self.injector.is_empty() || self.lanes.iter().any(|lane| !lane.stealer.is_empty())
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Acquire)
    }

    /// Makes every thread end.
    pub(super) fn close(&self) {
        self.closed.store(true, SeqCst);
        self.lanes.iter().for_each(|lane| lane.nap.wake());
        self.driver.wake();
    }

    /// Drops what is queued, also with workers that are held up.
    pub(super) fn drop_tasks(&self) {
        for lane in &self.lanes {
            drop(lane.slot.take());
            while let Some(task) = retry(|| lane.stealer.steal()) {
                drop(task);
            }
        }
        while let Some(task) = retry(|| self.injector.steal()) {
            drop(task);
        }
    }
}

thread_local! {
    static LOCAL: OnceCell<Local> = const { OnceCell::new() };
}

/// What only the worker itself touches.
pub(super) struct Local {
    pub(super) queues: Arc<Queues>,
    pub(super) index: usize,
    deque: Worker<Runnable>,
    streak: Cell<u32>,
    tick: Cell<u32>,
}

impl Local {
    /// Makes this the worker of the current thread, and runs `work` with it.
    pub(super) fn enter(self, work: impl FnOnce(&Local)) {
        LOCAL.with(|local| work(local.get_or_init(|| self)));
    }

    /// Whether the current thread works on `queues`.
    pub(super) fn here(queues: &Arc<Queues>) -> bool {
        Local::with(queues, (), |_, ()| ()).is_none()
    }

    /// Calls `use_it` if the current thread works on `queues`; else, also at
    /// the very end of a thread, when its storage is gone, gives `what` back.
    fn with<T>(queues: &Arc<Queues>, what: T, use_it: impl FnOnce(&Local, T)) -> Option<T> {
        let mut what = Some(what);
        let _ = LOCAL.try_with(|local| match local.get() {
            Some(local) if Arc::ptr_eq(&local.queues, queues) => {
                if let Some(what) = what.take() {
                    use_it(local, what);
                }
            }
            _ => {}
        });
        what
    }

    pub(super) fn lane(&self) -> &Lane {
        &self.queues.lanes[self.index]
    }

    fn push(&self, task: Runnable, yielded: bool) {
        if yielded {
            // Alone, it stays here; else the others may want their share.
            let alone = self.deque.is_empty();
            self.deque.push(task);
            if !alone {
                self.queues.work_queued();
            }
        } else if let Some(previous) = self.lane().slot.swap(Some(task)) {
            self.deque.push(previous);
            self.queues.work_queued();
        }
    }

    /// The next task of this worker's own, or of the shared queue.
    pub(super) fn next(&self) -> Option<Runnable> {
        let tick = self.tick.get().wrapping_add(1);
        self.tick.set(tick);
        self.lane().turns.store(tick as usize, Relaxed);
        if tick.is_multiple_of(SHARED_FIRST)
            && let Some(task) = self.take_shared()
        {
            return Some(task);
        }
        if self.streak.get() < SLOT_STREAK {
            if let Some(task) = self.lane().slot.take() {
                self.streak.set(self.streak.get() + 1);
                return Some(task);
            }
        } else if let Some(task) = self.lane().slot.take() {
            self.deque.push(task);
        }
        self.streak.set(0);
        self.deque.pop().or_else(|| self.take_shared())
    }

    fn take_shared(&self) -> Option<Runnable> {
        retry(|| self.queues.injector.steal_batch_and_pop(&self.deque))
    }

    /// A task from anywhere.
    pub(super) fn steal(&self) -> Option<Runnable> {
        self.take_shared().or_else(|| {
            let lanes = &self.queues.lanes;
            (1..lanes.len()).find_map(|distance| {
                let victim = &lanes[(self.index + distance) % lanes.len()];
                retry(|| victim.stealer.steal_batch_and_pop(&self.deque))
            })
        })
    }
}

fn retry<T>(mut attempt: impl FnMut() -> Steal<T>) -> Option<T> {
    loop {
        match attempt() {
            Steal::Success(found) => return Some(found),
            Steal::Empty => return None,
            Steal::Retry => std::hint::spin_loop(),
        }
    }
}
