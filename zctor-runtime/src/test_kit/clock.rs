//! The clock of a test.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::system_builder::SystemBuilder;
use crate::threads::{Dial, FURTHEST, SETTLE_LIMIT};
use crate::wait::{is_watched, on_actor_thread};

/// The time of systems with real threads, which stands still until a test
/// moves it. A clone is the same clock, and several systems may go by it.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::test::TestClock;
///
/// #[actor]
/// enum Lease {
///     #[every("1h")]
///     Check,
///     #[reply(u32)]
///     Checks,
/// }
/// #[derive(Default)] struct Paper(u32);
/// #[handlers]
/// impl LeaseActor for Paper {
///     fn check(&mut self) { self.0 += 1 }
///     fn checks(&self) -> u32 { self.0 }
/// }
/// # fn main() -> zctor::Result<()> {
/// let clock = TestClock::new();
/// let system = System::builder().clock(&clock).build()?;
/// let lease = Lease::spawn(&system, Paper::default());
/// clock.advance(Duration::from_secs(24 * 3600));
/// assert_eq!(lease.checks().wait()?, 24);
/// # system.shutdown().wait() }
/// ```
///
/// # What goes by it
/// All that actors see of time: timers, `#[every]`, time limits of asks,
/// batches, rate limits, circuit breakers, restart windows, backoff, the
/// limits that supervisors set for the shutdown of their children,
/// [`Context::now`](crate::Context::now), [`System::sleep`](crate::System::sleep),
/// and the times of events.
///
/// So nothing of that happens of itself: the test that is to move the clock must
/// not wait for something that comes with time only. Begin an ask with
/// [`send`](crate::Ask::send), move the clock, then wait for it. As always, a
/// reply that nobody has looked at before the limit was over comes too late.
///
/// # What stays in real time
/// What measures real threads: that a killed actor which holds its thread counts
/// as dead after the [`grace`](SystemBuilder::grace), and that a worker which is
/// held up is replaced [after a while](SystemBuilder::blocked_after).
/// Threads that idle use no clock. Also the time limits of a
/// [`Probe`](super::Probe), as the test that waits for it cannot move the clock.
///
/// A shutdown does not move the clock, so that the limits of children can be
/// tested; but it always ends. The
/// [limit of the whole](SystemBuilder::shutdown_limit) is over when that much
/// time has passed by this clock or in reality, whichever comes first.
///
/// What is not the library's has clocks of its own: `std::thread::sleep`,
/// `Instant::now`, and `tokio::time`.
///
/// # When actors have seen the new time
/// A system with such a clock counts what is queued for its threads and what runs
/// on them. [`advance`](TestClock::advance) and [`settle`](TestClock::settle) use
/// that to wait until all actors of all systems of the clock *rest*: each has
/// handled its messages, or waits for something that does not come of itself,
/// such as a time, another thread, or a socket. That includes work of
/// [`spawn_blocking`](crate::System::spawn_blocking).
///
/// Whoever holds a thread for longer than
/// [`blocked_after`](SystemBuilder::blocked_after) (one second of real time
/// unless set) counts as resting, and so does one that waits with `.wait()` on
/// a thread where that is allowed. What other threads and runtimes are about to
/// do cannot be known. An ask to the actor shows what it has seen in any case.
pub struct TestClock(Arc<Dial>);

impl TestClock {
    /// Makes a clock. It shows the real time of this moment until it is moved.
    #[must_use]
    pub fn new() -> TestClock {
        TestClock(Arc::new(Dial::new()))
    }

    /// The time that it shows.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::test::TestClock;
    ///
    /// let clock = TestClock::new();
    /// let before = clock.now();
    /// clock.advance(Duration::from_millis(20));
    /// assert_eq!(clock.now() - before, Duration::from_millis(20));
    /// ```
    #[must_use]
    pub fn now(&self) -> Instant {
        self.0.now()
    }

    /// How far it was moved since it was made.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::test::TestClock;
    ///
    /// let clock = TestClock::new();
    /// clock.advance(Duration::from_secs(2));
    /// clock.advance(Duration::from_secs(3));
    /// assert_eq!(clock.elapsed(), Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Moves the clock by `duration`. What is due on the way rings at its own
    /// time, in order: the clock goes from one alarm to the next, and the actors
    /// come to [rest](TestClock#when-actors-have-seen-the-new-time) at each
    /// before it goes on. So a timer that is set by what another timer does is
    /// in time, and no tick is skipped.
    ///
    /// It also waits for rest before it begins, so that the clock does not run
    /// ahead of what was sent before; and when it returns, everything has been
    /// seen. Each alarm takes some microseconds of real time.
    ///
    /// With a duration of zero it is [`settle`](TestClock::settle). If several
    /// threads call it, they take turns.
    ///
    /// # Panics
    /// If the actors do not come to rest within ten seconds of real time, in
    /// words that say who is at work; if it is called in a handler or in blocking
    /// work of a system, which it would wait for; and if the clock comes to 584
    /// years.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    /// use zctor::test::TestClock;
    ///
    /// #[actor] enum Oven { #[reply(())] Bake }
    /// struct Slow;
    /// #[handlers] impl OvenActor for Slow {
    ///     async fn bake(&mut self, ctx: &mut Context<Oven>) {
    ///         ctx.system().sleep(Duration::from_secs(3600)).await;
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let clock = TestClock::new();
    /// let system = System::builder().clock(&clock).build()?;
    /// let oven = Oven::spawn(&system, Slow);
    /// let patient = oven.bake().send();
    /// clock.advance(Duration::from_secs(3600));
    /// assert!(patient.wait().is_ok());
    ///
    /// let hasty = oven.bake().timeout(Duration::from_secs(5)).send();
    /// clock.advance(Duration::from_secs(5));
    /// assert!(matches!(hasty.wait(), Err(AskError::Timeout { .. })));
    /// # clock.advance(Duration::from_secs(3600));
    /// # system.shutdown().wait() }
    /// ```
    #[track_caller]
    pub fn advance(&self, duration: Duration) {
        not_in_a_handler("advance");
        assert!(
            self.elapsed().saturating_add(duration) <= FURTHEST,
            "a `TestClock` goes no further than 584 years, and is to go {duration:?} on"
        );
        self.0
            .advance(duration)
            .unwrap_or_else(|why| unsettled(&why));
    }

    /// Waits for rest, then moves the clock to the next alarm, rings those that
    /// are due then, and waits for rest again. Returns how far that was, or none
    /// if no alarm is set: then the clock has not been moved.
    ///
    /// Also the limits of the asks that wait are alarms, and timers that nobody
    /// waits for any more may be.
    ///
    /// # Panics
    /// As [`advance`](TestClock::advance).
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    /// use zctor::test::TestClock;
    ///
    /// #[actor] enum Fuse { Light, #[internal] Burn, #[reply(bool)] IsOut }
    /// #[derive(Default)] struct Cord(bool);
    /// #[handlers] impl FuseActor for Cord {
    ///     fn light(&mut self, ctx: &mut Context<Fuse>) {
    ///         ctx.send_after(Duration::from_secs(90), Fuse::Burn);
    ///     }
    ///     fn burn(&mut self) { self.0 = true }
    ///     fn is_out(&self) -> bool { self.0 }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let clock = TestClock::new();
    /// let system = System::builder().clock(&clock).build()?;
    /// let fuse = Fuse::spawn(&system, Cord::default());
    /// fuse.light()?;
    /// assert_eq!(clock.advance_to_next(), Some(Duration::from_secs(90)));
    /// assert!(fuse.is_out().wait()?);
    /// assert_eq!(clock.advance_to_next(), None);
    /// # system.shutdown().wait() }
    /// ```
    #[track_caller]
    pub fn advance_to_next(&self) -> Option<Duration> {
        not_in_a_handler("advance_to_next");
        let moved = self.0.advance_to_next();
        moved.unwrap_or_else(|why| unsettled(&why))
    }

    /// How long it is until the next alarm; none if there is none. What actors
    /// that do not rest are about to set is not known:
    /// [`settle`](TestClock::settle) before.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    /// use zctor::test::TestClock;
    ///
    /// # #[actor] enum Fuse { Light, #[internal] Burn }
    /// # struct Cord;
    /// # #[handlers] impl FuseActor for Cord {
    /// #     fn light(&mut self, ctx: &mut Context<Fuse>) {
    /// #         ctx.send_after(Duration::from_secs(90), Fuse::Burn);
    /// #     }
    /// #     fn burn(&mut self) {}
    /// # }
    /// # fn main() -> zctor::Result<()> {
    /// let clock = TestClock::new();
    /// let system = System::builder().clock(&clock).build()?;
    /// let fuse = Fuse::spawn(&system, Cord);
    /// fuse.light()?;
    /// clock.settle();
    /// assert_eq!(clock.until_next(), Some(Duration::from_secs(90)));
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn until_next(&self) -> Option<Duration> {
        let next = self.0.next()?;
        Some(next.saturating_duration_since(self.now()))
    }

    /// Waits until all actors of the clock's systems
    /// [rest](TestClock#when-actors-have-seen-the-new-time). The time stays as
    /// it is.
    ///
    /// # Panics
    /// If they do not come to rest within ten seconds of real time, in words that
    /// say who is at work; and if it is called in a handler or in blocking work of
    /// a system, which it would wait for.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
    /// use zctor::prelude::*;
    /// use zctor::test::TestClock;
    ///
    /// #[actor] enum Relay { Pass(u32) }
    /// struct Runner(Arc<AtomicU32>);
    /// #[handlers] impl RelayActor for Runner {
    ///     fn pass(&mut self, left: u32, ctx: &mut Context<Relay>) -> Result<(), Failure> {
    ///         self.0.fetch_add(1, SeqCst);
    ///         if left > 0 { ctx.handle().pass(left - 1)?; }
    ///         Ok(())
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let clock = TestClock::new();
    /// let system = System::builder().clock(&clock).build()?;
    /// let laps = Arc::new(AtomicU32::new(0));
    /// let relay = Relay::spawn(&system, Runner(laps.clone()));
    /// relay.pass(99)?;
    /// clock.settle();
    /// assert_eq!(laps.load(SeqCst), 100);
    /// # system.shutdown().wait() }
    /// ```
    #[track_caller]
    pub fn settle(&self) {
        not_in_a_handler("settle");
        self.0.settle().unwrap_or_else(|why| unsettled(&why));
    }

    /// Whether all actors of its systems rest at this moment.
    ///
    /// ```
    /// use zctor::System;
    /// use zctor::test::TestClock;
    ///
    /// # fn main() -> zctor::Result<()> {
    /// let clock = TestClock::new();
    /// let system = System::builder().clock(&clock).build()?;
    /// assert!(clock.is_at_rest());
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.0.is_quiet()
    }
}

#[track_caller]
fn not_in_a_handler(method: &str) {
    assert!(
        !on_actor_thread() && !is_watched(),
        "`TestClock::{method}` was called in a handler or in blocking work, which it would \
         wait for; call it in the test, or on a thread of its own"
    );
}

#[track_caller]
fn unsettled(why: &str) -> ! {
    let limit = SETTLE_LIMIT.as_secs();
    panic!("the actors did not come to rest within {limit} s of real time: {why}")
}

impl Default for TestClock {
    fn default() -> TestClock {
        TestClock::new()
    }
}

impl Clone for TestClock {
    fn clone(&self) -> TestClock {
        TestClock(Arc::clone(&self.0))
    }
}

/// The same clock.
impl PartialEq for TestClock {
    fn eq(&self, other: &TestClock) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for TestClock {}

impl fmt::Debug for TestClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClock")
            .field("elapsed", &self.elapsed())
            .finish_non_exhaustive()
    }
}

impl SystemBuilder {
    /// Has the time of this system be that of a test's clock: see
    /// [`TestClock`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::System;
    /// use zctor::test::TestClock;
    ///
    /// # fn main() -> zctor::Result<()> {
    /// let clock = TestClock::new();
    /// let system = System::builder().clock(&clock).build()?;
    /// let nap = system.sleep(Duration::from_secs(3600));
    /// clock.advance(Duration::from_secs(3600));
    /// zctor::wait(nap)?;
    /// # system.shutdown().wait() }
    /// ```
    pub fn clock(mut self, clock: &TestClock) -> Self {
        self.dial = Some(Arc::clone(&clock.0));
        self.remember_actors()
    }

    /// Has the system remember which actors it has had, so that a
    /// [leak check](super::LeakCheck) can also name those that ended long before.
    /// It costs some memory for each actor whose handles are not dropped. With a
    /// [`clock`](SystemBuilder::clock) it is so already.
    ///
    /// ```
    /// use zctor::System;
    /// use zctor::test::assert_no_leaks;
    ///
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::builder().remember_actors().build()?;
    /// assert_no_leaks(system);
    /// # Ok(()) }
    /// ```
    pub fn remember_actors(mut self) -> Self {
        self.census = true;
        self
    }
}
