//! A flooded actor does not starve its neighbours, and no wake-up is lost.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};
use support::within;
use zctor::prelude::*;

#[actor]
enum Flooded {
    Drop(u64),
}

/// Also with a bounded mailbox, whose gate works otherwise.
#[actor(mailbox = 4)]
enum Bounded {
    Count(u64),
    #[reply(u64)]
    Ping,
}

#[actor]
enum Neighbour {
    Count(u64),
    #[reply(u64)]
    Ping,
}

/// Handles each message in a while, or at once.
struct Worker {
    handled: Arc<AtomicU64>,
    effort: u64,
}

impl Worker {
    fn work(&self, value: u64) {
        std::hint::black_box((0..self.effort).fold(value, |a, b| a ^ b));
        self.handled.fetch_add(1, SeqCst);
    }
}

#[handlers]
impl FloodedActor for Worker {
    fn drop(&mut self, value: u64) {
        self.work(value);
    }
}

#[handlers]
impl BoundedActor for Worker {
    fn count(&mut self, value: u64) {
        self.work(value);
    }
    fn ping(&self) -> u64 {
        self.handled.load(SeqCst)
    }
}

#[handlers]
impl NeighbourActor for Worker {
    fn count(&mut self, value: u64) {
        self.work(value);
    }
    fn ping(&self) -> u64 {
        self.handled.load(SeqCst)
    }
}

fn worker(effort: u64) -> Worker {
    Worker {
        handled: Arc::default(),
        effort,
    }
}

/// The time that 99 of 100 asks of a neighbour stay below.
fn p99(mut ask: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..200)
        .map(|_| {
            let begun = Instant::now();
            ask();
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() * 99 / 100]
}

#[test]
fn the_neighbours_of_a_flooded_actor_are_answered_in_time() {
    within(60, || {
        let system = System::builder().workers(1).build().unwrap();
        let busy = worker(100);
        let handled = Arc::clone(&busy.handled);
        let flooded = Flooded::spawn(&system, busy);
        let neighbour = Neighbour::spawn(&system, worker(0));
        let bounded = Bounded::spawn(&system, worker(0));
        let over = Arc::new(AtomicBool::new(false));
        let floods: Vec<_> = (0..2)
            .map(|_| {
                let (flooded, over) = (flooded.clone(), Arc::clone(&over));
                thread::spawn(move || {
                    while !over.load(SeqCst) {
                        // As much as it can take, and always more than it has
                        // handled, but not all of the memory.
                        if flooded.queued() > 20_000 {
                            thread::yield_now();
                            continue;
                        }
                        for n in 0..1_000 {
                            flooded.drop(n).unwrap();
                        }
                    }
                })
            })
            .collect();
        while flooded.queued() < 10_000 {
            thread::yield_now();
        }
        let handled_before = handled.load(SeqCst);
        // On a machine that is busy with other things the worker itself may
        // have to wait; a starved neighbour would fail every time.
        let mut measured = Vec::new();
        let in_time = (0..8).any(|_| {
            let free = p99(|| {
                neighbour.ping().wait().unwrap();
            });
            let throttled = p99(|| {
                bounded.ping().wait().unwrap();
            });
            measured.push((free, throttled));
            free.max(throttled) < Duration::from_millis(50)
        });
        let flood = handled.load(SeqCst) - handled_before;
        over.store(true, SeqCst);
        floods.into_iter().for_each(|flood| flood.join().unwrap());
        assert!(flood > 10_000, "the flood went on: {flood}");
        assert!(in_time, "{measured:?}");
        flooded.kill();
        system.shutdown().wait().unwrap();
    });
}

/// Each round finds an idle actor, sends it one message, and wants to see it
/// handled. A lost wake-up would leave the round waiting for ever.
fn rounds(senders: u64, rounds: u64, workers: usize, tell: impl Fn(&System) -> Tell) {
    let system = System::builder().workers(workers).build().unwrap();
    thread::scope(|scope| {
        for _ in 0..senders {
            let (handled, mut tell) = tell(&system);
            scope.spawn(move || {
                for round in 1..=rounds {
                    tell(round);
                    let begun = Instant::now();
                    let mut looks = 0u32;
                    while handled.load(SeqCst) < round {
                        looks += 1;
                        if looks.is_multiple_of(64) {
                            thread::yield_now();
                            assert!(
                                begun.elapsed() < Duration::from_secs(20),
                                "round {round}: the message is not handled"
                            );
                        }
                        std::hint::spin_loop();
                    }
                    // Now and then the worker has time to fall asleep.
                    if round.is_multiple_of(1_000) {
                        thread::sleep(Duration::from_micros(200));
                    }
                }
            });
        }
    });
    system.shutdown().wait().unwrap();
}

type Tell = (Arc<AtomicU64>, Box<dyn FnMut(u64) + Send>);

fn to_unbounded(system: &System) -> Tell {
    let worker = worker(0);
    let handled = Arc::clone(&worker.handled);
    let actor = Neighbour::spawn(system, worker);
    (handled, Box::new(move |n| actor.count(n).unwrap()))
}

fn to_bounded(system: &System) -> Tell {
    let worker = worker(0);
    let handled = Arc::clone(&worker.handled);
    let actor = Bounded::spawn(system, worker);
    (
        handled,
        Box::new(move |n| actor.count(n).try_now().unwrap()),
    )
}

fn to_one_with_a_thread_of_its_own(system: &System) -> Tell {
    let worker = worker(0);
    let handled = Arc::clone(&worker.handled);
    let actor = Neighbour::builder(worker)
        .dedicated()
        .spawn(system)
        .unwrap();
    (handled, Box::new(move |n| actor.count(n).unwrap()))
}

// A million rounds in all.

#[test]
fn every_message_to_an_idle_actor_is_handled() {
    within(110, || rounds(4, 100_000, 2, to_unbounded));
}

#[test]
fn also_with_a_bounded_mailbox() {
    within(110, || rounds(3, 100_000, 2, to_bounded));
}

#[test]
fn also_on_one_worker() {
    within(110, || rounds(2, 100_000, 1, to_unbounded));
}

#[test]
fn also_on_threads_of_their_own() {
    within(110, || {
        rounds(2, 50_000, 1, to_one_with_a_thread_of_its_own)
    });
}
