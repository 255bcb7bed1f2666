//! Whether and when an ask is tried again: pure, with the time and the
//! randomness given to it.

use std::time::Duration;

use crate::supervision::backoff;
use crate::supervision::declared::Backoff;

/// How often an ask is tried again, and how long it waits before it is: for
/// [`IdempotentAsk::retry`](crate::IdempotentAsk::retry).
///
/// The wait doubles from `min` to `max`, half of it at random, so that callers
/// who failed together do not come back together ("equal jitter" of Marc
/// Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). An
/// open circuit breaker and a rate limit are waited for, if that is longer.
///
/// ```
/// use std::time::Duration;
/// use zctor::Retry;
///
/// let patient = Retry::times(5)
///     .backoff(Duration::from_millis(50), Duration::from_secs(2))
///     .within(Duration::from_secs(10));
/// assert_eq!(patient.most(), 5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a policy does nothing until an ask is retried by it"]
pub struct Retry {
    times: u32,
    min: Duration,
    max: Duration,
    within: Option<Duration>,
}

impl Retry {
    /// So many more tries after the first, with waits from 100 ms to 10 s.
    pub const fn times(times: u32) -> Retry {
        Retry {
            times,
            min: Duration::from_millis(100),
            max: Duration::from_secs(10),
            within: None,
        }
    }

    /// Waits `min` before the second try, twice as long before each further
    /// one, and at most `max`. With `min` above `max` it is always `max`.
    pub const fn backoff(self, min: Duration, max: Duration) -> Retry {
        Retry { min, max, ..self }
    }

    /// Gives up when this time is over, counted from the first try: a try that
    /// it cuts short ends with `Timeout`, and none is waited for that could not
    /// begin in time.
    pub const fn within(self, limit: Duration) -> Retry {
        let within = Some(limit);
        Retry { within, ..self }
    }

    /// How many more tries there are after the first.
    #[must_use]
    pub const fn most(&self) -> u32 {
        self.times
    }

    /// What is left of the whole time, if it is limited.
    pub(super) fn left(&self, passed: Duration) -> Option<Duration> {
        Some(self.within?.saturating_sub(passed))
    }

    /// How long to wait before the next try, when so many have failed, and the
    /// last one said that none makes sense for so long. None to give up.
    pub(super) fn wait(
        &self,
        failed: u32,
        passed: Duration,
        not_before: Option<Duration>,
        random: u64,
    ) -> Option<Duration> {
        if failed > self.times {
            return None;
        }
        let (min, max) = (self.min.min(self.max), self.max);
        let wait = backoff::delay(Backoff { min, max }, failed.saturating_sub(1), random);
        let wait = not_before.map_or(wait, |time| time.max(wait));
        match self.left(passed) {
            Some(left) if wait >= left => None,
            _ => Some(wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn it_waits_twice_as_long_each_time_and_then_gives_up() {
        let retry = Retry::times(4).backoff(100 * MS, 500 * MS);
        let longest = |failed| retry.wait(failed, Duration::ZERO, None, u64::MAX);
        let all: Vec<_> = (1..=5).map(longest).collect();
        let expected = [100, 200, 400, 500].map(|ms| Some(ms * MS));
        assert_eq!(all[..4], expected);
        assert_eq!(all[4], None);
        let shortest = retry.wait(1, Duration::ZERO, None, 0);
        assert_eq!(shortest, Some(50 * MS), "half of it is at random");
        assert_eq!(Retry::times(0).wait(1, Duration::ZERO, None, 0), None);
    }

    #[test]
    fn it_waits_for_what_makes_no_sense_before() {
        let retry = Retry::times(4).backoff(100 * MS, 500 * MS);
        let wait = |not_before| retry.wait(1, Duration::ZERO, Some(not_before), u64::MAX);
        assert_eq!(wait(10 * MS), Some(100 * MS));
        assert_eq!(wait(3_000 * MS), Some(3_000 * MS));
    }

    #[test]
    fn it_does_not_wait_beyond_its_time() {
        let retry = Retry::times(9)
            .backoff(100 * MS, 500 * MS)
            .within(1_000 * MS);
        let wait = |passed| retry.wait(1, passed, None, u64::MAX);
        assert_eq!(wait(899 * MS), Some(100 * MS));
        assert_eq!(wait(900 * MS), None);
        assert_eq!(wait(9_000 * MS), None);
        assert_eq!(retry.left(400 * MS), Some(600 * MS));
        assert_eq!(Retry::times(1).left(MS), None);
    }

    #[test]
    fn limits_the_wrong_way_round_are_the_upper_one() {
        let retry = Retry::times(9).backoff(500 * MS, 100 * MS);
        assert_eq!(
            retry.wait(1, Duration::ZERO, None, u64::MAX),
            Some(100 * MS)
        );
    }
}
