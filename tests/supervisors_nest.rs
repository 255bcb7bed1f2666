//! Trees: supervisors as children of supervisors.

#[path = "support/crew.rs"]
mod crew;
mod support;

use std::sync::{Arc, Mutex};

use crew::{Hand, Log, Worker};
use support::{eventually, within};
use zctor::prelude::*;
use zctor::{ChildError, ExitReason, StartError};

#[supervisor(max_restarts = 2)]
enum Kitchen {
    #[child]
    Oven(Hand),
    #[child]
    Cook(Hand),
    Panic,
    #[reply(usize)]
    Plates,
}

#[supervisor(strategy = one_for_all, max_restarts = 5)]
enum House {
    #[child]
    Door(Hand),
    #[child]
    Kitchen(Kitchen),
}

#[derive(Clone, Default)]
struct Plan {
    log: Log,
    failures: Arc<Mutex<u32>>,
}

impl KitchenChildren for Plan {
    fn oven(&mut self, _: &KitchenHandle) -> Child<Hand> {
        Hand::child(Worker::new("oven", &self.log).failing(&self.failures))
    }
    fn cook(&mut self, _: &KitchenHandle) -> Child<Hand> {
        Hand::child(Worker::new("cook", &self.log))
    }
}

#[handlers]
impl KitchenActor for Plan {
    fn on_start(&mut self) {
        self.log.say("start kitchen");
    }
    fn on_stop(&mut self) {
        self.log.say("stop kitchen");
    }
    fn panic(&mut self) {
        panic!("fire");
    }
    fn plates(&self) -> usize {
        12
    }
}

impl HouseChildren for Plan {
    fn door(&mut self, _: &HouseHandle) -> Child<Hand> {
        Hand::child(Worker::new("door", &self.log))
    }
    fn kitchen(&mut self, _: &HouseHandle) -> Child<Kitchen> {
        Kitchen::child(self.clone())
    }
}

fn starts_and_stops(log: &Log) -> Vec<String> {
    let mut all = log.take();
    all.retain(|line| !line.starts_with("drop"));
    all
}

#[test]
fn every_handle_is_valid_before_the_first_start() {
    within(30, || {
        let system = System::new().unwrap();
        let plan = Plan::default();
        let log = plan.log.clone();
        let house = House::spawn(&system, plan);
        // Whether or not they have started yet.
        let cook = house.kitchen().cook();
        cook.note("supper".into()).unwrap();
        assert_eq!(house.kitchen().plates().wait().unwrap(), 12);
        house.started().wait().unwrap();
        cook.ping().wait().unwrap();
        assert_eq!(
            log.take(),
            [
                "start door",
                "start kitchen",
                "start oven",
                "start cook",
                "supper"
            ]
        );
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_failing_start_stops_what_was_started_and_says_who_it_was() {
    within(30, || {
        let system = System::new().unwrap();
        let plan = Plan::default();
        *plan.failures.lock().unwrap() = 1;
        let log = plan.log.clone();
        let error = House::start(&system, plan).wait().unwrap_err();
        let text = error.to_string();
        assert_eq!(
            text,
            "the actor House#1 did not start: crashed at the start of its children: \
             the child `kitchen` of House#1, Kitchen#3, did not start: crashed at the start of its children: \
             the child `oven` of Kitchen#3 \"kitchen\", Hand#4, did not start: crashed in `on_start`: not today"
        );
        let StartError::Crashed(crash) = error else {
            panic!("{error}");
        };
        let inner = crash.failure().unwrap().downcast_ref::<ChildError>();
        assert!(
            matches!(inner, Some(ChildError::NotStarted { child, .. }) if child.as_str() == "kitchen")
        );
        let told = starts_and_stops(&log);
        assert_eq!(
            told,
            ["start door", "start kitchen", "failed oven", "stop door"]
        );
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

/// The crash of a supervisor is one of its parent's children; the whole tree
/// under it keeps its mailboxes.
#[test]
fn a_crashed_supervisor_is_restarted_with_its_tree() {
    within(30, || {
        let system = System::new().unwrap();
        let plan = Plan::default();
        let log = plan.log.clone();
        let house = House::start(&system, plan).wait().unwrap();
        let (kitchen, cook) = (house.kitchen(), house.kitchen().cook());
        log.take();
        kitchen.panic().unwrap();
        cook.ping().wait().unwrap();
        kitchen.plates().wait().unwrap();
        assert_eq!(
            (kitchen.clone(), cook.clone()),
            (house.kitchen(), house.kitchen().cook())
        );
        eventually("the cook's second life", || {
            cook.incarnation().wait().unwrap() == 2
        });
        assert_eq!(house.door().incarnation().wait().unwrap(), 2);
        assert_eq!(
            starts_and_stops(&log),
            [
                "stop cook",
                "stop oven",
                "stop door",
                "start door",
                "start kitchen",
                "start oven",
                "start cook"
            ]
        );
        system.shutdown().wait().unwrap();
    });
}

/// One that has used up its restarts ends with a shutdown, and its parent
/// decides: permanent, it is restarted.
#[test]
fn one_that_gives_up_is_restarted_by_its_parent() {
    within(30, || {
        let system = System::new().unwrap();
        let house = House::start(&system, Plan::default()).wait().unwrap();
        let oven = house.kitchen().oven();
        for _ in 0..3 {
            oven.panic().unwrap();
        }
        oven.note("still here".into()).unwrap();
        eventually("the house has restarted its kitchen", || {
            house.which_children()[1].restarts() == 1
        });
        oven.ping().wait().unwrap();
        assert_eq!(oven.incarnation().wait().unwrap(), 4);
        assert_eq!(house.kitchen().which_children()[0].incarnation(), 4);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn through_all_levels_until_nobody_is_left_to_decide() {
    within(60, || {
        let system = System::new().unwrap();
        let house = House::start(&system, Plan::default()).wait().unwrap();
        let oven = house.kitchen().oven();
        // Each third crash is one of the kitchen, and six of those too many.
        for _ in 0..18 {
            if oven.panic().is_err() {
                break;
            }
        }
        let reason = house.stopped().wait().unwrap();
        assert!(reason.to_string().contains("gave up"), "{reason}");
        assert!(reason.is_orderly(), "as OTP has it, this is a shutdown");
        assert!(!oven.is_alive());
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[supervisor(auto_shutdown = any_significant)]
enum Job {
    #[child(restart = transient, significant)]
    Kitchen(Kitchen),
    #[child]
    Guard(Hand),
}

impl JobChildren for Plan {
    fn kitchen(&mut self, _: &JobHandle) -> Child<Kitchen> {
        Kitchen::child(self.clone())
    }
    fn guard(&mut self, _: &JobHandle) -> Child<Hand> {
        Hand::child(Worker::new("guard", &self.log))
    }
}

#[test]
fn a_transient_one_that_gives_up_is_not_restarted_and_may_end_its_parent() {
    within(30, || {
        let system = System::new().unwrap();
        let job = Job::start(&system, Plan::default()).wait().unwrap();
        let (kitchen, guard) = (job.kitchen(), job.guard());
        for _ in 0..3 {
            kitchen.oven().panic().unwrap();
        }
        let reason = job.stopped().wait().unwrap();
        assert!(
            reason
                .to_string()
                .starts_with("was shut down: its significant child `kitchen` has ended"),
            "{reason}"
        );
        assert!(matches!(
            kitchen.stopped().wait().unwrap(),
            ExitReason::ShutdownFor(_)
        ));
        assert!(matches!(
            guard.stopped().wait().unwrap(),
            ExitReason::Shutdown
        ));
        system.shutdown().wait().unwrap();
    });
}

#[supervisor(auto_shutdown = all_significant)]
enum Tasks {
    #[child(restart = transient, significant)]
    First(Hand),
    #[child(restart = temporary, significant)]
    Second(Hand),
    #[child(restart = transient, significant)]
    Third(Hand),
    #[child]
    Other(Hand),
}

impl TasksChildren for Plan {
    fn first(&mut self, _: &TasksHandle) -> Child<Hand> {
        Hand::child(Worker::new("first", &self.log))
    }
    fn second(&mut self, _: &TasksHandle) -> Child<Hand> {
        Hand::child(Worker::new("second", &self.log))
    }
    fn third(&mut self, _: &TasksHandle) -> Child<Hand> {
        Hand::child(Worker::new("third", &self.log))
    }
    fn other(&mut self, _: &TasksHandle) -> Child<Hand> {
        Hand::child(Worker::new("other", &self.log))
    }
}

/// `terminate_child` ends no supervisor, but its child counts as ended.
#[test]
fn the_last_significant_child_ends_its_supervisor() {
    within(30, || {
        let system = System::new().unwrap();
        let tasks = Tasks::start(&system, Plan::default()).wait().unwrap();
        tasks.first().leave().unwrap();
        tasks.second().panic().unwrap();
        eventually("two have ended", || tasks.count_children().active() == 2);
        tasks.third().panic().unwrap();
        tasks.third().ping().wait().unwrap();
        assert!(tasks.is_alive());
        tasks.restart_child(TasksChild::First).wait().unwrap();
        tasks.terminate_child(TasksChild::Third).wait().unwrap();
        assert!(tasks.is_alive());
        tasks.first().leave_for("done".into()).unwrap();
        let reason = tasks.stopped().wait().unwrap();
        assert_eq!(
            reason.to_string(),
            "was shut down: its significant child `first` has ended: was shut down: done"
        );
        system.shutdown().wait().unwrap();
    });
}
