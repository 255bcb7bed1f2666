//! The threads together: the seam that they make up.

use std::io;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::ambience::Ambience;
use super::by_dial::ByDial;
use super::crew::Crew;
use super::desk::Desks;
use super::dial::Dial;
use super::driver::Driver;
use super::pool::Pool;
use super::queues::{Local, Queues};
use super::watch::Limits;
use super::worker::work;
use crate::label::{ActorId, ActorLabel};
use crate::seam::{AlarmId, Bell, Job, Overseer, Runnable, Seam};

/// A thread for blocking work ends after so long without any.
const IDLE: Duration = Duration::from_secs(10);

pub(super) struct Threads {
    queues: Arc<Queues>,
    desks: Arc<Desks>,
    pool: Arc<Pool>,
    driver: Arc<Driver>,
    crew: Arc<Crew>,
    limits: Limits,
}

/// Starts `workers` threads that run tasks, and one that rings alarms. With a
/// dial, that is the time of their actors.
pub(crate) fn start(
    name: &str,
    workers: usize,
    limits: Limits,
    ambience: Ambience,
    dial: Option<Arc<Dial>>,
) -> io::Result<Arc<dyn Seam>> {
    let presence = dial.as_ref().map(|dial| dial.join(limits.blocked_after));
    let (queues, locals) = Queues::new(workers, presence.clone());
    let crew = Arc::new(Crew::new(name, ambience));
    let desks = Arc::new(Desks::default());
    let driver = Driver::new(
        Arc::clone(&queues),
        Arc::clone(&desks),
        Arc::clone(&crew),
        limits,
    );
    let driver = Arc::new(driver);
    let threads = Threads {
        queues,
        desks,
        pool: Arc::new(Pool::new(IDLE)),
        driver: Arc::clone(&driver),
        crew: Arc::clone(&crew),
        limits,
    };
    // From here on an error ends the threads that were started.
    let started = crew.hire("driver", move || driver.run()).and_then(|()| {
        locals.into_iter().try_for_each(|local| {
            let (role, hired_by) = (local.index.to_string(), Arc::clone(&crew));
            crew.hire(&role, move || local.enter(|local| work(local, &hired_by)))
        })
    });
    match started {
        Ok(()) => Ok(match dial.zip(presence) {
            None => Arc::new(threads),
            Some((dial, presence)) => Arc::new(ByDial {
                threads: Arc::new(threads),
                dial,
                presence,
            }),
        }),
        Err(error) => {
            threads.terminate(true);
            if let Some((dial, presence)) = dial.zip(presence) {
                presence.leave();
                drop(dial.leave(presence.member));
            }
            Err(error)
        }
    }
}

impl Seam for Threads {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn random(&self) -> u64 {
        fastrand::u64(..)
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
