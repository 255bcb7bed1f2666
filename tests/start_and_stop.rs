//! An actor starts, handles what was queued before it was stopped, runs its
//! stop hook, and only then has ended.

mod support;

use std::sync::{Arc, Mutex};
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{ExitReason, NotSpawned, StartError};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, entry: impl Into<String>) {
        self.0.lock().unwrap().push(entry.into());
    }
    fn entries(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

#[actor]
enum Worker {
    Work(u32),
    Pass,
    Forever,
    StopYourself,
    Spread { times: u32 },
}

#[derive(Default)]
struct Hands {
    log: Log,
    gate: Gate,
    start: Start,
}

#[derive(Default, Clone, Copy)]
enum Start {
    #[default]
    Well,
    Badly,
    Panicking,
    Never,
}

#[handlers]
impl WorkerActor for Hands {
    async fn on_start(&mut self, ctx: &mut Context<Worker>) -> Result<(), Failure> {
        match self.start {
            Start::Well => {}
            Start::Badly => return Err(Failure::msg("no gloves")),
            Start::Panicking => panic!("cut"),
            Start::Never => std::future::pending().await,
        }
        self.log.add(format!("start {}", ctx.label().protocol()));
        Ok(())
    }
    fn on_stop(&mut self) {
        self.log.add("stop");
    }
    fn work(&mut self, value: u32) {
        self.log.add(value.to_string());
    }
    fn pass(&mut self) {
        self.gate.pass();
    }
    async fn forever(&mut self) {
        self.log.add("forever");
        std::future::pending().await
    }
    fn stop_yourself(&mut self, ctx: &mut Context<Worker>) {
        ctx.stop();
    }
    fn spread(&mut self, times: u32, ctx: &mut Context<Worker>) -> Result<(), Failure> {
        // Its own handle keeps the actor alive until the last one is handled.
        if let Some(times) = times.checked_sub(1) {
            ctx.handle().spread(times)?;
        }
        self.log.add(times.to_string());
        Ok(())
    }
}

fn hands() -> (System, Hands, Log, Gate) {
    let hands = Hands::default();
    let (log, gate) = (hands.log.clone(), hands.gate.clone());
    (System::new().unwrap(), hands, log, gate)
}

#[test]
fn stop_handles_what_was_queued_and_refuses_what_comes() {
    within(10, || {
        let (system, hands, log, gate) = hands();
        let worker = Worker::spawn(&system, hands);
        worker.pass().unwrap();
        for number in 0..3 {
            worker.work(number).unwrap();
        }
        worker.stop();
        let error = worker.work(9).unwrap_err();
        assert!(matches!(error.into_message(), Worker::Work(9)));
        assert!(worker.is_alive());
        gate.open();
        assert!(matches!(
            worker.stopped().wait().unwrap(),
            ExitReason::Normal
        ));
        assert_eq!(log.entries(), ["start Worker", "0", "1", "2", "stop"]);
        assert!(!worker.is_alive());
        assert_eq!((worker.queued(), worker.dropped()), (0, 0));
        // Again, and after the end: no harm.
        worker.stop();
        worker.kill();
        assert!(matches!(
            worker.stopped().wait().unwrap(),
            ExitReason::Normal
        ));
    });
}

#[test]
fn dropping_the_last_handle_handles_the_mail_and_stops() {
    within(10, || {
        let (system, hands, log, gate) = hands();
        let worker = Worker::spawn(&system, hands);
        let other = worker.clone();
        worker.pass().unwrap();
        worker.work(1).unwrap();
        let (weak, stopped) = (worker.downgrade(), worker.stopped());
        drop(worker);
        other.work(2).unwrap();
        drop(other);
        assert!(weak.upgrade().is_none());
        gate.open();
        assert!(matches!(stopped.wait().unwrap(), ExitReason::Normal));
        assert_eq!(log.entries(), ["start Worker", "1", "2", "stop"]);
        eventually("it is forgotten", || system.actor_count() == 0);
    });
}

#[test]
fn a_handle_made_in_a_handler_keeps_it_alive() {
    within(10, || {
        let (system, hands, log, _gate) = hands();
        let worker = Worker::spawn(&system, hands);
        let stopped = worker.stopped();
        worker.spread(100).unwrap();
        drop(worker);
        stopped.wait().unwrap();
        assert_eq!(log.entries().len(), 103);
    });
}

#[test]
fn detached_or_named_it_lives_without_handles() {
    within(10, || {
        let (system, hands, log, _gate) = hands();
        let stopped = {
            let worker = Worker::spawn(&system, hands);
            worker.detach();
            worker.stopped()
        };
        let named = Worker::builder(Hands::default())
            .name("main")
            .spawn(&system)
            .unwrap();
        let id = named.id();
        drop(named);
        std::thread::sleep(std::time::Duration::from_millis(30));
        assert_eq!(system.actor_count(), 2);
        let found = system.whereis::<Worker>("main").unwrap();
        assert_eq!(found.id(), id);
        assert_eq!(found.name(), Some("main"));
        system.shutdown().wait().unwrap();
        assert!(matches!(stopped.wait().unwrap(), ExitReason::Shutdown));
        assert_eq!(log.entries(), ["start Worker", "stop"]);
    });
}

#[test]
fn an_actor_can_stop_itself() {
    within(10, || {
        let (system, hands, log, gate) = hands();
        let worker = Worker::spawn(&system, hands);
        worker.pass().unwrap();
        worker.stop_yourself().unwrap();
        worker.work(1).unwrap();
        gate.open();
        worker.stopped().wait().unwrap();
        assert_eq!(log.entries(), ["start Worker", "1", "stop"]);
    });
}

#[test]
fn kill_reaches_a_handler_that_waits_for_ever() {
    within(10, || {
        let (system, hands, log, _gate) = hands();
        let worker = Worker::spawn(&system, hands);
        worker.forever().unwrap();
        worker.work(1).unwrap();
        eventually("it waits", || log.entries().len() == 2);
        worker.kill();
        assert!(matches!(
            worker.stopped().wait().unwrap(),
            ExitReason::Killed
        ));
        assert_eq!(log.entries(), ["start Worker", "forever"], "no stop hook");
        assert_eq!(worker.dropped(), 1);
        assert!(worker.work(2).is_err());
    });
}

#[test]
fn a_start_that_fails_panics_or_hangs() {
    within(10, || {
        let (system, _, log, _) = hands();
        let with = |start| Hands {
            log: log.clone(),
            start,
            ..Hands::default()
        };
        let builder = |start| Worker::builder(with(start)).name("main");

        let worker = builder(Start::Badly).spawn(&system).unwrap();
        let error = worker.started().wait().unwrap_err();
        let text = "the actor Worker#1 \"main\" did not start: crashed in `on_start`: no gloves";
        assert_eq!(error.to_string(), text);
        worker.stopped().wait().unwrap();

        // The name is free again.
        let worker = builder(Start::Panicking).spawn(&system).unwrap();
        let queued = worker.work(1);
        match worker.started().wait().unwrap_err() {
            StartError::Crashed(crash) => assert!(crash.is_panic() && crash.cause() == "cut"),
            other => panic!("{other}"),
        }
        worker.stopped().wait().unwrap();
        assert!(queued.is_err() || worker.dropped() == 1);

        let worker = builder(Start::Never).spawn(&system).unwrap();
        worker.kill();
        assert!(matches!(
            worker.started().wait(),
            Err(StartError::Ended { .. })
        ));
        assert_eq!(log.entries(), [""; 0], "no stop hook ran");

        let worker = builder(Start::Well).spawn(&system).unwrap();
        worker.started().wait().unwrap();
        worker.started().wait().unwrap();
        drop(worker);
    });
}

#[test]
fn a_taken_name_gives_the_state_back() {
    within(10, || {
        let (system, hands, log, _gate) = hands();
        let first = Worker::builder(hands).name("main").spawn(&system).unwrap();
        let second = Hands {
            log: Log::default(),
            ..Hands::default()
        };
        second.log.add("mine");
        let error = Worker::builder(second)
            .name("main")
            .spawn(&system)
            .unwrap_err();
        assert_eq!(error.reason(), NotSpawned::NameTaken(first.id()));
        let text = "cannot spawn the `Worker` \"main\": the name is taken by actor #1";
        assert_eq!(error.to_string(), text);
        assert_eq!(error.into_state().log.entries(), ["mine"]);
        first.stop();
        first.stopped().wait().unwrap();
        assert!(system.whereis::<Worker>("main").is_none());
        let again = Worker::builder(Hands::default())
            .name("main")
            .spawn(&system)
            .unwrap();
        assert_ne!(again, first);
        assert!(!log.entries().is_empty());
    });
}

#[actor]
enum Other {
    Nothing,
}

#[handlers]
impl OtherActor for Hands {
    fn nothing(&mut self) {}
}

#[test]
fn a_name_is_looked_up_with_its_protocol_and_is_taken_for_all() {
    within(10, || {
        let (system, hands, _log, _gate) = hands();
        let worker = Worker::builder(hands).name("main").spawn(&system).unwrap();
        assert_eq!(system.whereis::<Worker>("main"), Some(worker));
        assert_eq!(system.whereis::<Other>("main"), None);
        assert!(
            Other::builder(Hands::default())
                .name("main")
                .spawn(&system)
                .is_err()
        );
    });
}
