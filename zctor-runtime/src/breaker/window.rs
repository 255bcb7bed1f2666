//! The latest calls, and how many of them failed or were slow.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::settings::Window;

/// How many of a window's calls there are of each sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) calls: u64,
    pub(super) failures: u64,
    pub(super) slow: u64,
}

impl Tally {
    fn one(failed: bool, slow: bool) -> Tally {
        Tally {
            calls: 1,
            failures: u64::from(failed),
            slow: u64::from(slow),
        }
    }

    fn add(&mut self, other: Tally) {
        self.calls += other.calls;
        self.failures += other.failures;
        self.slow += other.slow;
    }

    fn remove(&mut self, other: Tally) {
        self.calls -= other.calls;
        self.failures -= other.failures;
        self.slow -= other.slow;
    }
}

/// A window over the latest calls.
#[derive(Debug)]
pub(super) enum Sight {
    Calls {
        most: usize,
        /// Whether each has failed, and was slow.
        calls: VecDeque<(bool, bool)>,
        sum: Tally,
    },
    Time {
        /// A tenth of the window.
        step: Duration,
        /// When the latest stretch began, and the stretches: the latest is the
        /// last.
        began: Option<Instant>,
        stretches: VecDeque<Tally>,
        sum: Tally,
    },
}

const STRETCHES: usize = 10;

impl Sight {
    pub(super) fn of(window: Window) -> Sight {
        match window {
            Window::Calls(most) => Sight::Calls {
                most: most as usize,
                calls: VecDeque::new(),
                sum: Tally::default(),
            },
            Window::Time(time) => Sight::Time {
                step: time / STRETCHES as u32,
                began: None,
                stretches: VecDeque::new(),
                sum: Tally::default(),
            },
        }
    }

    /// A call has ended.
    pub(super) fn add(&mut self, now: Instant, failed: bool, slow: bool) {
        self.move_to(now);
        match self {
            Sight::Calls { most, calls, sum } => {
                if calls.len() == *most
                    && let Some((failed, slow)) = calls.pop_front()
                {
                    sum.remove(Tally::one(failed, slow));
                }
                calls.push_back((failed, slow));
                sum.add(Tally::one(failed, slow));
            }
            Sight::Time { stretches, sum, .. } => {
                if let Some(latest) = stretches.back_mut() {
                    latest.add(Tally::one(failed, slow));
                    sum.add(Tally::one(failed, slow));
                }
            }
        }
    }

    /// What is in the window at this time.
    pub(super) fn tally(&mut self, now: Instant) -> Tally {
        self.move_to(now);
        match self {
            Sight::Calls { sum, .. } | Sight::Time { sum, .. } => *sum,
        }
    }

    /// Lets what is too old fall out of a window of time.
    fn move_to(&mut self, now: Instant) {
        let Sight::Time {
            step,
            began,
            stretches,
            sum,
        } = self
        else {
            return;
        };
        let Some(latest) = began else {
            *began = Some(now);
            stretches.push_back(Tally::default());
            return;
        };
        let passed = now.saturating_duration_since(*latest).as_nanos() / step.as_nanos();
        if passed >= STRETCHES as u128 {
            stretches.clear();
            stretches.push_back(Tally::default());
            *sum = Tally::default();
            *latest = now;
            return;
        }
        // Fewer than ten.
        for _ in 0..passed {
            if stretches.len() == STRETCHES
                && let Some(oldest) = stretches.pop_front()
            {
                sum.remove(oldest);
            }
            stretches.push_back(Tally::default());
            *latest += *step;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(calls: u64, failures: u64, slow: u64) -> Tally {
        Tally {
            calls,
            failures,
            slow,
        }
    }

    #[test]
    fn a_window_of_calls_has_the_latest() {
        let now = Instant::now();
        let mut sight = Sight::of(Window::Calls(3));
        assert_eq!(sight.tally(now), tally(0, 0, 0));
        for (failed, slow, sum) in [
            (true, false, tally(1, 1, 0)),
            (true, true, tally(2, 2, 1)),
            (false, false, tally(3, 2, 1)),
            (false, false, tally(3, 1, 1)),
            (false, false, tally(3, 0, 0)),
        ] {
            sight.add(now, failed, slow);
            assert_eq!(sight.tally(now), sum);
        }
    }

    #[test]
    fn a_window_of_time_forgets_in_steps_of_a_tenth() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut sight = Sight::of(Window::Time(Duration::from_millis(100)));
        sight.add(at(0), true, false);
        sight.add(at(9), false, false);
        sight.add(at(10), true, true);
        sight.add(at(95), false, false);
        assert_eq!(sight.tally(at(99)), tally(4, 2, 1));
        assert_eq!(
            sight.tally(at(100)),
            tally(2, 1, 1),
            "the first step is out"
        );
        assert_eq!(sight.tally(at(110)), tally(1, 0, 0));
        assert_eq!(sight.tally(at(189)), tally(1, 0, 0));
        assert_eq!(sight.tally(at(190)), tally(0, 0, 0));
        sight.add(at(10_000), true, false);
        assert_eq!(sight.tally(at(10_000)), tally(1, 1, 0));
        assert_eq!(sight.tally(at(11_000)), tally(0, 0, 0), "a long quiet");
    }

    /// Beside a list of all calls, over many random ones.
    #[test]
    fn it_agrees_with_a_plain_list() {
        let start = Instant::now();
        let mut random = fastrand::Rng::with_seed(7);
        for window in [Window::Calls(7), Window::Time(Duration::from_millis(100))] {
            let mut sight = Sight::of(window);
            let mut all: Vec<(u64, bool, bool)> = Vec::new();
            let mut now = 0;
            for _ in 0..20_000 {
                now += if random.u8(..) == 0 {
                    random.u64(..300)
                } else {
                    random.u64(..4)
                };
                let call = (now, random.bool(), random.bool());
                sight.add(start + Duration::from_millis(now), call.1, call.2);
                all.push(call);
                let kept: Vec<_> = match window {
                    Window::Calls(most) => all.iter().rev().take(most as usize).collect(),
                    // The window's steps begin where it was begun anew, so the
                    // list can only say what is at least and at most in it.
                    Window::Time(_) => {
                        let sum = sight.tally(start + Duration::from_millis(now));
                        let within = |ms: u64| {
                            all.iter()
                                .rev()
                                .take_while(|call| call.0 + ms > now)
                                .count() as u64
                        };
                        assert!(
                            within(90) <= sum.calls && sum.calls <= within(100),
                            "{sum:?}"
                        );
                        continue;
                    }
                };
                let expected = tally(
                    kept.len() as u64,
                    kept.iter().filter(|call| call.1).count() as u64,
                    kept.iter().filter(|call| call.2).count() as u64,
                );
                assert_eq!(sight.tally(start), expected);
            }
        }
    }
}
