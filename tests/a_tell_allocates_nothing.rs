//! A tell costs no allocation. What is counted here are the few times that
//! the queue grows.

mod support;

use std::alloc::System as Heap;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::within;
use zctor::prelude::*;

#[global_allocator]
static COUNTING: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

const TELLS: u64 = 200_000;

#[actor]
enum Free {
    Add {
        by: u64,
        padding: [u64; 4],
    },
    #[reply(u64)]
    Get,
}

#[actor(mailbox = 64)]
enum Bounded {
    Add {
        by: u64,
    },
    #[reply(u64)]
    Get,
}

#[actor(mailbox = lock_free)]
enum LockFree {
    Add(u64),
    #[reply(u64)]
    Get,
}

#[actor(mailbox = lock_free(64))]
enum Ring {
    Add(u64),
    #[reply(u64)]
    Get,
}

struct Tally(u64);

#[handlers]
impl LockFreeActor for Tally {
    fn add(&mut self, by: u64) {
        self.0 += by;
    }
    fn get(&self) -> u64 {
        self.0
    }
}

#[handlers]
impl RingActor for Tally {
    fn add(&mut self, by: u64) {
        self.0 += by;
    }
    fn get(&self) -> u64 {
        self.0
    }
}

#[handlers]
impl FreeActor for Tally {
    fn add(&mut self, by: u64, padding: [u64; 4]) {
        self.0 += by + padding[3];
    }
    fn get(&self) -> u64 {
        self.0
    }
}

#[handlers]
impl BoundedActor for Tally {
    async fn add(&mut self, by: u64) {
        self.0 += by;
    }
    fn get(&self) -> u64 {
        self.0
    }
}

fn allocations(work: impl FnOnce()) -> u64 {
    let heap = Region::new(COUNTING);
    work();
    let change = heap.change();
    (change.allocations + change.reallocations) as u64
}

// One test, since the counter is for the whole program.
#[test]
fn a_tell_allocates_nothing() {
    within(60, || {
        let system = System::new().unwrap();
        let free = Free::spawn(&system, Tally(0));
        let counted = allocations(|| {
            for _ in 0..TELLS {
                free.add(1, [0; 4]).unwrap();
            }
            assert_eq!(free.get().wait().unwrap(), TELLS);
        });
        assert!(
            counted < TELLS / 20,
            "unbounded: {counted} allocations for {TELLS} tells"
        );

        let bounded = Bounded::spawn(&system, Tally(0));
        bounded.add(0).wait().unwrap();
        let counted = allocations(|| {
            for _ in 0..TELLS {
                bounded.add(1).wait().unwrap();
            }
            assert_eq!(bounded.get().wait().unwrap(), TELLS);
        });
        assert!(
            counted < TELLS / 20,
            "bounded: {counted} allocations for {TELLS} tells"
        );

        // What has no lock takes memory for 31 messages at a time.
        let lock_free = LockFree::spawn(&system, Tally(0));
        let counted = allocations(|| {
            for _ in 0..TELLS {
                lock_free.add(1).unwrap();
            }
            assert_eq!(lock_free.get().wait().unwrap(), TELLS);
        });
        let blocks = TELLS / 31;
        assert!(
            (blocks..blocks + blocks / 10).contains(&counted),
            "without a lock: {counted} allocations for {TELLS} tells"
        );

        // One with a capacity has all of it from the beginning. What is left
        // are the asks, and those of them that wait for room.
        let ring = Ring::spawn(&system, Tally(0));
        let counted = allocations(|| {
            for sent in 1..=TELLS {
                ring.add(1).wait().unwrap();
                if sent % 64 == 0 {
                    assert_eq!(ring.get().wait().unwrap(), sent);
                }
            }
        });
        let asks = TELLS / 64;
        assert!(
            counted < asks + asks / 4,
            "without a lock and bounded: {counted} allocations for {asks} asks and {TELLS} tells"
        );

        let asks = allocations(|| {
            for _ in 0..1_000 {
                free.get().wait().unwrap();
            }
        });
        assert!(asks <= 1_100, "{asks} allocations for 1000 asks");
        system.shutdown().wait().unwrap();
    });
}
