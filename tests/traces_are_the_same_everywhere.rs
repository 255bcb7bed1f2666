//! The same seed gives the same trace, byte for byte, on any machine: those of
//! the examples are kept in `tests/traces/`. (Those examples that use neither
//! files nor sockets.)
//!
//! `ZCTOR_TRACES=overwrite cargo test --test traces_are_the_same_everywhere`
//! writes them anew, after a change to the examples or to the runtime that is
//! meant to change them.

mod support;

#[allow(dead_code, unreachable_pub)]
#[path = "../examples/ask_patterns.rs"]
mod ask_patterns;
#[allow(dead_code, unreachable_pub)]
#[path = "../examples/counter.rs"]
mod counter;
#[allow(dead_code, unreachable_pub)]
#[path = "../examples/dining.rs"]
mod dining;

use std::time::Duration;

use support::within;
use zctor::prelude::*;
use zctor::sim::{Faults, Schedule, Sim};

/// Runs something for a few seeds, twice each, and compares the traces with
/// those that are kept.
fn keeps_its_traces(name: &'static str, build: fn(u64) -> Sim, run: fn(&Sim)) {
    within(120, move || {
        let trace = |seed| {
            let sim = build(seed);
            run(&sim);
            format!("seed {seed}\n{}\n{}\n", sim.trace(), sim.trace().mermaid())
        };
        let traces: String = (0..4).map(trace).collect();
        let again: String = (0..4).map(trace).collect();
        assert_eq!(traces, again, "in one process");
        let path = format!("{}/tests/traces/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        if std::env::var("ZCTOR_TRACES").is_ok_and(|value| value == "overwrite") {
            std::fs::write(&path, &traces).unwrap();
        }
        let kept = std::fs::read_to_string(&path)
            .unwrap()
            .replace("\r\n", "\n");
        let differs = kept
            .lines()
            .zip(traces.lines())
            .find(|(kept, now)| kept != now);
        assert_eq!(
            differs, None,
            "{name}: the first line that differs from {path}"
        );
        assert_eq!(kept, traces);
    });
}

fn traced(seed: u64) -> Sim {
    Sim::builder(seed).trace(true).build()
}

struct Sum(i64);

#[handlers]
impl counter::CounterActor for Sum {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn get(&self) -> i64 {
        self.0
    }
}

#[test]
fn counter() {
    keeps_its_traces("counter", traced, |sim| {
        let counter = counter::Counter::spawn(sim.system(), Sum(0));
        counter.add(5).unwrap();
        assert_eq!(counter.get().wait().unwrap(), 5);
    });
}

#[test]
fn ask_patterns() {
    keeps_its_traces("ask_patterns", traced, |sim| {
        ask_patterns::ask(sim.system()).unwrap();
    });
}

#[test]
fn dining() {
    keeps_its_traces("dining", traced, |sim| {
        sim.run(|system| dining::dinner(system, 3))
            .unwrap()
            .unwrap();
    });
}

#[test]
fn dining_until_nobody_can() {
    keeps_its_traces("dining_until_nobody_can", traced, |sim| {
        let _ = sim.run(|system| dining::dinner(system, 4));
    });
}

/// With faults, and in the order of priorities.
#[test]
fn counter_with_faults() {
    let build = |seed| {
        let faults = Faults::new()
            .lose::<counter::Counter>(8)
            .delay::<counter::Counter>(8, Duration::from_millis(3))
            .hold::<counter::Counter>(8, Duration::from_millis(3))
            .panic::<counter::Counter>(40)
            .jump_clock(20, Duration::from_millis(5));
        let builder = Sim::builder(seed).schedule(Schedule::pct(3, 40));
        builder.faults(faults).trace(true).build()
    };
    keeps_its_traces("counter_with_faults", build, |sim| {
        let outcome = sim.run(|system| async move {
            let counter = counter::Counter::spawn(&system, Sum(0));
            for by in 0..20 {
                let _ = counter.add(by);
                system.sleep(Duration::from_micros(500)).await;
            }
            counter.get().await
        });
        outcome.unwrap().ok();
    });
}
