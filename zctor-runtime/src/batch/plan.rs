//! When a batch is handed over: pure, with the time given to it.

use std::fmt;
use std::time::{Duration, Instant};

/// How many messages make a batch, and how long the first of them waits at
/// most: what `#[batch(max = 100, within = "10ms")]` says.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Disk {
///     #[batch(max = 500, within = "20ms")]
///     Write(Vec<u8>),
/// }
/// let plan = Disk::VARIANTS[0].batch().expect("it is batched");
/// assert_eq!((plan.max(), plan.within()), (500, Duration::from_millis(20)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchPlan {
    max: usize,
    within: Duration,
}

impl BatchPlan {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(max: usize, within: Duration) -> BatchPlan {
        BatchPlan { max, within }
    }

    /// With so many messages it is handed over.
    #[must_use]
    pub const fn max(&self) -> usize {
        self.max
    }

    /// So long after the actor has taken its first message it is handed over.
    #[must_use]
    pub const fn within(&self) -> Duration {
        self.within
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    /// What is wrong with it.
    pub const fn check(&self) -> Result<(), InvalidBatch> {
        if self.max == 0 {
            return Err(InvalidBatch::NoRoom);
        }
        if self.within.is_zero() {
            return Err(InvalidBatch::NoTime);
        }
        Ok(())
    }

    /// The same, if it makes sense: for constants.
    #[doc(hidden)]
    #[must_use]
    pub const fn sound(self) -> BatchPlan {
        match self.check() {
            Ok(()) => self,
            Err(wrong) => panic!("{}", wrong.text()),
        }
    }

    /// When a batch of so many messages, taken since then, is handed over if
    /// nothing else happens.
    pub(crate) fn due(&self, len: usize, since: Instant, now: Instant) -> Due {
        if len >= self.max {
            return Due::Now;
        }
        match since.checked_add(self.within) {
            Some(at) if at <= now => Due::Now,
            Some(at) => Due::At(at),
            None => Due::WhenFull,
        }
    }
}

/// When a batch is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    Now,
    At(Instant),
    /// Its time is beyond the clock's range.
    WhenFull,
}

/// The memory that a buffer should keep after a use with `used` items, if it
/// has more than that: a burst does not hold its memory for ever.
pub(crate) fn fitting(capacity: usize, used: usize) -> Option<usize> {
    const SMALL: usize = 64;
    (capacity > SMALL && used < capacity / 4).then(|| (used * 2).max(SMALL))
}

/// A size or an age of batches that makes no sense.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::{Batch, InvalidBatch};
///
/// #[actor]
/// enum Disk { #[batch] Write(Vec<u8>) }
/// struct Platter;
/// #[handlers]
/// impl DiskActor for Platter { fn write(&mut self, batch: Batch<Vec<u8>>) { drop(batch) } }
///
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let disk = Disk::spawn(&system, Platter);
/// assert_eq!(disk.configure_write(0, Duration::from_millis(1)), Err(InvalidBatch::NoRoom));
/// # system.shutdown().wait() }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidBatch {
    /// It would have no messages.
    NoRoom,
    /// It would not wait for a second message.
    NoTime,
}

impl InvalidBatch {
    /// What is wrong, in words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            InvalidBatch::NoRoom => "a batch has room for one message or more",
            InvalidBatch::NoTime => "a batch that waits for no time has one message",
        }
    }
}

impl fmt::Display for InvalidBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for InvalidBatch {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_by_size_or_by_age() {
        let ms = Duration::from_millis;
        let plan = BatchPlan::new(3, ms(10));
        let start = Instant::now();
        for (len, passed, due) in [
            (1, 0, Due::At(start + ms(10))),
            (2, 9, Due::At(start + ms(10))),
            (2, 10, Due::Now),
            (2, 11, Due::Now),
            (3, 0, Due::Now),
            (4, 0, Due::Now),
        ] {
            assert_eq!(
                plan.due(len, start, start + ms(passed)),
                due,
                "{len} {passed}"
            );
        }
        let patient = BatchPlan::new(3, Duration::MAX);
        assert_eq!(patient.due(2, start, start), Due::WhenFull);
        assert_eq!(patient.due(3, start, start), Due::Now);
    }

    #[test]
    fn plans_without_sense_are_named() {
        let second = Duration::from_secs(1);
        assert_eq!(BatchPlan::new(0, second).check(), Err(InvalidBatch::NoRoom));
        assert_eq!(
            BatchPlan::new(1, Duration::ZERO).check(),
            Err(InvalidBatch::NoTime)
        );
        assert_eq!(BatchPlan::new(1, second).check(), Ok(()));
    }

    #[test]
    fn memory_of_a_burst_is_given_back() {
        assert_eq!(fitting(64, 0), None);
        assert_eq!(fitting(128, 32), None);
        assert_eq!(fitting(128, 31), Some(64));
        assert_eq!(fitting(100_000, 100), Some(200));
    }
}
