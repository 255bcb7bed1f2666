//! Children end with their parent, in order, and with their mail handled.

mod support;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{ExitReason, NotSpawned};

#[actor]
enum Child {
    Work(u32),
    Pass,
    Panic,
    Forever,
    #[reply(())]
    Ping,
}

struct Kid {
    name: u32,
    log: Sender<String>,
    gate: Gate,
}

#[handlers]
impl ChildActor for Kid {
    fn work(&mut self, value: u32) {
        let _ = self
            .log
            .send(format!("child {} works on {value}", self.name));
    }
    fn pass(&mut self) {
        self.gate.pass();
    }
    fn panic(&mut self) {
        panic!("ouch");
    }
    async fn forever(&mut self) {
        std::future::pending().await
    }
    fn ping(&self) {}
    fn on_stop(&mut self) {
        let _ = self.log.send(format!("child {} stops", self.name));
    }
}

#[actor]
enum Parent {
    Panic,
    Forever,
    #[reply(ChildHandle)]
    Spawn {
        name: u32,
        limit: Option<Duration>,
    },
    #[reply(NotSpawned)]
    SpawnNamed,
    #[reply(())]
    SpawnMany {
        times: u32,
    },
    #[reply(())]
    Ping,
}

struct Elder {
    log: Sender<String>,
    gate: Gate,
}

impl Elder {
    fn kid(&self, name: u32) -> Kid {
        Kid {
            name,
            log: self.log.clone(),
            gate: self.gate.clone(),
        }
    }
}

#[handlers]
impl ParentActor for Elder {
    fn panic(&mut self) {
        panic!("ouch");
    }
    async fn forever(&mut self) {
        std::future::pending().await
    }
    fn spawn(
        &mut self,
        name: u32,
        limit: Option<Duration>,
        ctx: &mut Context<Parent>,
    ) -> Result<ChildHandle, Failure> {
        let mut child = Child::child(self.kid(name)).name(format!("child {name}"));
        if let Some(limit) = limit {
            child = child.shutdown(limit);
        }
        Ok(ctx.spawn_child(child.mailbox(100))?)
    }
    fn spawn_named(&mut self, ctx: &mut Context<Parent>) -> NotSpawned {
        let child = Child::child(self.kid(0)).name("taken");
        ctx.spawn_child(child).unwrap_err().reason()
    }
    async fn spawn_many(&mut self, times: u32, ctx: &mut Context<Parent>) -> Result<(), Failure> {
        for name in 0..times {
            let child = ctx.spawn_child(Child::child(self.kid(name)))?;
            child.stop();
            child.stopped().await;
        }
        Ok(())
    }
    fn ping(&self) {}
    fn on_stop(&mut self) {
        let _ = self.log.send("parent stops".to_owned());
    }
}

fn parent() -> (System, ParentHandle, Receiver<String>, Gate) {
    let system = System::builder().workers(2).build().unwrap();
    let ((log, entries), gate) = (channel(), Gate::default());
    let elder = Elder {
        log,
        gate: gate.clone(),
    };
    (system.clone(), Parent::spawn(&system, elder), entries, gate)
}

fn child(parent: &ParentHandle, name: u32) -> ChildHandle {
    parent.spawn(name, None).wait().unwrap()
}

#[test]
fn they_stop_in_reverse_order_with_their_mail_handled() {
    within(20, || {
        let (_system, parent, log, gate) = parent();
        let children: Vec<_> = (0..3).map(|name| child(&parent, name)).collect();
        assert_eq!(children[1].name(), Some("child 1"));
        assert_eq!(children[1].capacity(), Some(100));
        children[2].pass().unwrap();
        for child in &children {
            child.work(7).unwrap();
        }
        children[0].ping().wait().unwrap();
        children[1].ping().wait().unwrap();
        parent.stop();
        // The first two wait for the last, and the parent for all.
        gate.await_arrival();
        children[0].ping().wait().unwrap();
        assert!(parent.is_alive());
        gate.open();
        assert!(matches!(
            parent.stopped().wait().unwrap(),
            ExitReason::Normal
        ));
        assert!(children.iter().all(|child| !child.is_alive()));
        let mut log: Vec<_> = log.try_iter().collect();
        // Two of them have worked before, in any order, and the parent has
        // stopped before or while the last one works.
        log[..2].sort();
        assert_eq!(
            log[..2],
            ["child 0 works on 7", "child 1 works on 7"].map(str::to_owned)
        );
        let of_parent = log.iter().position(|entry| entry == "parent stops");
        log.remove(of_parent.unwrap());
        assert_eq!(
            log[2..],
            [
                "child 2 works on 7",
                "child 2 stops",
                "child 1 stops",
                "child 0 stops"
            ]
            .map(str::to_owned)
        );
    });
}

#[test]
fn they_end_however_their_parent_ends() {
    within(20, || {
        let ends: [fn(&System, ParentHandle); 5] = [
            |_, parent| parent.panic().unwrap(),
            |_, parent| parent.kill(),
            |_, parent| {
                parent.forever().unwrap();
                parent.kill();
            },
            |_, parent| drop(parent),
            |system, _| system.shutdown().wait().unwrap(),
        ];
        for end in ends {
            let (system, parent, log, _gate) = parent();
            // Their parent keeps them alive.
            let weak: Vec<_> = (0..3)
                .map(|name| child(&parent, name).downgrade())
                .collect();
            std::thread::sleep(Duration::from_millis(5));
            weak[0].upgrade().unwrap().ping().wait().unwrap();
            let stopped = parent.stopped();
            let asked = parent.ping();
            end(&system, parent);
            drop(asked);
            stopped.wait().unwrap();
            assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
            let stops = log.try_iter().filter(|entry| entry.starts_with("child"));
            assert_eq!(stops.count(), 3);
            assert_eq!(system.actor_count(), 0);
        }
    });
}

#[test]
fn one_that_does_not_stop_is_killed_when_its_limit_is_over() {
    within(20, || {
        let (_system, parent, log, _gate) = parent();
        let limit = Duration::from_millis(50);
        let first = child(&parent, 1);
        let stuck = parent.spawn(2, Some(limit)).wait().unwrap();
        stuck.forever().unwrap();
        let begun = Instant::now();
        parent.kill();
        // Asks do not wait for the children to end.
        let asked = Instant::now();
        assert!(parent.ping().wait().is_err());
        assert!(asked.elapsed() < Duration::from_secs(2));
        assert!(matches!(
            parent.stopped().wait().unwrap(),
            ExitReason::Killed
        ));
        assert!(begun.elapsed() >= limit);
        assert!(begun.elapsed() < Duration::from_secs(4));
        assert!(matches!(
            stuck.stopped().wait().unwrap(),
            ExitReason::Killed
        ));
        assert!(matches!(
            first.stopped().wait().unwrap(),
            ExitReason::Normal
        ));
        let log: Vec<_> = log.try_iter().collect();
        assert_eq!(log, ["child 1 stops"]);
    });
}

#[test]
fn the_crash_of_a_child_is_its_own() {
    within(20, || {
        let (_system, parent, _log, _gate) = parent();
        let (one, other) = (child(&parent, 1), child(&parent, 2));
        one.panic().unwrap();
        one.stopped().wait().unwrap();
        other.ping().wait().unwrap();
        parent.ping().wait().unwrap();
        parent.stop();
        assert!(parent.stopped().wait().unwrap().is_orderly());
    });
}

#[test]
fn a_name_that_is_taken_is_an_error() {
    within(20, || {
        let (system, parent, _log, _gate) = parent();
        let (log, _) = channel();
        let gate = Gate::default();
        let kid = Kid { name: 9, log, gate };
        let taken = Child::builder(kid).name("taken").spawn(&system).unwrap();
        let reason = parent.spawn_named().wait().unwrap();
        assert_eq!(reason, NotSpawned::NameTaken(taken.id()));
        assert_eq!(system.actor_count(), 2);
    });
}

#[test]
fn children_that_have_ended_are_forgotten() {
    within(60, || {
        let (system, parent, log, _gate) = parent();
        let kept = child(&parent, 77);
        parent.spawn_many(2_000).wait().unwrap();
        eventually("they are gone", || system.actor_count() == 2);
        parent.stop();
        parent.stopped().wait().unwrap();
        assert!(!kept.is_alive());
        assert_eq!(log.try_iter().count(), 2_002);
    });
}
