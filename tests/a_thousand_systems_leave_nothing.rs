//! Systems that were started and stopped leave neither threads nor memory.
#![cfg(target_os = "linux")]

mod support;

use std::alloc::System as Heap;
use std::time::Duration;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use support::{Gate, eventually, within};
use zctor::prelude::*;

#[global_allocator]
static COUNTING: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

#[actor]
enum Guest {
    #[reply(usize)]
    Ping(Vec<u8>),
    Block(Gate),
    Later,
}

struct Room;

#[handlers]
impl GuestActor for Room {
    fn ping(&self, value: Vec<u8>) -> usize {
        value.len()
    }
    fn block(&mut self, value: Gate) {
        value.pass();
    }
    fn later(&mut self, ctx: &mut Context<Guest>) {
        ctx.send_after(Duration::from_secs(1_000), Guest::Later);
    }
}

/// A system that does a bit of everything, and ends in one of several ways.
fn round(n: usize) {
    let system = System::builder()
        .workers(2)
        .grace(Duration::from_millis(3))
        .blocked_after(Duration::from_millis(5))
        .build()
        .unwrap();
    let guest = Guest::builder(Room).name("guest").spawn(&system).unwrap();
    let own = Guest::builder(Room).dedicated().spawn(&system).unwrap();
    guest.later().unwrap();
    assert_eq!(guest.ping(vec![0; 100]).wait().unwrap(), 100);
    assert_eq!(own.ping(vec![0; 10]).wait().unwrap(), 10);
    assert_eq!(system.spawn_blocking(|| 1).wait().unwrap(), 1);
    for _ in 0..8 {
        Guest::spawn(&system, Room).detach();
    }
    let ask = own.ping(Vec::new()).send();
    if n.is_multiple_of(10) {
        // One is replaced, and one is given up.
        let (gate, other) = (Gate::default(), Gate::default());
        guest.block(gate.clone()).unwrap();
        own.block(other.clone()).unwrap();
        gate.await_arrival();
        other.await_arrival();
        own.kill();
        own.stopped().wait().unwrap();
        std::thread::sleep(Duration::from_millis(10));
        gate.open();
        if n.is_multiple_of(20) {
            other.open();
            system.shutdown().wait().unwrap();
        } else {
            drop((system, guest, own));
            other.open();
        }
    } else if n.is_multiple_of(2) {
        system.shutdown().wait().unwrap();
    }
    drop(ask);
}

fn threads() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("Threads:"));
    line.unwrap().trim().parse().unwrap()
}

fn live() -> (isize, isize) {
    let stats = COUNTING.stats();
    let count = stats.allocations as isize - stats.deallocations as isize;
    (
        count,
        stats.bytes_allocated as isize - stats.bytes_deallocated as isize,
    )
}

#[test]
fn a_thousand_systems_leave_nothing() {
    within(120, || {
        let before_threads = threads();
        (0..40).for_each(round);
        eventually("the first threads have ended", || {
            threads() <= before_threads
        });
        let before = live();
        (0..1_000).for_each(round);
        eventually("the threads have ended", || threads() <= before_threads);
        let after = live();
        let (count, bytes) = (after.0 - before.0, after.1 - before.1);
        // A leak of one allocation for each hundredth system would show.
        assert!(count < 10, "{count} allocations are left");
        assert!(bytes < 10_000, "{bytes} bytes are left");
    });
}
