//! The time of a system with a test's clock stands still until it is moved, and
//! then rings everything at its own time.

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::test::{Probe, TestClock};
use zctor::{BreakerSettings, CircuitBreaker, ExitReason, Rate, RateLimiter, ShutdownError};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

type Log = Arc<Mutex<Vec<(&'static str, u64)>>>;

#[actor]
enum Clerk {
    /// Writes `what` down after so many seconds.
    After {
        seconds: u64,
        what: &'static str,
    },
    /// The same, and again so many seconds later, as often as is left.
    Again {
        seconds: u64,
        left: u32,
    },
    Tick {
        period: Duration,
    },
    #[internal]
    Write(&'static str),
    #[internal]
    Ticked,
    #[reply(u64)]
    Ticks,
    #[reply(Instant)]
    Now,
    #[reply(())]
    Sleep(Duration),
    #[reply(u32)]
    Never,
    Hold(Gate),
    Spin(Arc<std::sync::atomic::AtomicBool>),
    #[batch(max = 100, within = "10s")]
    Collect(u32),
    #[reply(u32)]
    Work,
}

struct Desk {
    clock: TestClock,
    log: Log,
    ticks: u64,
    collected: usize,
}

impl Desk {
    fn note(&mut self, what: &'static str) {
        let at = self.clock.elapsed().as_secs();
        self.log.lock().unwrap().push((what, at));
    }
}

#[handlers]
impl ClerkActor for Desk {
    fn after(&mut self, seconds: u64, what: &'static str, ctx: &mut Context<Clerk>) {
        ctx.send_after(Duration::from_secs(seconds), Clerk::Write(what));
    }
    fn again(&mut self, seconds: u64, left: u32, ctx: &mut Context<Clerk>) {
        self.note("again");
        if let Some(left) = left.checked_sub(1) {
            let next = Clerk::Again { seconds, left };
            ctx.send_after(Duration::from_secs(seconds), next);
        }
    }
    fn tick(&mut self, period: Duration, ctx: &mut Context<Clerk>) {
        ctx.send_every(period, || Clerk::Ticked);
    }
    fn write(&mut self, value: &'static str) {
        self.note(value);
    }
    fn ticked(&mut self) {
        self.ticks += 1;
    }
    fn ticks(&self) -> u64 {
        self.ticks
    }
    fn now(&self, ctx: &mut Context<Clerk>) -> Instant {
        ctx.now()
    }
    async fn sleep(&mut self, value: Duration, ctx: &mut Context<Clerk>) {
        ctx.system().sleep(value).await;
    }
    async fn never(&mut self) -> u32 {
        std::future::pending().await
    }
    fn hold(&mut self, value: Gate) {
        value.pass();
    }
    fn spin(&mut self, value: Arc<std::sync::atomic::AtomicBool>, ctx: &mut Context<Clerk>) {
        if !value.load(std::sync::atomic::Ordering::SeqCst) {
            let _ = ctx.handle().spin(value);
        }
    }
    fn collect(&mut self, batch: zctor::Batch<u32>) {
        self.collected += batch.len();
        self.note("batch");
    }
    async fn work(&mut self, ctx: &mut Context<Clerk>) -> Result<u32, Failure> {
        let system = ctx.system();
        let done = system.spawn_blocking(|| {
            std::thread::sleep(Duration::from_millis(30));
            7
        });
        ctx.pipe(done, |_| Clerk::Write("worked"));
        Ok(7)
    }
}

fn system(clock: &TestClock) -> System {
    let builder = System::builder().workers(2).quiet().clock(clock);
    builder.build().unwrap()
}

fn clerk(system: &System, clock: &TestClock) -> (ClerkHandle, Log) {
    let log = Log::default();
    let desk = Desk {
        clock: clock.clone(),
        log: Arc::clone(&log),
        ticks: 0,
        collected: 0,
    };
    (Clerk::spawn(system, desk), log)
}

fn taken(log: &Log) -> Vec<(&'static str, u64)> {
    std::mem::take(&mut log.lock().unwrap())
}

#[test]
fn time_stands_still_until_it_is_moved() {
    within(60, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let (clerk, log) = clerk(&system, &clock);
        let before = clerk.now().wait().unwrap();
        clerk.after(0, "at once").unwrap();
        clerk.after(1, "later").unwrap();
        clock.settle();
        std::thread::sleep(Duration::from_millis(30));
        assert_eq!(clerk.now().wait().unwrap(), before);
        assert_eq!(clock.now(), before);
        assert_eq!(taken(&log), [("at once", 0)]);
        clock.advance(SECOND - Duration::from_nanos(1));
        assert_eq!(taken(&log), []);
        clock.advance(Duration::from_nanos(1));
        assert_eq!(taken(&log), [("later", 1)]);
        assert_eq!(clerk.now().wait().unwrap(), before + SECOND);
        assert_eq!(clerk.stats().age(), SECOND);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn everything_rings_at_its_own_time_in_order() {
    within(60, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let (clerk, log) = clerk(&system, &clock);
        clerk.after(50, "fifty").unwrap();
        clerk.after(10, "ten").unwrap();
        clerk.after(90, "ninety").unwrap();
        // What a timer sets is in time as well.
        clerk.again(20, 3).unwrap();
        clock.advance(MINUTE);
        let all = [
            ("again", 0),
            ("ten", 10),
            ("again", 20),
            ("again", 40),
            ("fifty", 50),
            ("again", 60),
        ];
        assert_eq!(taken(&log), all);
        assert_eq!(clock.elapsed(), MINUTE);
        assert_eq!(clock.until_next(), Some(30 * SECOND));
        assert_eq!(clock.advance_to_next(), Some(30 * SECOND));
        assert_eq!(taken(&log), [("ninety", 90)]);
        assert_eq!(clock.advance_to_next(), None);
        assert_eq!(clock.elapsed(), 90 * SECOND);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn no_tick_is_skipped() {
    within(60, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let (one, two) = (clerk(&system, &clock).0, clerk(&system, &clock).0);
        one.tick(SECOND).unwrap();
        two.tick(7 * SECOND).unwrap();
        clock.advance(HOUR);
        assert_eq!(one.ticks().wait().unwrap(), 3600);
        assert_eq!(two.ticks().wait().unwrap(), 3600 / 7);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn time_limits_of_asks_go_by_it() {
    within(60, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let clerk = clerk(&system, &clock).0;
        let ask = clerk.never().timeout(5 * SECOND).send();
        clock.advance(5 * SECOND);
        assert!(matches!(ask.wait(), Err(AskError::Timeout { .. })));
        // Also where somebody waits already.
        let other = clerk.clone();
        let waiting = std::thread::spawn(move || other.never().timeout(HOUR).wait());
        eventually("it waits", || clock.until_next() == Some(HOUR));
        clock.advance(HOUR);
        assert!(matches!(
            waiting.join().unwrap(),
            Err(AskError::Timeout { .. })
        ));
        clerk.kill();
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn sleeps_batches_limits_and_breakers_go_by_it() {
    within(60, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let (clerk, log) = clerk(&system, &clock);
        let nap = clerk.sleep(HOUR).send();
        let own = system.sleep(HOUR);
        clock.advance(HOUR);
        assert!(nap.wait().is_ok());
        zctor::wait(own).unwrap();
        clerk.collect(1).unwrap();
        clerk.collect(2).unwrap();
        clock.advance(9 * SECOND);
        assert_eq!(taken(&log), []);
        clock.advance(SECOND);
        assert_eq!(taken(&log), [("batch", 3610)]);

        let limiter = RateLimiter::new(Rate::new(1, MINUTE), &system).unwrap();
        assert!(limiter.try_acquire().is_ok() && limiter.try_acquire().is_err());
        clock.advance(MINUTE);
        assert!(limiter.try_acquire().is_ok());

        let settings = BreakerSettings::new().failures(1).recovery(MINUTE);
        let breaker = CircuitBreaker::new(settings, &system).unwrap();
        assert!(breaker.call(|| Err::<(), _>("no")).is_err());
        assert!(breaker.call(|| Ok::<_, &str>(())).is_err(), "it is open");
        clock.advance(MINUTE);
        assert!(breaker.call(|| Ok::<_, &str>(())).is_ok());
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Faulty {
    Crash,
    #[reply(u32)]
    Ping,
}
struct Part {
    lingers: bool,
}
#[handlers]
impl FaultyActor for Part {
    fn crash(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("on purpose"))
    }
    fn ping(&self) -> u32 {
        1
    }
    async fn on_stop(&mut self, ctx: &mut Context<Faulty>) {
        if self.lingers {
            ctx.system().sleep(HOUR).await;
        }
    }
}

#[supervisor(max_restarts = 2, within = "60s", backoff(min = "10s", max = "10s"))]
enum Works {
    #[child(shutdown = "5s")]
    Faulty(Faulty),
}
struct Plan {
    lingers: bool,
}
impl WorksChildren for Plan {
    fn faulty(&mut self, _: &WorksHandle) -> Child<Faulty> {
        Faulty::child(Part {
            lingers: self.lingers,
        })
    }
}

#[test]
fn backoff_and_restart_windows_go_by_it() {
    within(60, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let works = Works::start(&system, Plan { lingers: false })
            .wait()
            .unwrap();
        let restarts = || works.which_children()[0].restarts();
        for round in 1..=6 {
            works.faulty().crash().unwrap();
            clock.settle();
            assert_eq!(restarts(), round - 1, "it waits");
            // With its jitter the delay is no longer than that.
            clock.advance(15 * SECOND);
            assert_eq!(restarts(), round);
            assert_eq!(works.faulty().ping().wait().unwrap(), 1);
            // So no two of them are within its window.
            clock.advance(MINUTE);
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn limits_of_a_shutdown() {
    within(60, || {
        let clock = TestClock::new();
        let slow = system(&clock);
        let works = Works::start(&slow, Plan { lingers: true }).wait().unwrap();
        let ending = std::thread::spawn({
            let slow = slow.clone();
            move || slow.shutdown().wait()
        });
        // The limit of the child, by the clock: five seconds.
        eventually("it is told to stop", || {
            clock.until_next() == Some(5 * SECOND)
        });
        clock.advance(5 * SECOND);
        ending.join().unwrap().unwrap();
        assert!(!works.is_alive());

        // That of the system, by the clock …
        let stuck = system(&clock);
        let hung = clerk(&stuck, &clock).0;
        let _ask = hung.never().send();
        let ending = std::thread::spawn(move || stuck.shutdown().wait());
        eventually("it waits", || clock.until_next() == Some(10 * SECOND));
        clock.advance(10 * SECOND);
        let failure = ending.join().unwrap().unwrap_err();
        assert_eq!(
            failure
                .downcast_ref::<ShutdownError>()
                .unwrap()
                .killed()
                .len(),
            1
        );

        // … or in real time, so that it always ends.
        let builder = System::builder().quiet().clock(&clock);
        let stuck = builder
            .shutdown_limit(Duration::from_millis(20))
            .build()
            .unwrap();
        let hung = clerk(&stuck, &clock).0;
        let _ask = hung.never().send();
        assert!(stuck.shutdown().wait().is_err());
        assert!(matches!(hung.stopped().wait(), Ok(ExitReason::Killed)));
        let dropped = System::builder().quiet().clock(&clock);
        let dropped = dropped
            .shutdown_limit(Duration::from_millis(20))
            .build()
            .unwrap();
        let hung = clerk(&dropped, &clock).0;
        let _ask = hung.never().send();
        drop(dropped);
        assert!(!hung.is_alive());

        // Whoever waits for a time when it has ended, waits no longer.
        let ended = system(&clock);
        let nap = ended.sleep(HOUR);
        let waiting = std::thread::spawn(move || zctor::wait(nap));
        eventually("it waits", || clock.until_next() == Some(HOUR));
        ended.shutdown().wait().unwrap();
        waiting.join().unwrap().unwrap();
        zctor::wait(ended.sleep(HOUR)).unwrap();
        assert_eq!(clock.until_next(), None);
    });
}

#[test]
fn systems_share_a_clock() {
    within(60, || {
        let clock = TestClock::new();
        let (here, there) = (system(&clock), system(&clock));
        let (one, first) = clerk(&here, &clock);
        let (two, second) = clerk(&there, &clock);
        one.again(2, 2).unwrap();
        two.after(3, "there").unwrap();
        clock.advance(3 * SECOND);
        assert_eq!(taken(&first), [("again", 0), ("again", 2)]);
        assert_eq!(taken(&second), [("there", 3)]);
        // One that has ended does not matter to the other.
        there.shutdown().wait().unwrap();
        assert!(two.after(1, "too late").is_err());
        clock.advance(SECOND);
        assert_eq!(taken(&first), [("again", 4)]);
        drop((here, one));
        clock.advance(HOUR);
    });
}

#[test]
fn blocked_threads_and_kills_stay_in_real_time() {
    within(60, || {
        let clock = TestClock::new();
        let system = System::builder()
            .workers(1)
            .quiet()
            .grace(Duration::from_millis(10))
            .blocked_after(Duration::from_millis(10))
            .clock(&clock)
            .build()
            .unwrap();
        let (held, _) = clerk(&system, &clock);
        let (other, log) = clerk(&system, &clock);
        let gate = Gate::default();
        held.hold(gate.clone()).unwrap();
        gate.await_arrival();
        // Its only worker is replaced, and it is not waited for.
        other.after(1, "on").unwrap();
        clock.advance(SECOND);
        assert_eq!(taken(&log), [("on", 1)]);
        held.kill();
        assert!(matches!(held.stopped().wait(), Ok(ExitReason::Killed)));
        gate.open();
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Listener {
    Ring,
}

#[actor]
enum Alarm {
    Wind(ListenerHandle),
    #[internal]
    Over(ListenerHandle),
}
struct Bell;
#[handlers]
impl AlarmActor for Bell {
    fn wind(&mut self, value: ListenerHandle, ctx: &mut Context<Alarm>) {
        ctx.send_after(HOUR, Alarm::Over(value));
    }
    fn over(&mut self, value: ListenerHandle) {
        value.ring().or_drop();
    }
}

#[test]
fn probes_do_not_wait_for_it() {
    within(60, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let probe = Probe::<Listener>::new(&system);
        let alarm = Alarm::spawn(&system, Bell);
        alarm.wind(probe.handle()).unwrap();
        clock.advance(HOUR - SECOND);
        probe.expect_none(Duration::ZERO).wait();
        clock.advance(SECOND);
        let _ = probe.expect(ListenerKind::Ring).wait();
        // Its time limit is over while the clock stands still.
        let missing = std::thread::spawn(move || {
            let _ = probe.next().timeout(Duration::from_millis(10)).wait();
        });
        assert!(missing.join().is_err());
        system.shutdown().wait().unwrap();
    });
}

#[actor(thread = dedicated)]
enum Own {
    #[reply(u64)]
    Ask(ClerkHandle),
    Nap(Duration),
    #[reply(u32)]
    Naps,
}
#[derive(Default)]
struct Room(u32);
#[handlers]
impl OwnActor for Room {
    fn ask(&mut self, value: ClerkHandle) -> Result<u64, Failure> {
        Ok(value.ticks().wait()?)
    }
    fn nap(&mut self, value: Duration, ctx: &mut Context<Own>) -> Result<(), Failure> {
        zctor::wait(ctx.system().sleep(value))?;
        self.0 += 1;
        Ok(())
    }
    fn naps(&self) -> u32 {
        self.0
    }
}

#[test]
fn a_thread_that_waits_is_at_rest_until_it_is_woken() {
    within(60, || {
        let clock = TestClock::new();
        let builder = System::builder().workers(2).clock(&clock);
        // Waits are known: nobody is waited for until he has held his thread so long.
        let system = builder.blocked_after(Duration::MAX).build().unwrap();
        let own = Own::spawn(&system, Room::default());
        let clerk = clerk(&system, &clock).0;
        for _ in 0..20 {
            own.nap(SECOND).unwrap();
        }
        clock.advance(19 * SECOND);
        clerk.tick(SECOND).unwrap();
        assert_eq!(clock.until_next(), Some(SECOND));
        clock.advance(SECOND);
        assert_eq!(own.naps().wait().unwrap(), 20);
        assert_eq!(own.ask(clerk).wait().unwrap(), 1);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn blocking_work_is_waited_for() {
    within(60, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let (clerk, log) = clerk(&system, &clock);
        let ask = clerk.work().send();
        clock.settle();
        assert_eq!(taken(&log), [("worked", 0)]);
        assert_eq!(ask.wait().unwrap(), 7);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn who_never_rests_is_named() {
    within(120, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let clerk = clerk(&system, &clock).0;
        let stop = Arc::default();
        clerk.spin(Arc::clone(&stop)).unwrap();
        let moved = std::thread::spawn({
            let clock = clock.clone();
            move || clock.advance(SECOND)
        });
        let panic = moved.join().unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.contains("did not come to rest within 10 s"), "{text}");
        assert!(
            text.contains("Clerk#1") || text.contains("1 task waits"),
            "{text}"
        );
        stop.store(true, std::sync::atomic::Ordering::SeqCst);
        clock.advance(SECOND);
        assert_eq!(clock.elapsed(), SECOND);
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Meddler {
    #[reply(())]
    Move(TestClock),
}
struct Hand;
#[handlers]
impl MeddlerActor for Hand {
    fn r#move(&mut self, value: TestClock) {
        value.advance(SECOND);
    }
}

#[test]
fn neither_handlers_nor_blocking_work_may_move_it() {
    within(60, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let meddler = Meddler::spawn(&system, Hand);
        assert!(meddler.r#move(clock.clone()).wait().is_err());
        let crash = meddler.stopped().wait().unwrap().to_string();
        assert!(crash.contains("called in a handler"), "{crash}");
        let mover = clock.clone();
        let job = system.spawn_blocking(move || mover.settle());
        assert!(job.wait().is_err(), "nor blocking work");
        assert_eq!(clock.elapsed(), Duration::ZERO);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn many_actors_at_many_times() {
    within(120, || {
        let clock = TestClock::new();
        let system = system(&clock);
        let clerks: Vec<_> = (0..20).map(|_| clerk(&system, &clock)).collect();
        for (n, (clerk, _)) in clerks.iter().enumerate() {
            clerk.again(1 + n as u64 % 7, 50).unwrap();
        }
        for _ in 0..10 {
            clock.advance(4 * SECOND);
        }
        for (n, (_, log)) in clerks.iter().enumerate() {
            let period = 1 + n as u64 % 7;
            let times = (0..=40 / period).map(|round| ("again", round * period));
            assert_eq!(taken(log), times.collect::<Vec<_>>());
        }
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Relay {
    Join(RelayHandle),
    Pass(u32),
    #[reply(u32)]
    Answer(u32),
}
struct Runner {
    next: Option<RelayHandle>,
    passed: Arc<std::sync::atomic::AtomicU32>,
}
#[handlers]
impl RelayActor for Runner {
    fn join(&mut self, value: RelayHandle) {
        self.next = Some(value);
    }
    async fn pass(&mut self, left: u32, ctx: &mut Context<Relay>) -> Result<(), Failure> {
        self.passed
            .fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let Some(next) = self.next.clone().filter(|_| left > 0) else {
            return Ok(());
        };
        // By a tell, after work that blocks, or after the answer to an ask.
        match left % 3 {
            0 => next.pass(left - 1)?,
            1 => {
                let work = ctx.system().spawn_blocking(move || left - 1);
                ctx.pipe(work, |left| Relay::Pass(left.unwrap()));
            }
            _ => {
                let left = next.answer(left).await?;
                next.pass(left - 1)?;
            }
        }
        Ok(())
    }
    fn answer(&self, value: u32) -> u32 {
        value
    }
}

#[test]
fn nobody_is_taken_to_rest_who_does_not() {
    within(120, || {
        let clock = TestClock::new();
        let (here, there) = (system(&clock), system(&clock));
        let passed = Arc::default();
        let spawn = |system: &System, dedicated: bool| {
            let runner = Runner {
                next: None,
                passed: Arc::clone(&passed),
            };
            let builder = Relay::builder(runner);
            let builder = if dedicated {
                builder.dedicated()
            } else {
                builder
            };
            builder.spawn(system).unwrap()
        };
        let ring = [
            spawn(&here, false),
            spawn(&there, true),
            spawn(&here, true),
            spawn(&there, false),
        ];
        for (n, runner) in ring.iter().enumerate() {
            runner.join(ring[(n + 1) % ring.len()].clone()).unwrap();
        }
        for round in 0..200 {
            ring[round % ring.len()].pass(29).unwrap();
            clock.settle();
            let count = passed.swap(0, std::sync::atomic::Ordering::SeqCst);
            assert_eq!(count, 30, "in round {round}");
            assert!(clock.is_at_rest());
        }
        drop((here, there));
    });
}
