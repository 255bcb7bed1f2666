//! The thread that rings alarms and watches over the workers.

use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::fence;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::{Duration, Instant};

use super::crew::Crew;
use super::desk::Desks;
use super::lane::{Lane, Pulse};
use super::queues::Queues;
use super::relief::MOST;
use super::watch::{Limits, Sight};
use super::worker::hire_worker;
use crate::alarms::Alarms;
use crate::guard;
use crate::seam::{AlarmId, Bell, Overseer, Relief};
use crate::sync::lock;
use crate::wait::mark_worker_thread;

/// How often the driver looks whether workers get on, while any is awake.
const WATCH: Duration = Duration::from_millis(2);
/// After so many looks with all workers asleep it sleeps until it is needed,
/// so that an idle system uses no processor time at all.
const QUIET_LOOKS: u32 = 50;
/// A look counts for no longer than this, however late it comes: a process
/// that was stopped for a while was not held up by its actors.
const LONGEST_LOOK: Duration = Duration::from_millis(50);

pub(super) struct Driver {
    queues: Arc<Queues>,
    desks: Arc<Desks>,
    crew: Arc<Crew>,
    limits: Limits,
    overseer: OnceLock<Weak<dyn Overseer>>,
    agenda: Mutex<Agenda>,
}

#[derive(Default)]
struct Agenda {
    alarms: Alarms,
    /// Until when the driver sleeps; none: until it is woken.
    asleep_until: Option<Instant>,
    asleep: bool,
}

impl Driver {
    pub(super) fn new(
        queues: Arc<Queues>,
        desks: Arc<Desks>,
        crew: Arc<Crew>,
        limits: Limits,
    ) -> Driver {
        Driver {
            queues,
            desks,
            crew,
            limits,
            overseer: OnceLock::new(),
            agenda: Mutex::default(),
        }
    }

    pub(super) fn report_to(&self, overseer: Weak<dyn Overseer>) {
        // The first one stays.
        let _ = self.overseer.set(overseer);
    }

    /// Somebody was killed: looks whether he holds a thread.
    pub(super) fn watch_out(&self) {
        // The kill must be seen by whoever is about to sleep deeply.
        fence(SeqCst);
        self.queues.rouse_driver();
    }

    pub(super) fn set_alarm(&self, at: Instant, bell: Bell) -> AlarmId {
        let mut agenda = lock(&self.agenda);
        let id = agenda.alarms.set(at, bell);
        let too_late = agenda.asleep && agenda.asleep_until.is_none_or(|until| at < until);
        drop(agenda);
        if too_late {
            self.queues.driver.wake();
        }
        if self.queues.is_closed() {
            // The driver may have looked for the last time.
            let bell = lock(&self.agenda).alarms.cancel(id);
            if let Some(bell) = bell {
                bell.strike(id);
            }
        }
        id
    }

    pub(super) fn cancel_alarm(&self, id: AlarmId) {
        let cancelled = lock(&self.agenda).alarms.cancel(id);
        // Dropped without the lock: it may own anything.
        drop(cancelled);
    }

    /// The driver thread's life.
    pub(super) fn run(&self) {
        self.queues.driver.begin();
        // A bell may own anything, a system too; it must not block this thread.
        mark_worker_thread();
        let mut quiet_looks = 0;
        let mut last_look = Instant::now();
        while !self.queues.is_closed() {
            let now = Instant::now();
            self.ring(now);
            let passed = now.saturating_duration_since(last_look).min(LONGEST_LOOK);
            last_look = now;
            let busy = self.watch(passed);
            quiet_looks = if busy { 0 } else { quiet_looks + 1 };
            self.sleep(quiet_looks > QUIET_LOOKS);
        }
        // Those who wait for a time see that the clock has stopped.
        let left = lock(&self.agenda).alarms.clear();
        for (id, bell) in left {
            bell.strike(id);
        }
    }

    fn ring(&self, now: Instant) {
        loop {
            let mut agenda = lock(&self.agenda);
            agenda.asleep = false;
            let due = agenda.alarms.due(now);
            drop(agenda);
            let Some((id, bell)) = due else { return };
            bell.strike(id);
        }
    }

    /// Looks at every thread. True if it must be looked again soon.
    fn watch(&self, passed: Duration) -> bool {
        let mut doomed = false;
        let mut worker = |lane: &Lane| {
            let sight = self.look(&lane.pulse, true, passed);
            if sight.still {
                // It has come to no task since the last look.
                self.queues.rescue(lane);
            }
            doomed |= sight.doomed;
        };
        self.queues.each_lane(&mut worker);
        for desk in &self.desks.all() {
            doomed |= self.look(&desk.pulse, false, passed).doomed;
        }
        doomed || self.queues.is_awake()
    }

    /// Looks at one thread, and does what is to be done about it.
    fn look(&self, pulse: &Pulse, shared: bool, passed: Duration) -> Sight {
        let task = pulse.task();
        let overseer = self.overseer.get().and_then(Weak::upgrade);
        let actor = task.and_then(|task| task.actor());
        let killed = || match (&overseer, actor) {
            (Some(overseer), Some(actor)) => overseer.is_killed(actor),
            _ => false,
        };
        let mut watch = lock(&pulse.watch);
        let sight = watch.look(
            pulse.turns(),
            task.is_some(),
            killed,
            shared,
            passed,
            &self.limits,
        );
        let held = watch.held();
        drop(watch);
        if shared && (!sight.still || task.is_none()) && pulse.is_back() {
            // It came back just when it was relieved.
            self.queues.worker_back(&self.crew);
        }
        if sight.relieve
            && let Some(task) = task
        {
            let relief = self.relieve(pulse, shared);
            let replaced = matches!(relief, Relief::Replaced);
            if !replaced {
                let pause = self.limits.blocked_after.max(LONGEST_LOOK);
                lock(&pulse.watch).try_again(pause);
            }
            // Told once, however often it is tried.
            if let Some(overseer) = &overseer
                && shared
                && (replaced || !sight.again)
            {
                overseer.held_up(task, held, &relief);
            }
        }
        if sight.give_up
            && let (Some(overseer), Some(actor)) = (&overseer, actor)
        {
            guard::quietly(|| overseer.give_up(actor));
        }
        sight
    }

    /// Has another thread do the work of one that is held up.
    fn relieve(&self, pulse: &Pulse, shared: bool) -> Relief {
        if shared && !self.queues.stand.take_surplus() {
            let Some(local) = self.queues.stand_in() else {
                return Relief::NoMore(MOST);
            };
            if let Err(error) = hire_worker(&self.crew, local) {
                return Relief::Refused(error);
            }
        }
        if shared {
            self.queues.stand.worker_held();
        }
        self.crew.lose();
        pulse.relieve();
        // It may have ended meanwhile, and will not be looked at again.
        if shared && pulse.is_over() && pulse.is_back() {
            self.queues.worker_back(&self.crew);
        }
        Relief::Replaced
    }

    fn sleep(&self, deep: bool) {
        let nap = &self.queues.driver;
        if deep {
            // First say so, then look: a worker that wakes either is seen
            // here, or sees this.
            nap.deep.store(true, SeqCst);
        }
        let deep = deep && !self.watch(Duration::ZERO);
        let now = Instant::now();
        let mut agenda = lock(&self.agenda);
        let alarm = agenda.alarms.next();
        let until = if deep {
            alarm
        } else {
            Some(alarm.map_or(now + WATCH, |at| at.min(now + WATCH)))
        };
        agenda.asleep_until = until;
        agenda.asleep = true;
        drop(agenda);
        match until {
            None => nap.sleep(),
            Some(until) => nap.sleep_for(until.saturating_duration_since(now)),
        }
        nap.deep.store(false, SeqCst);
    }
}
