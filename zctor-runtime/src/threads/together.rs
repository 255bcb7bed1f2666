//! The threads together: the seam that they make up.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::{Arc, Weak};
use std::time::Instant;

use super::crew::Crew;
use super::desk::Desks;
use super::driver::Driver;
use super::patience::patiently;
use super::pool::Pool;
use super::queues::{Local, Queues};
use super::watch::Limits;
use crate::label::{ActorId, ActorLabel};
use crate::seam::{AlarmId, Bell, Job, Overseer, Runnable, Seam};

pub(super) struct Threads {
    pub(super) queues: Arc<Queues>,
    pub(super) desks: Arc<Desks>,
    pub(super) pool: Arc<Pool>,
    pub(super) driver: Arc<Driver>,
    pub(super) crew: Arc<Crew>,
    pub(super) limits: Limits,
}

impl Seam for Threads {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn random(&self) -> u64 {
        // Each has keys of its own, which the operating system has drawn, and
        // which change from one to the next.
        RandomState::new().hash_one(())
    }

    #[inline]
    fn schedule(&self, task: Runnable, yielded: bool) {
        if task.metadata().is_dedicated() {
            return self.schedule_dedicated(task);
        }
        self.queues.schedule(task, yielded);
    }

    fn set_alarm(&self, at: Instant, bell: Bell) -> AlarmId {
        self.driver.set_alarm(at, bell)
    }

    fn cancel_alarm(&self, id: AlarmId) {
        self.driver.cancel_alarm(id);
    }

    fn terminate(&self, join: bool) {
        self.close();
        if join && !Local::here(&self.queues) {
            self.crew.disband(self.limits.grace);
        }
        self.queues.drop_tasks();
        self.crew.end_ambience();
    }

    fn await_release(&self, done: &mut dyn FnMut() -> bool) {
        patiently(self.limits.grace, done);
    }

    fn is_terminated(&self) -> bool {
        self.queues.is_closed()
    }

    fn dedicate(&self, actor: &ActorLabel) -> io::Result<()> {
        self.desks.open(actor, &self.crew, &self.queues)
    }

    fn dismiss(&self, actor: ActorId) {
        self.desks.dismiss(actor);
    }

    fn run_blocking(&self, job: Job) {
        self.pool.run(job, &self.crew);
    }

    fn watch_out(&self) {
        self.driver.watch_out();
    }

    fn report_to(&self, overseer: Weak<dyn Overseer>) {
        self.driver.report_to(overseer);
    }

    fn runs_an_actor(&self) -> bool {
        Local::runs_an_actor(&self.queues)
    }

    fn threads_left(&self) -> Vec<String> {
        self.crew.present()
    }
}

impl Threads {
    /// Tells all threads to end.
    pub(super) fn close(&self) {
        self.queues.close();
        self.desks.wake_all();
        self.pool.close();
    }

    #[cold]
    fn schedule_dedicated(&self, task: Runnable) {
        if self.queues.is_closed() {
            return drop(task);
        }
        let late = match task.metadata().actor() {
            Some(actor) => self.desks.schedule(actor, task),
            None => Some(task),
        };
        if let Some(task) = late {
            self.queues.schedule(task, false);
        }
    }
}
