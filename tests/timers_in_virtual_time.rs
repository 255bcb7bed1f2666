//! Timers and time limits in a simulation: exact, and as fast as the actors.

mod support;

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{ExitReason, ShutdownError, TimerKey};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// What rang, and when in virtual time.
type Trace = Arc<Mutex<Vec<(u32, Duration)>>>;

#[actor]
enum Alarm {
    Once {
        after: Duration,
        number: u32,
    },
    Every {
        period: Duration,
        number: u32,
    },
    /// A one-shot that is cancelled when its tick is queued already.
    CancelledLate,
    Cancel,
    Far,
    #[internal]
    Ring(u32),
    #[reply(usize)]
    Rings,
}

#[derive(Default)]
struct Clock {
    began: Option<Instant>,
    rings: Trace,
    timers: Vec<TimerKey>,
    ringing_takes: Duration,
}

#[handlers]
impl AlarmActor for Clock {
    fn on_start(&mut self, ctx: &mut Context<Alarm>) {
        self.began = Some(ctx.now());
    }
    fn once(&mut self, after: Duration, number: u32, ctx: &mut Context<Alarm>) {
        self.timers.push(ctx.send_after(after, Alarm::Ring(number)));
    }
    fn every(&mut self, period: Duration, number: u32, ctx: &mut Context<Alarm>) {
        let timer = ctx.send_every(period, move || Alarm::Ring(number));
        self.timers.push(timer);
    }
    async fn cancelled_late(&mut self, ctx: &mut Context<Alarm>) {
        let timer = ctx.send_after(MS, Alarm::Ring(666));
        sleep(10 * MS, ctx).await;
        assert!(ctx.cancel(timer));
        assert!(!ctx.cancel(timer));
    }
    fn cancel(&mut self, ctx: &mut Context<Alarm>) {
        for timer in self.timers.drain(..) {
            assert!(ctx.cancel(timer));
        }
    }
    fn far(&mut self, ctx: &mut Context<Alarm>) {
        ctx.send_after(Duration::MAX, Alarm::Ring(1));
        ctx.send_every(Duration::MAX, || Alarm::Ring(2));
    }
    async fn ring(&mut self, value: u32, ctx: &mut Context<Alarm>) {
        let now = ctx.now() - self.began.unwrap();
        self.rings.lock().unwrap().push((value, now));
        sleep(self.ringing_takes, ctx).await;
    }
    fn rings(&self) -> usize {
        self.rings.lock().unwrap().len()
    }
}

/// Answers after a while: how a handler waits in virtual time.
#[actor]
enum Bench {
    #[reply((), deferred)]
    Rest { time: Duration },
    #[internal]
    Rested,
}

#[derive(Default)]
struct Seat(Option<Reply<()>>);

#[handlers]
impl BenchActor for Seat {
    fn rest(&mut self, time: Duration, reply: Reply<()>, ctx: &mut Context<Bench>) {
        self.0 = Some(reply);
        ctx.send_after(time, Bench::Rested);
    }
    fn rested(&mut self) {
        self.0.take().unwrap().send(());
    }
}

async fn sleep<P: Protocol>(time: Duration, ctx: &mut Context<P>) {
    if !time.is_zero() {
        let bench = Bench::spawn(&ctx.system(), Seat::default());
        let _ = bench.rest(time).await;
    }
}

fn clock(sim: &Sim, ringing_takes: Duration) -> (AlarmHandle, Trace) {
    let rings = Trace::default();
    let state = Clock {
        rings: Arc::clone(&rings),
        ringing_takes,
        ..Clock::default()
    };
    (Alarm::spawn(sim.system(), state), rings)
}

fn times(rings: &Trace) -> Vec<Duration> {
    rings.lock().unwrap().iter().map(|(_, at)| *at).collect()
}

#[test]
fn an_hour_of_ticks_in_milliseconds() {
    within(20, || {
        let sim = Sim::new(1);
        let (alarm, rings) = clock(&sim, Duration::ZERO);
        let real = Instant::now();
        alarm.every(SECOND, 7).unwrap();
        sim.advance(3600 * SECOND);
        let expected: Vec<_> = (1..=3600).map(|n| n * SECOND).collect();
        assert_eq!(times(&rings), expected);
        assert_eq!(sim.elapsed(), 3600 * SECOND);
        assert!(real.elapsed() < SECOND, "{:?}", real.elapsed());
    });
}

#[test]
fn a_one_shot_fires_once_and_on_time() {
    within(20, || {
        let sim = Sim::new(1);
        let (alarm, rings) = clock(&sim, Duration::ZERO);
        alarm.once(100 * MS, 7).unwrap();
        sim.advance(100 * MS - Duration::from_nanos(1));
        assert_eq!(times(&rings), []);
        sim.advance(Duration::from_nanos(1));
        assert_eq!(*rings.lock().unwrap(), [(7, 100 * MS)]);
        sim.advance(3600 * SECOND);
        assert_eq!(times(&rings), [100 * MS]);
        drop(alarm);
    });
}

#[test]
fn a_cancelled_one_never_fires_even_if_its_tick_is_queued() {
    within(20, || {
        for seed in 0..100 {
            let sim = Sim::new(seed);
            let (alarm, rings) = clock(&sim, Duration::ZERO);
            alarm.once(5 * MS, 1).unwrap();
            alarm.every(5 * MS, 2).unwrap();
            alarm.cancel().unwrap();
            alarm.cancelled_late().unwrap();
            assert_eq!(alarm.rings().wait().unwrap(), 0);
            assert_eq!(sim.elapsed(), 10 * MS, "its tick was queued");
            sim.advance(SECOND);
            assert_eq!(times(&rings), []);
            assert!(alarm.is_alive(), "no assertion in a handler failed");
        }
    });
}

#[test]
fn an_interval_leaves_out_what_slow_handlers_miss() {
    within(20, || {
        let sim = Sim::new(1);
        let (alarm, rings) = clock(&sim, 25 * MS);
        alarm.every(10 * MS, 1).unwrap();
        sim.advance(100 * MS);
        // A ring takes 25 ms. The tick that comes meanwhile waits; those that
        // would come before it is handled are left out.
        assert_eq!(times(&rings), [10 * MS, 35 * MS, 60 * MS, 85 * MS]);
        drop(alarm);
    });
}

#[test]
fn the_longest_delay_never_comes() {
    within(20, || {
        let sim = Sim::new(1);
        let (alarm, rings) = clock(&sim, Duration::ZERO);
        alarm.far().unwrap();
        sim.advance(50 * 365 * 24 * 3600 * SECOND);
        assert_eq!(times(&rings), []);
        assert!(alarm.is_alive());
    });
}

#[actor]
enum Sloth {
    #[reply(())]
    Hang,
    #[reply(u32)]
    Count,
    Spin,
}

#[derive(Default)]
struct Branch;

#[handlers]
impl SlothActor for Branch {
    async fn hang(&mut self) {
        pending().await
    }
    fn count(&self) -> u32 {
        3
    }
    async fn spin(&mut self) {
        let mut polls = 0u64;
        std::future::poll_fn(|cx| {
            polls += 1;
            cx.waker().wake_by_ref();
            std::task::Poll::<()>::Pending
        })
        .await
    }
}

#[test]
fn asks_end_at_their_limit() {
    within(20, || {
        let sim = Sim::new(1);
        let sloth = Sloth::spawn(sim.system(), Branch);
        let late = sloth.hang().timeout(5 * SECOND);
        assert!(sim.block_on(late).unwrap().unwrap_err().is_timeout());
        assert_eq!(sim.elapsed(), 5 * SECOND);
        let queued = sloth.count().timeout(7 * SECOND);
        assert!(queued.wait().unwrap_err().is_timeout());
        assert_eq!(sim.elapsed(), 12 * SECOND);
        let none = sloth.count().timeout(Duration::ZERO);
        assert!(none.wait().unwrap_err().is_timeout());
        assert_eq!(sim.elapsed(), 12 * SECOND);
    });
}

#[test]
fn a_shutdown_ends_at_its_limit() {
    within(20, || {
        let sim = Sim::new(1);
        let sloth = Sloth::spawn(sim.system(), Branch);
        let hanging = sloth.hang().send();
        let failure = sim.system().shutdown().wait().unwrap_err();
        let error = failure.downcast_ref::<ShutdownError>().unwrap();
        assert_eq!(error.killed(), [sloth.label()]);
        assert!(error.stuck().is_empty());
        assert_eq!(sim.elapsed(), 10 * SECOND, "the default limit");
        assert!(matches!(hanging.wait(), Err(AskError::Stopped { .. })));
        let ended = sloth.stopped().wait().unwrap();
        assert!(matches!(ended, ExitReason::Killed));
        assert_eq!(sim.elapsed(), 10 * SECOND);
    });
}

#[test]
fn an_actor_that_is_always_ready_does_not_stop_the_clock() {
    within(60, || {
        let sim = Sim::new(1);
        let sloth = Sloth::spawn(sim.system(), Branch);
        sloth.spin().unwrap();
        let late = sloth.count().timeout(SECOND);
        assert!(sim.block_on(late).unwrap().unwrap_err().is_timeout());
        // Nor does it hold up the drop of the simulation.
    });
}
