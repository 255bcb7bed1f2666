//! What an arena saves: the same requests, answered with `String`s and `Vec`s
//! that have memory of their own, and with those of an arena. Once by one actor,
//! whose arena is `ctx.arena()`, and once by three, with an arena that travels
//! with the request.
//!
//! The requests ask for lines of this repository's own documents. The answers
//! are the same both ways.
//!
//! ```sh
//! cargo run --release --example arena --features arena
//! ```
//!
//! Allocations are counted, which is part of the time that each takes.

mod alone;
mod site;
mod together;

use std::alloc::System as Heap;
use std::sync::Arc;
use std::time::Instant;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use zctor::arena::Arena;
use zctor::prelude::*;
use zctor::{Pool, Tell};

use crate::site::{Account, DOCUMENTS, Site};

#[global_allocator]
static COUNTING: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

/// Each figure is the best of so many rounds, after one to warm up.
const ROUNDS: usize = 5;
/// How often each request is sent in a round.
const TIMES: usize = 20;

/// What a request cost.
#[derive(Clone, Copy)]
struct Figures {
    allocations: f64,
    nanos: f64,
}

/// Sends all requests, many times, and divides by their number.
fn round<P: Protocol>(
    site: &Site,
    send: impl Fn(usize) -> Tell<P>,
    close: impl Fn(usize) -> Result<Account, AskError>,
) -> zctor::Result<(Figures, Account)> {
    let answers = TIMES * site.requests.len();
    let (heap, begun) = (Region::new(COUNTING), Instant::now());
    for number in 0..answers {
        send(number % site.requests.len()).wait()?;
    }
    let account = close(answers)?;
    let (time, change) = (begun.elapsed(), heap.change());
    let allocations = change.allocations + change.reallocations;
    let figures = Figures {
        allocations: allocations as f64 / answers as f64,
        nanos: time.as_nanos() as f64 / answers as f64,
    };
    Ok((figures, account))
}

/// Both ways in turn. Tells how many allocations were saved.
fn compare<P: Protocol>(
    what: &str,
    site: &Site,
    plain: impl Fn(usize) -> Tell<P>,
    in_arena: impl Fn(usize) -> Tell<P>,
    close: impl Fn(usize) -> Result<Account, AskError>,
) -> zctor::Result<f64> {
    let none = Figures {
        allocations: 0.0,
        nanos: f64::MAX,
    };
    let (mut best, mut best_in_arena) = (none, none);
    for at in 0..=ROUNDS {
        let (figures, account) = round(site, &plain, &close)?;
        let (figures_in_arena, same) = round(site, &in_arena, &close)?;
        assert_eq!(account, same, "the answers differ");
        if at > 0 && figures.nanos < best.nanos {
            best = figures;
        }
        if at > 0 && figures_in_arena.nanos < best_in_arena.nanos {
            best_in_arena = figures_in_arena;
        }
    }
    for (how, figures) in [("plain", best), ("with an arena", best_in_arena)] {
        let (allocations, nanos) = (figures.allocations, figures.nanos);
        println!("{what:<13} {how:<14} {allocations:>11.2} {nanos:>8.0}");
    }
    Ok(best.allocations - best_in_arena.allocations)
}

fn main() -> zctor::Result<()> {
    let site = Arc::new(Site::read()?);
    let system = System::builder().workers(2).build()?;
    let server = alone::start(&system, &site);
    let (parser, writer) = together::start(&system, &site);
    // As many as can be on their way.
    let arenas = Pool::builder(Arena::new).reset(Arena::reset);
    let arenas = arenas.capacity(256).build()?;

    println!("{} requests about {DOCUMENTS:?}\n", site.requests.len());
    println!("{:<13} {:<14} allocations       ns", "for a request", "");
    let alone = compare(
        "one actor",
        &site,
        |request| server.plain(request),
        |request| server.in_arena(request),
        |_| server.close().wait(),
    )?;
    let together = compare(
        "three actors",
        &site,
        |request| parser.plain(request),
        |request| parser.in_arena(arenas.take(), request),
        |answers| writer.close(answers).wait(),
    )?;
    println!("\nsaved: {alone:.2} allocations a request by one actor, {together:.2} by three");
    system.shutdown().wait()
}
