//! When a thread is held up, and when a killed actor counts as dead.

use std::time::Duration;

/// How long threads may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// A killed actor that holds a thread for so long counts as dead.
    pub(crate) grace: Duration,
    /// A worker that is held for so long is reported, and replaced.
    pub(crate) blocked_after: Duration,
}

/// What has been seen of one thread. It knows no clock: it is told how much
/// time has passed since the last look.
#[derive(Debug, Default)]
pub(super) struct Watch {
    turns: usize,
    /// How long it has run the same task.
    held: Duration,
    /// How long that task's actor has been killed for.
    killed: Duration,
    given_up: bool,
    relieved: bool,
    /// When to try again to relieve it.
    again_at: Option<Duration>,
}

/// What a look at a thread comes to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sight {
    /// It has come to no task since the last look.
    pub(super) still: bool,
    /// The actor was killed, and must be given up if it holds the thread on.
    pub(super) doomed: bool,
    /// To be given up now.
    pub(super) give_up: bool,
    /// Others must do its work from now on.
    pub(super) relieve: bool,
    /// It could not be relieved before.
    pub(super) again: bool,
}

impl Watch {
    /// A look. `running` says whether it runs a task, `killed` whether that
    /// task's actor was killed, `shared` whether others wait for the thread.
    pub(super) fn look(
        &mut self,
        turns: usize,
        running: bool,
        killed: impl FnOnce() -> bool,
        shared: bool,
        passed: Duration,
        limits: &Limits,
    ) -> Sight {
        let still = std::mem::replace(&mut self.turns, turns) == turns;
        if !still || !running {
            *self = Watch {
                turns,
                ..Watch::default()
            };
            return Sight {
                still,
                ..Sight::default()
            };
        }
        self.held = self.held.saturating_add(passed);
        let doomed = !self.given_up && killed();
        if doomed {
            self.killed = self.killed.saturating_add(passed);
        }
        let give_up = doomed && self.killed >= limits.grace;
        self.given_up |= give_up;
        let relieve_at = self.again_at.unwrap_or(limits.blocked_after);
        let too_long = shared && self.held >= relieve_at;
        let relieve = !self.relieved && (give_up || too_long);
        self.relieved |= relieve;
        Sight {
            still,
            doomed: doomed && !give_up,
            give_up,
            relieve,
            again: self.again_at.is_some(),
        }
    }

    /// It could not be relieved: that is tried again after `pause`.
    pub(super) fn try_again(&mut self, pause: Duration) {
        self.relieved = false;
        self.again_at = Some(self.held.saturating_add(pause));
    }

    /// How long it has run the same task.
    pub(super) fn held(&self) -> Duration {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(10);
    const LIMITS: Limits = Limits {
        grace: Duration::from_millis(50),
        blocked_after: Duration::from_millis(100),
    };

    fn look(watch: &mut Watch, turns: usize, killed: bool, shared: bool) -> Sight {
        watch.look(turns, true, || killed, shared, STEP, &LIMITS)
    }

    #[test]
    fn one_that_gets_on_or_rests_is_never_held_up() {
        let mut watch = Watch::default();
        for turns in 1..100 {
            assert_eq!(look(&mut watch, turns, true, true), Sight::default());
        }
        for _ in 0..100 {
            let sight = watch.look(99, false, || true, true, STEP, &LIMITS);
            assert!(sight.still && !sight.doomed && !sight.relieve);
        }
    }

    #[test]
    fn one_that_is_held_is_relieved_once() {
        let mut watch = Watch::default();
        let relieved: Vec<_> = (0..30)
            .filter(|_| look(&mut watch, 0, false, true).relieve)
            .collect();
        assert_eq!(relieved, [9]);
        assert_eq!(watch.held(), STEP * 30);
        look(&mut watch, 1, false, true);
        let again = (0..30).filter(|_| look(&mut watch, 1, false, true).relieve);
        assert_eq!(again.collect::<Vec<_>>(), [9]);
    }

    #[test]
    fn one_that_could_not_be_relieved_is_tried_again() {
        let mut watch = Watch::default();
        let mut tried = Vec::new();
        for n in 0..25 {
            if look(&mut watch, 0, false, true).relieve {
                tried.push(n);
                watch.try_again(STEP * 10);
            }
        }
        assert_eq!(tried, [9, 19]);
    }

    #[test]
    fn the_grace_counts_from_the_kill() {
        for shared in [false, true] {
            let mut watch = Watch::default();
            for _ in 0..5 {
                assert!(!look(&mut watch, 0, false, shared).give_up);
            }
            let mut relieved = 0;
            let given_up: Vec<_> = (0..30)
                .filter(|_| {
                    let sight = look(&mut watch, 0, true, shared);
                    relieved += usize::from(sight.relieve);
                    assert!(!sight.give_up || relieved == 1, "its thread is left");
                    sight.give_up
                })
                .collect();
            assert_eq!((given_up, relieved), (vec![4], 1), "once");
        }
    }

    #[test]
    fn a_thread_of_ones_own_is_never_held_up() {
        let mut watch = Watch::default();
        assert!((0..100).all(|_| !look(&mut watch, 0, false, false).relieve));
    }
}
