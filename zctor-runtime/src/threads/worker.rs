//! A worker's life: `busy`, `searching`, `asleep` (see [`super::sleep`]).

use std::io;
use std::sync::Arc;

use super::crew::Crew;
use super::queues::{Local, Queues};
use crate::guard;
use crate::seam::Runnable;
use crate::wait::mark_worker_thread;

/// A worker without work looks around this often before it goes to sleep.
const SEARCH_ROUNDS: u32 = 40;

/// Starts the thread of a worker.
pub(super) fn hire_worker(crew: &Arc<Crew>, local: Local) -> io::Result<()> {
    let (role, hired_by) = (local.index.to_string(), Arc::clone(crew));
    let life = move || local.enter(|local| work(local, &hired_by));
    crew.hire(&role, Box::new(life))
}

fn work(local: &Local, crew: &Crew) {
    mark_worker_thread();
    local.lane().nap.begin();
    let queues = &local.queues;
    'busy: while !queues.is_closed() && !local.must_go() {
        if let Some(task) = local.next() {
            run(task, local, crew);
            continue;
        }
        local.lane().pulse.rest();
        queues.sleep.start_searching();
        loop {
            if let Some(task) = search(local) {
                found_work(queues);
                run(task, local, crew);
                continue 'busy;
            }
            if local.must_go() {
                found_work(queues);
                break 'busy;
            }
            queues.sleep.fall_asleep(local.index);
            let work_came = queues.has_work() || queues.is_closed();
            if work_came && queues.sleep.think_better(local.index) {
                queues.rouse_driver();
            } else {
                local.lane().nap.sleep();
                // It may have been woken to go, and not for work.
                if local.stands_in() {
                    queues.sleep.think_better(local.index);
                }
            }
            if queues.is_closed() {
                break 'busy;
            }
        }
    }
    // It may have been relieved after its last task, and nobody looks at it any
    // more once it has ended.
    if local.lane().pulse.end() {
        queues.worker_back(crew);
    }
    if queues.is_closed() {
        queues.drop_tasks();
    }
}

/// A searcher has stopped to search; another one takes its place if need be.
fn found_work(queues: &Queues) {
    if queues.sleep.found_work() && queues.has_work() {
        queues.work_queued();
    }
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

fn run(task: Runnable, local: &Local, crew: &Crew) {
    let pulse = &local.lane().pulse;
    pulse.begin(*task.metadata());
    let busy = local.queues.begin(*task.metadata());
    // An actor catches its own panics. This is for what it cannot catch, such
    // as a panic in the drop of its future's last waker.
    guard::quietly(|| task.run());
    drop(busy);
    if pulse.is_back() {
        local.queues.worker_back(crew);
    }
}
