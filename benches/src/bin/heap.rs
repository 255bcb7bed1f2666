//! Counts memory: the same work with an allocator that counts. Time is measured
//! without it, as libraries that allocate much would pay for the count.

#![forbid(unsafe_code)]

use std::alloc::System;
use std::process::ExitCode;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use zctor_benches::heap::{self, Count};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> ExitCode {
    heap::count_with(|| {
        let stats = HEAP.stats();
        Count {
            allocations: (stats.allocations + stats.reallocations) as u64,
            bytes: stats.bytes_allocated as i64 - stats.bytes_deallocated as i64,
        }
    });
    zctor_benches::run()
}
