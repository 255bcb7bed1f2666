//! Circles of waits: nobody waits for ever in one, and none is told of that is
//! none.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use zctor::prelude::*;
use zctor::sim::{Faults, SimSystem};
use zctor::{ActorId, WaitCycle};

use super::{MS, below, pause, promise, together};

#[actor(mailbox = 2)]
enum Node {
    /// Asks others, who ask others, so many times. It says which wait it ends.
    #[reply(())]
    Ask { hops: u32, wait: Option<usize> },
    /// The same, and is not waited for but for its place.
    #[method(tell_waiting)]
    Tell(u32),
}

#[derive(Debug, Clone, Copy)]
struct Wait {
    who: ActorId,
    whom: ActorId,
    from: u64,
    until: u64,
}

/// All waits, with the moments of their beginnings and ends, and the circles
/// that were told of.
#[derive(Clone, Default)]
struct Book {
    moment: Arc<AtomicU64>,
    waits: Arc<Mutex<Vec<Wait>>>,
    told: Arc<Mutex<Vec<Vec<ActorId>>>>,
}

impl Book {
    fn begin(&self, who: ActorId, whom: ActorId) -> usize {
        let from = self.moment.fetch_add(1, SeqCst);
        let mut waits = self.waits.lock().unwrap();
        let until = u64::MAX;
        waits.push(Wait {
            who,
            whom,
            from,
            until,
        });
        waits.len() - 1
    }

    /// It is answered, or its time has come otherwise: the first counts.
    fn over(&self, wait: usize) {
        let now = self.moment.fetch_add(1, SeqCst);
        let wait = &mut self.waits.lock().unwrap()[wait];
        wait.until = wait.until.min(now);
    }

    fn end(&self, wait: usize, cycle: Option<&WaitCycle>) {
        self.over(wait);
        if let Some(cycle) = cycle {
            let actors = cycle.actors().map(|actor| actor.id());
            self.told.lock().unwrap().push(actors.collect());
        }
    }

    /// Whether each of them waited for the next, all at one moment.
    fn was_one(&self, cycle: &[ActorId]) -> bool {
        let waits = self.waits.lock().unwrap();
        let waited = |who: ActorId, whom: ActorId, at: u64| {
            let mut waits = waits.iter();
            waits.any(|wait| {
                (wait.who, wait.whom) == (who, whom) && wait.from <= at && at < wait.until
            })
        };
        let next = cycle.iter().cycle().skip(1);
        let edges: Vec<_> = cycle.iter().copied().zip(next.copied()).collect();
        (0..self.moment.load(SeqCst))
            .any(|at| edges.iter().all(|(who, whom)| waited(*who, *whom, at)))
    }
}

struct Knot {
    all: Vec<NodeHandle>,
    book: Book,
}

impl Knot {
    async fn go_on(&self, hops: u32, ctx: &mut Context<Node>) {
        if hops == 0 {
            return pause().await;
        }
        for _ in 0..=ctx.random() % 2 {
            let other = &self.all[(ctx.random() % self.all.len() as u64) as usize];
            let wait = self.book.begin(ctx.id(), other.id());
            if ctx.random().is_multiple_of(3) {
                match other.tell_waiting(hops - 1).await {
                    Ok(()) => self.book.end(wait, None),
                    Err(error) => self.book.end(wait, error.cycle()),
                }
            } else {
                match other.ask(hops - 1, Some(wait)).await {
                    Err(AskError::Deadlock { cycle, .. }) => self.book.end(wait, Some(&cycle)),
                    _ => self.book.end(wait, None),
                }
            }
        }
    }
}

#[handlers]
impl NodeActor for Knot {
    async fn ask(&mut self, hops: u32, wait: Option<usize>, ctx: &mut Context<Node>) {
        self.go_on(hops, ctx).await;
        if let Some(wait) = wait {
            self.book.over(wait);
        }
    }
    async fn tell_waiting(&mut self, value: u32, ctx: &mut Context<Node>) {
        self.go_on(value, ctx).await;
    }
}

async fn scenario(system: SimSystem) {
    let book = Book::default();
    let seats: Vec<_> = (0..3).map(|_| Node::reserve(&system)).collect();
    let all: Vec<_> = seats.iter().map(|seat| seat.handle().clone()).collect();
    for seat in seats {
        let (all, book) = (all.clone(), book.clone());
        let _ = seat.spawn(Knot { all, book });
    }
    // There are no timers, so the simulation stalls if one of them never ends.
    let asks = (0..5).map(|_| all[below(&system, 3) as usize].ask(3, None));
    for outcome in together(asks.collect()).await {
        match outcome {
            Ok(()) | Err(AskError::Stopped { .. } | AskError::Crashed { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    for node in &all {
        node.stop();
    }
    for node in &all {
        node.stopped().await;
    }
    for cycle in book.told.lock().unwrap().iter() {
        assert!(book.was_one(cycle), "nobody waits in a circle: {cycle:?}");
    }
}

#[test]
fn whoever_waits_in_a_circle_is_told() {
    promise(6_000, |explorer| explorer.fail_on_crash(), scenario);
}

#[test]
fn those_who_end_free_those_who_wait_for_them() {
    let faults = Faults::new()
        .panic::<Node>(15)
        .kill::<Node>(15)
        .hold::<Node>(20, MS);
    promise(
        6_000,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        scenario,
    );
}
