//! The seam of a system with real threads whose time is that of a test.

use std::io;
use std::sync::{Arc, Weak};
use std::time::Instant;

use super::dial::Dial;
use super::rest::Presence;
use super::together::Threads;
use crate::label::{ActorId, ActorLabel};
use crate::seam::{AlarmId, Bell, Job, Overseer, Runnable, Seam, run_beside};

pub(super) struct ByDial {
    pub(super) threads: Arc<Threads>,
    pub(super) dial: Arc<Dial>,
    pub(super) presence: Presence,
}

/// An alarm that rings when it is dropped: also where its task never runs.
struct Due(AlarmId, Option<Bell>);

impl Drop for Due {
    fn drop(&mut self) {
        let bell = self.1.take();
        if let Some(bell) = bell {
            bell.strike(self.0);
        }
    }
}

impl Seam for ByDial {
    fn now(&self) -> Instant {
        self.dial.now()
    }

    fn random(&self) -> u64 {
        self.threads.random()
    }

    fn schedule(&self, task: Runnable, yielded: bool) {
        self.presence.queued();
        self.threads.schedule(task, yielded);
    }

    fn set_alarm(&self, at: Instant, bell: Bell) -> AlarmId {
        let (id, due) = self.dial.set(self.presence.member, at, bell);
        if let Some(bell) = due {
            // Not here, where the caller may hold a lock.
            self.presence.queued();
            let threads = Arc::clone(&self.threads) as Arc<dyn Seam>;
            let due = Due(id, Some(bell));
            run_beside(threads, async move { drop(due) });
        }
        if self.is_terminated() {
            let bell = self.dial.cancel(self.presence.member, id);
            if let Some(bell) = bell {
                bell.strike(id);
            }
        }
        id
    }

    fn cancel_alarm(&self, id: AlarmId) {
        let cancelled = self.dial.cancel(self.presence.member, id);
        // Dropped without the lock: it may own anything.
        drop(cancelled);
    }

    fn terminate(&self, join: bool) {
        self.threads.close();
        self.presence.leave();
        // Those who wait for a time see that the clock has stopped.
        for (id, bell) in self.dial.leave(self.presence.member) {
            bell.strike(id);
        }
        self.threads.terminate(join);
    }

    fn await_release(&self, done: &mut dyn FnMut() -> bool) {
        self.threads.await_release(done);
    }

    fn is_terminated(&self) -> bool {
        self.threads.is_terminated()
    }

    fn dedicate(&self, actor: &ActorLabel) -> io::Result<()> {
        self.threads.dedicate(actor)
    }

    fn dismiss(&self, actor: ActorId) {
        self.threads.dismiss(actor);
    }

    fn run_blocking(&self, job: Job) {
        let queued = self.presence.job();
        self.threads.run_blocking(Box::new(move || {
            let _busy = queued.begin();
            job();
        }));
    }

    fn watch_out(&self) {
        self.threads.watch_out();
    }

    fn report_to(&self, overseer: Weak<dyn Overseer>) {
        self.presence.report_to(Weak::clone(&overseer));
        self.threads.report_to(overseer);
    }

    fn runs_an_actor(&self) -> bool {
        self.threads.runs_an_actor()
    }

    fn in_real_time(&self) -> Option<Arc<dyn Seam>> {
        Some(Arc::clone(&self.threads) as Arc<dyn Seam>)
    }

    fn threads_left(&self) -> Vec<String> {
        self.threads.threads_left()
    }
}
