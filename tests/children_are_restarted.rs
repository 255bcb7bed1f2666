//! Supervisors restart their children, as OTP's do.

#[path = "support/crew.rs"]
mod crew;
mod support;

use std::sync::{Arc, Mutex};

use crew::{Hand, HandHandle, Log, Worker};
use support::{eventually, within};
use zctor::prelude::*;
use zctor::{ChildState, ExitReason};

#[supervisor(strategy = one_for_one, max_restarts = 10)]
enum Shop {
    #[child]
    Stock(Hand),
    #[child(restart = transient)]
    Till(Hand),
    #[child(count = 2)]
    Packer(Hand),
}

struct Premises {
    log: Log,
    failures: Arc<Mutex<u32>>,
}

impl Premises {
    fn new(log: &Log) -> Premises {
        Premises {
            log: log.clone(),
            failures: Arc::default(),
        }
    }
}

impl ShopChildren for Premises {
    fn stock(&mut self, _: &ShopHandle) -> Child<Hand> {
        Hand::child(Worker::new("stock", &self.log).failing(&self.failures))
    }

    fn till(&mut self, _: &ShopHandle) -> Child<Hand> {
        Hand::child(Worker::new("till", &self.log))
    }

    fn packer(&mut self, _: &ShopHandle, index: usize) -> Child<Hand> {
        Hand::child(Worker::new(format!("packer {index}"), &self.log))
    }
}

fn incarnation(hand: &HandHandle) -> u64 {
    hand.incarnation().wait().unwrap()
}

#[test]
fn they_start_in_order_and_stop_in_reverse() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let shop = Shop::start(&system, Premises::new(&log)).wait().unwrap();
        assert_eq!(
            log.take(),
            [
                "start stock",
                "start till",
                "start packer 0",
                "start packer 1"
            ]
        );
        let packer = shop.packer(1);
        shop.stop();
        let reason = shop.stopped().wait().unwrap();
        assert!(matches!(reason, ExitReason::Normal), "{reason}");
        let stops: Vec<_> = log.take();
        assert_eq!(
            stops,
            [
                "stop packer 1",
                "drop packer 1",
                "stop packer 0",
                "drop packer 0",
                "stop till",
                "drop till",
                "stop stock",
                "drop stock",
            ]
        );
        let reason = packer.stopped().wait().unwrap();
        assert!(matches!(reason, ExitReason::Shutdown), "{reason}");
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_crashed_one_has_a_new_state_and_the_same_handle() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let shop = Shop::start(&system, Premises::new(&log)).wait().unwrap();
        log.take();
        let stock = shop.stock();
        stock.panic().unwrap();
        stock.note("behind the panic".into()).unwrap();
        assert_eq!(incarnation(&stock), 2);
        assert_eq!(
            log.take(),
            ["drop stock", "start stock", "behind the panic"]
        );
        stock.fail().unwrap();
        assert_eq!(incarnation(&shop.stock()), 3);
        assert_eq!(stock, shop.stock());
        let info = &shop.which_children()[0];
        assert_eq!((info.restarts(), info.incarnation()), (2, 3));
        assert_eq!(info.state(), ChildState::Running);
        assert!(info.last_restart().is_some());
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn when_depends_on_how_it_ended() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let shop = Shop::start(&system, Premises::new(&log)).wait().unwrap();
        log.take();
        // A permanent one always is.
        let stock = shop.stock();
        stock.stop();
        eventually("restarted after a stop", || {
            shop.which_children()[0].restarts() == 1
        });
        assert_eq!(incarnation(&stock), 2);
        stock.kill();
        eventually("restarted after a kill", || {
            shop.which_children()[0].restarts() == 2
        });
        assert_eq!(incarnation(&stock), 3);
        stock.leave_for("home".into()).unwrap();
        eventually("restarted after a shutdown", || {
            shop.which_children()[0].restarts() == 3
        });
        // A transient one is not after an orderly end.
        let till = shop.till();
        till.fail().unwrap();
        assert_eq!(incarnation(&till), 2);
        till.leave().unwrap();
        assert!(matches!(till.stopped().wait().unwrap(), ExitReason::Normal));
        eventually("seen to have stopped", || {
            shop.which_children()[1].state() == ChildState::Stopped
        });
        shop.restart_child(ShopChild::Till).wait().unwrap();
        assert_ne!(till, shop.till());
        assert_eq!(incarnation(&shop.till()), 1);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_restart_that_fails_is_tried_again() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let premises = Premises::new(&log);
        let failures = Arc::clone(&premises.failures);
        let shop = Shop::start(&system, premises).wait().unwrap();
        log.take();
        *failures.lock().unwrap() = 3;
        shop.stock().panic().unwrap();
        assert_eq!(incarnation(&shop.stock()), 5);
        let failed = ["failed stock", "drop stock"];
        let mut expected = vec!["drop stock"];
        (0..3).for_each(|_| expected.extend(failed));
        expected.push("start stock");
        assert_eq!(log.take(), expected);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn one_too_many_and_the_supervisor_gives_up() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let shop = Shop::start(&system, Premises::new(&log)).wait().unwrap();
        let stock = shop.stock();
        for _ in 0..10 {
            stock.panic().unwrap();
        }
        assert_eq!(incarnation(&stock), 11);
        stock.panic().unwrap();
        let reason = shop.stopped().wait().unwrap();
        assert!(
            reason.to_string().contains("more than 10 restarts"),
            "{reason}"
        );
        assert!(!stock.is_alive() && !shop.till().is_alive());
        assert!(stock.ping().wait().unwrap_err().is_stopped());
        system.shutdown().wait().unwrap();
    });
}

/// The factory of the first stops the second, which has mail and has not begun.
#[supervisor(strategy = one_for_one, max_restarts = 10)]
enum Stall {
    #[child]
    First(Hand),
    #[child(restart = transient)]
    Second(Hand),
    #[child]
    Third(Hand),
}

struct Hasty(Log);

impl StallChildren for Hasty {
    fn first(&mut self, stall: &StallHandle) -> Child<Hand> {
        for hand in [stall.second(), stall.third()] {
            hand.note("before".to_owned()).unwrap();
            hand.stop();
            assert!(hand.note("after".to_owned()).is_err());
        }
        Hand::child(Worker::new("first", &self.0))
    }

    fn second(&mut self, _: &StallHandle) -> Child<Hand> {
        Hand::child(Worker::new("second", &self.0))
    }

    fn third(&mut self, _: &StallHandle) -> Child<Hand> {
        Hand::child(Worker::new("third", &self.0))
    }
}

#[test]
fn one_that_is_stopped_before_it_has_begun_stops_when_it_has() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let stall = Stall::start(&system, Hasty(log.clone())).wait().unwrap();
        let third = stall.third();
        // A permanent one is restarted, a transient one has ended.
        eventually("it is restarted", || {
            stall.which_children()[2].restarts() == 1
        });
        assert_eq!(incarnation(&third), 2);
        stall.second().stopped().wait().unwrap();
        let of = |name: &str| {
            let said = log.take().into_iter();
            said.filter(|line| line.ends_with(name)).collect::<Vec<_>>()
        };
        assert_eq!(of("second"), ["start second", "stop second", "drop second"]);
        assert!(!stall.second().is_alive());
        let children = stall.which_children();
        assert_eq!(children[1].state(), ChildState::Stopped);
        assert_eq!(children[0].restarts(), 0);
        system.shutdown().wait().unwrap();
    });
}
