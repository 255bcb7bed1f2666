//! A system shuts down within its limit, and says who held it up.

mod support;

use std::thread;
use std::time::{Duration, Instant};
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{ExitReason, NotSpawned, ShutdownError};

#[actor]
enum Guest {
    Stay,
    Block,
    Nap,
    EndAll,
    #[reply(())]
    Ping,
}

#[derive(Default)]
struct Room {
    gate: Gate,
    system: Option<System>,
}

#[handlers]
impl GuestActor for Room {
    async fn stay(&mut self) {
        std::future::pending().await
    }
    fn block(&mut self) {
        self.gate.pass();
    }
    fn nap(&mut self) {
        thread::sleep(Duration::from_millis(30));
    }
    fn end_all(&mut self) {
        self.system = None;
    }
    fn ping(&self) {}
}

fn inn(limit: u64) -> System {
    let limit = Duration::from_millis(limit);
    System::builder()
        .name("inn")
        .workers(2)
        .shutdown_limit(limit)
        .build()
        .unwrap()
}

#[test]
fn what_is_queued_is_handled_first() {
    within(20, || {
        let system = inn(10_000);
        let guest = Guest::spawn(&system, Room::default());
        for _ in 0..3 {
            guest.nap().unwrap();
        }
        let ping = guest.ping().send();
        system.shutdown().wait().unwrap();
        ping.wait().unwrap();
        assert!(matches!(
            guest.stopped().wait().unwrap(),
            ExitReason::Shutdown
        ));
        assert_eq!(system.actor_count(), 0);
        // A second time is no harm.
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn one_that_waits_for_ever_is_killed_and_named() {
    within(20, || {
        let system = inn(50);
        let guest = Guest::builder(Room::default())
            .name("dozer")
            .spawn(&system)
            .unwrap();
        let other = Guest::spawn(&system, Room::default());
        guest.stay().unwrap();
        let begun = Instant::now();
        let failure = system.shutdown().wait().unwrap_err();
        assert!(begun.elapsed() >= Duration::from_millis(50));
        let error = failure.downcast_ref::<ShutdownError>().unwrap();
        assert_eq!(error.killed(), [guest.label()]);
        assert_eq!(error.stuck(), []);
        assert_eq!(
            error.to_string(),
            "the system `inn` did not shut down within 50ms; killed: Guest#1 \"dozer\""
        );
        assert!(matches!(
            guest.stopped().wait().unwrap(),
            ExitReason::Killed
        ));
        assert!(matches!(
            other.stopped().wait().unwrap(),
            ExitReason::Shutdown
        ));
    });
}

#[test]
fn one_that_blocks_its_thread_is_left_behind_and_named() {
    within(20, || {
        let system = inn(50);
        let gate = Gate::default();
        let guest = Guest::spawn(
            &system,
            Room {
                gate: gate.clone(),
                system: None,
            },
        );
        guest.block().unwrap();
        gate.await_arrival();
        let queued = guest.ping().send();
        let begun = Instant::now();
        let failure = system.shutdown().wait().unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(5));
        let error = failure.downcast_ref::<ShutdownError>().unwrap();
        assert_eq!(error.stuck(), [guest.label()]);
        // It counts as dead although it still holds its thread.
        assert!(matches!(
            guest.stopped().wait().unwrap(),
            ExitReason::Killed
        ));
        assert!(queued.wait().unwrap_err().is_stopped());
        // Whatever has a limit ends, also on a system without a clock.
        let limited = guest.ping().timeout(Duration::from_secs(1)).wait();
        assert!(limited.unwrap_err().is_stopped());
        system.shutdown().wait().unwrap();
        gate.open();
    });
}

#[test]
fn those_who_only_waited_for_a_blocked_thread_end_too() {
    within(20, || {
        let limit = Duration::from_millis(50);
        let system = System::builder()
            .workers(1)
            .shutdown_limit(limit)
            .build()
            .unwrap();
        let gate = Gate::default();
        let blocker = Guest::spawn(
            &system,
            Room {
                gate: gate.clone(),
                system: None,
            },
        );
        let innocent: Vec<_> = (0..8)
            .map(|_| Guest::spawn(&system, Room::default()))
            .collect();
        blocker.block().unwrap();
        gate.await_arrival();
        let pings: Vec<_> = innocent.iter().map(|guest| guest.ping().send()).collect();
        let failure = system.shutdown().wait().unwrap_err();
        let error = failure.downcast_ref::<ShutdownError>().unwrap();
        assert_eq!(error.stuck(), [blocker.label()]);
        assert_eq!(error.killed().len(), 9);
        for (guest, ping) in innocent.iter().zip(pings) {
            assert!(matches!(
                guest.stopped().wait().unwrap(),
                ExitReason::Killed
            ));
            assert!(ping.wait().unwrap_err().is_stopped());
        }
        gate.open();
    });
}

#[actor]
enum Packer {
    Pack,
}

/// What takes its time to go.
struct Trunk;

#[handlers]
impl PackerActor for Trunk {
    fn pack(&mut self) {}
}

impl Drop for Trunk {
    fn drop(&mut self) {
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn so_do_those_who_are_about_to_end_when_time_is_over() {
    within(60, || {
        let system = System::builder()
            .workers(4)
            .shutdown_limit(Duration::ZERO)
            .grace(Duration::from_millis(200))
            .build()
            .unwrap();
        // All of them take much longer than twice the grace, at which time each
        // worker has one in hand; and that one takes much less than the grace.
        let packers: Vec<_> = (0..600).map(|_| Packer::spawn(&system, Trunk)).collect();
        let failure = system.shutdown().wait().unwrap_err();
        let error = failure.downcast_ref::<ShutdownError>().unwrap();
        assert_eq!(error.stuck(), []);
        assert!(packers.iter().all(|packer| !packer.is_alive()));
    });
}

#[test]
fn nothing_is_spawned_afterwards() {
    within(20, || {
        let system = inn(1_000);
        system.shutdown().wait().unwrap();
        let guest = Guest::spawn(&system, Room::default());
        assert!(!guest.is_alive());
        assert!(guest.nap().is_err());
        assert!(guest.ping().wait().unwrap_err().is_stopped());
        assert!(matches!(
            guest.stopped().wait().unwrap(),
            ExitReason::Shutdown
        ));
        let error = guest.started().wait().unwrap_err();
        let text = "the actor Guest#1 did not start: was shut down";
        assert_eq!(error.to_string(), text);
        let error = Guest::builder(Room::default())
            .name("late")
            .spawn(&system)
            .unwrap_err();
        assert_eq!(error.reason(), NotSpawned::ShuttingDown);
        let text = "cannot spawn the `Guest` \"late\": the system is shutting down";
        assert_eq!(error.to_string(), text);
        let Room { .. } = error.into_state();
    });
}

#[test]
fn dropping_the_last_owner_shuts_down() {
    within(20, || {
        let system = inn(1_000);
        let guest = Guest::spawn(&system, Room::default());
        let clone = system.clone();
        drop(system);
        guest.ping().wait().unwrap();
        drop(clone);
        assert!(matches!(
            guest.stopped().wait().unwrap(),
            ExitReason::Shutdown
        ));
    });
}

#[test]
fn also_if_that_happens_in_a_handler() {
    within(20, || {
        let system = inn(1_000);
        let other = Guest::spawn(&system, Room::default());
        let room = Room {
            system: Some(system.clone()),
            ..Room::default()
        };
        let guest = Guest::spawn(&system, room);
        drop(system);
        guest.end_all().unwrap();
        assert!(matches!(
            other.stopped().wait().unwrap(),
            ExitReason::Shutdown
        ));
        assert!(matches!(
            guest.stopped().wait().unwrap(),
            ExitReason::Shutdown
        ));
    });
}

#[cfg(target_os = "linux")]
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").unwrap().count()
}

#[cfg(target_os = "linux")]
#[test]
fn two_hundred_systems_leave_no_thread_behind() {
    within(60, || {
        let room = || Guest::spawn(&inn(1_000), Room::default());
        // Its system is dropped at once.
        assert!(!room().is_alive());
        for _ in 0..200 {
            let system = inn(1_000);
            let guest = Guest::spawn(&system, Room::default());
            guest.ping().wait().unwrap();
            system.shutdown().wait().unwrap();
        }
        // Other tests of this program run their own systems meanwhile.
        eventually("the threads have ended", || threads() < 60);
    });
}
