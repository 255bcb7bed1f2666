//! What is measured, and how.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

use crate::heap;

/// Something that every library is asked to do, so many times.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// This many plain threads send; a counter counts.
    Tell { senders: u64 },
    /// One actor asks another, one ask after the other.
    Ask,
    /// A token goes round this many actors, one at a time.
    Ring { actors: u64 },
    /// A hundred actors send each other pings, each one at a time to a random
    /// other, which answers (Savina's "big").
    AllToAll,
    /// An actor is spawned, told one message, stopped, and awaited.
    Spawn,
    /// One actor sends to another with room for 64, and waits for room.
    Bounded,
    /// Actors that have handled one message and have nothing to do.
    Idle,
    /// An actor panics, is restarted, and answers.
    Panic,
}

/// Actors in `AllToAll`.
pub const CROWD: u64 = 100;

/// A row of the table.
pub struct Row {
    pub name: &'static str,
    pub what: &'static str,
    pub work: Work,
    pub unit: Unit,
    pub times: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Nanoseconds,
    Allocations,
    Bytes,
}

const fn row(name: &'static str, what: &'static str, work: Work, unit: Unit, times: u64) -> Row {
    Row {
        name,
        what,
        work,
        unit,
        times,
    }
}

pub const ROWS: &[Row] = {
    use Unit::{Allocations, Bytes, Nanoseconds};
    use Work::{AllToAll, Ask, Bounded, Idle, Panic, Ring, Spawn, Tell};
    &[
        row(
            "tell-1",
            "tell, 1 thread to 1, ns",
            Tell { senders: 1 },
            Nanoseconds,
            2_000_000,
        ),
        row(
            "tell-4",
            "tell, 4 threads to 1, ns",
            Tell { senders: 4 },
            Nanoseconds,
            2_000_000,
        ),
        row(
            "tell-16",
            "tell, 16 threads to 1, ns",
            Tell { senders: 16 },
            Nanoseconds,
            2_000_000,
        ),
        row("ask", "ask between actors, ns", Ask, Nanoseconds, 500_000),
        row(
            "ping-pong",
            "ping-pong, ns a hop",
            Ring { actors: 2 },
            Nanoseconds,
            1_000_000,
        ),
        row(
            "ring",
            "ring of 100, ns a hop",
            Ring { actors: 100 },
            Nanoseconds,
            1_000_000,
        ),
        row(
            "all-to-all",
            "100 to 100, ns a message",
            AllToAll,
            Nanoseconds,
            2_000_000,
        ),
        row(
            "spawn",
            "spawn, one message, stop, ns",
            Spawn,
            Nanoseconds,
            100_000,
        ),
        row(
            "bounded",
            "room for 64, sender waits, ns",
            Bounded,
            Nanoseconds,
            1_000_000,
        ),
        row("idle", "idle actor, bytes", Idle, Bytes, 100_000),
        row(
            "panic",
            "panic to serving again, ns",
            Panic,
            Nanoseconds,
            10_000,
        ),
        row(
            "tell-heap",
            "allocations, a tell",
            Tell { senders: 1 },
            Allocations,
            1_000_000,
        ),
        row("ask-heap", "allocations, an ask", Ask, Allocations, 200_000),
        row(
            "spawn-heap",
            "allocations, spawn to stop",
            Spawn,
            Allocations,
            20_000,
        ),
    ]
};

/// Takes the figure of `row`, for each of its times, from a library that does
/// its work with `round`; what `round` returns is kept until the figure has
/// been taken. A first, shorter round warms up, unless memory is counted: what
/// such a round leaves may be freed later.
pub fn figure<T>(row: &Row, quick: bool, mut round: impl FnMut(u64) -> T) -> f64 {
    let times = if quick { row.times / 10 } else { row.times };
    if row.unit != Unit::Bytes {
        drop(round((times / 10).max(1)));
    }
    let (before, begun) = (heap::now(), Instant::now());
    let kept = round(times);
    let (taken, after) = (begun.elapsed(), heap::now());
    let figure = match row.unit {
        Unit::Nanoseconds => taken.as_nanos() as f64,
        Unit::Allocations => (after.allocations - before.allocations) as f64,
        Unit::Bytes => (after.bytes - before.bytes) as f64,
    };
    drop(kept);
    figure / times as f64
}

/// A list for so many handles, which are not what an idle actor takes.
pub fn uncounted<T>(times: u64) -> Vec<T> {
    heap::leave_out(|| Vec::with_capacity(times as usize))
}

/// Sends `times` messages from `senders` plain threads, each with a sender of
/// its own, and returns when all are sent.
pub fn from_threads<S: FnMut() + Send + 'static>(senders: u64, times: u64, make: impl Fn() -> S) {
    if senders == 1 {
        let mut send = make();
        return (0..times).for_each(|_| send());
    }
    let start = Arc::new(Barrier::new(senders as usize));
    let threads: Vec<_> = (0..senders)
        .map(|_| {
            let (mut send, start) = (make(), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                (0..times / senders).for_each(|_| send());
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("the messages are sent");
    }
}

/// One actor's part in `AllToAll`: how many pings it still has to send, and
/// its own small random numbers.
#[derive(Clone)]
pub struct Pings {
    left: u64,
    seed: u64,
}

impl Pings {
    pub fn new(actor: u64, times: u64) -> Pings {
        // A ping and its answer are two messages.
        Pings {
            left: times / (2 * CROWD),
            seed: actor * 2 + 1,
        }
    }

    /// Whom to ping next.
    pub fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        self.seed = self
            .seed
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        Some(((self.seed >> 33) % CROWD) as usize)
    }
}
