//! A handler that blocks its thread cannot be interrupted: it is reported, its
//! worker is replaced, and killed it counts as dead after the grace.

mod support;

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{ExitReason, ShutdownError};

#[actor]
enum Guest {
    Block,
    /// Blocks, then awaits, and then would go on.
    #[reply(u32)]
    BlockAndAnswer,
    #[reply(u32)]
    Ping,
    Hold(Counted),
    #[reply(AskError)]
    AskOther(GuestHandle),
    /// Never answers by itself.
    #[reply(u32, deferred)]
    Keep,
}

/// Counts its drops.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[derive(Default)]
struct Room {
    gate: Gate,
    kept: Vec<Reply<u32>>,
    stops: Arc<AtomicUsize>,
    handled: Arc<AtomicUsize>,
    _state: Option<Counted>,
}

#[handlers]
impl GuestActor for Room {
    fn on_stop(&mut self) {
        self.stops.fetch_add(1, SeqCst);
    }
    fn block(&mut self) {
        self.gate.pass();
        self.handled.fetch_add(1, SeqCst);
    }
    fn block_and_answer(&mut self) -> u32 {
        self.gate.pass();
        7
    }
    fn ping(&mut self) -> u32 {
        self.handled.fetch_add(1, SeqCst);
        1
    }
    fn hold(&mut self, _value: Counted) {
        self.handled.fetch_add(1, SeqCst);
    }
    async fn ask_other(&mut self, value: GuestHandle) -> AskError {
        value.ping().await.unwrap_err()
    }
    fn keep(&mut self, reply: Reply<u32>) {
        self.kept.push(reply);
    }
}

fn inn(workers: usize) -> System {
    System::builder()
        .name("inn")
        .workers(workers)
        .grace(Duration::from_millis(60))
        .blocked_after(Duration::from_millis(40))
        .shutdown_limit(Duration::from_secs(1))
        .build()
        .unwrap()
}

fn blocker(system: &System, gate: &Gate) -> GuestHandle {
    let room = Room {
        gate: gate.clone(),
        ..Room::default()
    };
    Guest::spawn(system, room)
}

#[test]
fn others_go_on_beside_a_handler_that_blocks_for_ever() {
    within(30, || {
        let system = inn(1);
        let gates: Vec<_> = (0..4).map(|_| Gate::default()).collect();
        let blockers: Vec<_> = gates.iter().map(|gate| blocker(&system, gate)).collect();
        let other = Guest::spawn(&system, Room::default());
        // Each of them holds the only worker, then its replacement, and so on.
        for (blocker, gate) in blockers.iter().zip(&gates) {
            blocker.block().unwrap();
            gate.await_arrival();
            assert_eq!(other.ping().wait().unwrap(), 1);
        }
        // Those who blocked go on as well, when they can.
        for (blocker, gate) in blockers.iter().zip(&gates) {
            gate.open();
            assert_eq!(blocker.ping().wait().unwrap(), 1);
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_killed_one_counts_as_dead_after_the_grace() {
    within(30, || {
        let system = inn(1);
        let gate = Gate::default();
        let (stops, handled) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (dropped, states) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let room = Room {
            gate: gate.clone(),
            stops: Arc::clone(&stops),
            handled: Arc::clone(&handled),
            _state: Some(Counted(Arc::clone(&states))),
            ..Room::default()
        };
        let guest = Guest::builder(room).name("bob").spawn(&system).unwrap();
        let kept = guest.keep().send();
        let in_hand = guest.block_and_answer().send();
        gate.await_arrival();
        let queued = guest.ping().send();
        for _ in 0..2_000 {
            guest.hold(Counted(Arc::clone(&dropped))).unwrap();
        }
        let begun = Instant::now();
        guest.kill();
        assert!(matches!(
            guest.stopped().wait().unwrap(),
            ExitReason::Killed
        ));
        assert!(
            begun.elapsed() >= Duration::from_millis(50),
            "not before the grace"
        );
        assert!(!guest.is_alive());
        assert_eq!(dropped.load(SeqCst), 2_000, "its mail is dropped");
        assert_eq!(guest.dropped(), 2_001);
        assert!(guest.ping().wait().unwrap_err().is_stopped());
        // Nobody waits for what it still has in its hands.
        assert!(queued.wait().unwrap_err().is_stopped());
        assert!(in_hand.wait().unwrap_err().is_stopped());
        assert!(kept.wait().unwrap_err().is_stopped());
        // Its name is free.
        let next = Guest::builder(Room::default())
            .name("bob")
            .spawn(&system)
            .unwrap();
        assert_eq!(next.ping().wait().unwrap(), 1);
        assert_eq!(states.load(SeqCst), 0);
        gate.open();
        eventually("its state is dropped", || states.load(SeqCst) == 1);
        assert_eq!((stops.load(SeqCst), handled.load(SeqCst)), (0, 0));
        assert_eq!(dropped.load(SeqCst), 2_000, "once");
        assert_eq!(system.whereis::<Guest>("bob"), Some(next));
        system.shutdown().wait().unwrap();
        assert!(matches!(
            guest.stopped().wait().unwrap(),
            ExitReason::Killed
        ));
    });
}

#[test]
fn asks_of_actors_end_with_it_too() {
    within(30, || {
        let system = inn(2);
        let gate = Gate::default();
        let guest = blocker(&system, &gate);
        guest.block().unwrap();
        gate.await_arrival();
        let asker = Guest::spawn(&system, Room::default());
        let other_system = inn(1);
        let elsewhere = Guest::spawn(&other_system, Room::default());
        let asks = [&asker, &elsewhere].map(|asker| asker.ask_other(guest.clone()).send());
        // Both have asked before it is killed.
        eventually("both asks are queued", || guest.queued() >= 2);
        guest.kill();
        for ask in asks {
            assert!(ask.wait().unwrap().is_stopped());
        }
        gate.open();
        system.shutdown().wait().unwrap();
        other_system.shutdown().wait().unwrap();
    });
}

/// The ask that it has in hand, asked by an actor of the same system, which
/// does not watch it.
#[test]
fn the_ask_in_hand_of_an_actor_ends_too() {
    #[actor]
    enum Asker {
        #[reply(AskError)]
        Ask(GuestHandle),
    }
    struct Asks;
    #[handlers]
    impl AskerActor for Asks {
        async fn ask(&mut self, value: GuestHandle) -> AskError {
            value.block_and_answer().await.unwrap_err()
        }
    }
    within(30, || {
        let system = inn(2);
        let gate = Gate::default();
        let guest = blocker(&system, &gate);
        let asked = Asker::spawn(&system, Asks).ask(guest.clone()).send();
        gate.await_arrival();
        guest.kill();
        assert!(asked.wait().unwrap().is_stopped());
        gate.open();
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_shutdown_does_not_wait_for_those_left_behind() {
    within(30, || {
        let system = inn(1);
        let gate = Gate::default();
        // One is dead already, one is not.
        let dead = blocker(&system, &gate);
        dead.block().unwrap();
        gate.await_arrival();
        dead.kill();
        dead.stopped().wait().unwrap();
        let second = Gate::default();
        let alive = blocker(&system, &second);
        alive.block().unwrap();
        second.await_arrival();
        let other = Guest::spawn(&system, Room::default());
        let begun = Instant::now();
        let failure = system.shutdown().wait().unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(3));
        let error = failure.downcast_ref::<ShutdownError>().unwrap();
        assert_eq!(error.killed(), [alive.label()]);
        assert_eq!(error.stuck(), [alive.label()]);
        assert!(matches!(
            other.stopped().wait().unwrap(),
            ExitReason::Shutdown
        ));
        gate.open();
        second.open();
    });
}

#[test]
fn a_start_that_blocks_counts_as_dead_too() {
    #[actor]
    enum Slow {
        Go,
    }
    struct Blocks(Gate);
    #[handlers]
    impl SlowActor for Blocks {
        fn on_start(&mut self) {
            self.0.pass();
        }
        fn go(&mut self) {}
    }
    within(30, || {
        let system = inn(1);
        let gate = Gate::default();
        let slow = Slow::spawn(&system, Blocks(gate.clone()));
        gate.await_arrival();
        slow.kill();
        slow.stopped().wait().unwrap();
        let error = slow.started().wait().unwrap_err();
        assert!(
            error.to_string().ends_with("did not start: killed"),
            "{error}"
        );
        gate.open();
        system.shutdown().wait().unwrap();
        assert!(slow.started().wait().is_err(), "it stays so");
    });
}

#[cfg(target_os = "linux")]
fn threads_named(prefix: &str) -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .filter(|name| name.starts_with(prefix))
        .count()
}

#[cfg(target_os = "linux")]
#[test]
fn replaced_workers_take_their_places_back() {
    within(60, || {
        let system = System::builder()
            .name("again")
            .workers(2)
            .blocked_after(Duration::from_millis(20))
            .build()
            .unwrap();
        let other = Guest::spawn(&system, Room::default());
        for _ in 0..5 {
            let gates: Vec<_> = (0..8).map(|_| Gate::default()).collect();
            let blockers: Vec<_> = gates.iter().map(|gate| blocker(&system, gate)).collect();
            for (blocker, gate) in blockers.iter().zip(&gates) {
                blocker.block().unwrap();
                gate.await_arrival();
            }
            assert_eq!(other.ping().wait().unwrap(), 1);
            assert!(threads_named("again-") >= 10, "eight are held, two are not");
            gates.iter().for_each(Gate::open);
            for blocker in blockers {
                blocker.ping().wait().unwrap();
            }
            // Two workers and the driver.
            eventually("the others have ended", || threads_named("again-") == 3);
        }
        system.shutdown().wait().unwrap();
        eventually("all have ended", || threads_named("again-") == 0);
    });
}

#[test]
fn never_more_than_512_are_replaced() {
    const BLOCKERS: usize = 515;
    within(120, || {
        let system = System::builder()
            .name("many")
            .workers(1)
            .blocked_after(Duration::from_millis(1))
            .build()
            .unwrap();
        let gate = Gate::default();
        let blocked = Arc::new(AtomicUsize::new(0));
        #[actor]
        enum Many {
            Block,
        }
        struct One(Gate, Arc<AtomicUsize>);
        #[handlers]
        impl ManyActor for One {
            fn block(&mut self) {
                self.1.fetch_add(1, SeqCst);
                self.0.pass();
            }
        }
        let many: Vec<_> = (0..BLOCKERS)
            .map(|_| Many::spawn(&system, One(gate.clone(), Arc::clone(&blocked))))
            .collect();
        many.iter().for_each(|one| one.block().unwrap());
        for _ in 0..600 {
            if blocked.load(SeqCst) == 513 {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(
            blocked.load(SeqCst),
            513,
            "the worker, and 512 in its place"
        );
        gate.open();
        for one in &many {
            one.stop();
            one.stopped().wait().unwrap();
        }
        assert_eq!(blocked.load(SeqCst), BLOCKERS);
        system.shutdown().wait().unwrap();
    });
}

/// What a dead actor leaves may block when it is dropped: the clock goes on.
#[test]
fn mail_that_blocks_when_it_is_dropped_holds_up_nobody() {
    #[actor]
    enum Heavy {
        Block(Gate),
        Mail(Slow),
    }
    struct Slow(Gate);
    impl Drop for Slow {
        fn drop(&mut self) {
            self.0.pass();
        }
    }
    struct Hands;
    #[handlers]
    impl HeavyActor for Hands {
        fn block(&mut self, value: Gate) {
            value.pass();
        }
        fn mail(&mut self, _value: Slow) {}
    }
    within(30, || {
        let system = inn(1);
        let (gate, drops) = (Gate::default(), Gate::default());
        let heavy = Heavy::spawn(&system, Hands);
        heavy.block(gate.clone()).unwrap();
        gate.await_arrival();
        heavy.mail(Slow(drops.clone())).unwrap();
        heavy.kill();
        drops.await_arrival();
        let other = Guest::spawn(&system, Room::default());
        let limit = Duration::from_millis(5);
        assert!(other.keep().timeout(limit).wait().unwrap_err().is_timeout());
        drops.open();
        heavy.stopped().wait().unwrap();
        gate.open();
        system.shutdown().wait().unwrap();
    });
}

/// Run by the next test in a process of its own.
#[test]
#[ignore = "blocks on purpose, for the test of what it writes"]
fn writes_a_report() {
    let system = inn(1);
    let gate = Gate::default();
    let room = Room {
        gate: gate.clone(),
        ..Room::default()
    };
    let guest = Guest::builder(room).name("bob").spawn(&system).unwrap();
    guest.block().unwrap();
    gate.await_arrival();
    let other = Guest::spawn(&system, Room::default());
    other.ping().wait().unwrap();
    std::thread::sleep(Duration::from_millis(150));
    guest.kill();
    guest.stopped().wait().unwrap();
    // It is left as it is: the process ends all the same.
    drop(system);
    std::process::exit(0);
}

#[test]
fn it_is_reported_once_with_the_actor_and_the_message() {
    within(30, || {
        let this = std::env::current_exe().unwrap();
        let output = Command::new(this)
            .args(["writes_a_report", "--exact", "--ignored", "--nocapture"])
            .output()
            .unwrap();
        assert!(output.status.success());
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let lines: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("zctor: "))
            .collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(
            lines[0].starts_with("zctor: system `inn`: a worker is held up for ")
                && lines[0].ends_with(
                    " ms by actor Guest#1 \"bob\" in the handler of `Block`; another thread does its work now"
                ),
            "{text}"
        );
        assert_eq!(
            lines[1],
            "zctor: system `inn`: actor Guest#1 \"bob\" was killed, but blocks its thread \
             in the handler of `Block`: it counts as dead"
        );
    });
}
