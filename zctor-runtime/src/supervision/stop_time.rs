//! How long a supervisor may take to stop its children: known at compile time.

use std::time::Duration;

use super::declared::Patience;

/// Unlimited if there is no duration.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopTime(Option<Duration>);

impl StopTime {
    /// That of an actor without children.
    pub const NONE: StopTime = StopTime(Some(Duration::ZERO));

    /// That of children that are stopped one after the other.
    #[must_use]
    pub const fn all(children: &[StopTime]) -> StopTime {
        let mut sum = Duration::ZERO;
        let mut next = 0;
        while next < children.len() {
            match children[next].0 {
                Some(time) => sum = sum.saturating_add(time),
                None => return StopTime(None),
            }
            next += 1;
        }
        StopTime(Some(sum))
    }

    #[must_use]
    pub const fn is_within(self, limit: Duration) -> bool {
        match self.0 {
            Some(time) => time.as_nanos() <= limit.as_nanos(),
            None => false,
        }
    }

    pub(crate) const fn times(self, count: usize) -> StopTime {
        let count = if count > u32::MAX as usize {
            u32::MAX
        } else {
            count as u32
        };
        match self.0 {
            Some(time) => StopTime(Some(time.saturating_mul(count))),
            None => self,
        }
    }
}

/// That of dynamic children, which stop at once. What supervisors among them
/// take is not known.
#[doc(hidden)]
#[must_use]
pub const fn dynamic_stop_time(given: Option<Patience>) -> StopTime {
    match given {
        Some(patience) => of(patience),
        None => StopTime::NONE,
    }
}

pub(crate) const fn of(patience: Patience) -> StopTime {
    match patience {
        Patience::Brutal => StopTime::NONE,
        Patience::Within(limit) => StopTime(Some(limit)),
        Patience::Infinity => StopTime(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_times_of_children_add_up() {
        let three = StopTime(Some(3 * SECOND));
        let all = StopTime::all(&[three, StopTime::NONE, three.times(2)]);
        assert!(all.is_within(9 * SECOND));
        assert!(!all.is_within(9 * SECOND - Duration::from_nanos(1)));
        assert!(StopTime::all(&[]).is_within(Duration::ZERO));
    }

    #[test]
    fn one_without_a_limit_has_no_end() {
        let all = StopTime::all(&[StopTime::NONE, StopTime(None)]);
        assert!(!all.is_within(Duration::MAX));
        assert!(dynamic_stop_time(None).is_within(Duration::ZERO));
        assert!(!dynamic_stop_time(Some(Patience::Infinity)).is_within(Duration::MAX));
    }
}
