//! Everything that happens to an actor is an event, in one order for all who
//! read; readers never hold up actors; crashes go to stderr when nobody reads.

mod support;

use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use support::{Gate, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{DropReason, Event, EventKind, Events, ExitReason, Place, WaitInHandler};

#[actor(mailbox = 4, overflow = drop_newest)]
enum Newest {
    Pass,
    Number(u32),
    Fail,
    #[reply(())]
    Ask,
}

#[actor(mailbox = 4, overflow = drop_oldest)]
enum Oldest {
    Pass,
    Number(u32),
    Fail,
    #[reply(())]
    Ask,
}

#[derive(Default)]
struct Slow {
    gate: Gate,
}

macro_rules! slow {
    ($actor:ident) => {
        #[handlers]
        impl $actor for Slow {
            fn pass(&mut self) {
                self.gate.pass();
            }
            fn number(&mut self, _value: u32) {}
            fn fail(&mut self) -> Result<(), Failure> {
                Err(Failure::msg("on\npurpose"))
            }
            fn ask(&self) {}
        }
    };
}

slow!(NewestActor);
slow!(OldestActor);

fn slow() -> (Slow, Gate) {
    let gate = Gate::default();
    let state = Slow { gate: gate.clone() };
    (state, gate)
}

/// What happened, without times.
fn texts(events: &mut Events) -> Vec<String> {
    let text = |event: Event| event.to_string().split_once(' ').unwrap().1.to_owned();
    events.try_iter().map(text).collect()
}

#[test]
fn a_life_in_its_order() {
    within(20, || {
        let system = System::new().unwrap();
        let mut events = system.events();
        let (state, gate) = slow();
        let actor = Newest::spawn(&system, state);
        actor.pass().unwrap();
        gate.await_arrival();
        actor.number(1).unwrap();
        actor.fail().unwrap();
        actor.number(2).unwrap();
        let ask = actor.ask().send();
        // The mailbox is full.
        actor.number(3).unwrap();
        actor.number(4).unwrap();
        actor.fail().unwrap();
        gate.open();
        let reason = actor.stopped().wait().unwrap();
        assert!(matches!(reason, ExitReason::Crashed(_)));
        assert!(matches!(ask.wait(), Err(AskError::Stopped { .. })));
        // The end is there by the time that `stopped()` returns.
        let seen: Vec<_> = events.try_iter().collect();
        let lines: Vec<_> = seen.iter().map(|event| event.kind().to_string()).collect();
        assert_eq!(
            lines,
            [
                "started",
                "dropped 2 `Number`: the mailbox was full",
                "dropped 1 `Fail`: the mailbox was full",
                "crashed in the handler of `Fail`: on\npurpose",
                "dropped 1 `Number`: it has ended",
                "dropped 1 `Ask`: it has ended",
                "ended by its crash",
            ]
        );
        let numbers: Vec<_> = seen.iter().map(Event::number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
        assert!(seen.is_sorted_by_key(Event::at));
        for event in &seen {
            assert_eq!(event.actor(), Some(&actor.label()));
            assert_eq!(event.incarnation(), 1);
            assert_eq!(event.to_string().lines().count(), 1);
        }
        let EventKind::Crashed(crash) = seen[3].kind() else {
            panic!("{}", seen[3]);
        };
        assert_eq!(crash.cause(), "on\npurpose");
        system.shutdown().wait().unwrap();
        assert!(events.next().wait().unwrap().is_none());
        assert!(system.events().next().wait().unwrap().is_none());
    });
}

#[test]
fn the_oldest_is_told_of_when_it_is_dropped() {
    within(20, || {
        let system = System::new().unwrap();
        let mut events = system.events();
        let (state, gate) = slow();
        let actor = Oldest::spawn(&system, state);
        actor.pass().unwrap();
        gate.await_arrival();
        let ask = actor.ask().send();
        for number in 0..5 {
            actor.number(number).unwrap();
        }
        assert!(matches!(ask.wait(), Err(AskError::Full { .. })));
        gate.open();
        actor.stop();
        actor.stopped().wait().unwrap();
        assert_eq!(
            texts(&mut events),
            [
                "Oldest#1 started",
                "Oldest#1 dropped 1 `Ask`: the mailbox was full",
                "Oldest#1 dropped 1 `Number`: the mailbox was full",
                "Oldest#1 stopped",
            ]
        );
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn ends_of_every_kind() {
    within(20, || {
        let system = System::new().unwrap();
        let mut events = system.events();
        let (state, gate) = slow();
        let killed = Newest::spawn(&system, state);
        killed.pass().unwrap();
        gate.await_arrival();
        // Asks whose callers have gone.
        drop(killed.ask().send());
        drop(killed.ask().send());
        let stops = killed.clone();
        gate.open();
        stops.ask().wait().unwrap();
        killed.kill();
        killed.stopped().wait().unwrap();
        let left = Newest::builder(Slow::default()).name("left");
        left.spawn(&system).unwrap().started().wait().unwrap();
        system.shutdown().wait().unwrap();
        assert_eq!(
            texts(&mut events),
            [
                "Newest#1 started",
                "Newest#1 skipped 2 `Ask`: nobody waited any more",
                "Newest#1 killed",
                "Newest#2 \"left\" started",
                "Newest#2 \"left\" was shut down",
            ]
        );
        assert!(events.try_next().is_none());
    });
}

#[test]
fn a_handler_that_blocks_its_thread() {
    within(20, || {
        let system = System::builder()
            .workers(1)
            .blocked_after(Duration::from_millis(20))
            .grace(Duration::from_millis(20))
            .build()
            .unwrap();
        let mut events = system.events();
        let (state, gate) = slow();
        let actor = Newest::spawn(&system, state);
        actor.pass().unwrap();
        gate.await_arrival();
        actor.number(1).unwrap();
        let mut next = || events.next().wait().unwrap().unwrap();
        assert!(matches!(next().kind(), EventKind::Started));
        let blocked = next();
        let EventKind::Blocked { place, so_long, .. } = blocked.kind() else {
            panic!("{blocked}");
        };
        assert_eq!(*place, Place::Message("Pass"));
        assert!(*so_long >= Duration::from_millis(20));
        actor.kill();
        let reason = actor.stopped().wait().unwrap();
        assert!(matches!(reason, ExitReason::Killed));
        let mut kinds: Vec<_> = events
            .try_iter()
            .map(|event| event.kind().clone())
            .collect();
        // It may have been blocked for several times that long by then.
        kinds.retain(|kind| !matches!(kind, EventKind::Blocked { .. }));
        let texts: Vec<_> = kinds.iter().map(EventKind::to_string).collect();
        assert_eq!(
            texts,
            [
                "dropped 1 `Number`: it has ended",
                "was killed, but blocks its thread in the handler of `Pass`: it counts as dead",
                "killed",
            ]
        );
        // What becomes of its thread is no event of its life any more.
        gate.open();
        system.shutdown().wait().unwrap();
        assert!(events.try_next().is_none());
    });
}

#[actor]
enum Brief {
    Fail,
}

struct Mayfly;

#[handlers]
impl BriefActor for Mayfly {
    fn fail(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("over"))
    }
}

const ROUNDS: u64 = 500;

/// Lives and ends from four threads: three events for each crash, else two.
fn many_lives(system: &System) -> u64 {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 0..ROUNDS {
                    let brief = Brief::spawn(system, Mayfly);
                    brief.started().wait().unwrap();
                    match round % 3 {
                        0 => brief.stop(),
                        1 => brief.kill(),
                        _ => brief.fail().unwrap(),
                    }
                    brief.stopped().wait().unwrap();
                }
            });
        }
    });
    4 * (2 * ROUNDS + ROUNDS / 3)
}

#[test]
fn all_readers_see_one_order() {
    within(60, || {
        let system = System::builder().workers(4).build().unwrap();
        let read = |mut events: Events| {
            thread::spawn(move || {
                let mut seen = Vec::new();
                while let Some(event) = events.next().wait().unwrap() {
                    seen.push(event);
                }
                seen
            })
        };
        let readers = [(); 3].map(|()| read(system.events().capacity(100_000)));
        let mut late = system.events().capacity(100_000);
        let expected = many_lives(&system);
        system.shutdown().wait().unwrap();
        let seen = readers.map(|reader| reader.join().unwrap());
        let late: Vec<_> = late.try_iter().collect();
        let lines = |events: &[Event]| events.iter().map(Event::to_string).collect::<Vec<_>>();
        for other in [&seen[1], &seen[2], &late] {
            assert!(lines(&seen[0]) == lines(other));
        }
        assert_eq!(seen[0].len() as u64, expected);
        for (number, event) in (1..).zip(&seen[0]) {
            assert_eq!(event.number(), number);
        }
        assert!(seen[0].is_sorted_by_key(Event::at));
        // And in it each life in its order.
        for actor in 1..=4 * ROUNDS {
            let of_actor = |event: &&Event| event.actor().unwrap().id().get() == actor;
            let kinds: Vec<_> = seen[0].iter().filter(of_actor).map(Event::kind).collect();
            match kinds[..] {
                [EventKind::Started, EventKind::Stopped(_)] => {}
                [
                    EventKind::Started,
                    EventKind::Crashed(_),
                    EventKind::Stopped(ExitReason::Crashed(_)),
                ] => {}
                _ => panic!("{kinds:?}"),
            }
            if actor == 200 {
                break;
            }
        }
    });
}

#[test]
fn a_slow_reader_is_told_what_it_missed() {
    within(60, || {
        let system = System::builder().workers(4).build().unwrap();
        let mut slow = system.events().capacity(10);
        let mut slower = system.events().capacity(3);
        let expected = many_lives(&system);
        for (events, capacity) in [(&mut slow, 10), (&mut slower, 3)] {
            let seen: Vec<_> = events.try_iter().collect();
            assert_eq!(seen.len(), capacity + 1);
            let EventKind::Missed(missed) = seen[0].kind() else {
                panic!("{}", seen[0]);
            };
            assert_eq!(missed + capacity as u64, expected);
            assert_eq!(seen[0].number(), *missed);
            for (number, event) in (missed + 1..).zip(&seen[1..]) {
                assert_eq!(event.number(), number);
            }
        }
        // Both are at the end, and go on from there.
        let brief = Brief::spawn(&system, Mayfly);
        brief.started().wait().unwrap();
        assert_eq!(texts(&mut slow), texts(&mut slower));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn drops_are_counted_and_do_not_push_out_the_rest() {
    within(20, || {
        let system = System::new().unwrap();
        let mut events = system.events().capacity(8);
        let (state, gate) = slow();
        let actor = Newest::spawn(&system, state);
        actor.pass().unwrap();
        gate.await_arrival();
        for number in 0..10_004 {
            actor.number(number).unwrap();
        }
        gate.open();
        actor.kill();
        actor.stopped().wait().unwrap();
        let mut dropped = 0;
        for event in events.try_iter() {
            match event.kind() {
                EventKind::Dropped {
                    message: "Number",
                    reason: DropReason::Overflow,
                    count,
                    ..
                } => {
                    assert_eq!(*count, 10_000);
                    dropped += count;
                }
                EventKind::Dropped {
                    reason: DropReason::Ended,
                    count,
                    ..
                } => dropped += count,
                EventKind::Missed(_) => panic!("{event}"),
                _ => {}
            }
        }
        assert_eq!(dropped, actor.dropped());
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Reader {
    #[reply(Result<bool, WaitInHandler>)]
    Wait,
    #[reply(String)]
    Next,
}

struct Desk(Events);

#[handlers]
impl ReaderActor for Desk {
    fn wait(&mut self) -> Result<bool, WaitInHandler> {
        self.0.next().wait().map(|event| event.is_some())
    }
    async fn next(&mut self) -> String {
        self.0.next().await.unwrap().kind().to_string()
    }
}

#[test]
fn an_actor_can_read() {
    within(20, || {
        let system = System::builder().workers(1).build().unwrap();
        let other = System::builder().workers(1).build().unwrap();
        let reader = Reader::spawn(&system, Desk(other.events()));
        assert!(reader.wait().wait().unwrap().is_err());
        let next = reader.next().send();
        let brief = Brief::spawn(&other, Mayfly);
        assert_eq!(next.wait().unwrap(), "started");
        brief.kill();
        assert_eq!(reader.next().wait().unwrap(), "killed");
        drop(brief);
        other.shutdown().wait().unwrap();
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn in_virtual_time_the_log_of_a_seed_is_always_the_same() {
    within(60, || {
        let log = |seed| {
            let sim = Sim::new(seed);
            let mut events = sim.system().events();
            let actors = [(); 5].map(|()| Brief::spawn(sim.system(), Mayfly));
            sim.advance(Duration::from_millis(1_500));
            for actor in &actors {
                actor.fail().unwrap();
            }
            sim.run_until_idle();
            drop(sim);
            events.try_iter().map(|event| event.to_string()).collect()
        };
        let first: Vec<String> = log(7);
        assert_eq!(first.len(), 15);
        assert!(first[0].starts_with("0.000000s Brief#"), "{}", first[0]);
        assert!(first[5].starts_with("1.500000s Brief#"), "{}", first[5]);
        assert_eq!(first, log(7));
        assert_ne!(first, log(8));
    });
}

/// Run by the tests below, in a process of its own.
#[test]
fn child() {
    let Ok(mode) = std::env::var("ZCTOR_TEST_EVENTS") else {
        return;
    };
    if mode == "brief" {
        let pause = |n: u32| Duration::from_micros(25) * (n % 200);
        return (0..600).for_each(|n| shut_down_after(pause(n)));
    }
    let limit = Duration::from_millis(20);
    let system = System::builder().shutdown_limit(limit).build().unwrap();
    let events = Arc::new((mode == "read").then(|| system.events()));
    let brief = Brief::spawn(&system, Mayfly);
    brief.fail().unwrap();
    brief.stopped().wait().unwrap();
    let (state, gate) = slow();
    let slow = Newest::spawn(&system, state);
    slow.pass().unwrap();
    gate.await_arrival();
    drop(system);
    gate.open();
    drop(events);
}

/// A system that shuts down so long after its worker is held up: about when the
/// worker is replaced, which takes from 2 to 5 ms.
fn shut_down_after(pause: Duration) {
    let system = System::builder()
        .workers(1)
        .shutdown_limit(Duration::ZERO)
        .grace(Duration::ZERO)
        .blocked_after(Duration::from_millis(2))
        .build()
        .unwrap();
    let events = system.events();
    let (state, gate) = slow();
    let slow = Newest::spawn(&system, state);
    slow.pass().unwrap();
    gate.await_arrival();
    thread::sleep(pause);
    drop(system);
    gate.open();
    drop(events);
}

/// What a process writes to stderr.
fn stderr_of(mode: &str) -> String {
    let test = std::env::current_exe().unwrap();
    let output = Command::new(test)
        .args(["--exact", "child", "--nocapture"])
        .env("ZCTOR_TEST_EVENTS", mode)
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn who_reads_until_the_end_is_told_of_nothing_on_stderr() {
    within(60, || {
        let read = stderr_of("brief");
        assert!(!read.contains("zctor"), "{read}");
    });
}

#[test]
fn crashes_go_to_stderr_when_nobody_reads() {
    within(60, || {
        let unread = stderr_of("unread");
        assert!(unread.contains("actor Brief#1 crashed"), "{unread}");
        assert!(unread.contains("did not shut down within 20ms"), "{unread}");
        let read = stderr_of("read");
        assert!(!read.contains("zctor"), "{read}");
    });
}
