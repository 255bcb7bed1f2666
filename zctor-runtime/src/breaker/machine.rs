//! What a circuit breaker decides: pure, with the time given to it.
//!
//! ```text
//!            too many failures                 recovery is over, a call comes
//! closed ─────────────────────────▶ open ─────────────────────────────────▶ half-open
//!    ▲                               ▲  one of the calls that are tried fails   │  │
//!    │                               └──────────────────────────────────────────┘  │
//!    └───────────────────── enough of them have succeeded ─────────────────────────┘
//! ```
//!
//! Each stay in a state is a *term*. What a call that was let through in one
//! term comes to is of no account in a later one: the failures of calls that
//! were on their way when it opened do not open it again after its recovery.

use std::time::{Duration, Instant};

use super::settings::{BreakerSettings, Window};
use super::state::{CircuitChange, CircuitState};
use super::window::{Sight, Tally};

/// What a call came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    Failure,
    /// Neither: an error that says nothing of the one that was called, or a
    /// call that was given up.
    Ignored,
}

/// A call that was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) struct Admitted {
    term: u64,
    began: Instant,
}

/// A call that was not, and for how long none will be. None: until it is
/// closed by hand, or for as long as the calls that are being tried take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rejected(pub(crate) Option<Duration>);

#[derive(Debug)]
pub(super) struct Machine {
    settings: BreakerSettings,
    stay: Stay,
    term: u64,
    counts: Counts,
    /// A change that nobody was told of yet, at most one for each step.
    changed: Option<CircuitChange>,
}

/// What there is to know of the state that it is in.
#[derive(Debug)]
enum Stay {
    Closed(Closed),
    /// Until then; none: until it is closed by hand.
    Open(Option<Instant>),
    HalfOpen {
        trying: u32,
        succeeded: u32,
    },
}

#[derive(Debug)]
enum Closed {
    /// Failures in a row.
    Row(u32),
    Window(Window, Sight),
}

/// Over all its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) succeeded: u64,
    pub(super) failed: u64,
    pub(super) slow: u64,
    pub(super) ignored: u64,
    pub(super) rejected: u64,
    pub(super) opened: u64,
}

impl Machine {
    /// The settings were checked.
    pub(super) fn new(settings: BreakerSettings) -> Machine {
        Machine {
            settings,
            stay: closed(&settings),
            term: 0,
            counts: Counts::default(),
            changed: None,
        }
    }

    /// A call wants to be made.
    pub(super) fn admit(&mut self, now: Instant) -> Result<Admitted, Rejected> {
        if let Stay::Open(Some(until)) = self.stay
            && now >= until
        {
            self.enter(Stay::HalfOpen {
                trying: 0,
                succeeded: 0,
            });
        }
        let BreakerSettings {
            trials, successes, ..
        } = self.settings;
        match &mut self.stay {
            Stay::Closed(_) => {}
            Stay::HalfOpen { trying, succeeded }
                if *trying < trials && *trying + *succeeded < successes =>
            {
                *trying += 1;
            }
            Stay::HalfOpen { .. } => {
                self.counts.rejected += 1;
                return Err(Rejected(None));
            }
            Stay::Open(until) => {
                let left = until.map(|until| until.saturating_duration_since(now));
                self.counts.rejected += 1;
                return Err(Rejected(left));
            }
        }
        Ok(Admitted {
            term: self.term,
            began: now,
        })
    }

    /// Whether a call would be let through. Nothing changes.
    pub(super) fn would_admit(&self, now: Instant) -> Result<(), Rejected> {
        match self.stay {
            Stay::Open(Some(until)) if now < until => Err(Rejected(Some(until - now))),
            Stay::Open(None) => Err(Rejected(None)),
            _ => Ok(()),
        }
    }

    /// One was turned away that did not come as far as [`admit`](Self::admit).
    pub(super) fn count_rejected(&mut self) {
        self.counts.rejected += 1;
    }

    /// A call that was let through has ended.
    pub(super) fn settle(&mut self, call: Admitted, outcome: Outcome, now: Instant) {
        let took = now.saturating_duration_since(call.began);
        let slow =
            outcome != Outcome::Ignored && self.settings.slow.is_some_and(|limit| took >= limit);
        match outcome {
            Outcome::Success => self.counts.succeeded += 1,
            Outcome::Failure => self.counts.failed += 1,
            Outcome::Ignored => self.counts.ignored += 1,
        }
        self.counts.slow += u64::from(slow);
        if call.term != self.term {
            return;
        }
        let failed = outcome == Outcome::Failure;
        match &mut self.stay {
            Stay::Closed(_) if outcome == Outcome::Ignored => {}
            Stay::Closed(Closed::Row(row)) => {
                *row = if failed || slow { *row + 1 } else { 0 };
                if *row >= self.settings.failures {
                    self.open(now);
                }
            }
            Stay::Closed(Closed::Window(window, sight)) => {
                sight.add(now, failed, slow);
                let tally = sight.tally(now);
                if too_bad(&self.settings, *window, tally) {
                    self.open(now);
                }
            }
            Stay::HalfOpen { trying, succeeded } => {
                *trying = trying.saturating_sub(1);
                match outcome {
                    Outcome::Ignored => {}
                    _ if failed || slow => self.open(now),
                    _ => {
                        *succeeded += 1;
                        if *succeeded >= self.settings.successes {
                            self.enter(closed(&self.settings));
                        }
                    }
                }
            }
            // Calls are let through in other states, and those have other terms.
            Stay::Open(_) => {}
        }
    }

    fn open(&mut self, now: Instant) {
        // One beyond the clock's range is over when it is closed by hand.
        self.enter(Stay::Open(now.checked_add(self.settings.recovery)));
    }

    /// Opens it until it is closed by hand.
    pub(super) fn force_open(&mut self) {
        self.enter(Stay::Open(None));
    }

    /// Closes it, with nothing counted yet.
    pub(super) fn force_close(&mut self) {
        self.enter(closed(&self.settings));
    }

    fn enter(&mut self, stay: Stay) {
        let from = self.state();
        self.stay = stay;
        self.term += 1;
        let to = self.state();
        if from != to {
            self.counts.opened += u64::from(to == CircuitState::Open);
            self.changed = Some(CircuitChange { from, to });
        }
    }

    pub(super) fn state(&self) -> CircuitState {
        match self.stay {
            Stay::Closed(_) => CircuitState::Closed,
            Stay::Open(_) => CircuitState::Open,
            Stay::HalfOpen { .. } => CircuitState::HalfOpen,
        }
    }

    /// The change of this step, once.
    pub(super) fn take_change(&mut self) -> Option<CircuitChange> {
        self.changed.take()
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// What is in its window. Of failures in a row: so many, and nothing else.
    pub(super) fn tally(&mut self, now: Instant) -> Tally {
        match &mut self.stay {
            Stay::Closed(Closed::Row(row)) => Tally {
                calls: u64::from(*row),
                failures: u64::from(*row),
                slow: 0,
            },
            Stay::Closed(Closed::Window(_, sight)) => sight.tally(now),
            _ => Tally::default(),
        }
    }
}

fn closed(settings: &BreakerSettings) -> Stay {
    Stay::Closed(match settings.window {
        None => Closed::Row(0),
        Some(window) => Closed::Window(window, Sight::of(window)),
    })
}

/// Whether a window has its share of failures, or of slow calls, or more.
fn too_bad(settings: &BreakerSettings, window: Window, tally: Tally) -> bool {
    let reached = |part: u64, percent: u8| part * 100 >= u64::from(percent) * tally.calls;
    tally.calls >= settings.least(window)
        && (reached(tally.failures, settings.rate)
            || settings.slow.is_some() && reached(tally.slow, settings.slow_rate))
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
