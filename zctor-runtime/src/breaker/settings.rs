//! When a circuit breaker opens, and how it closes again.

use std::fmt;
use std::time::Duration;

/// The settings of a [`CircuitBreaker`](crate::CircuitBreaker).
///
/// Without a window it counts failures in a row:
///
/// ```
/// use std::time::Duration;
/// use zctor::BreakerSettings;
///
/// let settings = BreakerSettings::new()
///     .failures(5)
///     .recovery(Duration::from_secs(30))
///     .successes(3);
/// assert_eq!(settings, BreakerSettings::default());
/// ```
///
/// With one it looks at the share of failures among the latest calls, or among
/// the calls of some time:
///
/// ```
/// use std::time::Duration;
/// use zctor::BreakerSettings;
///
/// let of_calls = BreakerSettings::new().calls(20).rate(50);
/// let of_time = BreakerSettings::new()
///     .time(Duration::from_secs(60))
///     .minimum(10)
///     .rate(50)
///     .slow(Duration::from_secs(2))
///     .slow_rate(80);
/// assert!(of_calls.check().is_ok() && of_time.check().is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "settings do nothing until a breaker is made of them"]
pub struct BreakerSettings {
    pub(super) failures: u32,
    pub(super) window: Option<Window>,
    pub(super) minimum: Option<u32>,
    pub(super) rate: u8,
    pub(super) slow: Option<Duration>,
    pub(super) slow_rate: u8,
    pub(super) recovery: Duration,
    pub(super) successes: u32,
    pub(super) trials: u32,
}

/// Among which calls a share is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Window {
    /// So many of the latest ones.
    Calls(u32),
    /// Those that ended in this time.
    Time(Duration),
}

/// The longest window of calls: it takes two bytes for each.
const LONGEST: u32 = 1_000_000;

/// Without `minimum`, a window of time looks at no fewer calls than this.
const MINIMUM: u32 = 10;

impl BreakerSettings {
    /// Five failures in a row open it; after 30 seconds one call at a time is
    /// tried, and three successes close it.
    pub const fn new() -> BreakerSettings {
        BreakerSettings {
            failures: 5,
            window: None,
            minimum: None,
            rate: 50,
            slow: None,
            slow_rate: 100,
            recovery: Duration::from_secs(30),
            successes: 3,
            trials: 1,
        }
    }

    /// How many failures in a row open it. Has no effect with a window.
    pub const fn failures(self, failures: u32) -> Self {
        BreakerSettings { failures, ..self }
    }

    /// Looks at so many of the latest calls, in place of failures in a row.
    pub const fn calls(self, calls: u32) -> Self {
        let window = Some(Window::Calls(calls));
        BreakerSettings { window, ..self }
    }

    /// Looks at the calls that ended in the latest stretch of so much time, in
    /// place of failures in a row. The stretch moves on in steps of a tenth.
    pub const fn time(self, time: Duration) -> Self {
        let window = Some(Window::Time(time));
        BreakerSettings { window, ..self }
    }

    /// With fewer calls than this in the window it stays closed. By default a
    /// window of calls has to be full, and one of time has to have 10 calls.
    pub const fn minimum(self, calls: u32) -> Self {
        let minimum = Some(calls);
        BreakerSettings { minimum, ..self }
    }

    /// The share of failures in the window, in percent, that opens it: this
    /// share or more. By default 50.
    pub const fn rate(self, percent: u8) -> Self {
        BreakerSettings {
            rate: percent,
            ..self
        }
    }

    /// Calls that take this long or longer are slow. Without a window, and
    /// when it is half-open, a slow call counts as a failure; with one, slow
    /// calls have a share of their own.
    pub const fn slow(self, limit: Duration) -> Self {
        let slow = Some(limit);
        BreakerSettings { slow, ..self }
    }

    /// The share of slow calls in the window, in percent, that opens it: this
    /// share or more. By default 100.
    pub const fn slow_rate(self, percent: u8) -> Self {
        BreakerSettings {
            slow_rate: percent,
            ..self
        }
    }

    /// How long it stays open before calls are tried.
    pub const fn recovery(self, time: Duration) -> Self {
        BreakerSettings {
            recovery: time,
            ..self
        }
    }

    /// How many of the calls that are tried have to succeed before it closes.
    /// One that fails opens it again.
    pub const fn successes(self, successes: u32) -> Self {
        BreakerSettings { successes, ..self }
    }

    /// How many calls are tried at a time.
    pub const fn trials(self, trials: u32) -> Self {
        BreakerSettings { trials, ..self }
    }

    /// Whether they make sense.
    ///
    /// # Errors
    /// What is wrong with them.
    pub const fn check(&self) -> Result<(), InvalidBreaker> {
        if self.failures == 0 {
            return Err(InvalidBreaker::NoFailures);
        }
        if self.successes == 0 {
            return Err(InvalidBreaker::NoSuccesses);
        }
        if self.trials == 0 || self.trials > self.successes {
            return Err(InvalidBreaker::Trials);
        }
        if self.recovery.is_zero() {
            return Err(InvalidBreaker::NoRecovery);
        }
        if self.rate == 0 || self.rate > 100 || self.slow_rate == 0 || self.slow_rate > 100 {
            return Err(InvalidBreaker::Rate);
        }
        if let Some(slow) = self.slow
            && slow.is_zero()
        {
            return Err(InvalidBreaker::AllSlow);
        }
        let minimum = match self.minimum {
            Some(minimum) => minimum,
            None => 1,
        };
        if minimum == 0 {
            return Err(InvalidBreaker::Minimum);
        }
        match self.window {
            Some(Window::Calls(calls)) if calls == 0 || calls > LONGEST => {
                Err(InvalidBreaker::Window)
            }
            Some(Window::Calls(calls)) if minimum > calls => Err(InvalidBreaker::Minimum),
            // A tenth of it has to be more than nothing.
            Some(Window::Time(time)) if time.as_nanos() < 10 => Err(InvalidBreaker::Window),
            _ => Ok(()),
        }
    }

    /// The same, if they make sense: for constants.
    #[doc(hidden)]
    pub const fn sound(self) -> Self {
        match self.check() {
            Ok(()) => self,
            Err(wrong) => panic!("{}", wrong.text()),
        }
    }

    /// Below so many calls the window decides nothing.
    pub(super) fn least(&self, window: Window) -> u64 {
        u64::from(match (self.minimum, window) {
            (Some(minimum), _) => minimum,
            (None, Window::Calls(calls)) => calls,
            (None, Window::Time(_)) => MINIMUM,
        })
    }
}

impl Default for BreakerSettings {
    fn default() -> Self {
        BreakerSettings::new()
    }
}

/// Settings of a circuit breaker that make no sense.
///
/// ```
/// use zctor::{BreakerSettings, InvalidBreaker};
///
/// let never = BreakerSettings::new().failures(0);
/// assert_eq!(never.check(), Err(InvalidBreaker::NoFailures));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidBreaker {
    /// No failure would be too many.
    NoFailures,
    /// No success would be enough.
    NoSuccesses,
    /// No call is tried at a time, or more than have to succeed.
    Trials,
    /// It would never stay open.
    NoRecovery,
    /// A share is not between 1 and 100 percent.
    Rate,
    /// Every call would be slow.
    AllSlow,
    /// The minimum is zero, or more than the window has.
    Minimum,
    /// The window is empty, or longer than a million calls.
    Window,
}

impl InvalidBreaker {
    /// What is wrong, in words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            InvalidBreaker::NoFailures => "a circuit breaker needs one failure or more to open",
            InvalidBreaker::NoSuccesses => "a circuit breaker needs one success or more to close",
            InvalidBreaker::Trials => {
                "the calls that a circuit breaker tries at a time are at least 1, and no more than the successes that close it"
            }
            InvalidBreaker::NoRecovery => {
                "a circuit breaker with no recovery time never stays open"
            }
            InvalidBreaker::Rate => "the rates of a circuit breaker are from 1 to 100 percent",
            InvalidBreaker::AllSlow => "with a limit of zero every call is slow",
            InvalidBreaker::Minimum => {
                "the minimum of a circuit breaker is at least 1, and no more than the calls in its window"
            }
            InvalidBreaker::Window => {
                "the window of a circuit breaker is from 1 to 1000000 calls, or 10 ns or more"
            }
        }
    }
}

impl fmt::Display for InvalidBreaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for InvalidBreaker {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_without_sense_are_named() {
        let of = BreakerSettings::new;
        let second = Duration::from_secs(1);
        for (settings, wrong) in [
            (of().failures(0), InvalidBreaker::NoFailures),
            (of().successes(0), InvalidBreaker::NoSuccesses),
            (of().trials(0), InvalidBreaker::Trials),
            (of().successes(2).trials(3), InvalidBreaker::Trials),
            (of().recovery(Duration::ZERO), InvalidBreaker::NoRecovery),
            (of().rate(0), InvalidBreaker::Rate),
            (of().rate(101), InvalidBreaker::Rate),
            (of().slow_rate(0), InvalidBreaker::Rate),
            (of().slow(Duration::ZERO), InvalidBreaker::AllSlow),
            (of().calls(9).minimum(10), InvalidBreaker::Minimum),
            (of().time(second).minimum(0), InvalidBreaker::Minimum),
            (of().calls(0), InvalidBreaker::Window),
            (of().calls(LONGEST + 1), InvalidBreaker::Window),
            (of().time(Duration::ZERO), InvalidBreaker::Window),
        ] {
            assert_eq!(settings.check(), Err(wrong), "{settings:?}");
        }
        assert_eq!(of().calls(9).minimum(9).check(), Ok(()));
        assert_eq!(of().successes(3).trials(3).check(), Ok(()));
    }
}
