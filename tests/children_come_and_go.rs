//! Dynamic children, and the administration of OTP's supervisors.

#[path = "support/crew.rs"]
mod crew;
mod support;

use std::sync::{Arc, Mutex};

use crew::{Hand, Log, Worker};
use support::{eventually, within};
use zctor::prelude::*;
use zctor::{ChildError, ChildState, Restart};

#[supervisor(max_restarts = 10)]
enum Shop {
    #[child]
    Till(Hand),
    /// With a name that is no `Clone`.
    #[child(dynamic)]
    Visit(Hand, NotClone),
    #[child(dynamic, restart = transient)]
    Lodger(Hand, String, u32),
    #[child(dynamic)]
    Branch(Shop),
    /// Starts a visit from a handler.
    #[reply(HandHandle)]
    Enter(String),
    #[reply(u32)]
    Ping,
}

use crew::HandHandle;

struct NotClone(String);

#[derive(Clone, Default)]
struct Premises {
    log: Log,
    failures: Arc<Mutex<u32>>,
}

impl ShopChildren for Premises {
    fn till(&mut self, _: &ShopHandle) -> Child<Hand> {
        Hand::child(Worker::new("till", &self.log))
    }
    fn visit(&mut self, _: &ShopHandle, value: NotClone) -> Child<Hand> {
        Hand::child(Worker::new(value.0, &self.log).failing(&self.failures))
    }
    fn lodger(&mut self, _: &ShopHandle, name: String, number: u32) -> Child<Hand> {
        Hand::child(Worker::new(format!("{name} {number}"), &self.log))
    }
    fn branch(&mut self, _: &ShopHandle) -> Child<Shop> {
        Shop::child(self.clone())
    }
}

#[handlers]
impl ShopActor for Premises {
    fn enter(&mut self, value: String, ctx: &mut Context<Shop>) -> HandHandle {
        let visit = ctx.start_visit(NotClone(value));
        visit.note("welcome".into()).unwrap();
        visit
    }
    fn ping(&self) -> u32 {
        7
    }
}

fn names(shop: &ShopHandle) -> Vec<String> {
    let children = shop.which_children();
    children
        .iter()
        .map(|child| child.name().to_string())
        .collect()
}

#[test]
fn dynamic_ones_are_started_when_asked_for_and_forgotten_when_they_end() {
    within(30, || {
        let system = System::new().unwrap();
        let premises = Premises::default();
        let log = premises.log.clone();
        let shop = Shop::start(&system, premises).wait().unwrap();
        let ann = shop.start_visit(NotClone("ann".into())).wait().unwrap();
        let bob = shop.start_visit(NotClone("bob".into())).wait().unwrap();
        assert_eq!(log.take(), ["start till", "start ann", "start bob"]);
        assert_eq!(shop.visits(), [ann.clone(), bob.clone()]);
        let visit = |hand: &HandHandle| format!("visit{}", hand.id());
        assert_eq!(names(&shop), ["till".into(), visit(&ann), visit(&bob)]);
        ann.panic().unwrap();
        ann.stopped().wait().unwrap();
        eventually("forgotten", || shop.visits() == [bob.clone()]);
        shop.terminate_child(ShopChild::Visit(bob.id()))
            .wait()
            .unwrap();
        assert!(shop.visits().is_empty() && !bob.is_alive());
        let error = shop
            .restart_child(ShopChild::Visit(bob.id()))
            .wait()
            .unwrap_err();
        assert!(matches!(error, ChildError::NotFound { .. }), "{error}");
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn those_that_are_not_temporary_are_restarted_with_their_arguments() {
    within(30, || {
        let system = System::new().unwrap();
        let premises = Premises::default();
        let log = premises.log.clone();
        let shop = Shop::start(&system, premises).wait().unwrap();
        let eve = shop.start_lodger("eve".into(), 3).wait().unwrap();
        log.take();
        eve.panic().unwrap();
        assert_eq!(eve.incarnation().wait().unwrap(), 2);
        assert_eq!(log.take(), ["drop eve 3", "start eve 3"]);
        eve.leave().unwrap();
        eve.stopped().wait().unwrap();
        let lodger = ShopChild::Lodger(eve.id());
        eventually("stopped", || {
            shop.which_children()[1].state() == ChildState::Stopped
        });
        shop.restart_child(lodger).wait().unwrap();
        assert_eq!(shop.lodgers().len(), 1);
        shop.terminate_child(lodger).wait().unwrap();
        shop.delete_child(lodger).wait().unwrap();
        assert_eq!(names(&shop), ["till"]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_start_that_fails_leaves_nothing() {
    within(30, || {
        let system = System::new().unwrap();
        let premises = Premises::default();
        let failures = Arc::clone(&premises.failures);
        let shop = Shop::start(&system, premises).wait().unwrap();
        *failures.lock().unwrap() = 1;
        let error = shop.start_visit(NotClone("ann".into())).wait().unwrap_err();
        assert!(error.to_string().contains("not today"), "{error}");
        assert_eq!(names(&shop), ["till"]);
        assert_eq!(system.actor_count(), 2);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_handler_has_the_handle_at_once() {
    within(30, || {
        let system = System::new().unwrap();
        let premises = Premises::default();
        let log = premises.log.clone();
        let shop = Shop::start(&system, premises).wait().unwrap();
        let ann = shop.enter("ann".into()).wait().unwrap();
        ann.ping().wait().unwrap();
        assert_eq!(log.take(), ["start till", "start ann", "welcome"]);
        assert_eq!(shop.visits(), [ann]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_supervisor_may_have_itself_as_a_dynamic_child() {
    within(30, || {
        let system = System::new().unwrap();
        let shop = Shop::start(&system, Premises::default()).wait().unwrap();
        let branch = shop.start_branch().wait().unwrap();
        let twig = branch.start_branch().wait().unwrap();
        assert_eq!(twig.ping().wait().unwrap(), 7);
        twig.till().ping().wait().unwrap();
        shop.stop();
        shop.stopped().wait().unwrap();
        assert!(!twig.till().is_alive());
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn others_can_be_started_under_any_name() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let shop = Shop::start(&system, Premises::default()).wait().unwrap();
        let worker = {
            let log = log.clone();
            move || Worker::new("extra", &log)
        };
        let extra = shop.start_child("extra", Hand::child_with(worker.clone()));
        let extra = extra.wait().unwrap();
        extra.panic().unwrap();
        assert_eq!(extra.incarnation().wait().unwrap(), 2);
        for taken in ["extra", "till"] {
            let again = shop.start_child(taken, Hand::child_with(worker.clone()));
            let error = again.wait().unwrap_err();
            assert!(
                matches!(error, ChildError::AlreadyPresent { .. }),
                "{error}"
            );
        }
        let once = Hand::child(worker()).restart(Restart::Permanent);
        let error = shop.start_child("once", once).wait().unwrap_err();
        assert!(error.to_string().contains("child_with"), "{error}");
        let significant = Hand::child(worker()).significant();
        let error = shop.start_child("vip", significant).wait().unwrap_err();
        assert!(
            matches!(error, ChildError::NotSignificant { .. }),
            "{error}"
        );
        let once = shop
            .start_child("once", Hand::child(worker()))
            .wait()
            .unwrap();
        once.panic().unwrap();
        once.stopped().wait().unwrap();
        eventually("forgotten", || names(&shop) == ["till", "extra"]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn commands_are_refused_with_a_reason() {
    within(30, || {
        let system = System::new().unwrap();
        let shop = Shop::start(&system, Premises::default()).wait().unwrap();
        let till = shop.till();
        let refused = |error: ChildError| error.to_string();
        assert_eq!(
            refused(shop.restart_child(ShopChild::Till).wait().unwrap_err()),
            "the child `till` of Shop#1 is running"
        );
        assert_eq!(
            refused(shop.delete_child("till").wait().unwrap_err()),
            "the child `till` of Shop#1 is running"
        );
        assert_eq!(
            refused(shop.terminate_child("tills").wait().unwrap_err()),
            "Shop#1 has no child `tills`"
        );
        shop.terminate_child(ShopChild::Till).wait().unwrap();
        assert!(till.ping().wait().unwrap_err().is_stopped());
        shop.delete_child(ShopChild::Till).wait().unwrap();
        assert!(names(&shop).is_empty());
        assert_eq!(shop.till(), till, "a handle of what was there last");
        assert!(matches!(
            shop.restart_child(ShopChild::Till).wait(),
            Err(ChildError::NotFound { .. })
        ));
        // Its name is free.
        let log = Log::default();
        let other = shop.start_child("till", Hand::child_with(move || Worker::new("t", &log)));
        other.wait().unwrap().ping().wait().unwrap();
        assert_eq!(names(&shop), ["till"]);
        shop.stop();
        shop.stopped().wait().unwrap();
        assert_eq!(
            refused(shop.restart_child(ShopChild::Till).wait().unwrap_err()),
            "Shop#1 has stopped"
        );
        let late = shop.start_visit(NotClone("late".into())).wait();
        assert!(matches!(late, Err(ChildError::Stopped { .. })));
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn ten_thousand_visits_end_at_once() {
    within(60, || {
        let system = System::new().unwrap();
        let shop = Shop::start(&system, Premises::default()).wait().unwrap();
        let starts: Vec<_> = (0..10_000)
            .map(|n| shop.start_visit(NotClone(format!("{n}"))))
            .collect();
        let visits: Vec<_> = starts
            .into_iter()
            .map(|start| start.wait().unwrap())
            .collect();
        for visit in visits.iter().step_by(3) {
            visit.panic().unwrap();
        }
        eventually("a third is gone", || shop.count_children().active() == 6667);
        shop.stop();
        shop.stopped().wait().unwrap();
        assert!(visits.iter().all(|visit| !visit.is_alive()));
        system.shutdown().wait().unwrap();
    });
}
