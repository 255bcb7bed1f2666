//! What an incarnation had is gone before the next one begins; what others
//! sent to the actor is not.

mod support;

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{AskError, EventKind, Exit, ExitReason};

const MS: Duration = Duration::from_millis(1);

#[actor]
enum Helper {
    Crash,
    #[reply(())]
    Ping,
}

struct Aid(Arc<Mutex<Vec<String>>>);

#[handlers]
impl HelperActor for Aid {
    fn crash(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("helpless"))
    }
    fn ping(&self) {}
}

impl Drop for Aid {
    fn drop(&mut self) {
        self.0.lock().unwrap().push("helper dropped".into());
    }
}

#[actor]
enum Desk {
    /// Sets a timer, pipes a future, attaches a stream, monitors `other`, and
    /// spawns a child.
    Tie(HelperHandle),
    Panic,
    /// Comes to the gate, and waits for ever.
    #[reply(())]
    Hang(Gate),
    /// Passes the gate.
    Wait(Gate),
    #[internal]
    Old(u64),
    #[reply(Vec<String>)]
    Log,
    #[reply(u64, deferred)]
    Later,
    #[reply(u64)]
    Incarnation,
}

struct Clerk {
    log: Arc<Mutex<Vec<String>>>,
    /// Held like a lock file: only one state can have it.
    lock: Arc<Mutex<bool>>,
    incarnation: u64,
    kept: Vec<Reply<u64>>,
}

impl Drop for Clerk {
    fn drop(&mut self) {
        *self.lock.lock().unwrap() = false;
    }
}

#[handlers]
impl DeskActor for Clerk {
    fn on_restart(&mut self, previous: Exit) {
        self.incarnation = previous.incarnation() + 1;
        let reason = previous.reason().to_string();
        self.log.lock().unwrap().push(format!("restart: {reason}"));
    }
    fn on_start(&mut self) -> Result<(), Failure> {
        let held = std::mem::replace(&mut *self.lock.lock().unwrap(), true);
        if held {
            return Err(Failure::msg("the lock is held"));
        }
        Ok(())
    }
    fn tie(&mut self, value: HelperHandle, ctx: &mut Context<Desk>) -> Result<(), Failure> {
        let n = self.incarnation;
        ctx.send_every(MS, move || Desk::Old(n));
        ctx.pipe(pending(), move |()| Desk::Old(n));
        ctx.monitor(&value, move |_| Desk::Old(n));
        ctx.send(Desk::Old(n))?;
        ctx.spawn_child(Helper::child(Aid(Arc::clone(&self.log))))?
            .detach();
        Ok(())
    }
    fn panic(&mut self) {
        panic!("ouch");
    }
    async fn hang(&mut self, value: Gate) {
        value.arrive();
        pending().await
    }
    fn wait(&mut self, value: Gate) {
        value.pass();
    }
    fn old(&mut self, value: u64) {
        if value != self.incarnation {
            let line = format!("of {value} in {}", self.incarnation);
            self.log.lock().unwrap().push(line);
        }
    }
    fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
    fn later(&mut self, reply: Reply<u64>) {
        self.kept.push(reply);
    }
    fn incarnation(&self) -> u64 {
        self.incarnation
    }
}

#[supervisor(max_restarts = 1000)]
enum Office {
    #[child(shutdown = "100ms")]
    Desk(Desk),
    #[child(shutdown = "100ms")]
    Other(Desk),
}

#[derive(Default)]
struct Floor {
    log: Arc<Mutex<Vec<String>>>,
    locks: [Arc<Mutex<bool>>; 2],
}

impl Floor {
    fn clerk(&self, which: usize) -> Child<Desk> {
        Desk::child(Clerk {
            log: Arc::clone(&self.log),
            lock: Arc::clone(&self.locks[which]),
            incarnation: 1,
            kept: Vec::new(),
        })
    }
}

impl OfficeChildren for Floor {
    fn desk(&mut self, _: &OfficeHandle) -> Child<Desk> {
        self.clerk(0)
    }
    fn other(&mut self, _: &OfficeHandle) -> Child<Desk> {
        self.clerk(1)
    }
}

fn helper(system: &System) -> HelperHandle {
    Helper::spawn(system, Aid(Arc::default()))
}

#[test]
fn nothing_of_the_old_reaches_the_new() {
    within(60, || {
        let system = System::new().unwrap();
        let office = Office::start(&system, Floor::default()).wait().unwrap();
        let (desk, helper) = (office.desk(), helper(&system));
        for round in 1..=50 {
            desk.tie(helper.clone()).unwrap();
            desk.panic().unwrap();
            assert_eq!(desk.incarnation().wait().unwrap(), round + 1);
        }
        helper.crash().unwrap();
        helper.stopped().wait().unwrap();
        std::thread::sleep(20 * MS);
        let mut log = desk.log().wait().unwrap();
        assert_eq!(log.len(), 100, "{log:?}");
        log.dedup();
        assert_eq!(
            log[..2],
            [
                "helper dropped".to_owned(),
                "restart: crashed in the handler of `Panic`: panicked: ouch".to_owned()
            ],
            "its children end before it is restarted"
        );
        assert_eq!(helper.watchers(), 0);
        system.shutdown().wait().unwrap();
    });
}

/// Those in a drained buffer included: with 512 waiting they are taken at once.
#[test]
fn what_is_queued_is_handled_once_by_the_next() {
    within(60, || {
        let system = System::new().unwrap();
        let office = Office::start(&system, Floor::default()).wait().unwrap();
        let desk = office.desk();
        let gate = Gate::default();
        desk.wait(gate.clone()).unwrap();
        let asks: Vec<_> = (0..2000)
            .map(|n| {
                if n % 100 == 50 {
                    desk.panic().unwrap();
                }
                desk.incarnation().send()
            })
            .collect();
        gate.open();
        let answers: Vec<u64> = asks.into_iter().map(|ask| ask.wait().unwrap()).collect();
        let expected: Vec<u64> = (0..2000).map(|n| (n + 50) / 100 + 1).collect();
        assert_eq!(answers, expected);
        // An answer comes before its message is counted as handled, and that before
        // those that were fetched together are no longer counted as queued.
        eventually("all are counted", || {
            let stats = desk.stats();
            (stats.handled(), stats.queued()) == (1 + 20 + 2000, 0)
        });
        assert_eq!(desk.stats().dropped(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn the_asks_of_the_old_end_in_a_way_of_their_own() {
    within(60, || {
        let system = System::new().unwrap();
        let office = Office::start(&system, Floor::default()).wait().unwrap();
        let desk = office.desk();
        // One that is kept by a state that goes.
        let kept = desk.later().send();
        desk.panic().unwrap();
        assert!(matches!(
            kept.wait(),
            Err(AskError::Crashed { .. } | AskError::NoReply { .. })
        ));
        // One in hand when the actor is killed, looked at when it runs again.
        let gate = Gate::default();
        let in_hand = desk.hang(gate.clone()).send();
        let queued = desk.incarnation().send();
        gate.await_arrival();
        desk.kill();
        assert_eq!(queued.wait().unwrap(), 3);
        assert!(in_hand.wait().unwrap_err().is_stopped());
        // One that is kept by a state that ends by itself.
        let kept = desk.later().send();
        desk.stop();
        assert!(kept.wait().unwrap_err().is_stopped());
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn monitors_tell_incarnations_from_ends() {
    #[actor]
    enum Watch {
        #[internal]
        Incarnation(Exit),
        #[internal]
        End(Exit),
        #[reply(Vec<String>)]
        Seen,
    }
    struct Eye {
        desk: DeskHandle,
        seen: Vec<String>,
    }
    #[handlers]
    impl WatchActor for Eye {
        fn on_start(&mut self, ctx: &mut Context<Watch>) {
            let desk = self.desk.clone();
            ctx.monitor_incarnation(&desk, Watch::Incarnation);
            ctx.monitor(&desk, Watch::End);
        }
        fn incarnation(&mut self, value: Exit, ctx: &mut Context<Watch>) {
            self.seen
                .push(format!("incarnation {}", value.incarnation()));
            let desk = self.desk.clone();
            ctx.monitor_incarnation(&desk, Watch::Incarnation);
        }
        fn end(&mut self, value: Exit) {
            self.seen.push(format!("end of {}", value.incarnation()));
        }
        fn seen(&self) -> Vec<String> {
            self.seen.clone()
        }
    }
    within(30, || {
        let system = System::new().unwrap();
        let office = Office::start(&system, Floor::default()).wait().unwrap();
        let desk = office.desk();
        let seen = Vec::new();
        let eye = Watch::spawn(
            &system,
            Eye {
                desk: desk.clone(),
                seen,
            },
        );
        assert!(eye.seen().wait().unwrap().is_empty());
        desk.panic().unwrap();
        eventually("the end of the first", || {
            eye.seen().wait().unwrap().len() == 1
        });
        desk.kill();
        eventually("the end of the second", || {
            eye.seen().wait().unwrap().len() == 2
        });
        office.terminate_child(OfficeChild::Desk).wait().unwrap();
        eventually("the end for good", || eye.seen().wait().unwrap().len() >= 4);
        let seen = eye.seen().wait().unwrap();
        assert_eq!(seen[..2], ["incarnation 1", "incarnation 2"]);
        assert!(seen.contains(&"end of 3".to_owned()), "{seen:?}");
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_link_ends_with_the_incarnation_that_made_it() {
    #[actor]
    enum Half {
        Join(HalfHandle),
        Crash,
        #[reply(u64)]
        Incarnation,
    }
    struct Part(u64);
    #[handlers]
    impl HalfActor for Part {
        fn on_restart(&mut self, previous: Exit) {
            self.0 = previous.incarnation() + 1;
        }
        fn join(&mut self, value: HalfHandle, ctx: &mut Context<Half>) {
            ctx.link(&value);
        }
        fn crash(&mut self) -> Result<(), Failure> {
            Err(Failure::msg("snap"))
        }
        fn incarnation(&self) -> u64 {
            self.0
        }
    }
    #[supervisor]
    enum Pair {
        #[child]
        Left(Half),
        #[child]
        Right(Half),
    }
    struct Both;
    impl PairChildren for Both {
        fn left(&mut self, _: &PairHandle) -> Child<Half> {
            Half::child(Part(1))
        }
        fn right(&mut self, _: &PairHandle) -> Child<Half> {
            Half::child(Part(1))
        }
    }
    within(30, || {
        let system = System::new().unwrap();
        let pair = Pair::start(&system, Both).wait().unwrap();
        let (left, right) = (pair.left(), pair.right());
        left.join(right.clone()).unwrap();
        left.incarnation().wait().unwrap();
        // Both go, and both come back, without the link.
        right.crash().unwrap();
        eventually("both are new", || {
            let of = |half: &HalfHandle| half.incarnation().wait().unwrap();
            (of(&left), of(&right)) == (2, 2)
        });
        right.crash().unwrap();
        assert_eq!(right.incarnation().wait().unwrap(), 3);
        assert_eq!(left.incarnation().wait().unwrap(), 2);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn one_that_blocks_its_thread_has_a_successor() {
    within(60, || {
        let grace = Duration::from_millis(50);
        let system = System::builder().workers(1).grace(grace).build().unwrap();
        let office = Office::start(&system, Floor::default()).wait().unwrap();
        let (desk, gate) = (office.desk(), Gate::default());
        desk.wait(gate.clone()).unwrap();
        gate.await_arrival();
        desk.kill();
        let reason = desk.stopped().wait().unwrap();
        assert!(matches!(reason, ExitReason::Killed), "{reason}");
        // Its state holds the lock for as long as it blocks; the supervisor
        // tries, and does not give up before the thread is free.
        eventually("it was tried", || office.which_children()[0].restarts() > 0);
        gate.open();
        eventually("the successor runs", || {
            office.desk().incarnation().wait().is_ok()
        });
        assert_ne!(desk, office.desk());
        office.other().incarnation().wait().unwrap();
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn every_transition_is_an_event() {
    within(30, || {
        let system = System::new().unwrap();
        let mut events = system.events();
        let office = Office::start(&system, Floor::default()).wait().unwrap();
        let desk = office.desk();
        desk.panic().unwrap();
        desk.incarnation().wait().unwrap();
        office.stop();
        office.stopped().wait().unwrap();
        let mut lines = Vec::new();
        while let Some(event) = events.try_next() {
            if let EventKind::Crashed(_) = event.kind() {
                assert_eq!(event.incarnation(), 1);
            }
            let text = event.to_string();
            let (_, what) = text.split_once(' ').unwrap();
            lines.push(what.replace(" in the handler of `Panic`: panicked: ouch", ""));
        }
        // Two threads write of the child and its supervisor.
        lines.sort();
        let mut expected = [
            "Desk#2 \"desk\" started",
            "Office#1 has started its child `desk`, Desk#2",
            "Desk#3 \"other\" started",
            "Office#1 has started its child `other`, Desk#3",
            "Office#1 started",
            "Desk#2 \"desk\" crashed",
            "Desk#2 \"desk\" has ended for now: crashed",
            "Office#1 its child `desk`, Desk#2, has ended: crashed",
            "Desk#2 \"desk\" (incarnation 2) started",
            "Office#1 has started its child `desk`, Desk#2",
            "Desk#3 \"other\" was shut down",
            "Desk#2 \"desk\" (incarnation 2) was shut down",
            "Office#1 stopped",
        ];
        expected.sort_unstable();
        assert_eq!(lines, expected);
        system.shutdown().wait().unwrap();
    });
}
