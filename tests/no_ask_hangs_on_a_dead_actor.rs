//! Four threads ask while a fifth ends the actor, 100,000 times: every ask
//! ends, and soon.

mod support;

use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::thread;
use std::time::{Duration, Instant};
use support::within;
use zctor::prelude::*;

const ASKERS: usize = 4;
/// So many actors at a time.
const AT_A_TIME: usize = 500;
const BATCHES: usize = 200;

#[actor]
enum Target {
    #[reply(u32)]
    Ask,
    #[reply(u32)]
    AskLater,
    /// Not answered while the actor lives.
    #[reply(u32, deferred)]
    Keep,
    /// Not answered, and holds up what comes behind it.
    #[reply(u32)]
    Hang,
    Crash,
}

#[derive(Default)]
struct State(Vec<Reply<u32>>);

#[handlers]
impl TargetActor for State {
    fn ask(&self) -> u32 {
        1
    }
    async fn ask_later(&mut self) -> u32 {
        let mut yielded = false;
        std::future::poll_fn(|cx| {
            if std::mem::replace(&mut yielded, true) {
                return std::task::Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
        2
    }
    fn keep(&mut self, reply: Reply<u32>) {
        self.0.push(reply);
    }
    async fn hang(&mut self) -> u32 {
        std::future::pending().await
    }
    fn crash(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("on purpose"))
    }
}

/// Asks until the actor has ended: at the end one ask that nothing else ends.
fn ask(target: &TargetHandle, turn: usize, killed: bool) {
    let first = [target.ask().send(), target.ask_later().send()];
    let last = match turn % 4 {
        0 if killed => target.hang(),
        1 | 2 => target.ask_later(),
        _ => target.keep(),
    };
    let last = last.send();
    let then = [target.ask().send(), target.keep().send()];
    for sent in first.into_iter().chain([last]).chain(then) {
        match sent.wait() {
            Ok(1 | 2) | Err(AskError::Stopped { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn in_a_hundred_thousand_rounds() {
    within(180, || {
        let system = System::new().unwrap();
        // Crashes are read of, and not written to stderr.
        let events = system.events().capacity(1);
        let asked = AtomicU32::new(0);
        for batch in 0..BATCHES {
            let spawn = |_| Target::spawn(&system, State::default());
            let targets: Vec<_> = (0..AT_A_TIME).map(spawn).collect();
            let arrived: Vec<_> = (0..AT_A_TIME).map(|_| AtomicU32::new(0)).collect();
            let end: Vec<_> = (0..AT_A_TIME).map(|_| OnceLock::<Instant>::new()).collect();
            thread::scope(|scope| {
                for asker in 0..ASKERS {
                    let (targets, arrived, asked) = (&targets, &arrived, &asked);
                    let end = &end;
                    scope.spawn(move || {
                        for (round, target) in targets.iter().enumerate() {
                            arrived[round].fetch_add(1, SeqCst);
                            ask(target, round + asker, round % 3 == 1);
                            let late = end[round].get().unwrap().elapsed();
                            assert!(late < Duration::from_secs(1), "it took {late:?}");
                            asked.fetch_add(1, Relaxed);
                        }
                    });
                }
                for (round, target) in targets.iter().enumerate() {
                    // Ends it when so many of them are asking, more or less.
                    let some = (round % (ASKERS + 1)) as u32;
                    while arrived[round].load(SeqCst) < some {
                        thread::yield_now();
                    }
                    for _ in 0..(round * 7 + batch) % 50 {
                        std::hint::spin_loop();
                    }
                    end[round].get_or_init(Instant::now);
                    match round % 3 {
                        0 => target.stop(),
                        1 => target.kill(),
                        _ => drop(target.crash()),
                    }
                }
            });
            // An ask of an actor ends before that is gone for good.
            for target in &targets {
                target.stopped().wait().unwrap();
            }
        }
        assert_eq!(asked.load(Relaxed) as usize, ASKERS * AT_A_TIME * BATCHES);
        assert_eq!(system.actor_count(), 0);
        drop(events);
        system.shutdown().wait().unwrap();
    });
}
