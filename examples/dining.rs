//! The dining philosophers, in simulation.
//!
//! Each philosopher owns a fork, and needs that of the neighbour as well. An
//! arbiter says how many may sit at the table. One that lets all of them sit is
//! wrong: the exploration finds the order in which nobody can eat, and tells
//! who waits for whom, and how it came to that in the fewest messages. One that
//! keeps a seat free passes 10,000 seeds.
//!
//! `cargo run --release --example dining`

use std::time::Instant;

use zctor::prelude::*;
use zctor::sim::{Explored, Explorer, Found, SimSystem};

/// Says who may sit.
#[actor]
enum Arbiter {
    #[reply(())]
    Sit,
    Leave,
}

struct Table {
    free: usize,
}

#[handlers]
impl ArbiterActor for Table {
    fn ready(&self, next: ArbiterKind) -> bool {
        next != ArbiterKind::Sit || self.free > 0
    }
    fn sit(&mut self) {
        self.free -= 1;
    }
    fn leave(&mut self) {
        self.free += 1;
    }
}

/// Thinks, sits, eats with two forks, and lends its own when it does not eat.
#[actor]
enum Philosopher {
    Meet {
        neighbour: PhilosopherHandle,
    },
    /// Eats so often, and answers then.
    #[reply((), deferred)]
    Dine {
        meals: u32,
    },
    #[internal]
    Seated,
    #[reply(())]
    LendFork,
    ReturnFork,
}

struct Thinker {
    arbiter: ArbiterHandle,
    neighbour: Option<PhilosopherHandle>,
    has_fork: bool,
    meals: u32,
    satisfied: Option<Reply<()>>,
}

impl Thinker {
    fn wait_for_a_seat(&self, ctx: &mut Context<Philosopher>) {
        ctx.pipe(self.arbiter.sit(), |_| Philosopher::Seated);
    }
}

#[handlers]
impl PhilosopherActor for Thinker {
    /// Without its own fork it neither eats nor lends.
    fn ready(&self, next: PhilosopherKind) -> bool {
        match next {
            PhilosopherKind::Seated | PhilosopherKind::LendFork => self.has_fork,
            _ => true,
        }
    }

    fn meet(&mut self, neighbour: PhilosopherHandle) {
        self.neighbour = Some(neighbour);
    }

    fn dine(&mut self, meals: u32, reply: Reply<()>, ctx: &mut Context<Philosopher>) {
        (self.meals, self.satisfied) = (meals, Some(reply));
        self.wait_for_a_seat(ctx);
    }

    /// Nobody gets its fork meanwhile: an actor does one thing at a time.
    async fn seated(&mut self, ctx: &mut Context<Philosopher>) -> zctor::Result<()> {
        let neighbour = self
            .neighbour
            .as_ref()
            .ok_or_else(|| Failure::msg("it knows nobody"))?;
        neighbour.lend_fork().await?;
        self.meals -= 1;
        neighbour.return_fork()?;
        self.arbiter.leave()?;
        match self.meals {
            0 => self
                .satisfied
                .take()
                .into_iter()
                .for_each(|reply| reply.send(())),
            _ => self.wait_for_a_seat(ctx),
        }
        Ok(())
    }

    fn lend_fork(&mut self) {
        self.has_fork = false;
    }

    fn return_fork(&mut self) {
        self.has_fork = true;
    }
}

/// So often, with so many seats.
pub async fn dinner(system: SimSystem, seats: usize) -> zctor::Result<()> {
    let arbiter = Arbiter::spawn(&system, Table { free: seats });
    let philosophers: Vec<_> = (0..PHILOSOPHERS)
        .map(|_| {
            let thinker = Thinker {
                arbiter: arbiter.clone(),
                neighbour: None,
                has_fork: true,
                meals: 0,
                satisfied: None,
            };
            Philosopher::spawn(&system, thinker)
        })
        .collect();
    for (place, philosopher) in philosophers.iter().enumerate() {
        let next = (place + 1) % PHILOSOPHERS;
        philosopher.meet(philosophers[next].clone())?;
    }
    let dinners: Vec<_> = philosophers.iter().map(|one| one.dine(2).send()).collect();
    for dinner in dinners {
        dinner.await?;
    }
    Ok(())
}

const PHILOSOPHERS: usize = 4;

fn explore(seeds: u64, seats: usize) -> Result<Explored, Box<Found>> {
    Explorer::new(0..seeds)
        .fail_on_crash()
        .run(move |system| dinner(system, seats))
}

fn main() {
    println!("== an arbiter that lets all {PHILOSOPHERS} sit\n");
    match explore(10_000, PHILOSOPHERS) {
        Ok(_) => println!("no seed failed, which is wrong"),
        Err(found) => println!("{found}\n{}", found.trace().mermaid()),
    }
    println!("== an arbiter that keeps one seat free\n");
    let began = Instant::now();
    match explore(10_000, PHILOSOPHERS - 1) {
        Ok(explored) => println!(
            "all eat, in each of {} seeds ({} steps in {:.1?})",
            explored.runs(),
            explored.steps(),
            began.elapsed()
        ),
        Err(found) => println!("{found}"),
    }
}
