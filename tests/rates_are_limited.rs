//! `#[limit]`: so many messages in so much time.

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{Rate, RateLimiter, Undelivered};

const MS: Duration = Duration::from_millis(1);
const BURST: u32 = 5;

#[actor]
enum Desk {
    /// Refused above the limit.
    #[limit(10, per = "1s")]
    Ring(u32),
    /// Waits for a permit.
    #[limit(10, per = "1s", burst = 1, overflow = wait)]
    Write(u32),
    #[reply(u32)]
    #[limit(10, per = "1s", burst = BURST)]
    Look,
    #[reply(u32)]
    #[limit(10, per = "1s", burst = 2, overflow = wait)]
    #[timeout("1s")]
    Read,
    #[reply(Vec<(u32, Duration)>)]
    Seen,
}

struct Clerk {
    began: Instant,
    seen: Arc<Mutex<Vec<(u32, Duration)>>>,
}

impl Clerk {
    fn spawn(system: &System) -> DeskHandle {
        let seen = Arc::default();
        let began = Instant::now();
        Desk::spawn(system, Clerk { began, seen })
    }
}

#[handlers]
impl DeskActor for Clerk {
    fn on_start(&mut self, ctx: &mut Context<Desk>) {
        self.began = ctx.now();
    }
    fn ring(&mut self, value: u32, ctx: &mut Context<Desk>) {
        let at = ctx.now() - self.began;
        self.seen.lock().unwrap().push((value, at));
    }
    fn write(&mut self, value: u32, ctx: &mut Context<Desk>) {
        let at = ctx.now() - self.began;
        self.seen.lock().unwrap().push((value, at));
    }
    fn look(&self) -> u32 {
        7
    }
    fn read(&self) -> u32 {
        8
    }
    fn seen(&self) -> Vec<(u32, Duration)> {
        self.seen.lock().unwrap().clone()
    }
}

#[test]
fn what_is_above_the_limit_comes_back() {
    within(60, || {
        for seed in 0..1_000 {
            let sim = Sim::new(seed);
            let desk = Clerk::spawn(sim.system());
            (0..10).for_each(|n| desk.ring(n).unwrap());
            let error = desk.ring(10).unwrap_err();
            assert_eq!(error.reason(), Undelivered::Limited);
            assert!(error.is_limited());
            assert_eq!(error.retry_after(), Some(100 * MS));
            assert_eq!(
                error.to_string(),
                "`Ring` was not delivered: the rate limit is reached for another 100ms"
            );
            assert!(matches!(error.into_message(), Desk::Ring(10)));
            sim.advance(100 * MS);
            desk.ring(11).unwrap();
            assert!(desk.ring(12).is_err());
            let seen = sim.block_on(desk.seen()).unwrap().unwrap();
            let seen: Vec<u32> = seen.into_iter().map(|(n, _)| n).collect();
            assert_eq!(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11]);
            let stats = desk.stats();
            assert_eq!((stats.handled(), stats.returned()), (12, 2));
        }
    });
}

#[test]
fn who_waits_is_let_through_in_order_and_at_the_rate() {
    within(60, || {
        for seed in 0..1_000 {
            let sim = Sim::new(seed);
            let desk = Clerk::spawn(sim.system());
            let told: Vec<_> = (0..5).map(|n| desk.write(n)).collect();
            let all = async {
                for tell in told {
                    tell.await.unwrap();
                }
            };
            sim.block_on(all).unwrap();
            let seen = sim.block_on(desk.seen()).unwrap().unwrap();
            let expected: Vec<_> = (0..5).map(|n| (n, n * 100 * MS)).collect();
            assert_eq!(seen, expected, "seed {seed}");
        }
    });
}

/// Actors that write, all at once.
#[actor]
enum Scribe {
    Go(u32),
}

struct Pen(DeskHandle);

#[handlers]
impl ScribeActor for Pen {
    async fn go(&mut self, value: u32) -> Result<(), TellError<Desk>> {
        self.0.write(value).await
    }
}

#[test]
fn many_who_wait_each_have_a_turn() {
    within(60, || {
        for seed in 0..200 {
            let sim = Sim::new(seed);
            let desk = Clerk::spawn(sim.system());
            sim.block_on(desk.write(1_000)).unwrap().unwrap();
            let scribes: Vec<_> = (0..10)
                .map(|n| {
                    let scribe = Scribe::spawn(sim.system(), Pen(desk.clone()));
                    scribe.go(n).unwrap();
                    scribe.go(n + 100).unwrap();
                    scribe
                })
                .collect();
            sim.advance(2050 * MS);
            let seen = sim.block_on(desk.seen()).unwrap().unwrap();
            let times: Vec<Duration> = seen.iter().map(|(_, at)| *at).collect();
            let expected: Vec<_> = (0..21).map(|n| n * 100 * MS).collect();
            assert_eq!(times, expected, "one each interval, seed {seed}");
            let first: Vec<u32> = seen.iter().skip(1).take(10).map(|(n, _)| n % 100).collect();
            let mut sorted = first.clone();
            sorted.sort_unstable();
            assert_eq!(
                sorted,
                (0..10).collect::<Vec<_>>(),
                "in the order of arrival"
            );
            drop(scribes);
        }
    });
}

#[test]
fn one_who_goes_away_gives_its_permit_back() {
    within(20, || {
        let sim = Sim::new(3);
        let desk = Clerk::spawn(sim.system());
        let (mut first, mut second) = (desk.write(1), desk.write(2));
        let waker = std::task::Waker::noop();
        let mut cx = std::task::Context::from_waker(waker);
        sim.block_on(desk.write(0)).unwrap().unwrap();
        assert!(std::pin::Pin::new(&mut first).poll(&mut cx).is_pending());
        assert!(std::pin::Pin::new(&mut second).poll(&mut cx).is_pending());
        drop(first);
        // It keeps the time that it has; the next one gets what was given back.
        sim.block_on(desk.write(3)).unwrap().unwrap();
        assert_eq!(sim.elapsed(), 100 * MS);
        sim.block_on(second).unwrap().unwrap();
        let seen = sim.block_on(desk.seen()).unwrap().unwrap();
        assert_eq!(seen, [(0, Duration::ZERO), (3, 100 * MS), (2, 200 * MS)]);
    });
}

#[test]
fn asks_are_limited_as_well() {
    within(20, || {
        let sim = Sim::new(3);
        let desk = Clerk::spawn(sim.system());
        (0..BURST).for_each(|_| assert_eq!(sim.block_on(desk.look()).unwrap().unwrap(), 7));
        let error = sim.block_on(desk.look()).unwrap().unwrap_err();
        assert!(error.is_limited());
        assert_eq!(error.retry_after(), Some(100 * MS));
        // What is sent at once does not wait, whatever its limit says.
        let sent: Vec<_> = (0..3).map(|_| desk.read().send()).collect();
        let read: Vec<_> = sent
            .into_iter()
            .map(|ask| sim.block_on(ask).unwrap())
            .collect();
        assert!(read[0].is_ok() && read[1].is_ok());
        assert!(read[2].as_ref().unwrap_err().is_limited());
        assert_eq!(sim.elapsed(), Duration::ZERO);
        assert_eq!(sim.block_on(desk.read()).unwrap().unwrap(), 8);
        assert_eq!(sim.elapsed(), 100 * MS);
    });
}

#[test]
fn the_time_limit_of_an_ask_counts_while_it_waits() {
    within(20, || {
        let sim = Sim::new(3);
        let desk = Clerk::spawn(sim.system());
        let asks: Vec<_> = (0..20).map(|_| desk.read()).collect();
        let mut asks: Vec<_> = asks.into_iter().map(Box::pin).collect();
        let all = std::future::poll_fn(|cx| {
            let mut done = true;
            asks.retain_mut(|ask| match ask.as_mut().poll(cx) {
                std::task::Poll::Ready(Err(error)) => {
                    assert!(error.is_timeout(), "{error}");
                    false
                }
                std::task::Poll::Ready(Ok(_)) => false,
                std::task::Poll::Pending => {
                    done = false;
                    true
                }
            });
            if done {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        });
        sim.block_on(all).unwrap();
        assert_eq!(sim.elapsed(), 1_000 * MS);
        let stats = desk.stats();
        assert_eq!(stats.handled() + stats.returned(), 20);
        assert!((11..=12).contains(&stats.handled()), "{stats:?}");
    });
}

/// Hardly ever lets anything through.
#[actor]
enum Vault {
    #[limit(1, per = "1h", overflow = wait)]
    Open(u32),
    #[limit(1, per = "1h")]
    Look,
    Block(Duration),
}

struct Guard;

#[handlers]
impl VaultActor for Guard {
    fn open(&mut self, _value: u32) {}
    fn look(&mut self) {}
    fn block(&mut self, value: Duration) {
        std::thread::sleep(value);
    }
}

/// A thread that waits to be let in, for an hour.
fn waits(vault: &VaultHandle) -> std::thread::JoinHandle<Undelivered> {
    let vault = vault.clone();
    let (began, begin) = std::sync::mpsc::channel();
    let waiting = std::thread::spawn(move || {
        let _ = began.send(());
        vault.open(2).wait().unwrap_err().reason()
    });
    begin.recv().unwrap();
    std::thread::sleep(20 * MS);
    waiting
}

#[test]
fn nobody_waits_for_one_that_was_given_up() {
    within(20, || {
        let system = System::builder().grace(20 * MS).quiet().build().unwrap();
        let vault = Vault::spawn(&system, Guard);
        vault.open(1).wait().unwrap();
        let waiting = waits(&vault);
        vault.block(Duration::from_secs(2)).unwrap();
        std::thread::sleep(50 * MS);
        vault.kill();
        vault.stopped().wait().unwrap();
        assert_eq!(waiting.join().unwrap(), Undelivered::Stopped);
    });
}

#[test]
fn nobody_waits_for_one_that_was_killed_or_never_started() {
    within(20, || {
        let system = System::new().unwrap();
        let vault = Vault::spawn(&system, Guard);
        vault.open(1).wait().unwrap();
        let waiting = waits(&vault);
        vault.kill();
        assert_eq!(waiting.join().unwrap(), Undelivered::Stopped);
        let seat = Vault::reserve(&system);
        let vault = seat.handle();
        vault.open(1).wait().unwrap();
        let waiting = waits(&vault);
        drop(seat);
        assert_eq!(waiting.join().unwrap(), Undelivered::Stopped);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn one_that_has_ended_says_so_at_once() {
    within(20, || {
        let sim = Sim::new(1);
        let vault = Vault::spawn(sim.system(), Guard);
        vault.stop();
        sim.block_on(vault.stopped()).unwrap();
        for _ in 0..3 {
            let error = sim.block_on(vault.open(1)).unwrap().unwrap_err();
            assert_eq!(error.reason(), Undelivered::Stopped);
            assert_eq!(vault.look().unwrap_err().reason(), Undelivered::Stopped);
        }
        assert_eq!(sim.elapsed(), Duration::ZERO);
    });
}

#[test]
fn one_that_is_not_polled_holds_nobody_up() {
    within(20, || {
        let sim = Sim::new(1);
        let rate = Rate::new(1, Duration::from_secs(1));
        let limiter = RateLimiter::new(rate, sim.system()).unwrap();
        limiter.try_acquire().unwrap();
        let mut first = Box::pin(limiter.acquire());
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(first.as_mut().poll(&mut cx).is_pending());
        sim.block_on(limiter.acquire()).unwrap().unwrap();
        assert_eq!(sim.elapsed(), Duration::from_secs(2));
    });
}

#[test]
fn nobody_waits_for_one_that_has_ended() {
    within(20, || {
        let system = System::new().unwrap();
        let desk = Clerk::spawn(&system);
        desk.write(0).wait().unwrap();
        // Permits for years to come are asked for.
        let waiting: Vec<_> = (0..4)
            .map(|n| {
                let desk = desk.clone();
                std::thread::spawn(move || {
                    let told = std::iter::repeat_with(|| desk.write(n).wait());
                    told.take(100).find_map(Result::err)
                })
            })
            .collect();
        std::thread::sleep(20 * MS);
        desk.kill();
        for thread in waiting {
            let error = thread.join().unwrap().expect("it has ended");
            assert_eq!(error.reason(), Undelivered::Stopped);
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn it_is_shared_and_can_be_looked_at() {
    within(20, || {
        let sim = Sim::new(1);
        let desk = Clerk::spawn(sim.system());
        let limiter = desk.limiter(DeskKind::Ring).unwrap();
        assert_eq!(limiter.rate(), Rate::new(10, Duration::from_secs(1)));
        (0..10).for_each(|_| limiter.try_acquire().unwrap());
        assert!(desk.ring(1).is_err());
        assert!(desk.limiter(DeskKind::Seen).is_none());
    });
}

#[test]
fn a_limiter_alone_goes_by_the_clock_of_its_system() {
    within(20, || {
        let system = System::new().unwrap();
        let limiter = RateLimiter::new(Rate::new(1_000, Duration::from_secs(1)).burst(1), &system);
        let limiter = limiter.unwrap();
        let began = Instant::now();
        for _ in 0..21 {
            zctor::wait(limiter.acquire()).unwrap().unwrap();
        }
        assert!(began.elapsed() >= 20 * MS, "{:?}", began.elapsed());
        assert!(RateLimiter::new(Rate::new(0, MS), &system).is_err());
        system.shutdown().wait().unwrap();
    });
}
