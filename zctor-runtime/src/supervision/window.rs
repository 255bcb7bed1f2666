//! How often a supervisor may restart children before it gives up.

use std::collections::VecDeque;
use std::time::Duration;

/// The restarts of the last `within`, of which there may be `most`. Both ends of
/// the time count, as in OTP's `supervisor:add_restart/1`.
#[derive(Debug)]
pub(crate) struct Window {
    most: usize,
    within: Duration,
    restarts: VecDeque<Duration>,
}

impl Window {
    pub(crate) fn new(most: u32, within: Duration) -> Window {
        Window {
            most: most as usize,
            within,
            restarts: VecDeque::new(),
        }
    }

    /// One more, at `now`: false if that is one too many.
    #[must_use]
    pub(crate) fn charge(&mut self, now: Duration) -> bool {
        let old = |then: &Duration| then.saturating_add(self.within) < now;
        while self.restarts.front().is_some_and(old) {
            self.restarts.pop_front();
        }
        self.restarts.push_back(now);
        self.restarts.len() <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn charges(most: u32, times: &[u64]) -> Vec<bool> {
        let mut window = Window::new(most, at(1000));
        times.iter().map(|ms| window.charge(at(*ms))).collect()
    }

    #[test]
    fn one_more_than_allowed_is_too_many() {
        assert_eq!(charges(2, &[0, 1, 2]), [true, true, false]);
        assert_eq!(charges(0, &[0]), [false]);
    }

    #[test]
    fn the_window_slides_and_both_of_its_ends_count() {
        assert_eq!(charges(2, &[0, 500, 1001]), [true, true, true]);
        assert_eq!(charges(2, &[0, 500, 1000]), [true, true, false]);
        assert_eq!(
            charges(2, &[0, 900, 1100, 1901, 2102]),
            [true, true, true, true, true]
        );
        assert_eq!(charges(2, &[0, 900, 1100, 1900]), [true, true, true, false]);
    }

    #[test]
    fn a_time_without_end_never_forgets() {
        let mut window = Window::new(1, Duration::MAX);
        assert!(window.charge(at(1)));
        assert!(!window.charge(Duration::MAX));
    }

    #[test]
    fn what_is_over_takes_no_memory() {
        let mut window = Window::new(u32::MAX, at(10));
        for ms in 0..10_000 {
            assert!(window.charge(at(ms)));
        }
        assert!(window.restarts.len() <= 11);
    }
}
