//! The error of a simulation that cannot go on.

use std::fmt;
use std::time::Duration;

use crate::label::ActorLabel;

/// A simulation that cannot go on: what it was run for is not ready, nothing
/// can run, and no timer is set. See [`Sim::run`](crate::sim::Sim::run).
#[derive(Debug, Clone)]
pub struct Stalled {
    elapsed: Duration,
    actors: Vec<ActorLabel>,
}

impl Stalled {
    pub(super) fn new(elapsed: Duration, actors: Vec<ActorLabel>) -> Stalled {
        Stalled { elapsed, actors }
    }

    /// The virtual time at which it stalled.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The actors that were alive.
    #[must_use]
    pub fn actors(&self) -> &[ActorLabel] {
        &self.actors
    }
}

impl fmt::Display for Stalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the simulation stalled at {:?}: nothing can run and no timer is set; ",
            self.elapsed
        )?;
        if self.actors.is_empty() {
            return f.write_str("no actor is alive");
        }
        f.write_str("alive: ")?;
        for (place, actor) in self.actors.iter().enumerate() {
            write!(f, "{}{actor}", if place == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl std::error::Error for Stalled {}
