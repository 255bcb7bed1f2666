//! What goes by the clock of a system: in a simulation that is virtual time.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::breaker::circuit::CircuitBreaker;
use crate::breaker::settings::{BreakerSettings, InvalidBreaker};
use crate::limit::limiter::RateLimiter;
use crate::limit::rate::{InvalidRate, Rate};
use crate::seam::Deadline;
use crate::system::System;

/// A while that passes: what [`System::sleep`] returns. It is a future; plain
/// code passes it to [`wait`](crate::wait()).
///
/// # Cancel safety
/// Dropped, it leaves nothing behind.
#[derive(Debug)]
#[must_use = "nothing sleeps unless it is awaited"]
pub struct Sleep(Deadline);

impl System {
    /// Waits for `duration`, by the clock of this system: in a simulation that
    /// is virtual time. It counts from this call. A handler that awaits it
    /// handles nothing else meanwhile; to go on and be reminded, set a timer.
    ///
    /// A duration beyond the clock's range never ends. When the system has
    /// shut down it is over at once, since no clock runs any more.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Gate { #[reply(())] Open }
    /// struct Slow;
    /// #[handlers]
    /// impl GateActor for Slow {
    ///     async fn open(&mut self, ctx: &mut Context<Gate>) {
    ///         ctx.system().sleep(Duration::from_millis(5)).await;
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// let gate = Gate::spawn(&system, Slow);
    /// gate.open().wait()?;
    /// zctor::wait(system.sleep(Duration::from_millis(5)))?;
    /// # system.shutdown().wait() }
    /// ```
    pub fn sleep(&self, duration: Duration) -> Sleep {
        let seam = &self.hub().seam;
        let at = seam.now().checked_add(duration);
        Sleep(Deadline::new(seam.clone(), at))
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.poll_passed(cx)
    }
}

impl CircuitBreaker {
    /// Makes one, closed, that goes by the clock of this system.
    ///
    /// # Errors
    /// If the settings make no sense.
    pub fn new(settings: BreakerSettings, system: &System) -> Result<Self, InvalidBreaker> {
        settings.check()?;
        Ok(CircuitBreaker::checked(settings, &system.hub().seam))
    }
}

impl RateLimiter {
    /// Makes one, with all its permits, that goes by the clock of this system.
    ///
    /// # Errors
    /// If the rate makes no sense.
    pub fn new(rate: Rate, system: &System) -> Result<RateLimiter, InvalidRate> {
        rate.check()?;
        Ok(RateLimiter::checked(rate, &system.hub().seam))
    }
}
