//! The thread that rings alarms and watches over the workers.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::queues::Queues;
use crate::alarms::Alarms;
use crate::guard;
use crate::seam::{AlarmId, Bell};
use crate::sync::lock;
use crate::wait::mark_worker_thread;

/// How often the driver looks whether workers get on, while any is awake.
const WATCH: Duration = Duration::from_millis(2);
/// After so many looks with all workers asleep it sleeps until it is needed,
/// so that an idle system uses no processor time at all.
const QUIET_LOOKS: u32 = 50;

pub(super) struct Driver {
    queues: Arc<Queues>,
    agenda: Mutex<Agenda>,
}

#[derive(Debug, Default)]
struct Agenda {
    alarms: Alarms,
    /// Until when the driver sleeps; none: until it is woken.
    asleep_until: Option<Instant>,
    asleep: bool,
}

impl Driver {
    pub(super) fn new(queues: Arc<Queues>) -> Driver {
        Driver {
            queues,
            agenda: Mutex::default(),
        }
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
            guard::quietly(|| bell.map(|bell| bell.strike(id)));
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
        let mut turns = vec![0; self.queues.lanes.len()];
        while !self.queues.is_closed() {
            self.ring(Instant::now());
            let awake = self.queues.sleep.asleep() < self.queues.lanes.len();
            quiet_looks = if awake { 0 } else { quiet_looks + 1 };
            if awake {
                self.watch(&mut turns);
            }
            self.sleep(quiet_looks > QUIET_LOOKS);
        }
        // Those who wait for a time see that the clock has stopped.
        let left = lock(&self.agenda).alarms.clear();
        for (id, bell) in left {
            guard::quietly(|| bell.strike(id));
        }
    }

    fn ring(&self, now: Instant) {
        loop {
            let mut agenda = lock(&self.agenda);
            agenda.asleep = false;
            let due = agenda.alarms.due(now);
            drop(agenda);
            let Some((id, bell)) = due else { return };
            // A foreign waker may panic; that is no reason to stop the clock.
            guard::quietly(|| bell.strike(id));
        }
    }

    /// Rescues the tasks of a worker that has come to none of them since the
    /// last look.
    fn watch(&self, turns: &mut [usize]) {
        for (lane, seen) in self.queues.lanes.iter().zip(turns) {
            let now = lane.turns.load(Relaxed);
            if std::mem::replace(seen, now) == now {
                self.queues.rescue(lane);
            }
        }
    }

    fn sleep(&self, deep: bool) {
        let nap = &self.queues.driver;
        if deep {
            // First say so, then look: a worker that wakes either is seen
            // here, or sees this.
            nap.deep.store(true, SeqCst);
        }
        let deep = deep && self.queues.sleep.asleep() == self.queues.lanes.len();
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
