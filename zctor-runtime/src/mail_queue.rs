//! The queue inside a mailbox, of which there are two kinds. That the messages
//! in it are counted, and who is woken, is for [`Gate`](crate::gate::Gate).

use std::collections::VecDeque;
use std::mem::{size_of, swap};
use std::sync::Mutex;

use crate::queue::{Bounded, Unbounded};
use crate::sync::lock;

/// A batch that has been handled keeps so many bytes for the next one. The
/// memory of a greater burst is given back when the next batch is taken.
const KEPT: usize = 16 * 1024;

/// Room for so many is made when the first comes.
const FIRST: usize = 2;

/// A queue with many senders; the actor takes, and so do senders that make
/// room.
pub trait MailQueue<T>: Send + Sync {
    /// Whether to take all with [`take_all`](MailQueue::take_all), as that
    /// costs less than to take them one by one.
    const IN_BATCHES: bool;

    /// An empty one, for so many at most.
    fn new(capacity: Option<usize>) -> Self;

    /// Puts it behind all others.
    fn push(&self, item: T);

    /// The first, if there is one.
    fn pop(&self) -> Option<T>;

    /// How many are in it.
    fn len(&self) -> usize;

    /// Takes everything into `batch`, which is empty.
    fn take_all(&self, batch: &mut VecDeque<T>) {
        batch.extend(std::iter::from_fn(|| self.pop()));
    }

    /// Puts back in front what [`take_all`](MailQueue::take_all) has taken. Only
    /// of a queue that is taken in batches.
    fn put_back(&self, batch: VecDeque<T>) {
        debug_assert!(batch.is_empty(), "nothing is taken in batches");
    }
}

/// A `VecDeque` under a lock.
#[derive(Debug)]
pub struct LockedQueue<T>(Mutex<VecDeque<T>>);

impl<T: Send> MailQueue<T> for LockedQueue<T> {
    const IN_BATCHES: bool = true;

    fn new(_: Option<usize>) -> LockedQueue<T> {
        LockedQueue(Mutex::new(VecDeque::new()))
    }

    #[inline]
    fn push(&self, item: T) {
        let mut queue = lock(&self.0);
        if queue.capacity() == 0 {
            // Most actors never have more than a few waiting.
            queue.reserve_exact(FIRST);
        }
        queue.push_back(item);
    }

    #[inline]
    fn pop(&self) -> Option<T> {
        lock(&self.0).pop_front()
    }

    fn len(&self) -> usize {
        lock(&self.0).len()
    }

    /// Under one lock. The memory of the two is exchanged, so neither has to
    /// grow anew.
    fn take_all(&self, batch: &mut VecDeque<T>) {
        debug_assert!(batch.is_empty());
        if batch.capacity() * size_of::<T>() > KEPT {
            *batch = VecDeque::new();
        }
        swap(&mut *lock(&self.0), batch);
    }

    fn put_back(&self, mut batch: VecDeque<T>) {
        let mut queue = lock(&self.0);
        while let Some(item) = batch.pop_back() {
            queue.push_front(item);
        }
    }
}

/// The queues of [`queue`](crate::queue): without a lock, and in a box, since
/// they keep both of their ends apart by whole cache lines.
///
/// Whoever is interrupted between taking a place and filling it holds up who is
/// next to take from there, as whoever holds a lock would, though nobody sleeps
/// on it. (The gate's "counted, not yet pushed" does not cover that: the message
/// is half-way in.)
#[derive(Debug)]
pub enum LockFreeQueue<T> {
    /// Grows and shrinks.
    Segments(Box<Unbounded<T>>),
    /// Has all its room from the beginning.
    Ring(Box<Bounded<T>>),
}

/// A ring takes so many bytes at most. A queue for more grows when they come.
const RING: usize = 1 << 20;

impl<T: Send> MailQueue<T> for LockFreeQueue<T> {
    const IN_BATCHES: bool = false;

    fn new(capacity: Option<usize>) -> LockFreeQueue<T> {
        match capacity {
            // A place has a number besides the message.
            Some(capacity) if capacity <= RING / size_of::<(u64, T)>() => {
                LockFreeQueue::Ring(Box::new(Bounded::new(capacity)))
            }
            _ => LockFreeQueue::Segments(Box::default()),
        }
    }

    #[inline]
    fn push(&self, item: T) {
        match self {
            LockFreeQueue::Segments(queue) => queue.push(item),
            LockFreeQueue::Ring(queue) => {
                // What has a place is counted, what is counted has room here,
                // and what is taken out is counted out later.
                let pushed = queue.push(item);
                assert!(pushed.is_ok(), "counted in, and there is no room");
            }
        }
    }

    #[inline]
    fn pop(&self) -> Option<T> {
        match self {
            LockFreeQueue::Segments(queue) => queue.pop(),
            LockFreeQueue::Ring(queue) => queue.pop(),
        }
    }

    fn len(&self) -> usize {
        match self {
            LockFreeQueue::Segments(queue) => queue.len(),
            LockFreeQueue::Ring(queue) => queue.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_taken_in_order_and_the_memory_is_used_again() {
        let queue = LockedQueue::new(None);
        let mut batch = VecDeque::with_capacity(100);
        let kept = batch.capacity();
        (0..5).for_each(|n| queue.push(n));
        assert_eq!(queue.pop(), Some(0));
        queue.take_all(&mut batch);
        assert_eq!(batch.drain(..).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(queue.pop(), None);
        queue.take_all(&mut batch);
        assert_eq!(batch.capacity(), kept);
    }

    #[test]
    fn the_memory_of_a_great_burst_is_given_back() {
        let queue = LockedQueue::<u64>::new(None);
        let mut batch = VecDeque::with_capacity(KEPT);
        queue.take_all(&mut batch);
        queue.take_all(&mut batch);
        assert_eq!(batch.capacity(), 0);
    }

    /// With its number it takes twice as much.
    #[repr(align(128))]
    struct Aligned(#[expect(dead_code)] u8);

    #[test]
    fn a_ring_is_for_few() {
        let is_ring = |capacity| match LockFreeQueue::<[u64; 3]>::new(capacity) {
            LockFreeQueue::Ring(ring) => Some(ring.capacity()) == capacity,
            LockFreeQueue::Segments(_) => false,
        };
        assert!(is_ring(Some(1)) && is_ring(Some(RING / 32)));
        assert!(!is_ring(None) && !is_ring(Some(RING / 32 + 1)));
        assert!(!is_ring(Some(crate::gate::MOST)), "and takes no memory");
        assert!(matches!(
            LockFreeQueue::<Aligned>::new(Some(RING / 256 + 1)),
            LockFreeQueue::Segments(_)
        ));
        assert!(matches!(
            LockFreeQueue::<[u8; 2 * RING]>::new(Some(1)),
            LockFreeQueue::Segments(_)
        ));
    }

    #[test]
    fn both_without_a_lock_are_queues() {
        for capacity in [None, Some(100)] {
            let queue = LockFreeQueue::new(capacity);
            for turn in 0..5 {
                (0..100).for_each(|n| queue.push(turn * 100 + n));
                assert_eq!(queue.pop(), Some(turn * 100));
                assert_eq!(queue.len(), 99);
                let mut batch = VecDeque::new();
                queue.take_all(&mut batch);
                assert!(batch.into_iter().eq(turn * 100 + 1..turn * 100 + 100));
                assert_eq!(queue.pop(), None);
            }
        }
    }
}
