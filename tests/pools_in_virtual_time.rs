//! Pools in a simulation: whatever the order, what was sent was handled, given
//! back or counted as dropped; and a run repeats, random choices included.

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{ActorPool, ExitReason};

const SEEDS: u64 = 1_000;

#[actor]
#[derive(Clone)]
enum Job {
    Do(u64),
    Crash,
    Hang,
}

type Seen = Arc<Mutex<Vec<(usize, u64)>>>;

struct Hands {
    index: usize,
    seen: Seen,
}

#[handlers]
impl JobActor for Hands {
    async fn r#do(&mut self, value: u64, ctx: &mut Context<Job>) {
        self.seen.lock().unwrap().push((self.index, value));
        for _ in 0..ctx.random() % 3 {
            let mut yielded = false;
            std::future::poll_fn(|cx| {
                if std::mem::replace(&mut yielded, true) {
                    return std::task::Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                std::task::Poll::Pending
            })
            .await;
        }
    }
    fn crash(&mut self) -> Result<(), Failure> {
        self.seen.lock().unwrap().push((self.index, u64::MAX));
        Err(Failure::msg("on purpose"))
    }
    async fn hang(&mut self) {
        std::future::pending().await
    }
}

/// Sends jobs in all ways.
#[actor]
enum Client {
    Go,
}

struct Hurry {
    pool: ActorPool<Job>,
    left: u64,
    /// Sent, and given back.
    account: Arc<Mutex<(u64, u64)>>,
}

#[handlers]
impl ClientActor for Hurry {
    fn go(&mut self, ctx: &mut Context<Client>) -> Result<(), Failure> {
        let Some(left) = self.left.checked_sub(1) else {
            ctx.stop();
            return Ok(());
        };
        self.left = left;
        let job = match ctx.random() % 10 {
            0 => Job::Crash,
            _ => Job::Do(left),
        };
        let mut account = self.account.lock().unwrap();
        match ctx.random() % 6 {
            0 => account.1 += u64::from(self.pool.next().tell(job).is_err()),
            1 => account.1 += u64::from(self.pool.least_loaded().tell(job).is_err()),
            2 => account.1 += u64::from(self.pool.random().tell(job).is_err()),
            3 => account.1 += u64::from(self.pool.by_key(&left).tell(job).is_err()),
            4 => account.1 += u64::from(self.pool.tell(job).is_err()),
            _ => {
                let report = self.pool.broadcast(job);
                account.0 += (report.delivered() + report.refused().len()) as u64 - 1;
                account.1 += report.refused().len() as u64;
            }
        }
        account.0 += 1;
        drop(account);
        if ctx.random().is_multiple_of(3) {
            ctx.send_after(Duration::from_micros(ctx.random() % 90), Client::Go);
        } else {
            ctx.send(Client::Go)?;
        }
        Ok(())
    }
}

/// What was seen, in order, and what remains to be explained of the account.
fn run(seed: u64) -> (Vec<(usize, u64)>, i64) {
    let sim = Sim::new(seed);
    // While somebody listens, crashes are not written to stderr.
    let _events = sim.system().events();
    let seen = Seen::default();
    let hands = Arc::clone(&seen);
    let pool = Job::pool_builder(move |index| Hands {
        index,
        seen: Arc::clone(&hands),
    });
    let mut pool = pool.size(1 + seed as usize % 4).max_restarts(10_000);
    if seed % 3 == 1 {
        pool = pool.mailbox(3);
    }
    if seed % 5 == 1 {
        pool = pool.backoff(Duration::from_micros(10), Duration::from_micros(80));
    }
    let pool = pool.spawn(sim.system()).unwrap();
    let account = Arc::new(Mutex::new((0, 0)));
    let clients: Vec<_> = (0..3)
        .map(|_| {
            let client = Hurry {
                pool: pool.clone(),
                left: 25,
                account: Arc::clone(&account),
            };
            Client::spawn(sim.system(), client)
        })
        .collect();
    clients.iter().for_each(|client| client.go().unwrap());
    let stats = sim
        .block_on(async {
            for n in 0..6 {
                let size = 1 + (seed / 7 + 3 * n) as usize % 5;
                pool.resize(size).await.unwrap();
                assert_eq!(pool.len(), size);
            }
            for client in &clients {
                let reason = client.stopped().await;
                assert!(reason.is_orderly(), "{reason}");
            }
            pool.stop();
            let reason = pool.stopped().await;
            assert!(matches!(reason, ExitReason::Normal), "{reason}");
            pool.stats()
        })
        .unwrap();
    let (sent, returned) = *account.lock().unwrap();
    let seen = seen.lock().unwrap().clone();
    assert_eq!(stats.handled(), seen.len() as u64);
    assert_eq!((stats.queued(), sim.system().actor_count()), (0, 0));
    let explained = stats.handled() + stats.dropped() + returned;
    (seen, sent as i64 - explained as i64)
}

#[test]
fn what_was_sent_is_accounted_for_in_any_order() {
    within(240, || {
        for seed in 0..SEEDS {
            let (seen, unexplained) = run(seed);
            assert!(seen.len() > 20, "seed {seed}");
            assert_eq!(unexplained, 0, "seed {seed}");
        }
    });
}

#[test]
fn a_run_repeats() {
    within(120, || {
        let all: Vec<_> = (0..60).map(run).collect();
        for (seed, before) in (0..).zip(&all) {
            assert_eq!(&run(seed), before, "seed {seed}");
        }
        assert!(all.windows(2).any(|two| two[0] != two[1]));
    });
}

#[test]
fn all_workers_have_the_same_limit_at_the_same_time() {
    within(30, || {
        let sim = Sim::new(1);
        let pool = Job::pool_builder(|index| Hands {
            index,
            seen: Seen::default(),
        });
        let limit = Duration::from_millis(100);
        let pool = pool.size(8).shutdown(limit).spawn(sim.system()).unwrap();
        let report = pool.broadcast(Job::Hang);
        assert!(report.is_complete());
        // Those that a resize stops, and those that are left.
        sim.block_on(pool.resize(3)).unwrap().unwrap();
        assert_eq!(sim.elapsed(), limit);
        pool.stop();
        sim.block_on(pool.stopped()).unwrap();
        assert_eq!(sim.elapsed(), 2 * limit);
    });
}

#[test]
fn a_resize_waits_for_the_mail_and_not_for_time() {
    within(30, || {
        for seed in 0..SEEDS {
            let sim = Sim::new(seed);
            let seen = Seen::default();
            let hands = Arc::clone(&seen);
            let pool = Job::pool(sim.system(), 4, move |index| Hands {
                index,
                seen: Arc::clone(&hands),
            });
            // Also of a pool that has not started yet.
            for n in 0..40 {
                pool.next().r#do(n).unwrap();
            }
            sim.block_on(pool.resize(1)).unwrap().unwrap();
            let of_others = seen.lock().unwrap().iter().filter(|job| job.0 > 0).count();
            assert_eq!((of_others, sim.elapsed()), (30, Duration::ZERO));
            drop(pool);
            sim.run_until_idle();
            assert_eq!(seen.lock().unwrap().len(), 40);
            assert_eq!(sim.system().actor_count(), 0);
        }
    });
}

#[test]
fn a_pool_that_is_stopped_at_once_handles_what_it_was_sent() {
    within(60, || {
        for seed in 0..SEEDS {
            let sim = Sim::new(seed);
            let seen = Seen::default();
            let hands = Arc::clone(&seen);
            let pool = Job::pool(sim.system(), 3, move |index| Hands {
                index,
                seen: Arc::clone(&hands),
            });
            for n in 0..9 {
                pool.next().r#do(n).unwrap();
            }
            let stats = match seed % 3 {
                0 => {
                    pool.stop();
                    sim.block_on(pool.stopped()).unwrap();
                    pool.stats()
                }
                1 => {
                    let weak = pool.clone();
                    let stopped = pool.stopped();
                    drop(pool);
                    let stats = weak.stats();
                    drop(weak);
                    sim.block_on(stopped).unwrap();
                    stats
                }
                _ => {
                    sim.block_on(sim.system().shutdown()).unwrap().unwrap();
                    pool.stats()
                }
            };
            assert_eq!(seen.lock().unwrap().len(), 9, "seed {seed}");
            assert_eq!(stats.dropped(), 0, "seed {seed}");
        }
    });
}

/// Does to the pool and its workers whatever can be done.
#[actor]
enum Vandal {
    Go,
}

struct Malice {
    pool: ActorPool<Job>,
    left: u64,
    account: Arc<Mutex<(u64, u64)>>,
}

#[handlers]
impl VandalActor for Malice {
    fn go(&mut self, ctx: &mut Context<Vandal>) -> Result<(), Failure> {
        let Some(left) = self.left.checked_sub(1) else {
            ctx.stop();
            return Ok(());
        };
        self.left = left;
        match ctx.random() % 8 {
            0 => self.pool.random().kill(),
            1 => self.pool.random().stop(),
            2 => {
                // It is asked for, and nobody waits for the answer.
                let mut resize = Box::pin(self.pool.resize(1 + ctx.random() as usize % 5));
                let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
                assert!(resize.as_mut().poll(&mut cx).is_pending() || !self.pool.is_alive());
            }
            _ => {
                let mut account = self.account.lock().unwrap();
                account.0 += 1;
                account.1 += u64::from(self.pool.next().tell(Job::Do(left)).is_err());
            }
        }
        ctx.send_after(Duration::from_micros(ctx.random() % 60), Vandal::Go);
        Ok(())
    }
}

#[test]
fn however_it_ends_nothing_is_left() {
    within(240, || {
        let mut resized = [0; 2];
        for seed in 0..2 * SEEDS {
            let sim = Sim::new(seed);
            let _events = sim.system().events();
            let seen = Seen::default();
            let hands = Arc::clone(&seen);
            let pool = Job::pool_builder(move |index| Hands {
                index,
                seen: Arc::clone(&hands),
            });
            let mut pool = pool.size(1 + seed as usize % 4).max_restarts(10_000);
            if seed % 5 == 1 {
                pool = pool.backoff(Duration::from_micros(10), Duration::from_micros(80));
            }
            let pool = pool.spawn(sim.system()).unwrap();
            let account = Arc::new(Mutex::new((0, 0)));
            let vandals = [0, 1].map(|_| {
                let malice = Malice {
                    pool: pool.clone(),
                    left: 30,
                    account: Arc::clone(&account),
                };
                Vandal::spawn(sim.system(), malice)
            });
            vandals.iter().for_each(|vandal| vandal.go().unwrap());
            let at = Duration::from_micros(seed * 7 % 900);
            sim.block_on(async {
                sim.system().sleep(at).await;
                let last = pool.resize(1 + seed as usize % 6);
                match seed % 4 {
                    0 => pool.stop(),
                    1 => pool.actor().kill(),
                    2 => {
                        let _ = sim.system().shutdown().await;
                    }
                    _ => {}
                }
                let done = last.await;
                resized[usize::from(done.is_ok())] += 1;
                for vandal in &vandals {
                    vandal.stopped().await;
                }
                pool.stop();
                pool.stopped().await;
            })
            .unwrap();
            let (sent, returned) = *account.lock().unwrap();
            let stats = pool.stats();
            assert_eq!(
                stats.handled(),
                seen.lock().unwrap().len() as u64,
                "seed {seed}"
            );
            assert_eq!(stats.queued(), 0, "seed {seed}");
            assert_eq!(
                sent,
                stats.handled() + stats.dropped() + returned,
                "seed {seed}"
            );
            drop((pool, vandals));
            sim.run_until_idle();
            assert_eq!(sim.system().actor_count(), 0, "seed {seed}");
            // Nobody has the factory, nor any of the states.
            assert_eq!(Arc::strong_count(&seen), 1, "seed {seed}");
        }
        assert!(resized.iter().all(|times| *times > 100), "{resized:?}");
    });
}
