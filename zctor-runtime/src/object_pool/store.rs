//! The idle objects of a pool, and the counts: a stack under a lock.
//!
//! It is a stack, not a queue, since the object that came back last is the one
//! that is still in the processor's caches: a queue goes through all that are
//! idle in turn, which with 64 buffers of 1 MiB took more than three times as
//! long. And it is a lock, since the counts are of one moment then, and nothing
//! is reserved for objects that never come. A lock-free queue with counters took
//! as long for one thread, and among several it was sometimes faster, sometimes
//! slower.

use std::mem::take;
use std::num::NonZeroUsize;
use std::sync::Mutex;

use super::stats::PoolStats;
use crate::sync::lock;

/// No code of the user's runs under its lock: objects only move in and out.
pub(super) struct Store<T> {
    capacity: NonZeroUsize,
    inside: Mutex<Inside<T>>,
}

struct Inside<T> {
    idle: Vec<T>,
    open: bool,
    /// `idle` in it is filled in by [`Store::stats`].
    counts: PoolStats,
}

impl<T> Store<T> {
    pub(super) fn new(capacity: NonZeroUsize) -> Store<T> {
        Store {
            capacity,
            inside: Mutex::new(Inside {
                idle: Vec::new(),
                open: true,
                counts: PoolStats::default(),
            }),
        }
    }

    pub(super) fn capacity(&self) -> usize {
        self.capacity.get()
    }

    /// The object that came back last.
    #[inline]
    pub(super) fn take(&self) -> Option<T> {
        let mut inside = lock(&self.inside);
        let object = inside.idle.pop()?;
        inside.counts.taken += 1;
        Some(object)
    }

    /// Counts one that was made for whoever found none here.
    pub(super) fn count_made(&self) {
        let counts = &mut lock(&self.inside).counts;
        counts.made += 1;
        counts.taken += 1;
    }

    /// Keeps what has come back, or gives it back to be dropped.
    #[inline]
    pub(super) fn put_back(&self, object: T) -> Option<T> {
        let mut inside = lock(&self.inside);
        if inside.open && inside.idle.len() < self.capacity.get() {
            inside.counts.returned += 1;
            inside.idle.push(object);
            None
        } else {
            inside.counts.dropped += 1;
            Some(object)
        }
    }

    /// Counts one that came back and must not be kept.
    pub(super) fn count_dropped(&self) {
        lock(&self.inside).counts.dropped += 1;
    }

    pub(super) fn count_detached(&self) {
        lock(&self.inside).counts.detached += 1;
    }

    /// Keeps nothing from now on, and gives away what it has.
    pub(super) fn close(&self) -> Vec<T> {
        let mut inside = lock(&self.inside);
        inside.open = false;
        take(&mut inside.idle)
    }

    pub(super) fn stats(&self) -> PoolStats {
        let inside = lock(&self.inside);
        PoolStats {
            idle: inside.idle.len() as u64,
            ..inside.counts
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(capacity: usize) -> Store<u32> {
        Store::new(NonZeroUsize::new(capacity).unwrap())
    }

    #[test]
    fn the_last_back_is_the_next_out() {
        let store = store(3);
        for object in 1..=3 {
            assert_eq!(store.put_back(object), None);
        }
        assert_eq!(store.take(), Some(3));
        assert_eq!(store.put_back(4), None);
        assert_eq!(store.take(), Some(4));
        assert_eq!(store.take(), Some(2));
    }

    #[test]
    fn a_full_one_gives_back_and_so_does_a_closed_one() {
        let store = store(1);
        assert_eq!(store.put_back(1), None);
        assert_eq!(store.put_back(2), Some(2));
        assert_eq!(store.close(), [1]);
        assert_eq!(store.put_back(3), Some(3));
        assert_eq!((store.stats().idle, store.stats().dropped), (0, 2));
    }

    #[test]
    fn the_greatest_capacity_reserves_nothing() {
        let store = store(usize::MAX);
        assert_eq!(store.put_back(1), None);
        assert_eq!(store.take(), Some(1));
    }
}
