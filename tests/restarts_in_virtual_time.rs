//! Windows and backoff, on the clock of a simulation: exact, and the same in
//! each run.

#[path = "support/crew.rs"]
mod crew;
mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crew::{Hand, HandHandle, Log, Worker};
use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{ChildState, ExitReason};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

#[supervisor(max_restarts = 2, within = "10s")]
enum Shop {
    #[child]
    Till(Hand),
}

#[supervisor(
    max_restarts = 1000,
    within = "10h",
    backoff(min = "100ms", max = "2s")
)]
enum Patient {
    #[child(count = 2)]
    Till(Hand),
}

#[supervisor(strategy = one_for_all, max_restarts = 1000, backoff(min = "1s", max = "1s"))]
enum Together {
    #[child]
    First(Hand),
    #[child]
    Second(Hand),
}

#[derive(Default)]
struct Plan {
    log: Log,
    failures: Arc<Mutex<u32>>,
}

impl Plan {
    fn hand(&self, name: &str) -> Child<Hand> {
        Hand::child(Worker::new(name, &self.log).failing(&self.failures))
    }
}

impl ShopChildren for Plan {
    fn till(&mut self, _: &ShopHandle) -> Child<Hand> {
        self.hand("till")
    }
}

impl PatientChildren for Plan {
    fn till(&mut self, _: &PatientHandle, index: usize) -> Child<Hand> {
        self.hand(if index == 0 { "till" } else { "other" })
    }
}

impl TogetherChildren for Plan {
    fn first(&mut self, _: &TogetherHandle) -> Child<Hand> {
        self.hand("first")
    }
    fn second(&mut self, _: &TogetherHandle) -> Child<Hand> {
        self.hand("second")
    }
}

fn crash(sim: &Sim, hand: &HandHandle) {
    hand.fail().unwrap();
    sim.run_until_idle();
}

#[test]
fn the_window_slides() {
    within(30, || {
        let sim = Sim::new(1);
        let shop = sim
            .block_on(Shop::start(sim.system(), Plan::default()))
            .unwrap()
            .unwrap();
        let till = shop.till();
        // Two in each window of 10 s, for an hour.
        for _ in 0..360 {
            crash(&sim, &till);
            sim.advance(4 * SECOND);
            crash(&sim, &till);
            sim.advance(6 * SECOND + Duration::from_nanos(1));
        }
        assert!(shop.is_alive());
        // The ends of the window count.
        crash(&sim, &till);
        sim.advance(5 * SECOND);
        crash(&sim, &till);
        sim.advance(5 * SECOND);
        crash(&sim, &till);
        assert!(!shop.is_alive());
        let reason = sim.block_on(shop.stopped()).unwrap();
        assert!(matches!(reason, ExitReason::ShutdownFor(_)), "{reason}");
    });
}

/// How long after each crash of the same child it runs again.
fn delays(seed: u64, crashes: u32) -> Vec<Duration> {
    let sim = Sim::new(seed);
    let patient = sim
        .block_on(Patient::start(sim.system(), Plan::default()))
        .unwrap()
        .unwrap();
    let till = patient.till(0);
    (0..crashes)
        .map(|_| {
            let began = sim.elapsed();
            crash(&sim, &till);
            assert_eq!(patient.which_children()[0].state(), ChildState::Restarting);
            assert_eq!(patient.which_children()[1].state(), ChildState::Running);
            sim.block_on(till.ping()).unwrap().unwrap();
            sim.elapsed() - began
        })
        .collect()
}

#[test]
fn the_delay_doubles_with_jitter_up_to_the_most() {
    within(30, || {
        for seed in 0..50 {
            let delays = delays(seed, 7);
            for (delay, most) in delays.iter().zip([100, 200, 400, 800, 1600, 2000, 2000]) {
                let most = most * MS;
                assert!(most / 2 <= *delay && *delay <= most, "{seed}: {delays:?}");
            }
        }
        assert_ne!(delays(1, 5), delays(2, 5), "at random");
        assert_eq!(delays(1, 5), delays(1, 5), "from the seed");
    });
}

#[test]
fn one_that_was_up_for_long_starts_over() {
    within(30, || {
        let sim = Sim::new(1);
        let patient = sim
            .block_on(Patient::start(sim.system(), Plan::default()))
            .unwrap()
            .unwrap();
        let till = patient.till(0);
        for _ in 0..5 {
            crash(&sim, &till);
            sim.advance(2 * SECOND);
        }
        sim.advance(2 * SECOND);
        crash(&sim, &till);
        sim.advance(100 * MS);
        assert_eq!(patient.which_children()[0].state(), ChildState::Running);
    });
}

#[test]
fn one_exists_afterwards_and_mail_waits_for_it() {
    within(30, || {
        let sim = Sim::new(1);
        let plan = Plan::default();
        let (log, failures) = (plan.log.clone(), Arc::clone(&plan.failures));
        let patient = sim
            .block_on(Patient::start(sim.system(), plan))
            .unwrap()
            .unwrap();
        let till = patient.till(0);
        log.take();
        *failures.lock().unwrap() = 3;
        crash(&sim, &till);
        for n in 0..10 {
            till.note(format!("{n}")).unwrap();
            sim.advance(50 * MS);
        }
        sim.advance(10 * SECOND);
        let lines = log.take();
        let starts = lines.iter().filter(|line| *line == "start till").count();
        let failed = lines.iter().filter(|line| *line == "failed till").count();
        assert_eq!((starts, failed), (1, 3), "{lines:?}");
        let notes: Vec<_> = lines
            .iter()
            .filter(|line| line.parse::<u32>().is_ok())
            .collect();
        assert_eq!(notes, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
        // A crash of the other during the delay changes nothing for it.
        crash(&sim, &till);
        crash(&sim, &patient.till(1));
        sim.advance(20 * SECOND);
        assert_eq!(patient.count_children().active(), 2);
    });
}

#[test]
fn a_stop_during_the_delay_is_prompt() {
    within(30, || {
        let sim = Sim::new(1);
        let plan = Plan::default();
        let patient = sim
            .block_on(Patient::start(sim.system(), plan))
            .unwrap()
            .unwrap();
        let till = patient.till(0);
        for _ in 0..6 {
            crash(&sim, &till);
            sim.block_on(till.ping()).unwrap().unwrap();
        }
        crash(&sim, &till);
        let before = sim.elapsed();
        let asked = till.ping().send();
        patient.stop();
        sim.block_on(patient.stopped()).unwrap();
        assert_eq!(sim.elapsed(), before);
        assert!(sim.block_on(asked).unwrap().unwrap_err().is_stopped());
        assert_eq!(sim.system().actor_count(), 0);
    });
}

#[test]
fn a_terminated_one_does_not_come_back_when_the_delay_is_over() {
    within(30, || {
        let sim = Sim::new(1);
        let patient = sim
            .block_on(Patient::start(sim.system(), Plan::default()))
            .unwrap()
            .unwrap();
        let till = patient.till(0);
        crash(&sim, &till);
        let error = sim
            .block_on(patient.restart_child("till[0]"))
            .unwrap()
            .unwrap_err();
        assert!(
            error.to_string().contains("is about to be restarted"),
            "{error}"
        );
        sim.block_on(patient.terminate_child(PatientChild::Till(0)))
            .unwrap()
            .unwrap();
        sim.advance(10 * SECOND);
        assert!(!till.is_alive());
        sim.block_on(patient.restart_child(PatientChild::Till(0)))
            .unwrap()
            .unwrap();
        assert!(patient.till(0).is_alive());
    });
}

/// The group is stopped at once, and started when the delay is over.
#[test]
fn a_group_waits_together() {
    within(30, || {
        for seed in 0..50 {
            let sim = Sim::new(seed);
            let plan = Plan::default();
            let log = plan.log.clone();
            let together = sim
                .block_on(Together::start(sim.system(), plan))
                .unwrap()
                .unwrap();
            log.take();
            crash(&sim, &together.second());
            let mut lines = log.take();
            lines.retain(|line| !line.starts_with("drop"));
            assert_eq!(lines, ["stop first"]);
            let states = |state| {
                let children = together.which_children();
                children.iter().all(|child| child.state() == state)
            };
            assert!(states(ChildState::Restarting));
            sim.advance(SECOND);
            assert_eq!(log.take(), ["start first", "start second"]);
            assert!(states(ChildState::Running));
        }
    });
}

/// The same seed, the same story; another one, the same end.
#[test]
fn a_simulated_tree_repeats_itself() {
    fn story(seed: u64) -> (Vec<String>, u64) {
        let sim = Sim::new(seed);
        let plan = Plan::default();
        let log = plan.log.clone();
        let patient = sim
            .block_on(Patient::start(sim.system(), plan))
            .unwrap()
            .unwrap();
        for n in 0..20 {
            patient.till(n % 2).fail().unwrap();
            patient.till(n % 2).note(format!("note {n}")).unwrap();
            sim.advance(300 * MS);
        }
        sim.advance(100 * SECOND);
        (log.take(), sim.steps())
    }
    within(30, || {
        for seed in 0..20 {
            assert_eq!(story(seed), story(seed));
            let (lines, _) = story(seed);
            let notes = lines.iter().filter(|line| line.starts_with("note"));
            assert_eq!(notes.count(), 20);
        }
    });
}
