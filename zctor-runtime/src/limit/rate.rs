//! How many in how much time.

use std::fmt;
use std::time::Duration;

/// So many in so much time: what `#[limit(100, per = "1s")]` says.
///
/// It is a bucket of `burst` permits, full at first, that fills evenly: one
/// more permit each `per / count`, until it is full again. So in any stretch
/// of time there are at most `burst` permits, and those that come in meanwhile;
/// in the long run there are `count` in each `per`. It is counted in whole
/// nanoseconds.
///
/// ```
/// use std::time::Duration;
/// use zctor::Rate;
///
/// let hundred = Rate::new(100, Duration::from_secs(1));
/// assert_eq!(hundred.interval(), Duration::from_millis(10));
/// let smooth = hundred.burst(1);
/// assert!(smooth.check().is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a rate does nothing until something is limited by it"]
pub struct Rate {
    pub(crate) count: u32,
    pub(crate) per: Duration,
    pub(crate) burst: u32,
}

impl Rate {
    /// `count` in each `per`, all of them at once if it comes to that.
    pub const fn new(count: u32, per: Duration) -> Rate {
        Rate {
            count,
            per,
            burst: count,
        }
    }

    /// How many at once, after a quiet time.
    pub const fn burst(self, burst: u32) -> Rate {
        Rate { burst, ..self }
    }

    /// The time between two permits.
    #[must_use]
    pub const fn interval(&self) -> Duration {
        match self.per.checked_div(self.count) {
            Some(interval) => interval,
            None => Duration::MAX,
        }
    }

    /// The same, if it makes sense: for constants.
    #[doc(hidden)]
    pub const fn sound(self) -> Rate {
        match self.check() {
            Ok(()) => self,
            Err(wrong) => panic!("{}", wrong.text()),
        }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    /// What is wrong with it.
    pub const fn check(&self) -> Result<(), InvalidRate> {
        if self.count == 0 || self.burst == 0 {
            return Err(InvalidRate::Nothing);
        }
        // Counted in whole nanoseconds, it would be off by more than a hundredth.
        if self.interval().as_nanos() < 100 {
            return Err(InvalidRate::TooFast);
        }
        // What a full bucket stands for, in the nanoseconds of the arithmetic.
        let whole = self.interval().as_nanos() * self.burst as u128;
        if whole > u64::MAX as u128 / 4 {
            return Err(InvalidRate::TooSlow);
        }
        Ok(())
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {:?}", self.count, self.per)
    }
}

/// A rate that makes no sense.
///
/// ```
/// use std::time::Duration;
/// use zctor::{InvalidRate, Rate};
///
/// let none = Rate::new(0, Duration::from_secs(1));
/// assert_eq!(none.check(), Err(InvalidRate::Nothing));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRate {
    /// None would ever be let through.
    Nothing,
    /// More than one in each 100 nanoseconds.
    TooFast,
    /// A full bucket would take more than a hundred years.
    TooSlow,
}

impl InvalidRate {
    /// What is wrong, in words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            InvalidRate::Nothing => "a rate limit of zero lets nothing through",
            InvalidRate::TooFast => "a rate limit is at most one in each 100 nanoseconds",
            InvalidRate::TooSlow => "a rate limit has to fill its bucket within a hundred years",
        }
    }
}

impl fmt::Display for InvalidRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for InvalidRate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_without_sense_are_named() {
        let second = Duration::from_secs(1);
        for (rate, wrong) in [
            (Rate::new(0, second), InvalidRate::Nothing),
            (Rate::new(5, second).burst(0), InvalidRate::Nothing),
            (Rate::new(5, Duration::ZERO), InvalidRate::TooFast),
            (
                Rate::new(2, Duration::from_nanos(199)),
                InvalidRate::TooFast,
            ),
            (Rate::new(1, Duration::MAX), InvalidRate::TooSlow),
            (
                Rate::new(1, second * 3600).burst(u32::MAX),
                InvalidRate::TooSlow,
            ),
        ] {
            assert_eq!(rate.check(), Err(wrong), "{rate:?}");
        }
        assert_eq!(Rate::new(10_000_000, second).check(), Ok(()));
        assert_eq!(Rate::new(1, second * 3600 * 24 * 365).check(), Ok(()));
    }
}
