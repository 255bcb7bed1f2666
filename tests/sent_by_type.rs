//! Messages that are sent by their type: to one of the actors of that protocol,
//! or to all.

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;

use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{ActorId, NotSent, SendError};

#[actor]
#[derive(Clone)]
enum Counter {
    Add {
        by: u64,
    },
    Hold(Gate),
    Crash,
    #[reply(u64)]
    Get,
}

#[derive(Clone, Default)]
struct Tally(Arc<AtomicU64>);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: u64) {
        self.0.fetch_add(by, SeqCst);
    }
    fn hold(&mut self, value: Gate) {
        value.pass();
    }
    fn crash(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("on purpose"))
    }
    fn get(&self) -> u64 {
        self.0.load(SeqCst)
    }
}

/// Others, of which nobody is to be mistaken for the first.
#[actor(mailbox = 1, overflow = reject)]
#[derive(Clone)]
enum Small {
    Add { by: u64 },
    Hold(Gate),
}

#[handlers]
impl SmallActor for Tally {
    fn add(&mut self, by: u64) {
        self.0.fetch_add(by, SeqCst);
    }
    fn hold(&mut self, value: Gate) {
        value.pass();
    }
}

fn quiet() -> System {
    System::builder().workers(2).quiet().build().unwrap()
}

fn counters(system: &System, number: usize) -> Vec<CounterHandle> {
    let spawn = |_| Counter::spawn(system, Tally::default());
    (0..number).map(spawn).collect()
}

fn add(system: &System) -> Result<ActorId, SendError<Counter>> {
    system.send(Counter::Add { by: 1 })
}

#[test]
fn they_take_turns_in_the_order_of_their_spawns() {
    within(30, || {
        let system = quiet();
        let _other = Small::spawn(&system, Tally::default());
        let all = counters(&system, 3);
        let chosen: Vec<_> = (0..6).map(|_| add(&system).unwrap()).collect();
        let ids: Vec<_> = all.iter().chain(&all).map(|counter| counter.id()).collect();
        assert_eq!(chosen, ids);
        for counter in &all {
            assert_eq!(counter.get().wait().unwrap(), 2);
        }
        // Those that come later are among them, those that have gone are not.
        let late = Counter::spawn(&system, Tally::default());
        all[0].stop();
        all[0].stopped().wait().unwrap();
        let chosen: BTreeSet<_> = (0..3).map(|_| add(&system).unwrap()).collect();
        let ids = [&all[1], &all[2], &late].map(|counter| counter.id());
        assert_eq!(chosen, BTreeSet::from(ids));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn without_an_actor_the_message_comes_back() {
    within(30, || {
        let system = System::builder().name("empty").quiet().build().unwrap();
        let _other = Small::spawn(&system, Tally::default());
        let error = system.send(Counter::Add { by: 7 }).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Add` was not sent: there is no actor of `Counter` in the system `empty`"
        );
        assert_eq!(
            (error.reason(), error.message_name()),
            (NotSent::NoActor, "Add")
        );
        assert!(matches!(error.into_message(), Counter::Add { by: 7 }));
        let error = system.broadcast(Counter::Add { by: 8 }).unwrap_err();
        assert!(matches!(error.into_message(), Counter::Add { by: 8 }));
        // It converts as every error does.
        let failure = Failure::from(add(&system).unwrap_err());
        assert!(failure.to_string().contains("Counter"));
        // Later there is one, and then none again.
        let counter = Counter::spawn(&system, Tally::default());
        assert_eq!(add(&system).unwrap(), counter.id());
        counter.stop();
        counter.stopped().wait().unwrap();
        assert_eq!(add(&system).unwrap_err().reason(), NotSent::NoActor);
        system.shutdown().wait().unwrap();
        assert_eq!(add(&system).unwrap_err().reason(), NotSent::NoActor);
    });
}

#[test]
fn who_does_not_take_it_is_passed_over() {
    within(30, || {
        let system = quiet();
        let gate = Gate::default();
        let all: Vec<_> = (0..2)
            .map(|_| Small::spawn(&system, Tally::default()))
            .collect();
        all[0].hold(gate.clone()).unwrap();
        gate.await_arrival();
        eventually("it has room", || all[0].queued() == 0);
        all[0].add(1).unwrap();
        for sent in 1..=4 {
            assert_eq!(system.send(Small::Add { by: 1 }).unwrap(), all[1].id());
            eventually("it has room", || {
                all[1].stats().handled() == sent && all[1].queued() == 0
            });
        }
        let other = Gate::default();
        all[1].hold(other.clone()).unwrap();
        other.await_arrival();
        eventually("it has room", || all[1].queued() == 0);
        all[1].add(1).unwrap();
        let error = system.send(Small::Add { by: 1 }).unwrap_err();
        assert_eq!(error.reason(), NotSent::Full);
        assert!(error.to_string().contains("are full"), "{error}");
        // To all: each says so for itself.
        let report = system.broadcast(Small::Add { by: 1 }).unwrap();
        assert_eq!((report.delivered(), report.refused().len()), (0, 2));
        // One that was stopped and has mail left is alive, but takes none.
        let counters = counters(&system, 2);
        let third = Gate::default();
        counters[0].hold(third.clone()).unwrap();
        counters[0].stop();
        for _ in 0..3 {
            assert_eq!(add(&system).unwrap(), counters[1].id());
        }
        [gate, other, third].iter().for_each(Gate::open);
        system.shutdown().wait().unwrap();
    });
}

/// The turn of one that is passed over is nobody's: the others go on in turn.
#[test]
fn who_stands_in_for_another_has_had_its_turn() {
    within(30, || {
        let system = quiet();
        let all = counters(&system, 4);
        let gate = Gate::default();
        all[1].hold(gate.clone()).unwrap();
        all[1].stop();
        let chosen: Vec<_> = (0..9).map(|_| add(&system).unwrap()).collect();
        let [first, third, fourth] = [&all[0], &all[2], &all[3]].map(|one| one.id());
        assert_eq!(chosen, [first, third, fourth].repeat(3));
        gate.open();
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_broadcast_reaches_all_and_no_others() {
    within(30, || {
        let system = quiet();
        let others = Tally::default();
        let small = Small::spawn(&system, others.clone());
        let all = counters(&system, 5);
        let report = system.broadcast(Counter::Add { by: 3 }).unwrap();
        assert_eq!((report.delivered(), report.is_complete()), (5, true));
        for counter in &all {
            assert_eq!(counter.get().wait().unwrap(), 3);
        }
        assert_eq!((others.0.load(SeqCst), small.queued()), (0, 0));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn no_actor_is_kept_alive() {
    within(30, || {
        let system = quiet();
        let tally = Tally::default();
        let counter = Counter::spawn(&system, tally.clone());
        for _ in 0..100 {
            add(&system).unwrap();
        }
        let report = system.broadcast(Counter::Add { by: 100 }).unwrap();
        assert!(report.is_complete());
        assert_eq!(counter.holders(), 1);
        let (weak, stopped) = (counter.downgrade(), counter.stopped());
        drop(counter);
        stopped.wait().unwrap();
        assert!(weak.upgrade().is_none());
        // What it was sent before it handles.
        assert_eq!(tally.0.load(SeqCst), 200);
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[supervisor(max_restarts = 100)]
enum Bank {
    #[child(count = 2)]
    Counter(Counter),
}
struct Building(Tally);
impl BankChildren for Building {
    fn counter(&mut self, _: &BankHandle, _index: usize) -> Child<Counter> {
        Counter::child(self.0.clone())
    }
}

#[test]
fn children_and_workers_are_among_them() {
    within(30, || {
        let system = quiet();
        let tally = Tally::default();
        let bank = Bank::start(&system, Building(tally.clone()))
            .wait()
            .unwrap();
        let workers = tally.clone();
        let pool = Counter::pool(&system, 2, move |_| workers.clone());
        pool.started().wait().unwrap();
        let report = system.broadcast(Counter::Add { by: 1 }).unwrap();
        assert_eq!(report.delivered(), 4);
        // One that has crashed keeps its place, and its mail.
        bank.counter(0).crash().unwrap();
        let to: BTreeSet<_> = (0..8).map(|_| add(&system).unwrap()).collect();
        assert_eq!(to.len(), 4);
        eventually("all have done theirs", || tally.0.load(SeqCst) == 12);
        // A pool is no actor of that protocol itself.
        assert!(to.contains(&bank.counter(1).id()) && !to.contains(&pool.actor().id()));
        system.shutdown().wait().unwrap();
    });
}

/// Sends, while actors come and go.
#[test]
fn nothing_is_lost_while_actors_come_and_go() {
    within(60, || {
        let system = quiet();
        let tally = Tally::default();
        let (sent, returned) = (AtomicU64::new(0), AtomicU64::new(0));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..10_000 {
                        sent.fetch_add(1, SeqCst);
                        returned.fetch_add(u64::from(add(&system).is_err()), SeqCst);
                    }
                });
            }
            scope.spawn(|| {
                for n in 0..2_000 {
                    let counter = Counter::spawn(&system, tally.clone());
                    if n % 3 == 0 {
                        counter.stop();
                    } else if n % 50 == 1 {
                        counter.detach();
                    }
                }
            });
        });
        system.shutdown().wait().unwrap();
        let (sent, returned) = (sent.load(SeqCst), returned.load(SeqCst));
        assert_eq!(sent, tally.0.load(SeqCst) + returned);
    });
}

#[test]
fn a_simulation_repeats_it() {
    let run = |seed| {
        let sim = Sim::new(seed);
        let _events = sim.system().events();
        let all = counters(sim.system(), 3);
        let mut to = Vec::new();
        for n in 0..30 {
            to.push(add(sim.system()).unwrap().get());
            if n % 7 == 3 {
                let _ = all[n % 3].crash();
                sim.run_until_idle();
            }
            if n % 4 == 0 {
                Counter::spawn(sim.system(), Tally::default()).detach();
            }
        }
        to
    };
    within(60, move || {
        for seed in 0..1_000 {
            assert_eq!(run(seed), run(0), "turns do not depend on the order");
        }
    });
}
