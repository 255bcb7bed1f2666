//! A monitor tells of an end exactly once, with the reason, and after
//! everything that the ended actor had sent.

mod support;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{Exit, ExitReason, MonitorKey};

const SOON: Duration = Duration::from_millis(30);

/// The one that is watched.
#[actor]
enum Subject {
    Panic,
    Fail,
    Forever,
    Report {
        to: GuardHandle,
        messages: u32,
        how: How,
    },
    #[reply(())]
    Ping,
}

#[derive(Debug, Clone, Copy)]
enum How {
    Stop,
    Panic,
    Fail,
}

struct Someone;

#[handlers]
impl SubjectActor for Someone {
    fn panic(&mut self) {
        panic!("ouch");
    }
    fn fail(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("no"))
    }
    async fn forever(&mut self) {
        std::future::pending().await
    }
    fn report(
        &mut self,
        to: GuardHandle,
        messages: u32,
        how: How,
        ctx: &mut Context<Subject>,
    ) -> Result<(), Failure> {
        for number in 0..messages {
            to.note(number)?;
        }
        match how {
            How::Stop => ctx.stop(),
            How::Panic => panic!("ouch"),
            How::Fail => ctx.fail(Failure::msg("no")),
        }
        Ok(())
    }
    fn ping(&self) {}
}

/// The one that watches. Its mailbox takes one message at a time.
#[actor]
enum Guard {
    Watch {
        whom: SubjectHandle,
        incarnation: bool,
    },
    /// Watches, waits at the gate, and watches no more.
    WatchAndForget {
        whom: SubjectHandle,
    },
    Note(u32),
    Pass,
    #[internal]
    Gone(Exit),
    #[reply(usize)]
    SetAndDrop {
        whom: SubjectHandle,
        times: usize,
    },
    #[reply(())]
    Ping,
}

#[derive(Debug)]
enum Seen {
    Note(u32),
    Gone(Exit),
}

struct Watchman {
    seen: Sender<Seen>,
    gate: Gate,
    monitors: Vec<MonitorKey>,
}

#[handlers]
impl GuardActor for Watchman {
    fn watch(&mut self, whom: SubjectHandle, incarnation: bool, ctx: &mut Context<Guard>) {
        self.monitors.push(if incarnation {
            ctx.monitor_incarnation(&whom, Guard::Gone)
        } else {
            ctx.monitor(&whom, Guard::Gone)
        });
    }
    fn watch_and_forget(&mut self, whom: SubjectHandle, ctx: &mut Context<Guard>) {
        let monitor = ctx.monitor(&whom, Guard::Gone);
        drop(whom);
        self.gate.pass();
        assert!(ctx.demonitor(monitor));
        assert!(!ctx.demonitor(monitor));
    }
    fn note(&mut self, value: u32) {
        let _ = self.seen.send(Seen::Note(value));
    }
    fn pass(&mut self) {
        self.gate.pass();
    }
    fn gone(&mut self, value: Exit, ctx: &mut Context<Guard>) {
        let _ = self.seen.send(Seen::Gone(value));
        if let [monitor] = self.monitors[..] {
            assert!(!ctx.demonitor(monitor), "its notice has come");
        }
        self.monitors.pop();
    }
    fn set_and_drop(
        &mut self,
        whom: SubjectHandle,
        times: usize,
        ctx: &mut Context<Guard>,
    ) -> usize {
        for _ in 0..times {
            let monitor = ctx.monitor(&whom, Guard::Gone);
            assert!(ctx.demonitor(monitor));
        }
        whom.watchers()
    }
    fn ping(&self) {}
}

type End = fn(&SubjectHandle);

fn guard(system: &System) -> (GuardHandle, Receiver<Seen>, Gate) {
    let ((seen, seeing), gate) = (channel(), Gate::default());
    let watchman = Watchman {
        seen,
        gate: gate.clone(),
        monitors: Vec::new(),
    };
    (Guard::spawn(system, watchman), seeing, gate)
}

fn gone(seen: &Receiver<Seen>) -> Exit {
    match seen.recv().unwrap() {
        Seen::Gone(exit) => exit,
        other @ Seen::Note(_) => panic!("{other:?}"),
    }
}

#[test]
fn stopped_panicked_failed_killed_and_let_go() {
    within(20, || {
        let system = System::new().unwrap();
        let (guard, seen, _) = guard(&system);
        let ends: [(End, &str); 4] = [
            (|subject| subject.stop(), "stopped"),
            (
                |subject| subject.panic().unwrap(),
                "crashed in the handler of `Panic`: panicked: ouch",
            ),
            (
                |subject| subject.fail().unwrap(),
                "crashed in the handler of `Fail`: no",
            ),
            (
                |subject| {
                    subject.forever().unwrap();
                    subject.kill();
                },
                "killed",
            ),
        ];
        for incarnation in [false, true] {
            for (end, reason) in ends {
                let subject = Subject::builder(Someone)
                    .name("bob")
                    .spawn(&system)
                    .unwrap();
                guard.watch(subject.clone(), incarnation).unwrap();
                guard.ping().wait().unwrap();
                assert_eq!(subject.watchers(), 1);
                end(&subject);
                let exit = gone(&seen);
                assert_eq!(exit.reason().to_string(), reason);
                assert_eq!((exit.id(), exit.name()), (subject.id(), Some("bob")));
                assert_eq!(exit.incarnation(), 1);
                assert_eq!(subject.watchers(), 0);
                subject.stopped().wait().unwrap();
            }
        }
        // A monitor does not keep it alive.
        let subject = Subject::spawn(&system, Someone);
        let id = subject.id();
        guard.watch(subject, false).unwrap();
        assert_eq!(gone(&seen).id(), id);
        guard.ping().wait().unwrap();
        assert!(seen.recv_timeout(SOON).is_err(), "one notice each");
        drop(guard);
    });
}

#[test]
fn one_that_has_ended_is_told_of_at_once() {
    within(20, || {
        let system = System::new().unwrap();
        let (guard, seen, _) = guard(&system);
        let subject = Subject::spawn(&system, Someone);
        subject.fail().unwrap();
        subject.stopped().wait().unwrap();
        for _ in 0..3 {
            guard.watch(subject.clone(), false).unwrap();
            let exit = gone(&seen);
            assert!(matches!(exit.reason(), ExitReason::Crashed(_)), "{exit}");
        }
        guard.ping().wait().unwrap();
        assert!(seen.try_recv().is_err());
        drop(guard);
    });
}

#[test]
fn each_monitor_has_a_notice_of_its_own() {
    within(20, || {
        let system = System::new().unwrap();
        let (guard, seen, _) = guard(&system);
        let subject = Subject::spawn(&system, Someone);
        for _ in 0..5 {
            guard.watch(subject.clone(), false).unwrap();
        }
        guard.ping().wait().unwrap();
        assert_eq!(subject.watchers(), 5);
        subject.stop();
        (0..5).for_each(|_| assert_eq!(gone(&seen).id(), subject.id()));
        guard.ping().wait().unwrap();
        assert!(seen.recv_timeout(SOON).is_err());
        drop(guard);
    });
}

#[test]
fn a_notice_that_waits_is_taken_back() {
    within(20, || {
        let system = System::new().unwrap();
        let (guard, seen, gate) = guard(&system);
        let subject = Subject::spawn(&system, Someone);
        let stopped = subject.stopped();
        guard.watch_and_forget(subject).unwrap();
        gate.await_arrival();
        // Its last handle went with the message.
        stopped.wait().unwrap();
        gate.open();
        guard.ping().wait().unwrap();
        assert!(seen.recv_timeout(SOON).is_err());
        assert!(guard.is_alive(), "no assertion in a handler failed");
        drop(guard);
    });
}

#[test]
fn the_watcher_ends_first() {
    within(20, || {
        let system = System::new().unwrap();
        let subject = Subject::spawn(&system, Someone);
        let ends: [fn(&GuardHandle); 2] = [|guard| guard.stop(), |guard| guard.kill()];
        for end in ends {
            let (guard, seen, _) = guard(&system);
            guard.watch(subject.clone(), false).unwrap();
            guard.ping().wait().unwrap();
            assert_eq!(subject.watchers(), 1);
            end(&guard);
            guard.stopped().wait().unwrap();
            assert_eq!(subject.watchers(), 0, "it is not watched any more");
            assert!(seen.recv().is_err(), "the state is gone");
        }
        subject.ping().wait().unwrap();
    });
}

#[test]
fn both_end_at_once() {
    within(60, || {
        let system = System::new().unwrap();
        for round in 0..2_000 {
            let (guard, seen, _) = guard(&system);
            let subject = Subject::spawn(&system, Someone);
            guard.watch(subject.clone(), round % 2 == 0).unwrap();
            if round % 3 == 0 {
                guard.ping().wait().unwrap();
            }
            if round % 4 < 2 {
                subject.stop();
                guard.stop();
            } else {
                guard.kill();
                subject.kill();
            }
            subject.stopped().wait().unwrap();
            guard.stopped().wait().unwrap();
            assert!(seen.iter().count() <= 1);
            assert_eq!(subject.watchers(), 0, "round {round}");
        }
        eventually("all are forgotten", || system.actor_count() == 0);
    });
}

#[test]
fn the_last_message_comes_before_the_notice() {
    within(120, || {
        let system = System::builder().workers(4).build().unwrap();
        let (guard, seen, _) = guard(&system);
        for round in 0..6_000 {
            let subject = Subject::spawn(&system, Someone);
            guard.watch(subject.clone(), false).unwrap();
            let (messages, how) = match round % 4 {
                0 => (1, How::Stop),
                1 => (3, How::Panic),
                2 => (700, How::Fail),
                _ => (20, How::Fail),
            };
            // The crashes are many, and their reports are of no use here.
            let (messages, how) = match how {
                How::Panic | How::Fail if round > 400 => (messages % 50, How::Stop),
                _ => (messages, how),
            };
            subject.report(guard.clone(), messages, how).unwrap();
            for number in 0..messages {
                match seen.recv().unwrap() {
                    Seen::Note(note) => assert_eq!(note, number),
                    Seen::Gone(exit) => panic!("round {round}: {exit} before note {number}"),
                }
            }
            assert_eq!(gone(&seen).id(), subject.id());
        }
        drop(guard);
    });
}

#[test]
fn a_notice_comes_while_others_keep_the_mailbox_full() {
    within(20, || {
        let system = System::new().unwrap();
        let (guard, seen, gate) = guard(&system);
        let subject = Subject::spawn(&system, Someone);
        guard.watch(subject.clone(), false).unwrap();
        guard.pass().unwrap();
        gate.await_arrival();
        subject.stop();
        subject.stopped().wait().unwrap();
        (0..100_000).for_each(|number| guard.note(number).unwrap());
        gate.open();
        // What was queued when the notice was seen comes first, and no more.
        let flood = std::thread::spawn({
            let guard = guard.clone();
            move || while guard.note(0).is_ok() {}
        });
        while !matches!(seen.recv().unwrap(), Seen::Gone(_)) {}
        guard.kill();
        flood.join().unwrap();
    });
}

#[test]
fn a_notice_that_comes_during_a_handler_needs_no_more_mail() {
    within(20, || {
        let system = System::new().unwrap();
        let (guard, seen, gate) = guard(&system);
        let subject = Subject::spawn(&system, Someone);
        guard.watch(subject.clone(), false).unwrap();
        guard.pass().unwrap();
        gate.await_arrival();
        subject.stop();
        subject.stopped().wait().unwrap();
        gate.open();
        assert_eq!(gone(&seen).id(), subject.id());
    });
}

#[test]
fn thousands_of_monitors_leak_nothing() {
    within(20, || {
        let system = System::new().unwrap();
        let (guard, seen, _) = guard(&system);
        let subject = Subject::spawn(&system, Someone);
        let left = guard.set_and_drop(subject.clone(), 20_000).wait().unwrap();
        assert_eq!(left, 0);
        subject.stop();
        subject.stopped().wait().unwrap();
        guard.ping().wait().unwrap();
        assert!(seen.try_recv().is_err());
        drop(guard);
    });
}
