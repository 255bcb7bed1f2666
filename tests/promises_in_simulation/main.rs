//! What zctor promises, explored: thousands of orders of execution for each
//! promise, at random, in turn and by priorities, while actors panic, are
//! killed and held up, messages are late, and the clock jumps.
//!
//! That these scenarios would notice is shown by `scripts/put-bugs-back`, with
//! the mistakes in `tests/bugs`.

mod asks;
mod batches;
mod breakers;
mod circles;
mod ends;
mod groups;
mod incarnations;
mod mailboxes;
mod monitors;
mod readiness;
#[path = "../support/mod.rs"]
mod support;
mod timers;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use support::within;
use zctor::sim::{Explorer, Outcome, Schedule, SimSystem};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// Explores a scenario under every schedule, with so many seeds in all.
fn promise<F, O>(
    seeds: u64,
    how: impl Fn(Explorer) -> Explorer + Send + 'static,
    scenario: impl Fn(SimSystem) -> F + Send + Sync + 'static,
) where
    F: Future<Output = O>,
    O: Outcome,
{
    // For a night: so many times more seeds.
    let times = std::env::var("PROMISES_TIMES").map_or(1, |times| times.parse().unwrap());
    let seeds = seeds * times;
    within(100 * times, move || {
        let explore = |seeds, schedule| {
            let explorer = Explorer::new(seeds)
                .schedule(schedule)
                .time_limit(24 * 3600 * SECOND)
                .step_limit(50_000);
            how(explorer).check(&scenario);
        };
        let (half, rest) = (seeds / 2, seeds - seeds / 8);
        explore(0..half, Schedule::Random);
        explore(half..rest, Schedule::pct(3, 100));
        explore(rest..seeds, Schedule::RoundRobin);
    });
}

/// A number below `end`, drawn by the seed.
fn below(system: &SimSystem, end: u64) -> u64 {
    system.random() % end
}

/// Lets others have their turn, or not.
async fn pause() {
    let mut paused = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut paused, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// `Err` if `patience` is over first. If both are ready, it is.
async fn unless<T>(
    patience: impl Future<Output = ()>,
    work: impl Future<Output = T>,
) -> Result<T, ()> {
    let (mut patience, mut work) = (pin!(patience), pin!(work));
    poll_fn(|cx| {
        if patience.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(()));
        }
        work.as_mut().poll(cx).map(Ok)
    })
    .await
}

/// Waits for all of them at once.
async fn together<F: Future + Unpin>(mut all: Vec<F>) -> Vec<F::Output> {
    let mut outputs: Vec<_> = all.iter().map(|_| None).collect();
    poll_fn(|cx| {
        for (one, output) in all.iter_mut().zip(&mut outputs) {
            if output.is_none()
                && let Poll::Ready(ready) = pin!(one).poll(cx)
            {
                *output = Some(ready);
            }
        }
        match outputs.iter().all(Option::is_some) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    outputs.into_iter().flatten().collect()
}

/// What actors write down for the scenario.
#[derive(Debug)]
struct Notes<T>(Arc<Mutex<Vec<T>>>);

impl<T> Clone for Notes<T> {
    fn clone(&self) -> Self {
        Notes(Arc::clone(&self.0))
    }
}

impl<T> Default for Notes<T> {
    fn default() -> Self {
        Notes(Arc::default())
    }
}

impl<T: Clone> Notes<T> {
    fn add(&self, note: T) {
        self.0.lock().unwrap().push(note);
    }

    fn all(&self) -> Vec<T> {
        self.0.lock().unwrap().clone()
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Notes<String> {
    /// True, or it panics with the first of what is wrong.
    #[track_caller]
    fn are_none(&self) -> bool {
        let first = self.0.lock().unwrap().first().cloned();
        assert!(first.is_none(), "{}", first.unwrap_or_default());
        true
    }
}

/// Each number once, whatever the order.
fn sorted(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers
}

/// How many times actors crashed, by an event log that was opened before.
fn crashes(events: &mut zctor::Events) -> usize {
    let all = std::iter::from_fn(|| events.try_next());
    all.filter(|event| matches!(event.kind(), zctor::EventKind::Crashed(_)))
        .count()
}
