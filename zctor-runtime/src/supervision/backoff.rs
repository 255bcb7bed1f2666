//! How long to wait before a restart.

use std::time::Duration;

use super::declared::Backoff;

/// The delay before the restart number `attempt`, from 0, of a row: twice the
/// one before, at most `max`, and of that at random between one half and all,
/// so that children that ended together do not come back together. This is the
/// "equal jitter" of Marc Brooker, "Exponential Backoff And Jitter" (AWS
/// Architecture Blog, 2015); a restart that comes at once would be no backoff,
/// so it is not his "full jitter".
pub(crate) fn delay(backoff: Backoff, attempt: u32, random: u64) -> Duration {
    let Backoff { min, max } = backoff;
    let factor = 1u32.checked_shl(attempt).unwrap_or(u32::MAX);
    let whole = min.saturating_mul(factor).min(max);
    let half = whole / 2;
    // A part of 2³² is enough.
    let part = (random >> 32) as u32;
    let more = (whole - half).as_nanos() * u128::from(part) / u128::from(u32::MAX);
    half + nanoseconds(more)
}

fn nanoseconds(number: u128) -> Duration {
    const SECOND: u128 = 1_000_000_000;
    let seconds = u64::try_from(number / SECOND).unwrap_or(u64::MAX);
    Duration::new(seconds, (number % SECOND) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff {
        min: Duration::from_millis(200),
        max: Duration::from_secs(10),
    };

    #[test]
    fn it_doubles_up_to_the_most() {
        let most = |attempt| delay(BACKOFF, attempt, u64::MAX).as_millis();
        let all: Vec<_> = (0..8).map(most).collect();
        assert_eq!(all, [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
        assert_eq!(most(31), 10_000);
        assert_eq!(most(u32::MAX), 10_000);
    }

    #[test]
    fn half_of_it_is_at_random() {
        let delay = |random| delay(BACKOFF, 1, random).as_millis();
        assert_eq!(delay(0), 200);
        assert_eq!(delay(u64::MAX / 2), 299);
        assert_eq!(delay(u64::MAX), 400);
    }

    #[test]
    fn the_longest_times_do_not_overflow() {
        let longest = Backoff {
            min: Duration::MAX,
            max: Duration::MAX,
        };
        assert_eq!(delay(longest, 40, u64::MAX), Duration::MAX);
        assert_eq!(delay(longest, 40, 0), Duration::MAX / 2);
    }
}
