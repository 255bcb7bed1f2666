//! The seam of a simulated system: one thread, virtual time, and an order of
//! execution that a seed decides.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::alarms::Alarms;
use crate::guard;
use crate::seam::{AlarmId, Bell, Runnable, Seam};
use crate::sync::lock;
use crate::wait::as_worker;

/// So many steps at one instant, and the clock goes on all the same: a task
/// that is always ready must not hold off every time limit for ever.
const STEPS_AT_ONE_INSTANT: u32 = 1_000_000;

pub(super) struct Machine {
    /// When virtual time begins. The only look at a real clock: instants are
    /// compared with each other, and nothing depends on where they begin.
    epoch: Instant,
    world: Mutex<World>,
    terminated: AtomicBool,
}

struct World {
    ready: Vec<Runnable>,
    alarms: Alarms,
    elapsed: Duration,
    steps: u64,
    steps_at_this_instant: u32,
    /// Decides who runs next. Actors draw from a generator of their own, so
    /// that one which draws more does not change the order.
    order: fastrand::Rng,
    drawn: fastrand::Rng,
}

impl Machine {
    pub(super) fn new(seed: u64) -> Arc<Machine> {
        let mut order = fastrand::Rng::with_seed(seed);
        let drawn = order.fork();
        Arc::new(Machine {
            epoch: Instant::now(),
            world: Mutex::new(World {
                ready: Vec::new(),
                alarms: Alarms::default(),
                elapsed: Duration::ZERO,
                steps: 0,
                steps_at_this_instant: 0,
                order,
                drawn,
            }),
            terminated: AtomicBool::new(false),
        })
    }

    pub(super) fn elapsed(&self) -> Duration {
        lock(&self.world).elapsed
    }

    pub(super) fn steps(&self) -> u64 {
        lock(&self.world).steps
    }

    /// Runs one of the tasks that are ready. With `one_more`, something of
    /// the caller's is ready too, and may be what is chosen.
    pub(super) fn choose(&self, one_more: bool) -> Choice {
        let mut world = lock(&self.world);
        let candidates = world.ready.len() + usize::from(one_more);
        if candidates == 0 {
            return Choice::Nothing;
        }
        let chosen = world.order.usize(..candidates);
        world.steps += 1;
        world.steps_at_this_instant += 1;
        let stuck = world.steps_at_this_instant >= STEPS_AT_ONE_INSTANT;
        let task = (chosen < world.ready.len()).then(|| world.ready.swap_remove(chosen));
        drop(world);
        if stuck {
            self.jump(None);
        }
        let Some(task) = task else {
            return Choice::Other;
        };
        // An actor catches its own panics; this is for what it cannot catch.
        guard::quietly(|| as_worker(|| task.run()));
        Choice::Ran
    }

    /// Moves the clock to the next alarm, but not beyond `limit`, and rings
    /// what is due. False if there is no alarm until then.
    pub(super) fn jump(&self, limit: Option<Duration>) -> bool {
        let mut world = lock(&self.world);
        let Some(at) = world.alarms.next() else {
            return false;
        };
        let due = at.saturating_duration_since(self.epoch);
        if limit.is_some_and(|limit| due > limit) {
            return false;
        }
        world.move_clock(due);
        let now = self.epoch + world.elapsed;
        drop(world);
        loop {
            let due = lock(&self.world).alarms.due(now);
            let Some((id, bell)) = due else { return true };
            guard::quietly(|| as_worker(|| bell.strike(id)));
        }
    }

    /// Sets the clock to `elapsed`, if that is ahead.
    pub(super) fn move_clock(&self, elapsed: Duration) {
        lock(&self.world).move_clock(elapsed);
    }

    fn drop_tasks(&self) {
        loop {
            let task = lock(&self.world).ready.pop();
            let Some(task) = task else { return };
            guard::quietly(|| as_worker(|| drop(task)));
        }
    }
}

/// What [`Machine::choose`] has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// A task, which has run.
    Ran,
    /// The caller's own.
    Other,
    /// Nothing is ready.
    Nothing,
}

impl World {
    fn move_clock(&mut self, elapsed: Duration) {
        self.elapsed = self.elapsed.max(elapsed);
        self.steps_at_this_instant = 0;
    }
}

impl Seam for Machine {
    fn now(&self) -> Instant {
        self.epoch + self.elapsed()
    }

    fn random(&self) -> u64 {
        lock(&self.world).drawn.u64(..)
    }

    /// One that yielded is chosen like any other: it may come too early or too
    /// late, as on a machine with many threads.
    fn schedule(&self, task: Runnable, _yielded: bool) {
        if self.is_terminated() {
            return drop(task);
        }
        lock(&self.world).ready.push(task);
        if self.is_terminated() {
            self.drop_tasks();
        }
    }

    fn set_alarm(&self, at: Instant, bell: Bell) -> AlarmId {
        let id = lock(&self.world).alarms.set(at, bell);
        if self.is_terminated() {
            let bell = lock(&self.world).alarms.cancel(id);
            guard::quietly(|| bell.map(|bell| bell.strike(id)));
        }
        id
    }

    fn cancel_alarm(&self, id: AlarmId) {
        let cancelled = lock(&self.world).alarms.cancel(id);
        // Dropped without the lock: it may own anything.
        drop(cancelled);
    }

    fn terminate(&self, _join: bool) {
        self.terminated.store(true, SeqCst);
        self.drop_tasks();
        // Those who wait for a time see that the clock has stopped.
        let left = lock(&self.world).alarms.clear();
        for (id, bell) in left {
            guard::quietly(|| bell.strike(id));
        }
    }

    fn is_terminated(&self) -> bool {
        self.terminated.load(SeqCst)
    }
}
