//! `stats()` and `system.actors()` say what has become of each message.

mod support;

use std::time::Duration;
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{Stats, WaitInHandler};

#[derive(Debug)]
struct Refused;

#[actor(mailbox = 4, overflow = reject)]
enum Desk {
    Note(u32),
    Pass,
    Fail,
    #[reply(u32)]
    Ask,
    #[reply(u32, error = Refused)]
    TryAsk(bool),
    #[reply(Stats)]
    Own,
    Repeat(u32),
}

#[derive(Default)]
struct Clerk(Gate);

#[handlers]
impl DeskActor for Clerk {
    fn note(&mut self, _value: u32) {}
    fn pass(&mut self) {
        self.0.pass();
    }
    fn fail(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("on purpose"))
    }
    fn ask(&self) -> u32 {
        1
    }
    fn try_ask(&mut self, value: bool) -> Result<u32, Refused> {
        value.then_some(1).ok_or(Refused)
    }
    fn own(&self, ctx: &mut Context<Desk>) -> Stats {
        ctx.stats()
    }
    fn repeat(&mut self, value: u32, ctx: &mut Context<Desk>) -> Result<(), Failure> {
        if let Some(less) = value.checked_sub(1) {
            ctx.send(Desk::Repeat(less))?;
        }
        Ok(())
    }
}

/// Handled, failed, dropped, skipped, returned, queued.
fn counts(stats: Stats) -> [u64; 6] {
    assert_eq!(
        stats.sent(),
        stats.handled() + stats.dropped() + stats.returned() + stats.queued()
    );
    [
        stats.handled(),
        stats.failed(),
        stats.dropped(),
        stats.skipped(),
        stats.returned(),
        stats.queued(),
    ]
}

#[test]
fn of_each_way_to_go() {
    within(20, || {
        let system = System::new().unwrap();
        let _events = system.events();
        let gate = Gate::default();
        let desk = Desk::spawn(&system, Clerk(gate.clone()));
        assert_eq!(counts(desk.stats()), [0; 6]);
        desk.note(1).unwrap();
        desk.ask().wait().unwrap();
        desk.try_ask(true).wait().unwrap();
        assert!(desk.try_ask(false).wait().is_err());
        assert_eq!(counts(desk.stats()), [4, 1, 0, 0, 0, 0]);
        assert_eq!(desk.own().wait().unwrap().handled(), 5);
        // Its own messages count as well.
        desk.repeat(2).unwrap();
        eventually("all repeated", || desk.stats().handled() == 8);
        // Full, and asks whose time is over before they are sent.
        desk.pass().unwrap();
        gate.await_arrival();
        let skipped = desk.ask().send();
        desk.note(2).unwrap();
        desk.fail().unwrap();
        desk.note(3).unwrap();
        assert_eq!(counts(desk.stats()), [9, 1, 0, 0, 0, 4]);
        assert!(desk.note(4).is_err());
        assert!(desk.ask().wait().is_err());
        assert!(desk.ask().timeout(Duration::ZERO).wait().is_err());
        drop(desk.ask().timeout(Duration::ZERO).send());
        drop(desk.ask());
        assert_eq!(counts(desk.stats()), [9, 1, 0, 0, 4, 4]);
        drop(skipped);
        gate.open();
        desk.stopped().wait().unwrap();
        assert_eq!(counts(desk.stats()), [12, 2, 1, 1, 4, 0]);
        assert!(desk.note(5).is_err());
        assert!(desk.ask().wait().is_err());
        assert_eq!(counts(desk.stats()), [12, 2, 1, 1, 6, 0]);
        assert_eq!((desk.dropped(), desk.skipped()), (1, 1));
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Caller {
    Call,
}

struct Phone(DeskHandle);

#[handlers]
impl CallerActor for Phone {
    fn call(&mut self) {
        let refused = self.0.ask().wait().unwrap_err();
        assert!(matches!(refused, AskError::WaitInHandler { .. }));
        assert_eq!(
            self.0.stopped().wait().err().map(drop::<WaitInHandler>),
            Some(())
        );
    }
}

#[test]
fn an_ask_that_may_not_wait_was_not_accepted() {
    within(20, || {
        let system = System::new().unwrap();
        let desk = Desk::spawn(&system, Clerk::default());
        let caller = Caller::spawn(&system, Phone(desk.clone()));
        caller.call().unwrap();
        caller.stop();
        assert!(caller.stopped().wait().unwrap().is_orderly());
        assert_eq!(counts(desk.stats()), [0, 0, 0, 0, 1, 0]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn the_list_of_live_actors() {
    within(20, || {
        let sim = Sim::new(1);
        let system = sim.system();
        assert!(system.actors().is_empty());
        let desk = Desk::builder(Clerk::default()).name("front").spawn(system);
        let desk = desk.unwrap();
        desk.note(1).unwrap();
        sim.advance(Duration::from_secs(90));
        let other = Desk::spawn(system, Clerk::default());
        let caller = Caller::spawn(system, Phone(other.clone()));
        assert!(desk.try_ask(false).wait().is_err());
        for number in 0..3 {
            other.note(number).unwrap();
        }
        let expected = "\
PROTOCOL  ID  NAME     AGE  QUEUED  HANDLED  FAILED  DROPPED
Desk      #1  front  1m30s       0        2       1        0
Desk      #2  -       0.0s       3        0       0        0
Caller    #3  -       0.0s       0        0       0        0
";
        assert_eq!(system.actors().to_string(), expected);
        other.kill();
        other.stopped().wait().unwrap();
        let actors = system.actors();
        let labels: Vec<_> = actors.iter().map(|actor| actor.label().clone()).collect();
        assert_eq!(labels, [desk.label(), caller.label()]);
        assert_eq!(actors.len(), system.actor_count());
        for actor in actors {
            assert_eq!(actor.stats().queued(), 0);
        }
        assert_eq!(counts(other.stats()), [0, 0, 3, 0, 0, 0]);
        assert_eq!(desk.stats().age(), Duration::from_secs(90));
    });
}
