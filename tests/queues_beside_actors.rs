//! The queues of `zctor::queue` are queues, whoever is at their ends: nothing
//! is lost or doubled, each sender's order is kept, a length is one that the
//! queue had, and what is left in them is dropped once.

mod support;

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;

use support::within;
use zctor::queue::{Bounded, Unbounded};

const COUNT: usize = 100_000;
const THREADS: usize = 4;
const ROOM: usize = 8;

/// What the two have in common; pushing waits for room.
trait Queue<T>: Sync {
    fn make() -> Self;
    fn push(&self, item: T);
    fn pop(&self) -> Option<T>;
    fn len(&self) -> usize;
}

impl<T: Send> Queue<T> for Unbounded<T> {
    fn make() -> Self {
        Unbounded::new()
    }
    fn push(&self, item: T) {
        Unbounded::push(self, item);
    }
    fn pop(&self) -> Option<T> {
        Unbounded::pop(self)
    }
    fn len(&self) -> usize {
        Unbounded::len(self)
    }
}

impl<T: Send> Queue<T> for Bounded<T> {
    fn make() -> Self {
        Bounded::new(ROOM)
    }
    fn push(&self, mut item: T) {
        while let Err(back) = Bounded::push(self, item) {
            item = back;
            thread::yield_now();
        }
    }
    fn pop(&self) -> Option<T> {
        Bounded::pop(self)
    }
    fn len(&self) -> usize {
        Bounded::len(self)
    }
}

fn pop<T, Q: Queue<T>>(queue: &Q) -> T {
    loop {
        match queue.pop() {
            Some(item) => return item,
            None => thread::yield_now(),
        }
    }
}

/// One at each end: the order is that of the sender.
fn one_to_one<Q: Queue<usize>>() {
    let queue = Q::make();
    thread::scope(|scope| {
        scope.spawn(|| (0..COUNT).for_each(|n| assert_eq!(pop(&queue), n)));
        (0..COUNT).for_each(|n| queue.push(n));
    });
    assert_eq!(queue.pop(), None);
}

/// Many senders: each one's order is kept.
fn many_to_one<Q: Queue<(usize, usize)>>() {
    let queue = Q::make();
    thread::scope(|scope| {
        for sender in 0..THREADS {
            let queue = &queue;
            scope.spawn(move || (0..COUNT).for_each(|n| queue.push((sender, n))));
        }
        let mut next = [0; THREADS];
        for _ in 0..THREADS * COUNT {
            let (sender, n) = pop(&queue);
            assert_eq!(n, next[sender]);
            next[sender] += 1;
        }
    });
    assert_eq!(queue.pop(), None);
}

/// Many at both ends: each number comes out as often as it went in, and those
/// that one receiver has of one sender are in order.
fn many_to_many<Q: Queue<(usize, usize)>>() {
    let queue = Q::make();
    let seen: Vec<_> = (0..COUNT).map(|_| AtomicUsize::new(0)).collect();
    thread::scope(|scope| {
        for sender in 0..THREADS {
            let (queue, seen) = (&queue, &seen);
            scope.spawn(move || (0..COUNT).for_each(|n| queue.push((sender, n))));
            scope.spawn(move || {
                let mut last = [None; THREADS];
                for _ in 0..COUNT {
                    let (sender, n) = pop(queue);
                    assert!(last[sender] < Some(n));
                    last[sender] = Some(n);
                    seen[n].fetch_add(1, SeqCst);
                }
            });
        }
    });
    assert!(seen.iter().all(|times| times.load(SeqCst) == THREADS));
    assert_eq!(queue.pop(), None);
}

/// While there are never more than so many in it, its length says so.
fn its_length_is_one_that_it_had<Q: Queue<usize>>() {
    let queue = Q::make();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for n in 0..COUNT / 4 {
                    queue.push(n);
                    let len = queue.len();
                    // Each has at most one in it, and this one may be out.
                    assert!(len <= THREADS, "{len} of {THREADS}");
                    pop(&queue);
                }
            });
        }
    });
    assert_eq!(queue.len(), 0);
    (0..ROOM).for_each(|n| queue.push(n));
    assert_eq!(queue.len(), ROOM);
}

/// Who has pushed one can pop one, if the others do the same.
fn what_was_pushed_is_there<Q: Queue<usize>>() {
    let queue = Q::make();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for n in 0..COUNT {
                    queue.push(n);
                    assert!(queue.pop().is_some());
                }
            });
        }
    });
}

struct Counted<'a>(&'a AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// Each is dropped once: by who pops it, or with the queue.
fn each_is_dropped_once<'a, Q: Queue<Counted<'a>> + IntoIterator<Item = Counted<'a>>>(
    drops: &'a AtomicUsize,
) {
    for round in 0..50 {
        drops.store(0, SeqCst);
        let queue = Q::make();
        let (steps, left) = (100 * round, round % (ROOM + 1));
        thread::scope(|scope| {
            scope.spawn(|| (0..steps).for_each(|_| drop(pop(&queue))));
            scope.spawn(|| (0..steps).for_each(|_| queue.push(Counted(drops))));
        });
        (0..left).for_each(|_| queue.push(Counted(drops)));
        assert_eq!(drops.load(SeqCst), steps);
        if round % 2 == 0 {
            drop(queue);
        } else {
            let mut items = queue.into_iter();
            let first = items.next();
            assert_eq!(first.is_some(), left > 0);
            drop(first);
            assert_eq!(drops.load(SeqCst), steps + left.min(1));
            drop(items);
        }
        assert_eq!(drops.load(SeqCst), steps + left);
    }
}

macro_rules! of_both {
    ($($test:ident,)*) => {
        mod unbounded {
            $(#[test]
            fn $test() {
                super::within(120, super::$test::<super::Unbounded<_>>);
            })*
        }
        mod bounded {
            $(#[test]
            fn $test() {
                super::within(120, super::$test::<super::Bounded<_>>);
            })*
        }
    };
}

of_both! {
    one_to_one,
    many_to_one,
    many_to_many,
    its_length_is_one_that_it_had,
    what_was_pushed_is_there,
}

#[test]
fn each_is_dropped_once_by_an_unbounded_one() {
    within(60, || {
        each_is_dropped_once::<Unbounded<_>>(&AtomicUsize::new(0));
    });
}

#[test]
fn each_is_dropped_once_by_a_bounded_one() {
    within(60, || {
        each_is_dropped_once::<Bounded<_>>(&AtomicUsize::new(0));
    });
}

/// What is pushed over a full queue comes out at one end or the other.
#[test]
fn what_is_pushed_over_takes_out_the_oldest() {
    within(60, || {
        let queue = Bounded::new(3);
        let seen: Vec<_> = (0..COUNT).map(|_| AtomicUsize::new(0)).collect();
        let see = |n: usize| seen[n].fetch_add(1, SeqCst);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for n in 0..COUNT {
                        if let Some(oldest) = queue.push_over(n) {
                            see(oldest);
                        }
                    }
                });
            }
            scope.spawn(|| {
                for _ in 0..COUNT {
                    if let Some(n) = queue.pop() {
                        see(n);
                    }
                }
            });
        });
        assert!(queue.len() <= 3);
        queue.into_iter().for_each(|n| {
            see(n);
        });
        assert!(seen.iter().all(|times| times.load(SeqCst) == THREADS));
    });
}

/// There is room for so many, and never for more.
#[test]
fn a_bounded_one_is_full_when_it_is_full() {
    within(60, || {
        for room in [1, 2, 3, 7, 64] {
            let queue = Bounded::new(room);
            for lap in 0..5 {
                (0..room).for_each(|n| assert_eq!(queue.push(lap * room + n), Ok(())));
                assert!(queue.is_full() && !queue.is_empty());
                assert_eq!((queue.len(), queue.push(0)), (room, Err(0)));
                (0..room).for_each(|n| assert_eq!(queue.pop(), Some(lap * room + n)));
                assert!(queue.is_empty() && !queue.is_full());
                // So that the next lap begins elsewhere.
                assert_eq!((queue.push(0), queue.pop()), (Ok(()), Some(0)));
            }
            let len = |queue: &Bounded<usize>| assert!(queue.len() <= room);
            thread::scope(|scope| {
                scope.spawn(|| {
                    for _ in 0..COUNT / 4 {
                        pop(&queue);
                        len(&queue);
                    }
                });
                for n in 0..COUNT / 4 {
                    Queue::push(&queue, n);
                    len(&queue);
                }
            });
        }
    });
}

#[test]
fn whoever_panics_does_not_spoil_them() {
    within(20, || {
        let (free, small) = (Unbounded::new(), Bounded::new(2));
        let panicked = thread::scope(|scope| {
            let panics = scope.spawn(|| {
                free.push(1);
                small.push(1).unwrap();
                panic!("on purpose");
            });
            panics.join().is_err()
        });
        assert!(panicked);
        assert_eq!((free.pop(), small.pop()), (Some(1), Some(1)));
    });
}
