//! What a tell costs: time and allocations, beside the same program on kameo.
//!
//! Both programs count to a million and then ask for the total, from a plain
//! thread, with two workers and kameo's default features; rounds alternate.

use std::alloc::System as Heap;
use std::time::Instant;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

const TELLS: i64 = 1_000_000;
const ROUNDS: usize = 9;

#[global_allocator]
static COUNTING: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

/// One round's figures, for each tell.
#[derive(Clone, Copy)]
struct Cost {
    nanoseconds: f64,
    allocations: f64,
}

fn measure(round: impl FnOnce() -> i64) -> Cost {
    let (heap, begun) = (Region::new(COUNTING), Instant::now());
    assert_eq!(round(), TELLS);
    let (elapsed, tells) = (begun.elapsed(), TELLS as f64);
    let heap = heap.change();
    Cost {
        nanoseconds: elapsed.as_nanos() as f64 / tells,
        allocations: (heap.allocations + heap.reallocations) as f64 / tells,
    }
}

mod on_zctor {
    use zctor::prelude::*;

    #[actor]
    pub enum Counter {
        Add { by: i64 },
        #[reply(i64)]
        Get,
    }

    pub struct Tally(pub i64);

    #[handlers]
    impl CounterActor for Tally {
        fn add(&mut self, by: i64) {
            self.0 += by;
        }
        fn get(&self) -> i64 {
            self.0
        }
    }

    pub fn round(system: &System) -> i64 {
        let counter = Counter::spawn(system, Tally(0));
        for _ in 0..super::TELLS {
            counter.add(1).expect("the counter lives");
        }
        counter.get().wait().expect("the counter answers")
    }
}

mod on_kameo {
    use kameo::prelude::*;

    #[derive(Actor)]
    pub struct Tally(i64);

    pub struct Add {
        by: i64,
    }

    pub struct Get;

    impl Message<Add> for Tally {
        type Reply = ();
        async fn handle(&mut self, message: Add, _: &mut Context<Self, ()>) {
            self.0 += message.by;
        }
    }

    impl Message<Get> for Tally {
        type Reply = i64;
        async fn handle(&mut self, _: Get, _: &mut Context<Self, i64>) -> i64 {
            self.0
        }
    }

    pub async fn round() -> i64 {
        let counter = Tally::spawn_with_mailbox(Tally(0), mailbox::unbounded());
        for _ in 0..super::TELLS {
            counter.tell(Add { by: 1 }).await.expect("the counter lives");
        }
        counter.ask(Get).await.expect("the counter answers")
    }
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn main() {
    let system = zctor::System::builder().workers(2).build().expect("threads");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build();
    let runtime = runtime.expect("threads");
    let _context = runtime.enter();
    let (mut zctor, mut kameo) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let ours = measure(|| on_zctor::round(&system));
        let theirs = measure(|| runtime.block_on(on_kameo::round()));
        // The first round warms up.
        if round > 0 {
            zctor.push(ours);
            kameo.push(theirs);
        }
    }
    println!("{TELLS} tells 1 to 1, medians of {ROUNDS} rounds in turn");
    println!("         ns a tell   allocations a tell");
    for (name, costs) in [("zctor", &zctor), ("kameo", &kameo)] {
        let time = median(costs.iter().map(|cost| cost.nanoseconds));
        let allocations = median(costs.iter().map(|cost| cost.allocations));
        println!("{name}  {time:>11.1}   {allocations:>18.5}");
    }
    let ratios = zctor.iter().zip(&kameo).map(|(ours, theirs)| ours.nanoseconds / theirs.nanoseconds);
    println!("zctor takes {:.3} of kameo's time (wanted: under 0.2)", median(ratios));
}
