//! Messages where somebody looks at each of them: see `observe`.

use std::any::TypeId;
use std::sync::Arc;
use std::time::Duration;

use super::Cell;
use crate::guard;
use crate::mailbox::Refused;
use crate::protocol::{Fault, Kind, Overflow, Protocol, Variant};
use crate::seam::{Addressed, Deadline, Fate, run_beside};

impl<P: Protocol> Cell<P> {
    fn addressed(&self, kind: P::Kind) -> Addressed {
        Addressed {
            to: self.id,
            protocol: TypeId::of::<P>(),
            message: kind.name(),
            index: kind.index(),
            ask: P::VARIANTS.get(kind.index()).is_some_and(Variant::is_ask),
        }
    }

    #[cold]
    pub(super) fn deliver_observed(
        &self,
        envelope: P::Envelope,
    ) -> Result<(), Refused<P::Envelope>> {
        if self.mailbox.is_closed() {
            // What is refused in any case is not lost.
            return self.deliver_now(envelope);
        }
        let message = self.addressed(P::kind(&envelope));
        let Some(envelope) = self.observe_sent(&message, envelope) else {
            return Ok(());
        };
        let delivered = self.deliver_now(envelope);
        if delivered.is_err() {
            self.hub.seam.at_dropped(&message, true);
        }
        delivered
    }

    /// The same of one that has a place. None if it is not to be queued now.
    #[cold]
    pub(super) fn observe_made(&self, envelope: P::Envelope) -> Option<P::Envelope> {
        let message = self.addressed(P::kind(&envelope));
        self.observe_sent(&message, envelope)
    }

    fn observe_sent(&self, message: &Addressed, envelope: P::Envelope) -> Option<P::Envelope> {
        match self.hub.seam.at_send(message) {
            Fate::Queue => {
                self.hub.seam.at_queued(message);
                Some(envelope)
            }
            Fate::Lose => {
                self.count_dropped();
                guard::quietly(|| drop(envelope));
                None
            }
            Fate::Delay(by) => {
                self.deliver_later(envelope, by);
                None
            }
        }
    }

    fn deliver_later(&self, envelope: P::Envelope, by: Duration) {
        let cell = self.hub.registry.find(self.id);
        let Some(Ok(cell)) = cell.map(|cell| cell.into_any().downcast::<Cell<P>>()) else {
            return self.discard(envelope, Fault::Stopped);
        };
        let seam = Arc::clone(&self.hub.seam);
        let at = seam.now().checked_add(by);
        let late = async move {
            Deadline::new(Arc::clone(&cell.hub.seam), at).await;
            let message = cell.addressed(P::kind(&envelope));
            cell.hub.seam.at_queued(&message);
            if let Err(refused) = cell.deliver_now(envelope) {
                let (envelope, fault) = match refused {
                    Refused::Full(envelope) => (envelope, Fault::Full),
                    Refused::Closed(envelope) => (envelope, Fault::Stopped),
                };
                cell.discard(envelope, fault);
            }
        };
        run_beside(seam, late);
    }

    #[cold]
    pub(super) fn observe_dropped(&self, envelope: &P::Envelope, fault: Fault) {
        let newest = fault == Fault::Full && self.overflow_policy() == Overflow::DropNewest;
        let message = self.addressed(P::kind(envelope));
        self.hub.seam.at_dropped(&message, newest);
    }

    /// The actor begins to handle a message, or so many at once.
    #[cold]
    pub(crate) fn observe_message(&self, kind: P::Kind, batch: u64) {
        let message = self.addressed(kind);
        self.hub
            .seam
            .at_message(&message, self.incarnation(), batch);
    }
}
