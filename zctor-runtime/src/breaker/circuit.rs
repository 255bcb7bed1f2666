//! A circuit breaker as its users see it: the machine, a clock, and who is told.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use super::machine::{Admitted, Machine, Outcome, Rejected};
use super::settings::{BreakerSettings, InvalidBreaker};
use super::state::{BreakerMetrics, CircuitChange, CircuitOpen, CircuitState, GuardedError};
use crate::guard;
use crate::seam::Seam;
use crate::sync::lock;

/// A circuit breaker: it lets calls through while they succeed, and turns them
/// away at once when too many have failed, so that nobody waits for what is
/// down, and it is left alone to recover.
///
/// `#[breaker(…)]` on an ask puts one in front of it. This is the same thing
/// for calls of any other kind. Clones share one state.
///
/// - *Closed*, it lets all calls through. Too many failures open it: so many
///   in a row, or a share of the latest calls or of the calls of some time
///   ([`BreakerSettings`]).
/// - *Open*, it turns all calls away. When the recovery time is over, the next
///   call makes it half-open.
/// - *Half-open*, it tries a few calls, so many at a time, and turns the rest
///   away. One failure opens it again; enough successes close it.
///
/// What a call comes to counts only for the state in which it was let through.
/// A call that is given up counts for nothing, and gives its place back.
///
/// # How others do it
///
/// The pattern is Michael Nygard's (*Release It!*, 2007). Where libraries
/// disagree:
///
/// | | resilience4j 2 | Polly 8 | Pekko 1 | zctor |
/// |---|---|---|---|---|
/// | opens by | share of a window of calls or time | share of a window of time | failures in a row | any of these |
/// | at exactly the threshold | opens | opens | opens | opens |
/// | half-open tries | 10 calls, judged by their share | one call | one call | `trials` at a time, `successes` in all; one failure opens it |
/// | leaves the open state | with the next call (or by a timer) | with the next call | by a timer | with the next call |
/// | late results of an earlier state | count in the present one | count in the present one | count only if it is in that state again | do not count |
/// | ignored errors | count as neither | count as successes | count as successes | count as neither |
/// | slow calls | a share of their own | are no matter | longer than the call timeout: failures | failures, or in a window a share of their own |
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::{BreakerSettings, CircuitBreaker, CircuitState, GuardedError};
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let settings = BreakerSettings::new().failures(2).recovery(Duration::from_secs(10));
/// let breaker = CircuitBreaker::new(settings, &system)?;
///
/// let dial = || "no port".parse::<u16>();
/// assert!(matches!(breaker.call(dial), Err(GuardedError::Failed(_))));
/// assert!(matches!(breaker.call(dial), Err(GuardedError::Failed(_))));
/// assert_eq!(breaker.state(), CircuitState::Open);
/// assert!(matches!(breaker.call(dial), Err(GuardedError::Open(_))));
/// # system.shutdown().wait() }
/// ```
#[derive(Clone)]
pub struct CircuitBreaker(Arc<Shared>);

struct Shared {
    clock: Clock,
    state: Mutex<State>,
    listeners: Mutex<Vec<Listener>>,
}

type Clock = Box<dyn Fn() -> Instant + Send + Sync>;

type Listener = Arc<dyn Fn(CircuitChange) + Send + Sync>;

struct State {
    machine: Machine,
    /// Changes that the listeners were not told of yet.
    untold: Vec<CircuitChange>,
    /// Somebody is telling them, in order.
    telling: bool,
}

impl CircuitBreaker {
    /// With settings that make sense.
    pub(crate) fn checked(settings: BreakerSettings, seam: &Arc<dyn Seam>) -> Self {
        let seam = Arc::clone(seam);
        Self::make(settings, Box::new(move || seam.now()))
    }

    /// Makes one that goes by a clock of yours, for use without a system.
    ///
    /// # Errors
    /// If the settings make no sense.
    ///
    /// ```
    /// use std::time::Instant;
    /// use zctor::{BreakerSettings, CircuitBreaker};
    ///
    /// # fn main() -> Result<(), zctor::InvalidBreaker> {
    /// let breaker = CircuitBreaker::with_clock(BreakerSettings::new(), Instant::now)?;
    /// let call = breaker.begin().expect("it is closed");
    /// call.succeed();
    /// assert_eq!(breaker.metrics().succeeded, 1);
    /// # Ok(()) }
    /// ```
    pub fn with_clock(
        settings: BreakerSettings,
        clock: impl Fn() -> Instant + Send + Sync + 'static,
    ) -> Result<Self, InvalidBreaker> {
        settings.check()?;
        Ok(Self::make(settings, Box::new(clock)))
    }

    fn make(settings: BreakerSettings, clock: Clock) -> Self {
        CircuitBreaker(Arc::new(Shared {
            clock,
            state: Mutex::new(State {
                machine: Machine::new(settings),
                untold: Vec::new(),
                telling: false,
            }),
            listeners: Mutex::new(Vec::new()),
        }))
    }

    /// Begins a call, which is then told what it came to.
    ///
    /// # Errors
    /// If it is not to be made.
    pub fn begin(&self) -> Result<GuardedCall, CircuitOpen> {
        let admitted = self.step(|machine, now| machine.admit(now));
        match admitted {
            Ok(admitted) => Ok(GuardedCall {
                breaker: self.clone(),
                admitted: Some(admitted),
            }),
            Err(Rejected(retry_after)) => Err(CircuitOpen { retry_after }),
        }
    }

    /// Makes a call. An `Err` is a failure, and so is a panic, which goes on.
    ///
    /// # Errors
    /// Those of the call, and [`GuardedError::Open`] if it was not made.
    pub fn call<T, E>(&self, call: impl FnOnce() -> Result<T, E>) -> Result<T, GuardedError<E>> {
        let guarded = self.begin().map_err(GuardedError::Open)?;
        guarded.end_with(call())
    }

    /// Makes a call that is a future, which is first polled when it is let
    /// through.
    ///
    /// # Errors
    /// As [`call`](CircuitBreaker::call).
    ///
    /// # Cancel safety
    /// Dropped before its end, the call counts for nothing.
    pub async fn call_async<T, E>(
        &self,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, GuardedError<E>> {
        let guarded = self.begin().map_err(GuardedError::Open)?;
        guarded.end_with(call.await)
    }

    /// The state that it is in. One whose recovery time is over is open until
    /// the next call.
    #[must_use]
    pub fn state(&self) -> CircuitState {
        lock(&self.0.state).machine.state()
    }

    /// What it has counted.
    #[must_use]
    pub fn metrics(&self) -> BreakerMetrics {
        let now = (self.0.clock)();
        let machine = &mut lock(&self.0.state).machine;
        let (counts, tally) = (machine.counts(), machine.tally(now));
        BreakerMetrics {
            state: machine.state(),
            succeeded: counts.succeeded,
            failed: counts.failed,
            slow: counts.slow,
            ignored: counts.ignored,
            rejected: counts.rejected,
            opened: counts.opened,
            window_calls: tally.calls,
            window_failures: tally.failures,
        }
    }

    /// Opens it until [`force_close`](CircuitBreaker::force_close).
    pub fn force_open(&self) {
        self.step(|machine, _| machine.force_open());
    }

    /// Closes it, with nothing counted yet. From then on it goes by its
    /// settings again.
    pub fn force_close(&self) {
        self.step(|machine, _| machine.force_close());
    }

    /// Has `listener` called once for each change of state, in order, by
    /// whoever made the change, or by who is telling of an earlier one at that
    /// time. It is called without a lock, may use the breaker, and should be
    /// quick. A panic in it has no consequence.
    ///
    /// ```
    /// use std::sync::mpsc;
    /// use std::time::Instant;
    /// use zctor::{BreakerSettings, CircuitBreaker, CircuitState};
    ///
    /// # fn main() -> Result<(), zctor::InvalidBreaker> {
    /// let breaker = CircuitBreaker::with_clock(BreakerSettings::new(), Instant::now)?;
    /// let (told, changes) = mpsc::channel();
    /// breaker.on_change(move |change| { let _ = told.send(change.to); });
    /// breaker.force_open();
    /// breaker.force_close();
    /// assert_eq!(changes.try_iter().collect::<Vec<_>>(), [CircuitState::Open, CircuitState::Closed]);
    /// # Ok(()) }
    /// ```
    pub fn on_change(&self, listener: impl Fn(CircuitChange) + Send + Sync + 'static) {
        lock(&self.0.listeners).push(Arc::new(listener));
    }

    /// Turns a call away if [`begin`](CircuitBreaker::begin) would do so for as
    /// long as it is open.
    pub(crate) fn turns_away(&self) -> Result<(), CircuitOpen> {
        let now = (self.0.clock)();
        let machine = &mut lock(&self.0.state).machine;
        machine.would_admit(now).map_err(|Rejected(retry_after)| {
            machine.count_rejected();
            CircuitOpen { retry_after }
        })
    }

    fn step<T>(&self, step: impl FnOnce(&mut Machine, Instant) -> T) -> T {
        let now = (self.0.clock)();
        let mut state = lock(&self.0.state);
        let result = step(&mut state.machine, now);
        self.unlock(state);
        result
    }

    /// Lets go of the lock, and tells of what has changed under it.
    fn unlock(&self, mut state: MutexGuard<'_, State>) {
        if let Some(change) = state.machine.take_change() {
            state.untold.push(change);
            if !std::mem::replace(&mut state.telling, true) {
                drop(state);
                self.tell();
            }
        }
    }

    /// Tells of all changes. While one thread does, others leave theirs to it.
    fn tell(&self) {
        loop {
            let changes = {
                let mut state = lock(&self.0.state);
                state.telling = !state.untold.is_empty();
                std::mem::take(&mut state.untold)
            };
            if changes.is_empty() {
                return;
            }
            for change in &changes {
                let listeners = lock(&self.0.listeners).clone();
                for listener in &listeners {
                    guard::quietly(|| listener(*change));
                }
            }
        }
    }
}

/// A call that a circuit breaker has let through: see
/// [`CircuitBreaker::begin`].
///
/// Dropped without a word it counts for nothing, and by a panic as a failure.
#[derive(Debug)]
#[must_use = "it is to be told what the call came to"]
pub struct GuardedCall {
    breaker: CircuitBreaker,
    /// None once it was told.
    admitted: Option<Admitted>,
}

impl GuardedCall {
    /// The call has succeeded.
    pub fn succeed(mut self) {
        self.settle(Outcome::Success);
    }

    /// The call has failed.
    pub fn fail(mut self) {
        self.settle(Outcome::Failure);
    }

    /// What the call came to says nothing of what was called.
    pub fn ignore(mut self) {
        self.settle(Outcome::Ignored);
    }

    pub(crate) fn end(mut self, outcome: Outcome) {
        self.settle(outcome);
    }

    fn end_with<T, E>(mut self, result: Result<T, E>) -> Result<T, GuardedError<E>> {
        self.settle(match &result {
            Ok(_) => Outcome::Success,
            Err(_) => Outcome::Failure,
        });
        result.map_err(GuardedError::Failed)
    }

    fn settle(&mut self, outcome: Outcome) {
        if let Some(admitted) = self.admitted.take() {
            self.breaker
                .step(|machine, now| machine.settle(admitted, outcome, now));
        }
    }
}

impl Drop for GuardedCall {
    fn drop(&mut self) {
        self.settle(if std::thread::panicking() {
            Outcome::Failure
        } else {
            Outcome::Ignored
        });
    }
}

impl fmt::Debug for CircuitBreaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CircuitBreaker({})", self.state())
    }
}
