//! How a simulation is to run.

use std::time::Duration;

use super::faults::Faults;
use super::replay::Replay;
use super::schedule::Schedule;

/// How a simulation is to run.
#[derive(Debug, Clone, Default)]
pub(super) struct Setup {
    pub(super) seed: u64,
    pub(super) schedule: Schedule,
    pub(super) faults: Faults,
    /// In the place of what the seed would decide.
    pub(super) replay: Option<Replay>,
    /// Keeps what was decided.
    pub(super) records: bool,
    pub(super) traces: bool,
    pub(super) limits: Limits,
    /// Writes nothing to stderr.
    pub(super) quiet: bool,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    pub(super) time: Option<Duration>,
    pub(super) steps: Option<u64>,
}
