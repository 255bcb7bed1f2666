//! The worker threads, and the seam that they make up.

use std::io;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::driver::Driver;
use super::queues::{Local, Queues};
use crate::guard;
use crate::seam::{AlarmId, Bell, Runnable, Seam};
use crate::sync::lock;
use crate::wait::mark_worker_thread;

/// A worker without work looks around this often before it goes to sleep.
const SEARCH_ROUNDS: u32 = 40;

struct Threads {
    queues: Arc<Queues>,
    driver: Arc<Driver>,
    handles: Mutex<Vec<JoinHandle<()>>>,
}

/// Starts `workers` threads that run tasks, and one that rings alarms.
pub(crate) fn start(name: &str, workers: usize) -> io::Result<Arc<dyn Seam>> {
    let (queues, locals) = Queues::new(workers);
    let driver = Arc::new(Driver::new(Arc::clone(&queues)));
    let threads = Threads {
        queues,
        driver: Arc::clone(&driver),
        handles: Mutex::default(),
    };
    // From here on an error ends the threads that were started.
    let started = threads
        .spawn(format!("{name}-driver"), move || driver.run())
        .and_then(|()| {
            locals.into_iter().try_for_each(|local| {
                threads.spawn(format!("{name}-{}", local.index), move || local.enter(work))
            })
        });
    match started {
        Ok(()) => Ok(Arc::new(threads)),
        Err(error) => {
            threads.terminate(true);
            Err(error)
        }
    }
}

impl Threads {
    fn spawn(&self, name: String, life: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let handle = thread::Builder::new().name(name).spawn(life)?;
        lock(&self.handles).push(handle);
        Ok(())
    }
}

impl Seam for Threads {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn random(&self) -> u64 {
        fastrand::u64(..)
    }

    fn schedule(&self, task: Runnable, yielded: bool) {
        self.queues.schedule(task, yielded);
    }

    fn set_alarm(&self, at: Instant, bell: Bell) -> AlarmId {
        self.driver.set_alarm(at, bell)
    }

    fn cancel_alarm(&self, id: AlarmId) {
        self.driver.cancel_alarm(id);
    }

    fn terminate(&self, join: bool) {
        self.queues.close();
        // Those that are not joined now never are: they may hang.
        let handles = std::mem::take(&mut *lock(&self.handles));
        if join && !Local::here(&self.queues) {
            for handle in handles {
                // Its result says nothing: a worker catches every panic.
                let _ = handle.join();
            }
        }
        self.queues.drop_tasks();
    }

    fn is_terminated(&self) -> bool {
        self.queues.is_closed()
    }
}

/// A worker's life: `busy`, `searching`, `asleep` (see [`super::sleep`]).
fn work(local: &Local) {
    mark_worker_thread();
    local.lane().nap.begin();
    let queues = &local.queues;
    'busy: while !queues.is_closed() {
        if let Some(task) = local.next() {
            run(task);
            continue;
        }
        queues.sleep.start_searching();
        loop {
            if let Some(task) = search(local) {
                if queues.sleep.found_work() && queues.has_work() {
                    queues.work_queued();
                }
                run(task);
                continue 'busy;
            }
            queues.sleep.fall_asleep(local.index);
            let work_came = queues.has_work() || queues.is_closed();
            if work_came && queues.sleep.think_better(local.index) {
                queues.rouse_driver();
            } else {
                local.lane().nap.sleep();
            }
            if queues.is_closed() {
                break 'busy;
            }
        }
    }
    queues.drop_tasks();
}

fn search(local: &Local) -> Option<Runnable> {
    for round in 0..SEARCH_ROUNDS {
        if let Some(task) = local.steal() {
            return Some(task);
        }
        for _ in 0..round {
            std::hint::spin_loop();
        }
    }
    None
}

fn run(task: Runnable) {
    // An actor catches its own panics. This is for what it cannot catch, such
    // as a panic in the drop of its future's last waker.
    guard::quietly(|| task.run());
}
