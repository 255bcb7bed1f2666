//! The queue of messages of high priority.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{Acquire, Release};

use crate::sync::lock;

/// An emptied queue larger than this gives its memory back.
const KEPT: usize = 64;

/// Such messages are rare, so a plain queue does; that there is none is seen
/// without its lock.
#[derive(Debug)]
pub(crate) struct HighLane<T> {
    queue: Mutex<VecDeque<T>>,
    /// The length of the queue.
    waiting: AtomicUsize,
}

impl<T> HighLane<T> {
    pub(crate) const fn new() -> HighLane<T> {
        HighLane {
            queue: Mutex::new(VecDeque::new()),
            waiting: AtomicUsize::new(0),
        }
    }

    pub(crate) fn push(&self, item: T) {
        let mut queue = lock(&self.queue);
        queue.push_back(item);
        self.waiting.store(queue.len(), Release);
    }

    pub(crate) fn pop(&self) -> Option<T> {
        if self.waiting.load(Acquire) == 0 {
            return None;
        }
        let mut queue = lock(&self.queue);
        let item = queue.pop_front();
        self.waiting.store(queue.len(), Release);
        if queue.is_empty() && queue.capacity() > KEPT {
            *queue = VecDeque::new();
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_queue_that_gives_its_memory_back() {
        let lane = HighLane::new();
        assert_eq!(lane.pop(), None);
        for n in 0..1000 {
            lane.push(n);
        }
        for n in 0..1000 {
            assert_eq!(lane.pop(), Some(n));
        }
        assert_eq!(lane.pop(), None);
        assert_eq!(lock(&lane.queue).capacity(), 0);
        lane.push(7);
        assert_eq!(lane.pop(), Some(7));
    }
}
