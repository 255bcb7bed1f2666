//! The circuit breakers and rate limits of an actor's messages, each made when
//! it is first needed. The table of the variants has only settings that the
//! compiler has checked.

use std::sync::{Arc, OnceLock};

use super::Cell;
use crate::breaker::circuit::CircuitBreaker;
use crate::event::EventKind;
use crate::limit::limiter::RateLimiter;
use crate::protocol::{Kind, Protocol, Variant};

/// One for each variant.
pub(super) type Flow = Box<[Row]>;

#[derive(Default)]
pub(super) struct Row {
    breaker: OnceLock<CircuitBreaker>,
    limiter: OnceLock<RateLimiter>,
}

impl<P: Protocol> Cell<P> {
    fn row(&self, kind: P::Kind) -> Option<(&Row, &'static Variant)> {
        let rows = || P::VARIANTS.iter().map(|_| Row::default()).collect();
        let rows = self.rare().flow.get_or_init(rows);
        Some((rows.get(kind.index())?, P::VARIANTS.get(kind.index())?))
    }

    pub(crate) fn breaker(self: &Arc<Self>, kind: P::Kind) -> Option<&CircuitBreaker> {
        let (row, variant) = self.row(kind)?;
        let settings = variant.breaker()?;
        Some(row.breaker.get_or_init(|| {
            let breaker = CircuitBreaker::checked(settings, &self.hub.seam);
            let cell = Arc::downgrade(self);
            let message = variant.name();
            breaker.on_change(move |change| {
                if let Some(cell) = cell.upgrade() {
                    cell.record(|| EventKind::Circuit { message, change });
                }
            });
            breaker
        }))
    }

    pub(crate) fn limiter(&self, kind: P::Kind) -> Option<&RateLimiter> {
        let (row, variant) = self.row(kind)?;
        let rate = variant.limit()?;
        let make = || RateLimiter::checked(rate, &self.hub.seam);
        let limiter = row.limiter.get_or_init(make);
        // It may have been made too late to be told.
        if self.stage.has_ended() {
            limiter.end();
        }
        Some(limiter)
    }

    /// Lets all who wait for permits go on, to find the door closed.
    pub(crate) fn end_limits(&self) {
        let rows = self.rare.get().and_then(|rare| rare.flow.get());
        let rows = rows.map_or(&[][..], |rows| rows);
        rows.iter()
            .filter_map(|row| row.limiter.get())
            .for_each(RateLimiter::end);
    }
}
