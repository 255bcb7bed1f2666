//! Threads that stand in for workers that are held up.
//!
//! A worker that is held up keeps its lane, from which others take its work,
//! and one more thread is started with a lane of its own. When the worker is
//! back there is one thread too many: the next of those that were started
//! later ends. So the first workers stay, and there are never more threads at
//! work than a system was given.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};

use crossbeam_utils::CachePadded;

use super::lane::Lane;
use crate::sync::lock;

/// No more threads than these stand in at the same time.
pub(super) const MOST: usize = 512;

#[derive(Default)]
pub(super) struct Stand {
    lanes: Mutex<Vec<(usize, Arc<CachePadded<Lane>>)>>,
    /// How many there are: nothing else is looked at while there are none.
    count: AtomicUsize,
    /// How many are to end.
    surplus: AtomicUsize,
    /// Workers that are held up, and are not back.
    held: AtomicUsize,
}

impl Stand {
    pub(super) fn count(&self) -> usize {
        self.count.load(SeqCst)
    }

    pub(super) fn held(&self) -> usize {
        self.held.load(SeqCst)
    }

    /// The lanes of those that stand in.
    pub(super) fn lanes(&self) -> Vec<Arc<CachePadded<Lane>>> {
        if self.count() == 0 {
            return Vec::new();
        }
        let lanes = lock(&self.lanes);
        let mut all = Vec::with_capacity(lanes.len());
        for (_, lane) in &*lanes {
            all.push(Arc::clone(lane));
        }
        all
    }

    pub(super) fn find(&self, index: usize) -> Option<Arc<CachePadded<Lane>>> {
        let lanes = lock(&self.lanes);
        let found = lanes.iter().find(|(place, _)| *place == index);
        found.map(|(_, lane)| Arc::clone(lane))
    }

    /// Adds a lane, at the first free place from `first` on.
    pub(super) fn add(&self, first: usize, lane: &Arc<CachePadded<Lane>>) -> usize {
        let mut lanes = lock(&self.lanes);
        let mut place = first;
        while lanes.iter().any(|(other, _)| *other == place) {
            place += 1;
        }
        lanes.push((place, Arc::clone(lane)));
        self.count.store(lanes.len(), SeqCst);
        place
    }

    pub(super) fn remove(&self, index: usize) {
        let mut lanes = lock(&self.lanes);
        if let Some(at) = lanes.iter().position(|(place, _)| *place == index) {
            lanes.remove(at);
        }
        self.count.store(lanes.len(), SeqCst);
    }

    /// A worker is held up.
    pub(super) fn worker_held(&self) {
        self.held.fetch_add(1, SeqCst);
    }

    /// A worker is back, and if another had taken its place, one must go.
    pub(super) fn worker_back(&self) {
        self.held.fetch_sub(1, SeqCst);
        self.surplus.fetch_add(1, SeqCst);
    }

    /// Takes the order to go: true for one caller for each worker that is
    /// back. The caller ends, or is not started.
    pub(super) fn take_surplus(&self) -> bool {
        let less = |surplus: usize| surplus.checked_sub(1);
        self.surplus.load(SeqCst) > 0 && self.surplus.fetch_update(SeqCst, SeqCst, less).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossbeam_deque::Worker;

    #[test]
    fn one_goes_for_each_that_is_back() {
        let stand = Stand::default();
        stand.worker_held();
        stand.worker_held();
        assert!(!stand.take_surplus());
        stand.worker_back();
        assert!(stand.take_surplus() && !stand.take_surplus());
        assert_eq!(stand.held(), 1);
    }

    #[test]
    fn places_are_used_again() {
        let stand = Stand::default();
        let lane = || Arc::new(CachePadded::new(Lane::new(Worker::new_fifo().stealer())));
        assert_eq!((stand.add(2, &lane()), stand.add(2, &lane())), (2, 3));
        stand.remove(2);
        assert_eq!(stand.count(), 1);
        assert!(stand.find(2).is_none() && stand.find(3).is_some());
        assert_eq!(stand.add(2, &lane()), 2);
    }
}
