//! Which workers sleep, and who is woken when there is work.
//!
//! A worker is *busy* (it runs tasks), *searching* (it looks for some to
//! steal) or *asleep*. One word counts the last two:
//!
//! - Whoever queues work first queues it and then looks here: if nobody
//!   searches and somebody sleeps, one sleeper is woken and becomes a
//!   searcher. So at most one worker is woken for a burst of work.
//! - A searcher that finds work and was the last searcher wakes another one,
//!   so that the burst spreads.
//! - A worker that gives up searching first counts itself asleep and then
//!   looks at the queues once more. Either it sees the work, or whoever
//!   queued that work sees it asleep.

use std::sync::Mutex;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicUsize, fence};

use crate::sync::lock;

const SEARCHING: usize = 1 << 16;
const ASLEEP: usize = 1;

#[derive(Debug)]
pub(super) struct Sleep {
    counts: AtomicUsize,
    sleepers: Mutex<Vec<usize>>,
}

impl Sleep {
    pub(super) fn new() -> Sleep {
        Sleep {
            counts: AtomicUsize::new(0),
            sleepers: Mutex::new(Vec::new()),
        }
    }

    /// Called after work was queued: the worker to unpark, if one is needed.
    pub(super) fn work_queued(&self) -> Option<usize> {
        // The work must be visible before this look: see `fall_asleep`.
        fence(SeqCst);
        let counts = self.counts.load(SeqCst);
        if counts >= SEARCHING || counts == 0 {
            return None;
        }
        self.wake_one()
    }

    #[cold]
    fn wake_one(&self) -> Option<usize> {
        let mut sleepers = lock(&self.sleepers);
        if self.counts.load(SeqCst) >= SEARCHING {
            return None;
        }
        let woken = sleepers.pop()?;
        self.counts.fetch_add(SEARCHING - ASLEEP, SeqCst);
        Some(woken)
    }

    pub(super) fn start_searching(&self) {
        self.counts.fetch_add(SEARCHING, SeqCst);
    }

    /// The caller found work. True if nobody else searches now, so that the
    /// caller should call [`work_queued`](Sleep::work_queued) if there is more.
    pub(super) fn found_work(&self) -> bool {
        self.counts.fetch_sub(SEARCHING, SeqCst) < 2 * SEARCHING
    }

    /// A searcher goes to sleep; it must look at the queues once more.
    pub(super) fn fall_asleep(&self, worker: usize) {
        let mut sleepers = lock(&self.sleepers);
        sleepers.push(worker);
        self.counts.fetch_sub(SEARCHING - ASLEEP, SeqCst);
        fence(SeqCst);
    }

    /// A sleeper found work at its last look. False if it had been woken, and
    /// is a searcher already.
    pub(super) fn think_better(&self, worker: usize) -> bool {
        let mut sleepers = lock(&self.sleepers);
        let Some(place) = sleepers.iter().position(|&sleeper| sleeper == worker) else {
            return false;
        };
        sleepers.swap_remove(place);
        self.counts.fetch_add(SEARCHING - ASLEEP, SeqCst);
        true
    }

    pub(super) fn asleep(&self) -> usize {
        self.counts.load(SeqCst) % SEARCHING
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_woken_for_a_burst_and_wakes_the_next() {
        let sleep = Sleep::new();
        for worker in 0..3 {
            sleep.start_searching();
            sleep.fall_asleep(worker);
        }
        assert_eq!(sleep.asleep(), 3);
        assert_eq!(sleep.work_queued(), Some(2));
        assert_eq!(sleep.work_queued(), None, "one searches already");
        assert!(sleep.found_work());
        assert_eq!(sleep.work_queued(), Some(1));
        assert_eq!(sleep.asleep(), 1);
    }

    #[test]
    fn thinking_better_of_it() {
        let sleep = Sleep::new();
        sleep.start_searching();
        sleep.fall_asleep(0);
        assert!(sleep.think_better(0));
        sleep.fall_asleep(0);
        assert_eq!(sleep.work_queued(), Some(0));
        assert!(!sleep.think_better(0), "woken already");
        assert!(sleep.found_work());
        assert_eq!(sleep.asleep(), 0);
    }
}
