//! `ctx.fail(error)` crashes the actor at the end of the handler, at that
//! message's place.

mod support;

use std::sync::mpsc::{Receiver, Sender, channel};

use support::{Gate, within};
use zctor::prelude::*;
use zctor::{ExitReason, Place};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    #[default]
    Nowhere,
    Start,
    Stop,
}

#[actor]
enum Worker {
    Pass,
    Fail,
    FailTwice,
    FailAndReturn,
    FailLater,
    SendYourself,
    Work(u32),
    #[reply(u32)]
    FailAsked,
}

struct Hands {
    at: At,
    log: Sender<String>,
    gate: Gate,
}

impl Hands {
    fn log(&self, entry: &str) {
        let _ = self.log.send(entry.to_owned());
    }
}

fn no() -> Failure {
    Failure::msg("no")
}

#[handlers]
impl WorkerActor for Hands {
    fn on_start(&mut self, ctx: &mut Context<Worker>) {
        if self.at == At::Start {
            ctx.fail(no());
        }
    }
    fn on_stop(&mut self, ctx: &mut Context<Worker>) {
        self.log("stop");
        if self.at == At::Stop {
            ctx.fail(no());
        }
    }
    fn pass(&mut self) {
        self.gate.pass();
    }
    fn fail(&mut self, ctx: &mut Context<Worker>) {
        ctx.fail("x".parse::<u8>().unwrap_err());
        self.log("went on");
    }
    fn fail_twice(&mut self, ctx: &mut Context<Worker>) {
        ctx.fail(no());
        ctx.fail(Failure::msg("again"));
    }
    fn fail_and_return(&mut self, ctx: &mut Context<Worker>) -> Result<(), Failure> {
        ctx.fail(no());
        Err(Failure::msg("returned"))
    }
    async fn fail_later(&mut self, ctx: &mut Context<Worker>) {
        ctx.fail(no());
        let mut polled = false;
        std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            if std::mem::replace(&mut polled, true) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
        self.log("went on");
    }
    fn send_yourself(&mut self, ctx: &mut Context<Worker>) -> Result<(), Failure> {
        ctx.send(Worker::Fail)?;
        Ok(())
    }
    fn work(&mut self, value: u32) {
        self.log(&value.to_string());
    }
    fn fail_asked(&mut self, ctx: &mut Context<Worker>) -> u32 {
        ctx.fail(no());
        7
    }
}

fn worker(system: &System, at: At) -> (WorkerHandle, Receiver<String>, Gate) {
    let ((log, entries), gate) = (channel(), Gate::default());
    let hands = Hands {
        at,
        log,
        gate: gate.clone(),
    };
    (Worker::spawn(system, hands), entries, gate)
}

type Tell = fn(&WorkerHandle);

fn crash(worker: &WorkerHandle) -> (Place, String) {
    match worker.stopped().wait().unwrap() {
        ExitReason::Crashed(crash) => {
            assert!(!crash.is_panic() && crash.failure().is_some());
            (crash.place(), crash.cause())
        }
        other => panic!("{other}"),
    }
}

#[test]
fn at_the_messages_place() {
    within(20, || {
        let system = System::new().unwrap();
        let (worker, log, gate) = worker(&system, At::Nowhere);
        worker.pass().unwrap();
        gate.await_arrival();
        worker.work(1).unwrap();
        worker.fail().unwrap();
        worker.work(2).unwrap();
        gate.open();
        let text = "invalid digit found in string".to_owned();
        assert_eq!(crash(&worker), (Place::Message("Fail"), text));
        assert_eq!(log.iter().collect::<Vec<_>>(), ["1", "went on"]);
        assert_eq!(worker.dropped(), 1);
    });
}

#[test]
fn with_the_first_reason_unless_the_handler_returns_one() {
    within(20, || {
        let system = System::new().unwrap();
        let tells: [(Tell, Place, &str); 4] = [
            (
                |worker| worker.fail_twice().unwrap(),
                Place::Message("FailTwice"),
                "no",
            ),
            (
                |worker| worker.fail_and_return().unwrap(),
                Place::Message("FailAndReturn"),
                "returned",
            ),
            (
                |worker| worker.fail_later().unwrap(),
                Place::Message("FailLater"),
                "no",
            ),
            (
                |worker| worker.send_yourself().unwrap(),
                Place::Message("Fail"),
                "invalid digit found in string",
            ),
        ];
        for (tell, place, text) in tells {
            let (worker, log, _gate) = worker(&system, At::Nowhere);
            tell(&worker);
            assert_eq!(crash(&worker), (place, text.to_owned()));
            assert!(!log.iter().any(|entry| entry == "stop"));
        }
    });
}

#[test]
fn an_ask_is_answered_first() {
    within(20, || {
        let system = System::new().unwrap();
        let (worker, _log, _gate) = worker(&system, At::Nowhere);
        assert_eq!(worker.fail_asked().wait().unwrap(), 7);
        assert_eq!(crash(&worker).0, Place::Message("FailAsked"));
    });
}

#[test]
fn in_hooks_too() {
    within(20, || {
        let system = System::new().unwrap();
        let (starting, log, _gate) = worker(&system, At::Start);
        assert!(starting.started().wait().is_err());
        assert_eq!(crash(&starting), (Place::Start, "no".to_owned()));
        assert_eq!(log.iter().count(), 0);
        let (stopping, log, _gate) = worker(&system, At::Stop);
        stopping.work(1).unwrap();
        stopping.stop();
        assert_eq!(crash(&stopping), (Place::Stop, "no".to_owned()));
        assert_eq!(log.iter().collect::<Vec<_>>(), ["1", "stop"]);
    });
}
