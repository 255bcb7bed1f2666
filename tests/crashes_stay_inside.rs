//! A panic or an error in a handler ends that actor only, and says where.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use support::{Gate, within};
use zctor::prelude::*;
use zctor::{ExitReason, Place};

#[actor]
enum Bomb {
    Panic(String),
    Fail(String),
    AwaitAndPanic,
    Hold(Counted),
    Wait,
    #[reply(u32)]
    Ping,
}

/// Counts its drops.
struct Counted(Arc<AtomicU32>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[derive(Default)]
struct Fuse {
    gate: Gate,
    on_drop: Option<Counted>,
    stops: StopsHow,
}

#[derive(Default)]
enum StopsHow {
    #[default]
    Well,
    Panicking,
}

#[handlers]
impl BombActor for Fuse {
    fn panic(&mut self, value: String) {
        panic!("{value}");
    }
    fn fail(&mut self, value: String) -> Result<(), Failure> {
        Err(Failure::msg(value))
    }
    async fn await_and_panic(&mut self, ctx: &mut Context<Bomb>) {
        let _ = ctx.handle().actor().started().await;
        panic!("later");
    }
    fn hold(&mut self, _value: Counted) {}
    fn wait(&mut self) {
        self.gate.pass();
    }
    fn ping(&self) -> u32 {
        1
    }
    fn on_stop(&mut self) {
        if let StopsHow::Panicking = self.stops {
            panic!("at the end");
        }
    }
}

fn crash_of(bomb: &BombHandle) -> zctor::Crash {
    match bomb.stopped().wait().unwrap() {
        ExitReason::Crashed(crash) => crash,
        other => panic!("{other}"),
    }
}

#[test]
fn with_its_place_and_cause() {
    within(10, || {
        let system = System::new().unwrap();
        let bystander = Bomb::spawn(&system, Fuse::default());

        let bomb = Bomb::spawn(&system, Fuse::default());
        bomb.panic("boom".into()).unwrap();
        let crash = crash_of(&bomb);
        assert_eq!(crash.place(), Place::Message("Panic"));
        assert!(crash.is_panic());
        assert_eq!(crash.cause(), "boom");
        assert_eq!(crash.actor(), &bomb.label());
        assert_eq!(
            crash.to_string(),
            "in the handler of `Panic`: panicked: boom"
        );

        let bomb = Bomb::spawn(&system, Fuse::default());
        bomb.fail("wet".into()).unwrap();
        let crash = crash_of(&bomb);
        assert_eq!(crash.place(), Place::Message("Fail"));
        assert_eq!(crash.failure().unwrap().to_string(), "wet");

        let bomb = Bomb::spawn(&system, Fuse::default());
        bomb.await_and_panic().unwrap();
        assert_eq!(crash_of(&bomb).cause(), "later");

        let bomb = Bomb::spawn(
            &system,
            Fuse {
                stops: StopsHow::Panicking,
                ..Fuse::default()
            },
        );
        bomb.stop();
        assert_eq!(crash_of(&bomb).place(), Place::Stop);

        assert_eq!(bystander.ping().wait().unwrap(), 1);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn what_was_queued_is_dropped_once_by_the_time_stopped_returns() {
    within(10, || {
        let system = System::new().unwrap();
        let drops = Arc::new(AtomicU32::new(0));
        let gate = Gate::default();
        let fuse = Fuse {
            gate: gate.clone(),
            on_drop: Some(Counted(Arc::clone(&drops))),
            ..Fuse::default()
        };
        assert!(fuse.on_drop.is_some());
        let bomb = Bomb::spawn(&system, fuse);
        bomb.wait().unwrap();
        bomb.hold(Counted(Arc::clone(&drops))).unwrap();
        bomb.panic("boom".into()).unwrap();
        for _ in 0..100 {
            bomb.hold(Counted(Arc::clone(&drops))).unwrap();
        }
        gate.open();
        crash_of(&bomb);
        assert_eq!(
            drops.load(SeqCst),
            102,
            "one handled, one hundred queued, and the state"
        );
        assert_eq!(bomb.dropped(), 100);
        // Refused, given back, dropped here.
        assert!(bomb.hold(Counted(Arc::clone(&drops))).is_err());
        assert_eq!(drops.load(SeqCst), 103);
    });
}

#[actor]
enum Trap {
    Take(Nasty),
    Wait,
}

/// Panics when it is dropped.
struct Nasty;

impl Drop for Nasty {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("nasty");
        }
    }
}

#[handlers]
impl TrapActor for Fuse {
    fn take(&mut self, value: Nasty) {
        std::mem::forget(value);
    }
    fn wait(&mut self) {
        self.gate.pass();
    }
}

#[test]
fn a_message_whose_drop_panics_does_no_harm() {
    within(10, || {
        let system = System::builder().workers(1).build().unwrap();
        let gate = Gate::default();
        let trap = Trap::spawn(
            &system,
            Fuse {
                gate: gate.clone(),
                ..Fuse::default()
            },
        );
        trap.wait().unwrap();
        gate.await_arrival();
        for _ in 0..10 {
            trap.take(Nasty).unwrap();
        }
        trap.kill();
        gate.open();
        assert!(matches!(trap.stopped().wait().unwrap(), ExitReason::Killed));
        assert_eq!(trap.dropped(), 10);
        let bomb = Bomb::spawn(&system, Fuse::default());
        assert_eq!(bomb.ping().wait().unwrap(), 1, "the worker lives");
        system.shutdown().wait().unwrap();
    });
}
