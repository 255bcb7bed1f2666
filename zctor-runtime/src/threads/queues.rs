//! Where tasks wait for a worker.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, SeqCst};

use crossbeam_deque::{Injector, Steal, Worker};
use crossbeam_utils::CachePadded;

use super::crew::Crew;
use super::lane::{Lane, Nap};
use super::relief::{MOST, Stand};
use super::rest::{Busy, Presence};
use super::sleep::Sleep;
use crate::guard;
use crate::seam::{Runnable, Tag};

/// A worker looks at the shared queue first once in so many tasks.
const SHARED_FIRST: u32 = 61;
/// So many tasks in a row may come from the slot before the queue has a turn.
const SLOT_STREAK: u32 = 16;

/// What all workers, and the threads that queue tasks, share.
pub(super) struct Queues {
    /// Tasks queued from outside, and ones that were rescued.
    injector: Injector<Runnable>,
    pub(super) lanes: Vec<Arc<CachePadded<Lane>>>,
    /// Those who stand in for workers that are held up.
    pub(super) stand: Stand,
    pub(super) sleep: Sleep,
    closed: AtomicBool,
    /// The thread that rings alarms and watches over the workers.
    pub(super) driver: Nap,
    /// Where it is counted who is at work, if the clock is that of a test.
    presence: Option<Presence>,
}

impl Queues {
    pub(super) fn new(workers: usize, presence: Option<Presence>) -> (Arc<Queues>, Vec<Local>) {
        let (mut deques, mut lanes) = (Vec::new(), Vec::new());
        for _ in 0..workers {
            let deque = Worker::new_fifo();
            lanes.push(lane_of(&deque));
            deques.push(deque);
        }
        let queues = Arc::new(Queues {
            injector: Injector::new(),
            lanes,
            stand: Stand::default(),
            sleep: Sleep::new(),
            closed: AtomicBool::new(false),
            driver: Nap::default(),
            presence,
        });
        let mut locals = Vec::new();
        for (index, deque) in deques.into_iter().enumerate() {
            let lane = Arc::clone(&queues.lanes[index]);
            locals.push(Local::new(&queues, index, lane, deque));
        }
        (queues, locals)
    }

    /// A worker that stands in for one that is held up. None if there are too
    /// many of them.
    pub(super) fn stand_in(self: &Arc<Queues>) -> Option<Local> {
        if self.stand.count() >= MOST {
            return None;
        }
        let deque = Worker::new_fifo();
        let lane = lane_of(&deque);
        let index = self.stand.add(self.lanes.len(), &lane);
        Some(Local::new(self, index, lane, deque))
    }

    /// How many workers there are.
    pub(super) fn workers(&self) -> usize {
        self.lanes.len() + self.stand.count()
    }

    /// Whether a worker is at work that is not held up.
    pub(super) fn is_awake(&self) -> bool {
        self.sleep.asleep() + self.stand.held() < self.workers()
    }

    pub(super) fn each_lane(&self, mut each: impl FnMut(&Lane)) {
        for lane in &self.lanes {
            each(lane);
        }
        for lane in &self.stand.lanes() {
            each(lane);
        }
    }

    fn nap(&self, worker: usize, wake: impl FnOnce(&Nap)) {
        if let Some(lane) = self.lanes.get(worker) {
            wake(&lane.nap);
        } else if let Some(lane) = self.stand.find(worker) {
            wake(&lane.nap);
        }
    }

    /// A worker of the crew that was held up is back.
    pub(super) fn worker_back(&self, crew: &Crew) {
        crew.regain();
        self.stand.worker_back();
        // One of these must go, asleep or not.
        self.stand.lanes().iter().for_each(|lane| lane.nap.wake());
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
            self.nap(worker, Nap::wake);
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
        let waits = |lane: &Arc<CachePadded<Lane>>| !lane.stealer.is_empty();
        !self.injector.is_empty()
            || self.lanes.iter().any(waits)
            || self.stand.lanes().iter().any(waits)
    }

    /// This thread begins a task that was queued.
    #[inline]
    pub(super) fn begin(&self, task: Tag) -> Option<Busy> {
        let presence = self.presence.as_ref()?;
        Some(presence.begin(Some(task)))
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Acquire)
    }

    /// Makes every thread end.
    pub(super) fn close(&self) {
        self.closed.store(true, SeqCst);
        self.each_lane(|lane| lane.nap.wake());
        self.driver.wake();
    }

    /// Drops what is queued, also with workers that are held up.
    pub(super) fn drop_tasks(&self) {
        self.each_lane(|lane| {
            drop(lane.slot.take());
            // Looked at first: a theft leaves traces in the thread (those that
            // crossbeam-epoch keeps), also if there is nothing to steal.
            while !lane.stealer.is_empty() {
                drop(retry(|| lane.stealer.steal()));
            }
        });
        while let Some(task) = retry(|| self.injector.steal()) {
            drop(task);
        }
    }
}

fn lane_of(deque: &Worker<Runnable>) -> Arc<CachePadded<Lane>> {
    Arc::new(CachePadded::new(Lane::new(deque.stealer())))
}

thread_local! {
    static LOCAL: OnceCell<Local> = const { OnceCell::new() };
}

/// What only the worker itself touches.
pub(super) struct Local {
    pub(super) queues: Arc<Queues>,
    pub(super) index: usize,
    lane: Arc<CachePadded<Lane>>,
    deque: Worker<Runnable>,
    streak: Cell<u32>,
    tick: Cell<u32>,
}

impl Local {
    fn new(
        queues: &Arc<Queues>,
        index: usize,
        lane: Arc<CachePadded<Lane>>,
        deque: Worker<Runnable>,
    ) -> Local {
        Local {
            queues: Arc::clone(queues),
            index,
            lane,
            deque,
            streak: Cell::new(0),
            tick: Cell::new(0),
        }
    }

    /// Makes this the worker of the current thread, and runs `work` with it.
    pub(super) fn enter(self, work: impl FnOnce(&Local)) {
        LOCAL.with(|local| work(local.get_or_init(|| self)));
    }

    /// Whether the current thread works on `queues`.
    pub(super) fn here(queues: &Arc<Queues>) -> bool {
        Local::with(queues, (), |_, ()| ()).is_none()
    }

    /// Whether the current thread runs the task of an actor on `queues`.
    pub(super) fn runs_an_actor(queues: &Arc<Queues>) -> bool {
        let mut runs = false;
        Local::with(queues, (), |local, ()| {
            let task = local.lane.pulse.task();
            runs = task.is_some_and(|task| task.actor().is_some());
        });
        runs
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
        &self.lane
    }

    /// Whether it was started for a worker that was held up.
    pub(super) fn stands_in(&self) -> bool {
        self.index >= self.queues.lanes.len()
    }

    /// Whether such a worker is back, and this one must go.
    pub(super) fn must_go(&self) -> bool {
        self.stands_in() && self.queues.stand.take_surplus()
    }

    /// Leaves what it has to the others.
    fn hand_over(&self) {
        if let Some(task) = self.lane.slot.take() {
            self.queues.push_shared(task);
        }
        while let Some(task) = self.deque.pop() {
            self.queues.push_shared(task);
        }
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
        self.lane().pulse.count_turn(tick as usize);
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
        let rob = |victim: &Lane| retry(|| victim.stealer.steal_batch_and_pop(&self.deque));
        if let Some(task) = self.take_shared() {
            return Some(task);
        }
        let lanes = &self.queues.lanes;
        for distance in 0..lanes.len() {
            let victim = (self.index + 1 + distance) % lanes.len();
            if victim != self.index
                && let Some(task) = rob(&lanes[victim])
            {
                return Some(task);
            }
        }
        for lane in &self.queues.stand.lanes() {
            if !Arc::ptr_eq(lane, &self.lane)
                && let Some(task) = rob(lane)
            {
                return Some(task);
            }
        }
        None
    }
}

impl Drop for Local {
    /// At the end of its thread; what that thread queues after this goes to
    /// the shared queue.
    fn drop(&mut self) {
        if self.stands_in() {
            self.queues.stand.remove(self.index);
        }
        // What it has may belong to the user.
        guard::quietly(|| self.hand_over());
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
