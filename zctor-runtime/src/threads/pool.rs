//! Threads for blocking work.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::crew::Crew;
use crate::guard;
use crate::seam::Job;
use crate::sync::lock;

/// No more threads than these run jobs at the same time; more jobs wait.
const MOST: usize = 512;

/// A pool that grows by a thread whenever a job finds none that is idle, and
/// shrinks when threads have had nothing to do for a while.
pub(super) struct Pool {
    state: Mutex<State>,
    changed: Condvar,
    /// How long a thread without a job lives on.
    idle_limit: Duration,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    /// Threads that wait for a job and are not woken for one.
    idle: usize,
    /// Threads that are woken, and have not seen it yet.
    woken: usize,
    closed: bool,
}

impl Pool {
    pub(super) fn new(idle_limit: Duration) -> Pool {
        Pool {
            state: Mutex::default(),
            changed: Condvar::new(),
            idle_limit,
        }
    }

    /// Runs a job on one of the threads. It is dropped if the pool is closed,
    /// or there is no thread and the operating system gives none.
    pub(super) fn run(self: &Arc<Pool>, job: Job, crew: &Arc<Crew>) {
        let mut state = lock(&self.state);
        if state.closed {
            drop(state);
            return drop(job);
        }
        state.jobs.push_back(job);
        if state.idle > 0 {
            state.idle -= 1;
            state.woken += 1;
            drop(state);
            return self.changed.notify_one();
        }
        if state.threads >= MOST {
            return;
        }
        state.threads += 1;
        let number = state.threads;
        drop(state);
        let pool = Arc::clone(self);
        let hired = crew.hire(&format!("blocking-{number}"), Box::new(move || pool.work()));
        if hired.is_err() {
            let mut state = lock(&self.state);
            state.threads -= 1;
            // As long as any thread is there, it comes to that job as well.
            let lost = if state.threads == 0 {
                std::mem::take(&mut state.jobs)
            } else {
                VecDeque::new()
            };
            drop(state);
            drop_all(lost);
        }
    }

    /// Drops the jobs that wait, and ends the threads after what they are at.
    pub(super) fn close(&self) {
        let mut state = lock(&self.state);
        state.closed = true;
        let jobs = std::mem::take(&mut state.jobs);
        drop(state);
        self.changed.notify_all();
        drop_all(jobs);
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            guard::quietly(job);
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = lock(&self.state);
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            let mut woken = false;
            if !state.closed {
                (state, woken) = self.rest(state);
            }
            if state.closed || !woken && state.jobs.is_empty() {
                state.threads -= 1;
                return None;
            }
        }
    }

    /// Waits to be woken for a job, which another thread may take first. False
    /// if none came for too long.
    fn rest<'a>(&'a self, mut state: MutexGuard<'a, State>) -> (MutexGuard<'a, State>, bool) {
        state.idle += 1;
        loop {
            let waited = self.changed.wait_timeout(state, self.idle_limit);
            let timeout;
            (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            if state.woken > 0 {
                state.woken -= 1;
                return (state, true);
            }
            if state.closed || timeout.timed_out() {
                state.idle -= 1;
                return (state, false);
            }
        }
    }
}

/// What a job owns is the user's, and its drop may panic.
fn drop_all(jobs: VecDeque<Job>) {
    for job in jobs {
        guard::quietly(|| drop(job));
    }
}

#[cfg(test)]
mod tests {
    use super::super::ambience::Ambience;
    use super::*;
    use std::sync::mpsc;
    use std::time::Instant;

    fn until(what: &str, mut holds: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !holds() {
            assert!(begun.elapsed() < Duration::from_secs(10), "{what}");
            std::thread::yield_now();
        }
    }

    #[test]
    fn it_grows_on_demand_and_shrinks_when_idle() {
        let crew = Arc::new(Crew::new("test", Ambience::default()));
        let pool = Arc::new(Pool::new(Duration::from_millis(20)));
        let (open, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let (arrived, arrivals) = mpsc::channel();
        for _ in 0..3 {
            let (gate, arrived) = (Arc::clone(&gate), arrived.clone());
            let job = move || {
                let _ = arrived.send(());
                let _ = lock(&gate).recv();
            };
            pool.run(Box::new(job), &crew);
        }
        // All run at the same time.
        for _ in 0..3 {
            assert!(arrivals.recv_timeout(Duration::from_secs(10)).is_ok());
        }
        assert_eq!(lock(&pool.state).threads, 3);
        drop(open);
        until("the threads end", || lock(&pool.state).threads == 0);
        assert_eq!(lock(&pool.state).idle, 0);
    }

    #[test]
    fn an_idle_thread_is_used_again_and_a_panic_does_no_harm() {
        let crew = Arc::new(Crew::new("test", Ambience::default()));
        let pool = Arc::new(Pool::new(Duration::from_secs(100)));
        for _ in 0..100 {
            pool.run(Box::new(|| panic!("in a job")), &crew);
            until("it is idle again", || lock(&pool.state).idle == 1);
        }
        assert_eq!(lock(&pool.state).threads, 1);
        pool.close();
        until("the thread ends", || lock(&pool.state).threads == 0);
        let (sender, dropped) = mpsc::channel::<()>();
        pool.run(Box::new(move || drop(sender)), &crew);
        assert!(dropped.recv().is_err(), "a job that is not run is dropped");
    }
}
