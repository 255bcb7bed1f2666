//! What happens to the upstream while the clients go on.

use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};
use zctor::CircuitState;
use zctor::prelude::*;

use crate::circuit::Circuit;
use crate::load::Load;
use crate::report::Phase;
use crate::site::Site;

/// How long the circuit may take to open, and to close.
const LONGEST: Duration = Duration::from_secs(20);

pub(crate) struct Story {
    pub(crate) load: Load,
    pub(crate) site: Site,
    pub(crate) circuit: Circuit,
    /// And when they have begun.
    pub(crate) phases: Vec<(Phase, Instant)>,
}

impl Story {
    pub(crate) async fn play(&mut self, part: Duration) -> zctor::Result<()> {
        self.begin(Phase::Healthy);
        sleep(part).await;

        self.begin(Phase::Rush);
        self.load.hurry(true);
        sleep(part / 2).await;
        self.load.hurry(false);

        self.begin(Phase::Killed);
        self.site.kill().await;
        self.reaches(CircuitState::Open).await?;
        sleep(part).await;

        self.begin(Phase::Restarted);
        self.site.restart().await?;
        self.reaches(CircuitState::Closed).await?;

        self.begin(Phase::Recovered);
        sleep(part).await;
        Ok(())
    }

    async fn reaches(&mut self, state: CircuitState) -> zctor::Result<()> {
        let reached = timeout(LONGEST, self.circuit.reaches(state)).await;
        reached.map_err(|_| Failure::msg(format!("the circuit was not {state} in {LONGEST:?}")))
    }

    fn begin(&mut self, phase: Phase) {
        println!("{phase:?}");
        self.phases.push((phase, Instant::now()));
    }
}
