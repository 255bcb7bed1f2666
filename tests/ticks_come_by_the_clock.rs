//! `#[every]`: an actor's ticks come while it lives, at most one at a time.

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;

const MS: Duration = Duration::from_millis(1);

/// When the ticks came, after the start of their state.
type Trace = Arc<Mutex<Vec<Duration>>>;

#[actor]
enum Clock {
    #[every("10ms")]
    #[internal]
    Tick,
    #[every("1s")]
    Second,
    /// A handler that takes so long.
    Dally(Duration),
    Crash,
    #[reply(usize)]
    Seconds,
}

struct Hand {
    began: Option<Instant>,
    ticks: Trace,
    seconds: usize,
}

impl Hand {
    fn new(ticks: &Trace) -> Hand {
        Hand {
            began: None,
            ticks: Arc::clone(ticks),
            seconds: 0,
        }
    }
}

#[handlers]
impl ClockActor for Hand {
    async fn on_start(&mut self, ctx: &mut Context<Clock>) {
        ctx.system().sleep(3 * MS).await;
        self.began = Some(ctx.now());
    }
    fn tick(&mut self, ctx: &mut Context<Clock>) {
        if let Some(began) = self.began {
            self.ticks.lock().unwrap().push(ctx.now() - began);
        }
    }
    fn second(&mut self) {
        self.seconds += 1;
    }
    async fn dally(&mut self, value: Duration, ctx: &mut Context<Clock>) {
        ctx.system().sleep(value).await;
    }
    fn crash(&mut self) -> Result<(), std::fmt::Error> {
        Err(std::fmt::Error)
    }
    fn seconds(&mut self) -> usize {
        self.seconds
    }
}

#[supervisor]
enum Tower {
    #[child]
    Clock(Clock),
}

impl TowerChildren for Trace {
    fn clock(&mut self, _: &TowerHandle) -> Child<Clock> {
        Clock::child(Hand::new(self))
    }
}

fn millis(trace: &Trace) -> Vec<u128> {
    let trace = trace.lock().unwrap();
    trace.iter().map(Duration::as_millis).collect()
}

#[test]
fn they_come_a_period_after_the_start_and_then_every_period() {
    within(60, || {
        for seed in 0..1_000 {
            let (sim, trace) = (Sim::new(seed), Trace::default());
            let clock = Clock::spawn(sim.system(), Hand::new(&trace));
            sim.advance(48 * MS);
            assert_eq!(millis(&trace), [10, 20, 30, 40], "seed {seed}");
            clock.second().unwrap();
            sim.advance(10 * Duration::from_secs(1));
            let seconds = sim.block_on(clock.seconds()).unwrap().unwrap();
            assert_eq!(seconds, 11, "ten of the clock, one by hand");
        }
    });
}

#[test]
fn the_missed_ones_are_left_out_and_one_waits_at_most() {
    within(60, || {
        let (sim, trace) = (Sim::new(1), Trace::default());
        let clock = Clock::spawn(sim.system(), Hand::new(&trace));
        sim.advance(4 * MS);
        clock.dally(55 * MS).unwrap();
        sim.advance(82 * MS);
        // It dallied from 1 to 56: the tick of 10 waited, those of 20 to 50
        // were never there.
        assert_eq!(millis(&trace), [56, 60, 70, 80]);
    });
}

#[test]
fn a_restarted_actor_ticks_anew_and_only_once_a_period() {
    within(60, || {
        for seed in 0..200 {
            let (sim, trace) = (Sim::new(seed), Trace::default());
            // Crashes are told here, and not on stderr.
            let _events = sim.system().events();
            let tower = Tower::start(sim.system(), Arc::clone(&trace));
            let tower = sim.block_on(tower).unwrap().unwrap();
            sim.advance(15 * MS);
            let before = millis(&trace).len();
            tower.clock().crash().unwrap();
            sim.advance(48 * MS);
            assert_eq!(millis(&trace)[before..], [10, 20, 30, 40], "seed {seed}");
        }
    });
}

#[test]
fn they_end_with_the_actor_and_do_not_keep_it_alive() {
    within(60, || {
        let (sim, trace) = (Sim::new(7), Trace::default());
        let clock = Clock::spawn(sim.system(), Hand::new(&trace));
        let stopped = clock.stopped();
        sim.advance(15 * MS);
        drop(clock);
        assert!(sim.block_on(stopped).unwrap().is_orderly());
        let before = trace.lock().unwrap().len();
        sim.advance(100 * MS);
        assert_eq!(trace.lock().unwrap().len(), before);
    });
}

#[test]
fn they_are_counted_as_handled() {
    within(60, || {
        let (sim, trace) = (Sim::new(7), Trace::default());
        let clock = Clock::spawn(sim.system(), Hand::new(&trace));
        sim.advance(45 * MS);
        let stats = clock.stats();
        assert_eq!((stats.handled(), stats.queued()), (4, 0));
    });
}

#[test]
fn they_come_on_real_threads_too() {
    within(60, || {
        let (system, trace) = (System::new().unwrap(), Trace::default());
        let clock = Clock::spawn(&system, Hand::new(&trace));
        support::eventually("five ticks", || trace.lock().unwrap().len() >= 5);
        let first = trace.lock().unwrap()[0];
        assert!(first >= 10 * MS, "{first:?}");
        drop(clock);
        system.shutdown().wait().unwrap();
    });
}
