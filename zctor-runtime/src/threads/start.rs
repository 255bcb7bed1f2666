//! Starting the threads of a system.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::ambience::Ambience;
use super::by_dial::ByDial;
use super::crew::Crew;
use super::desk::Desks;
use super::dial::Dial;
use super::driver::Driver;
use super::pool::Pool;
use super::queues::Queues;
use super::together::Threads;
use super::watch::Limits;
use super::worker::hire_worker;
use crate::seam::Seam;

/// A thread for blocking work ends after so long without any.
const IDLE: Duration = Duration::from_secs(10);

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
    let mut started = crew.hire("driver", Box::new(move || driver.run()));
    for local in locals {
        if started.is_ok() {
            started = hire_worker(&crew, local);
        }
    }
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
