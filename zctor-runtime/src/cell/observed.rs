//! Messages where somebody looks at each of them: see `observe`.

use std::any::TypeId;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::Cell;
use crate::guard;
use crate::mailbox::{Attempt, Refused};
use crate::protocol::{Fault, Kind, Overflow, Protocol, Variant, any_latest};
use crate::registry::AnyActor;
use crate::seam::{Addressed, Deadline, Fate, Tag, spawn_beside};
use crate::waiters::Ticket;

impl<P: Protocol> Cell<P> {
    /// The key is the user's: a panic in it is the sender's, as it is when the
    /// message is queued.
    fn addressed(&self, envelope: &P::Envelope) -> Addressed {
        let key = if const { any_latest(P::VARIANTS) } {
            P::latest(envelope).map_or(0, |key| hash(&key))
        } else {
            0
        };
        self.addressed_by(P::kind(envelope), key)
    }

    /// The same of one that was queued, where such a panic has no consequence.
    fn received(&self, envelope: &P::Envelope) -> Addressed {
        guard::quietly(|| self.addressed(envelope))
            .unwrap_or_else(|| self.addressed_by(P::kind(envelope), 0))
    }

    fn addressed_by(&self, kind: P::Kind, key: u64) -> Addressed {
        Addressed {
            to: self.id,
            protocol: TypeId::of::<P>(),
            message: kind.name(),
            index: kind.index(),
            key,
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
        let message = self.addressed(&envelope);
        let Some(envelope) = self.observe_sent(&message, envelope) else {
            return Ok(());
        };
        let delivered = self.deliver_now(envelope);
        if delivered.is_err() {
            self.hub.seam.at_refused(&message);
        }
        delivered
    }

    /// The same of one that has a place. None if it is not to be queued now.
    #[cold]
    pub(super) fn observe_made(&self, envelope: P::Envelope) -> Option<P::Envelope> {
        let message = self.addressed(&envelope);
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
            Fate::Delay(by, sender) => {
                self.deliver_later(envelope, by, sender);
                None
            }
        }
    }

    fn deliver_later(&self, envelope: P::Envelope, by: Duration, sender: Tag) {
        let cell = self.hub.registry.find(self.id);
        let Some(Ok(cell)) = cell.map(|cell| cell.into_any().downcast::<Cell<P>>()) else {
            return self.discard_unseen(envelope, Fault::Stopped);
        };
        let actor = Arc::clone(&cell) as Arc<dyn AnyActor>;
        let envelope = Some(envelope);
        send_late(actor, Box::new(Letter { cell, envelope }), by, sender);
    }

    #[cold]
    pub(super) fn observe_dropped(&self, envelope: &P::Envelope, fault: Fault) {
        let newest = fault == Fault::Full && self.overflow_policy() == Overflow::DropNewest;
        let message = self.received(envelope);
        self.hub.seam.at_dropped(&message, newest);
    }

    /// One is dropped because a newer one has taken its place.
    #[cold]
    pub(super) fn observe_replaced(&self, kind: P::Kind, key: u64) {
        let message = self.addressed_by(kind, key);
        self.hub.seam.at_dropped(&message, false);
    }

    /// The actor begins to handle a message.
    #[cold]
    pub(crate) fn observe_message(&self, envelope: &P::Envelope) {
        let (message, incarnation) = (self.received(envelope), self.incarnation());
        self.hub.seam.at_message(&message, incarnation, 1);
    }

    /// The actor begins to handle so many at once. They are all dropped if it
    /// skips them all.
    #[cold]
    pub(crate) fn observe_batch(&self, kind: P::Kind, all: u64, skipped: u64) {
        let message = self.addressed_by(kind, 0);
        if all > skipped {
            let incarnation = self.incarnation();
            self.hub.seam.at_message(&message, incarnation, all);
        } else {
            (0..all).for_each(|_| self.hub.seam.at_dropped(&message, false));
        }
    }
}

/// The same on any machine.
pub(super) fn hash(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// A message that arrives late. It holds its actor until it is queued.
struct Late {
    actor: Arc<dyn AnyActor>,
    parcel: Box<dyn Parcel>,
    ticket: Option<Ticket>,
}

/// The message, of whatever protocol.
trait Parcel: Send {
    /// What it is, as long as it is there.
    fn message(&self) -> Option<Addressed>;
    /// Attempts to queue it.
    fn deliver(&mut self) -> Attempt;
    /// Drops it, if it is still there.
    fn discard(&mut self);
}

struct Letter<P: Protocol> {
    cell: Arc<Cell<P>>,
    /// None once it was queued or dropped.
    envelope: Option<P::Envelope>,
}

impl<P: Protocol> Parcel for Letter<P> {
    fn message(&self) -> Option<Addressed> {
        Some(self.cell.received(self.envelope.as_ref()?))
    }

    fn deliver(&mut self) -> Attempt {
        let Some(envelope) = self.envelope.take() else {
            return Attempt::Queued;
        };
        Attempt::of(self.cell.deliver_now(envelope), &mut self.envelope)
    }

    fn discard(&mut self) {
        if let Some(envelope) = self.envelope.take() {
            self.cell.discard_unseen(envelope, Fault::Stopped);
        }
    }
}

fn send_late(actor: Arc<dyn AnyActor>, parcel: Box<dyn Parcel>, by: Duration, sender: Tag) {
    actor.hold();
    let seam = Arc::clone(actor.seam());
    let deadline = Deadline::new(Arc::clone(&seam), seam.now().checked_add(by));
    let mut late = Late {
        actor,
        parcel,
        ticket: None,
    };
    let late = async move {
        deadline.await;
        poll_fn(|cx| late.poll(cx)).await;
    };
    spawn_beside(seam, sender, late).detach();
}

impl Late {
    /// Attempts it until there is room: its sender can no more be told that there
    /// is none.
    fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        let mut asleep = false;
        while let Some(message) = self.parcel.message() {
            let seam = self.actor.seam();
            seam.at_queued(&message);
            match self.parcel.deliver() {
                Attempt::Queued => self.leave(true),
                Attempt::Full => {
                    seam.at_dropped(&message, true);
                    if asleep {
                        return Poll::Pending;
                    }
                    self.actor.room().wait(&mut self.ticket, cx.waker());
                    asleep = true;
                }
                Attempt::Closed => {
                    self.leave(false);
                    self.actor.seam().at_dropped(&message, true);
                    self.parcel.discard();
                }
            }
        }
        Poll::Ready(())
    }

    fn leave(&mut self, got_in: bool) {
        if let Some(ticket) = self.ticket.take() {
            self.actor.room().leave(ticket, got_in);
        }
    }
}

impl Drop for Late {
    fn drop(&mut self) {
        self.leave(false);
        self.parcel.discard();
        self.actor.release();
    }
}
