//! A world that nobody runs: its clock moves when it is told to.

use std::sync::Arc;
use std::time::Duration;

use super::machine::Machine;
use super::setup::Setup;
use crate::seam::Seam;

/// For code that needs a system around it, and not its actors.
pub(crate) struct Still(Arc<Machine>);

impl Still {
    pub(crate) fn new(seed: u64) -> Still {
        Still(Machine::new(Setup {
            seed,
            ..Setup::default()
        }))
    }

    pub(crate) fn seam(&self) -> Arc<dyn Seam> {
        Arc::clone(&self.0) as _
    }

    /// Sets the clock, if that is ahead.
    pub(crate) fn move_to(&self, elapsed: Duration) {
        self.0.move_clock(elapsed);
    }

    /// Moves the clock to the next alarm, and rings what is due. False if there
    /// is none.
    pub(crate) fn jump(&self) -> bool {
        self.0.jump(None)
    }
}
