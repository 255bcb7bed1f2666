//! Handles, asks, waiting tells, starts and stops work alike from plain
//! threads and from every executor, and a system may be dropped in any.

mod support;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use support::within;
use zctor::prelude::*;

#[actor(mailbox = 2)]
enum Counter {
    Add {
        by: u64,
    },
    #[reply(u64)]
    Get,
    #[reply(u64, deferred)]
    Later,
    Answer,
    #[reply((), error = String)]
    Fail,
    Panic,
}

#[derive(Default)]
struct Tally {
    total: u64,
    waiting: Vec<Reply<u64>>,
}

#[handlers]
impl CounterActor for Tally {
    async fn add(&mut self, by: u64) {
        self.total += by;
    }
    fn get(&self) -> u64 {
        self.total
    }
    fn later(&mut self, reply: Reply<u64>) {
        self.waiting.push(reply);
    }
    fn answer(&mut self) {
        self.waiting
            .drain(..)
            .for_each(|reply| reply.send(self.total));
    }
    fn fail(&self) -> Result<(), String> {
        Err("no".to_owned())
    }
    fn panic(&mut self) {
        panic!("on purpose");
    }
}

fn system() -> System {
    let limit = Duration::from_secs(5);
    System::builder()
        .workers(2)
        .shutdown_limit(limit)
        .build()
        .unwrap()
}

/// A bit of everything, awaited.
async fn everything(counter: CounterHandle) {
    counter.started().await.unwrap();
    let before = counter.get().await.unwrap();
    // More than there is room for.
    for _ in 0..50 {
        counter.add(1).await.unwrap();
    }
    assert!(counter.get().await.unwrap() >= before + 50);
    // Dropped while it waits for its answer.
    let mut given_up = Box::pin(counter.later());
    let polled = poll_fn(|cx| Poll::Ready(given_up.as_mut().poll(cx))).await;
    assert!(polled.is_pending());
    drop(given_up);
    assert!(answered(&counter).await >= 50);
    let failed = counter.fail().await;
    assert!(matches!(failed, Err(AskError::Failed(text)) if text == "no"));
    // Unless somebody else has it answered in time.
    let late = counter.later().timeout(Duration::from_millis(5)).await;
    assert!(late.is_ok() || late.is_err_and(|error| error.is_timeout()));
}

/// Asks, and meanwhile tells the counter to answer.
async fn answered(counter: &CounterHandle) -> u64 {
    let mut later = pin!(counter.later());
    loop {
        let mut answer = pin!(counter.answer());
        let both = poll_fn(
            |cx| match (later.as_mut().poll(cx), answer.as_mut().poll(cx)) {
                (Poll::Ready(reply), _) => Poll::Ready(Some(reply)),
                (_, Poll::Ready(told)) => {
                    told.unwrap();
                    Poll::Ready(None)
                }
                _ => Poll::Pending,
            },
        );
        if let Some(reply) = both.await {
            return reply.unwrap();
        }
    }
}

/// A life from start to end, the system included.
async fn life() {
    let system = system();
    let counter = Counter::spawn(&system, Tally::default());
    everything(counter.clone()).await;
    let other = Counter::spawn(&system, Tally::default());
    other.panic().await.unwrap();
    assert!(matches!(
        other.stopped().await,
        zctor::ExitReason::Crashed(_)
    ));
    assert!(other.get().await.unwrap_err().is_stopped());
    let sent = counter.get().send();
    counter.stop();
    assert!(counter.stopped().await.is_orderly());
    sent.await.unwrap();
    assert_eq!(system.spawn_blocking(|| 3).await, Ok(3));
    system.shutdown().await.unwrap();
    // Dropped with an actor in it, and with an ask under way.
    let dropped = self::system();
    let counter = Counter::spawn(&dropped, Tally::default());
    let later = counter.later().send();
    drop(dropped);
    assert!(later.await.is_err());
    assert!(!counter.is_alive());
}

#[test]
fn plain_threads() {
    within(60, || {
        let system = system();
        let counter = Counter::spawn(&system, Tally::default());
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let counter = counter.clone();
                std::thread::spawn(move || {
                    for _ in 0..200 {
                        counter.add(1).wait().unwrap();
                        counter.get().wait().unwrap();
                    }
                    zctor::wait(everything(counter)).unwrap();
                })
            })
            .collect();
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
        // 200 from each, and what `everything` adds.
        assert_eq!(counter.get().wait().unwrap(), 8 * (200 + 50));
        system.shutdown().wait().unwrap();
        zctor::wait(life()).unwrap();
    });
}

#[test]
fn tokio_on_one_thread() {
    within(60, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            life().await;
            let local = tokio::task::LocalSet::new();
            let all: Vec<_> = (0..4).map(|_| local.spawn_local(life())).collect();
            local.await;
            for one in all {
                one.await.unwrap();
            }
        });
    });
}

#[test]
fn tokio_on_many_threads() {
    within(60, || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .build()
            .unwrap();
        runtime.block_on(async {
            let system = system();
            let counter = Counter::spawn(&system, Tally::default());
            let tasks: Vec<_> = (0..16)
                .map(|_| tokio::spawn(everything(counter.clone())))
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
            let lives: Vec<_> = (0..8).map(|_| tokio::spawn(life())).collect();
            for one in lives {
                one.await.unwrap();
            }
            // The last owner goes in a task.
            let ended = counter.stopped();
            tokio::spawn(async move { drop(system) }).await.unwrap();
            assert!(ended.await.is_orderly());
        });
    });
}

#[test]
fn smol() {
    within(60, || {
        smol::block_on(async {
            life().await;
            let all: Vec<_> = (0..8).map(|_| smol::spawn(life())).collect();
            for one in all {
                one.await;
            }
        });
    });
}

#[test]
fn futures_executor() {
    within(60, || {
        futures_executor::block_on(life());
        let mut pool = futures_executor::LocalPool::new();
        pool.run_until(life());
    });
}

/// In an executor within a handler, as foreign code may have it: nothing
/// blocks for ever, whatever is awaited.
#[test]
fn one_executor_within_another() {
    within(60, || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap();
        let system = system();
        let counter = Counter::spawn(&system, Tally::default());
        let inner = counter.clone();
        let task = runtime.spawn_blocking(move || {
            zctor::wait(everything(inner.clone())).unwrap();
            inner.get().wait().unwrap()
        });
        assert!(futures_executor::block_on(task).unwrap() >= 50);
        runtime.block_on(everything(counter));
        runtime.block_on(system.shutdown()).unwrap();
    });
}
