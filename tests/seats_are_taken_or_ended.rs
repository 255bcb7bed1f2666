//! A reserved actor has a handle before it is spawned; what waits for it is
//! handled when it is, or answered when it never is.

mod support;

use std::sync::mpsc::{Sender, channel};
use std::time::Instant;

use support::within;
use zctor::prelude::*;
use zctor::{ExitReason, NotSpawned};

#[actor]
enum Node {
    Add(u32),
    #[reply(u32)]
    Sum,
}

struct Total {
    sum: u32,
    ends: Option<Sender<()>>,
}

fn total() -> Total {
    Total { sum: 0, ends: None }
}

#[handlers]
impl NodeActor for Total {
    fn add(&mut self, value: u32) {
        self.sum += value;
    }
    fn sum(&self) -> u32 {
        self.sum
    }
    fn on_stop(&mut self) {
        self.ends.take().into_iter().for_each(|ends| {
            let _ = ends.send(());
        });
    }
}

#[test]
fn what_came_before_the_spawn_is_handled() {
    within(20, || {
        let system = System::new().unwrap();
        let seat = Node::reserve(&system);
        let node = seat.handle();
        node.add(3).unwrap();
        let sum = node.sum().send();
        assert_eq!(node.holders(), 2);
        assert_eq!(seat.handle(), node);
        assert!(node.is_alive());
        let spawned = seat.spawn(total()).unwrap();
        assert_eq!(spawned, node);
        assert_eq!(sum.wait().unwrap(), 3);
        assert_eq!(node.holders(), 2);
        let stopped = node.stopped();
        drop((node, spawned));
        assert!(matches!(stopped.wait().unwrap(), ExitReason::Normal));
    });
}

#[test]
fn dropped_without_a_spawn_it_ends_its_actor() {
    within(20, || {
        let system = System::new().unwrap();
        let seat = Node::reserve(&system);
        let node = seat.handle();
        node.add(3).unwrap();
        let sum = node.sum().send();
        drop(seat);
        assert!(sum.wait().unwrap_err().is_stopped());
        assert_eq!((node.dropped(), node.is_alive()), (2, false));
        let error = node.add(4).unwrap_err();
        assert!(matches!(error.into_message(), Node::Add(4)));
        assert!(node.stopped().wait().unwrap().is_orderly());
        assert!(node.started().wait().is_err());
        assert_eq!(system.actor_count(), 0);
    });
}

#[test]
fn stopped_before_its_spawn_it_handles_what_waits() {
    within(20, || {
        let system = System::new().unwrap();
        let seat = Node::reserve(&system);
        let node = seat.handle();
        let sum = node.sum().send();
        node.stop();
        assert!(node.add(1).is_err());
        let (ends, ended) = channel();
        let ends = Some(ends);
        seat.spawn(Total { sum: 9, ends }).unwrap();
        assert_eq!(sum.wait().unwrap(), 9);
        ended.recv().unwrap();
        node.stopped().wait().unwrap();
    });
}

#[test]
fn killed_or_shut_down_it_ends_at_once() {
    within(20, || {
        let system = System::new().unwrap();
        let seat = Node::reserve(&system);
        let node = seat.handle();
        let sum = node.sum().send();
        node.kill();
        assert!(sum.wait().is_err());
        assert!(matches!(node.stopped().wait().unwrap(), ExitReason::Killed));
        let error = seat.spawn(Total { sum: 5, ends: None }).unwrap_err();
        assert_eq!(error.reason(), NotSpawned::Ended);
        assert_eq!(
            error.to_string(),
            "cannot spawn the `Node`: it has ended already"
        );
        assert_eq!(error.into_state().sum, 5);

        let seat = Node::reserve(&system);
        let sum = seat.handle().sum().send();
        let begun = Instant::now();
        system.shutdown().wait().unwrap();
        assert!(begun.elapsed().as_secs() < 5, "nobody waited for the limit");
        assert!(sum.wait().unwrap_err().is_stopped());
        assert!(seat.spawn(total()).is_err());
        let late = Node::reserve(&system);
        assert!(!late.handle().is_alive());
        assert!(late.spawn(total()).is_err());
    });
}

#[test]
fn a_name_is_taken_from_the_reservation_on() {
    within(20, || {
        let system = System::new().unwrap();
        let seat = Node::reserve_named(&system, "root").unwrap();
        let found = system.whereis::<Node>("root").unwrap();
        assert_eq!(found, seat.handle());
        let error = Node::reserve_named(&system, "root").unwrap_err();
        assert_eq!(error.reason(), NotSpawned::NameTaken(found.id()));
        assert!(Node::builder(total()).name("root").spawn(&system).is_err());
        assert_eq!(system.whereis::<Node>("root"), Some(found));
        drop(seat);
        assert!(system.whereis::<Node>("root").is_none());
        let seat = Node::reserve_named(&system, "root").unwrap();
        let node = seat.spawn(total()).unwrap();
        drop(node);
        let named = system.whereis::<Node>("root").unwrap();
        assert_eq!(named.sum().wait().unwrap(), 0, "its name keeps it");
    });
}

#[test]
fn a_spawn_and_a_kill_at_once() {
    within(60, || {
        let system = System::new().unwrap();
        for _ in 0..2_000 {
            let seat = Node::reserve(&system);
            let node = seat.handle();
            let sum = node.sum().send();
            let killer = {
                let node = node.clone();
                std::thread::spawn(move || node.kill())
            };
            let spawned = seat.spawn(total());
            killer.join().unwrap();
            assert!(matches!(node.stopped().wait().unwrap(), ExitReason::Killed));
            drop(spawned);
            let _ = sum.wait();
        }
        assert_eq!(system.actor_count(), 0);
    });
}
