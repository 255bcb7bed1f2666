//! The count of what holds an actor is exact, whoever clones and drops.

mod support;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;

use support::{eventually, within};
use zctor::ExitReason;
use zctor::prelude::*;

#[actor]
enum Node {
    Hold(NodeHandle),
    #[reply(NodeHandle)]
    Handle,
    #[reply(())]
    Ping,
}

struct Ends(Arc<AtomicU32>);

#[handlers]
impl NodeActor for Ends {
    fn hold(&mut self, value: NodeHandle) {
        drop(value);
    }
    fn handle(&mut self, ctx: &mut Context<Node>) -> NodeHandle {
        ctx.handle()
    }
    fn ping(&self) {}
    fn on_stop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn eight_threads_clone_and_drop() {
    within(60, || {
        let system = System::new().unwrap();
        let ends = Arc::new(AtomicU32::new(0));
        let node = Node::spawn(&system, Ends(Arc::clone(&ends)));
        thread::scope(|scope| {
            for part in 0..8 {
                let node = &node;
                scope.spawn(move || {
                    let weak = node.downgrade();
                    let mut kept = Vec::new();
                    for round in 0..20_000 {
                        match (round + part) % 4 {
                            0 => kept.push(node.clone()),
                            1 => kept.extend(weak.upgrade()),
                            2 => drop(kept.pop()),
                            _ => drop(node.recipient(|()| Node::Ping).clone()),
                        }
                        if kept.len() > 50 {
                            kept.clear();
                        }
                    }
                });
            }
        });
        assert_eq!(node.holders(), 1);
        for _ in 0..100 {
            node.hold(node.clone()).unwrap();
        }
        node.ping().wait().unwrap();
        assert_eq!(node.holders(), 1);
        node.detach();
        assert_eq!(node.holders(), 2);
        let own = node.handle().wait().unwrap();
        assert_eq!((own == node, node.holders()), (true, 3));
        let stopped = node.stopped();
        drop((own, node));
        assert_eq!(ends.load(SeqCst), 0, "it is detached");
        system.shutdown().wait().unwrap();
        assert!(matches!(stopped.wait().unwrap(), ExitReason::Shutdown));
    });
}

#[test]
fn the_last_of_eight_threads_to_let_go_ends_it_once() {
    within(60, || {
        let system = System::new().unwrap();
        let ends = Arc::new(AtomicU32::new(0));
        for round in 1..=2_000 {
            let node = Node::spawn(&system, Ends(Arc::clone(&ends)));
            let (weak, stopped) = (node.downgrade(), node.stopped());
            let handles: Vec<_> = (0..8).map(|_| node.clone()).collect();
            assert_eq!(node.holders(), 9);
            drop(node);
            let start = std::sync::Barrier::new(8);
            thread::scope(|scope| {
                for handle in handles {
                    let (weak, start) = (weak.clone(), &start);
                    scope.spawn(move || {
                        start.wait();
                        let again = weak.upgrade();
                        drop(handle);
                        drop(again);
                    });
                }
            });
            assert!(weak.upgrade().is_none());
            assert!(matches!(stopped.wait().unwrap(), ExitReason::Normal));
            assert_eq!(ends.load(SeqCst), round);
            if round == 200 && cfg!(debug_assertions) {
                break;
            }
        }
        eventually("all are forgotten", || system.actor_count() == 0);
    });
}

#[test]
fn a_weak_handle_does_not_hold() {
    within(20, || {
        let system = System::new().unwrap();
        let node = Node::spawn(&system, Ends(Arc::default()));
        let weak = node.downgrade();
        let other = weak.clone();
        assert_eq!((node.holders(), weak == other), (1, true));
        let strong = weak.upgrade().unwrap();
        assert_eq!(node.holders(), 2);
        drop((node, strong));
        assert!(weak.upgrade().is_none());
        let named = Node::builder(Ends(Arc::default()))
            .name("named")
            .spawn(&system)
            .unwrap();
        assert_eq!(named.holders(), 2);
        let weak = named.downgrade();
        drop(named);
        weak.upgrade().unwrap().ping().wait().unwrap();
    });
}
