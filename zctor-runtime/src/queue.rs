//! The queue inside a mailbox: a `VecDeque` under a lock. That the messages in
//! it are counted, and who is woken, is for [`Gate`](crate::gate::Gate).

use std::collections::VecDeque;
use std::mem::{size_of, swap};
use std::sync::Mutex;

use crate::sync::lock;

/// A batch that has been handled keeps so many bytes for the next one. The
/// memory of a greater burst is given back when the next batch is taken.
const KEPT: usize = 16 * 1024;

/// Room for so many is made when the first comes.
const FIRST: usize = 2;

#[derive(Debug)]
pub(crate) struct Queue<T>(Mutex<VecDeque<T>>);

impl<T> Queue<T> {
    pub(crate) const fn new() -> Queue<T> {
        Queue(Mutex::new(VecDeque::new()))
    }

    #[inline]
    pub(crate) fn push(&self, item: T) {
        let mut queue = lock(&self.0);
        if queue.capacity() == 0 {
            // Most actors never have more than a few waiting.
            queue.reserve_exact(FIRST);
        }
        queue.push_back(item);
    }

    #[inline]
    pub(crate) fn pop(&self) -> Option<T> {
        lock(&self.0).pop_front()
    }

    pub(crate) fn len(&self) -> usize {
        lock(&self.0).len()
    }

    /// Takes everything into `batch`, which is empty, under one lock. The
    /// memory of the two is exchanged, so neither has to grow anew.
    pub(crate) fn take_all(&self, batch: &mut VecDeque<T>) {
        debug_assert!(batch.is_empty());
        if batch.capacity() * size_of::<T>() > KEPT {
            *batch = VecDeque::new();
        }
        swap(&mut *lock(&self.0), batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_taken_in_order_and_the_memory_is_used_again() {
        let queue = Queue::new();
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
        let queue = Queue::<u64>::new();
        let mut batch = VecDeque::with_capacity(KEPT);
        queue.take_all(&mut batch);
        queue.take_all(&mut batch);
        assert_eq!(batch.capacity(), 0);
    }
}
