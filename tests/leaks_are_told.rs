//! A check for leaks passes on systems that end without a trace, and names what
//! is left of others.

mod support;

use std::time::Duration;

use support::{Gate, within};
use zctor::prelude::*;
use zctor::test::{Leak, LeakCheck, Leaks, TestClock, assert_no_leaks, assert_no_leaks_in};

#[actor]
enum Counter {
    Add(u64),
    #[reply(u64)]
    Get,
    Hold(Gate),
    Hang,
    Keep(CounterHandle),
    /// Never ready.
    Later,
    Fail,
}

#[derive(Default)]
struct Tally {
    total: u64,
    friends: Vec<CounterHandle>,
    fails: bool,
}

#[handlers]
impl CounterActor for Tally {
    fn ready(&self, next: CounterKind) -> bool {
        next != CounterKind::Later
    }
    fn add(&mut self, value: u64) {
        self.total += value;
    }
    fn get(&self) -> u64 {
        self.total
    }
    fn hold(&mut self, value: Gate) {
        value.pass();
    }
    async fn hang(&mut self) {
        std::future::pending().await
    }
    fn keep(&mut self, value: CounterHandle) {
        self.friends.push(value);
    }
    fn later(&mut self) {}
    fn fail(&mut self) {
        self.fails = true;
    }
    fn on_stop(&mut self) {
        assert!(!self.fails, "on purpose");
    }
}

fn spawn(system: &System) -> CounterHandle {
    Counter::spawn(system, Tally::default())
}

fn system() -> System {
    let builder = System::builder().name("shop").workers(2).quiet();
    builder
        .shutdown_limit(Duration::from_millis(50))
        .build()
        .unwrap()
}

fn leaks(system: System) -> Leaks {
    LeakCheck::new().check(system).unwrap_err()
}

#[test]
fn a_system_that_ends_cleanly_passes() {
    within(60, || {
        for _ in 0..50 {
            let system = System::builder().workers(2).build().unwrap();
            let counter = Counter::builder(Tally::default());
            let counter = counter.name("main").spawn(&system).unwrap();
            let own = Counter::builder(Tally::default()).dedicated();
            let own = own.spawn(&system).unwrap();
            // Two that hold each other, until the system ends.
            let (one, two) = (spawn(&system), spawn(&system));
            one.keep(two.clone()).unwrap();
            two.keep(one.clone()).unwrap();
            spawn(&system).detach();
            counter.add(1).unwrap();
            own.add(1).unwrap();
            assert_eq!(counter.get().wait().unwrap(), 1);
            system.spawn_blocking(|| ()).wait().unwrap();
            drop((counter, own, one, two));
            assert_no_leaks(system);
        }
    });
}

#[test]
fn handles_that_are_left_are_named() {
    within(60, || {
        let system = system();
        let counter = Counter::builder(Tally::default());
        let counter = counter.name("main").spawn(&system).unwrap();
        let same = counter.clone();
        let free = spawn(&system);
        free.add(1).unwrap();
        drop(free);
        let leaks = leaks(system);
        let [Leak::Held { actor, by, .. }] = &leaks[..] else {
            panic!("{leaks}")
        };
        assert_eq!((actor, *by), (&counter.label(), 2));
        let text = leaks.to_string();
        assert!(
            text.contains("Counter#1 \"main\" is still held by 2 handles"),
            "{text}"
        );
        assert!(text.starts_with("the system `shop` did not end without a trace:\n  "));
        drop(same);
    });
}

#[test]
fn what_is_made_of_handles_holds_as_well() {
    within(60, || {
        let system = system();
        let counter = spawn(&system);
        let recipient = counter.recipient(Counter::Add);
        drop(counter);
        assert!(matches!(&leaks(system)[..], [Leak::Held { by: 1, .. }]));
        drop(recipient);
    });
}

#[test]
fn those_that_ended_before_are_named_if_they_are_remembered() {
    within(60, || {
        let ended = |system: &System| {
            let counter = spawn(system);
            counter.stop();
            counter.stopped().wait().unwrap();
            counter
        };
        let system = system();
        let counter = ended(&system);
        assert!(matches!(&leaks(system)[..], [Leak::Unnamed]));
        drop(counter);

        let system = System::builder().remember_actors().build().unwrap();
        let counter = ended(&system);
        assert!(matches!(&leaks(system)[..], [Leak::Held { by: 1, .. }]));
        drop(counter);

        let system = System::builder().clock(&TestClock::new()).build().unwrap();
        let counter = ended(&system);
        assert!(matches!(&leaks(system)[..], [Leak::Held { by: 1, .. }]));
        drop(counter);
    });
}

#[test]
fn clones_of_the_system_are_told() {
    within(60, || {
        let system = system();
        let same = system.clone();
        assert!(matches!(
            &leaks(system)[..],
            [Leak::Clones { count: 1, .. }]
        ));
        drop(same);
    });
}

#[test]
fn unhandled_messages_are_listed_unless_they_are_allowed() {
    within(60, || {
        let held = || {
            let system = system();
            let counter = spawn(&system);
            counter.later().unwrap();
            counter.later().unwrap();
            counter.add(1).unwrap();
            system
        };
        let leaks = leaks(held());
        let [
            Leak::Unhandled {
                actor,
                message: "Later",
                count: 2,
                ..
            },
        ] = &leaks[..]
        else {
            panic!("{leaks}")
        };
        assert_eq!(actor.protocol(), "Counter");
        LeakCheck::new().allow_unhandled().assert(held());
    });
}

#[test]
fn those_that_do_not_stop_or_crash_are_named() {
    within(60, || {
        let system = system();
        let (hung, blocked, failing) = (spawn(&system), spawn(&system), spawn(&system));
        let gate = Gate::default();
        hung.hang().unwrap();
        blocked.hold(gate.clone()).unwrap();
        failing.fail().unwrap();
        gate.await_arrival();
        drop((hung, blocked, failing));
        let check = LeakCheck::new().allow_handles();
        let text = check.check(system).unwrap_err().to_string();
        for part in [
            "Counter#1 did not stop within the limit, and was killed: its handler",
            "Counter#2 did not stop within the limit, and was killed; it still blocks its thread",
            "Counter#3 crashed at the shutdown",
            "the thread `shop-",
        ] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
        gate.open();
    });
}

#[test]
fn the_assertion_panics_with_the_list() {
    within(60, || {
        let panic = std::thread::spawn(|| {
            let system = system();
            let kept = spawn(&system);
            assert_no_leaks(system);
            drop(kept);
        });
        let panic = panic.join().unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(
            text.contains("Counter#1 is still held by 1 handle or ask"),
            "{text}"
        );
    });
}

#[test]
fn around_a_closure() {
    within(60, || {
        let clock = TestClock::new();
        let builder = System::builder().workers(1).clock(&clock);
        let sum = assert_no_leaks_in(builder, |system| {
            let counter = spawn(system);
            counter.add(5).unwrap();
            clock.advance(Duration::from_secs(1));
            counter.get().wait().unwrap()
        });
        assert_eq!(sum, 5);
        let kept = std::thread::spawn(|| assert_no_leaks_in(System::builder(), spawn));
        assert!(kept.join().is_err(), "what it returns is left");
    });
}
