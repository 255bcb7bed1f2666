//! A buffer out of a pool is allocated once, however often it is taken.

mod support;

use std::alloc::System as Heap;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::within;
use zctor::Pool;

#[global_allocator]
static COUNTING: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 10_000;
const HELD: usize = 8;
/// What the other threads of the test may allocate meanwhile.
const OTHERS: usize = 50;

fn allocations(work: impl FnOnce()) -> usize {
    let heap = Region::new(COUNTING);
    work();
    let change = heap.change();
    change.allocations + change.reallocations
}

fn fill(buffer: &mut Vec<u8>) {
    buffer.extend_from_slice(&[1; 1_000]);
    buffer.extend_from_slice(&[2; 3_000]); // it grows
}

/// Makes some, drops them all, and so on.
fn rounds<B>(make: impl Fn() -> B) -> usize {
    let mut held = Vec::with_capacity(HELD);
    allocations(|| {
        for _ in 0..ROUNDS {
            held.extend((0..HELD).map(|_| make()));
            held.clear();
        }
    })
}

// One test, since the counter is for the whole program.
#[test]
fn pooled_buffers_allocate_once() {
    within(60, || {
        let pool = Pool::builder(Vec::new)
            .capacity(HELD)
            .reset(Vec::clear)
            .build()
            .unwrap();
        let pooled = || {
            let mut buffer = pool.take();
            fill(&mut buffer);
            buffer
        };
        let plain = || {
            let mut buffer = Vec::new();
            fill(&mut buffer);
            buffer
        };
        assert!(rounds(plain) >= 2 * HELD * ROUNDS);
        // Two for each buffer, and some for the list of those that are idle.
        let first = rounds(pooled);
        assert!(first <= 2 * HELD + 4 + OTHERS, "{first} allocations");
        let again = rounds(pooled);
        assert!(again <= OTHERS, "{again} allocations");
        assert_eq!(pool.stats().made(), HELD as u64);
    });
}
