//! The circuit breakers and rate limits of an actor's messages, each made when
//! it is first needed. The table of the variants has only settings that the
//! compiler has checked.

use std::sync::{Arc, OnceLock, Weak};

use super::{Cell, Core};
use crate::breaker::circuit::CircuitBreaker;
use crate::event::EventKind;
use crate::limit::limiter::RateLimiter;
use crate::protocol::{Kind, Protocol, Variant};
use crate::registry::AnyActor;

/// One for each variant.
pub(super) type Flow = Vec<Row>;

#[derive(Default)]
pub(super) struct Row {
    breaker: OnceLock<CircuitBreaker>,
    limiter: OnceLock<RateLimiter>,
}

impl Core {
    fn row(&self, kind: usize) -> Option<(&Row, &'static Variant)> {
        let variants = self.profile.variants;
        let rows = self.rare().flow.get_or_init(|| {
            let mut rows = Vec::new();
            rows.resize_with(variants.len(), Row::default);
            rows
        });
        Some((rows.get(kind)?, variants.get(kind)?))
    }

    fn breaker_of(&self, actor: Weak<dyn AnyActor>, kind: usize) -> Option<&CircuitBreaker> {
        let (row, variant) = self.row(kind)?;
        let settings = variant.breaker()?;
        Some(row.breaker.get_or_init(|| {
            let breaker = CircuitBreaker::checked(settings, &self.hub.seam);
            let message = variant.name();
            breaker.on_change(move |change| {
                if let Some(actor) = actor.upgrade() {
                    let core = actor.core();
                    core.record(|| EventKind::Circuit { message, change });
                }
            });
            breaker
        }))
    }

    pub(crate) fn limiter(&self, kind: impl Kind) -> Option<&RateLimiter> {
        let (row, variant) = self.row(kind.index())?;
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
        let Some(rows) = self.rare.get().and_then(|rare| rare.flow.get()) else {
            return;
        };
        for row in rows {
            if let Some(limiter) = row.limiter.get() {
                limiter.end();
            }
        }
    }
}

impl<P: Protocol> Cell<P> {
    pub(crate) fn breaker(self: &Arc<Self>, kind: P::Kind) -> Option<&CircuitBreaker> {
        let actor: Weak<dyn AnyActor> = Arc::<Self>::downgrade(self);
        self.breaker_of(actor, kind.index())
    }
}
