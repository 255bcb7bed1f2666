//! Pools that come and go, and grow and shrink, leave no memory behind.

mod support;

use std::alloc::System as Heap;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use support::{eventually, within};
use zctor::prelude::*;

#[global_allocator]
static COUNTING: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

#[actor]
#[derive(Clone)]
enum Guest {
    Note(Vec<u8>),
    Crash,
    #[reply(usize)]
    Ping(Vec<u8>),
}

struct Room(Vec<u8>);

#[handlers]
impl GuestActor for Room {
    fn note(&mut self, value: Vec<u8>) {
        self.0 = value;
    }
    fn crash(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("on purpose"))
    }
    fn ping(&self, value: Vec<u8>) -> usize {
        value.len()
    }
}

fn live() -> (isize, isize) {
    let stats = COUNTING.stats();
    let count = stats.allocations as isize - stats.deallocations as isize;
    let bytes = stats.bytes_allocated as isize - stats.bytes_deallocated as isize;
    (count, bytes)
}

/// After some rounds to warm up, many more leave nothing. (The last actors are
/// freed by their threads some time after they have ended.)
fn leaves_nothing(mut round: impl FnMut(usize)) {
    (0..50).for_each(&mut round);
    let before = live();
    (0..500).for_each(&mut round);
    // A leak of one allocation in twenty-five rounds would show.
    eventually("what the rounds had is freed", || {
        let after = live();
        let (count, bytes) = (after.0 - before.0, after.1 - before.1);
        count < 20 && bytes < 20_000
    });
}

#[test]
fn pools_leave_nothing() {
    within(120, || {
        let system = System::builder().workers(2).quiet().build().unwrap();
        let come_and_go = |n: usize| {
            let pool = Guest::pool(&system, 1 + n % 5, |_| Room(vec![0; 100]));
            pool.next().note(vec![1; 100]).unwrap();
            if n.is_multiple_of(3) {
                pool.random().crash().unwrap();
            }
            assert!(pool.broadcast(Guest::Note(vec![2; 50])).is_complete());
            system.send(Guest::Note(vec![3; 50])).unwrap();
            let stopped = pool.stopped();
            drop(pool);
            stopped.wait().unwrap();
        };
        leaves_nothing(come_and_go);

        let pool = Guest::pool_builder(|_| Room(vec![0; 100]))
            .size(2)
            .max_restarts(100_000)
            .spawn(&system)
            .unwrap();
        let grow_and_shrink = |n: usize| {
            pool.resize(2 + n % 7).wait().unwrap();
            pool.next().crash().unwrap();
            pool.by_key(&n).note(vec![4; 100]).unwrap();
            pool.resize(2).wait().unwrap();
            for worker in pool.workers() {
                assert_eq!(worker.ping(vec![5; 10]).wait().unwrap(), 10);
            }
        };
        leaves_nothing(grow_and_shrink);
        system.shutdown().wait().unwrap();
    });
}
