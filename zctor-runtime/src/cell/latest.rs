//! Messages of which only the latest counts, on their way in and out.

use std::convert::Infallible;

use super::Cell;
use crate::event::{DropReason, EventKind};
use crate::guard;
use crate::latest::{Latest, Put};
use crate::mailbox::Refused;
use crate::protocol::{Fault, Kind, Protocol, any_latest};

impl<P: Protocol> Cell<P> {
    fn latest(&self) -> &Latest<P::Latest, P::Envelope> {
        let made = || Box::new(Latest::new());
        self.rare().latest.get_or_init(made)
    }

    /// The key of a message, in a protocol that has any.
    #[inline]
    pub(super) fn latest_key(envelope: &P::Envelope) -> Option<P::Latest> {
        if const { any_latest(P::VARIANTS) } {
            P::latest(envelope)
        } else {
            None
        }
    }

    /// Has a message take the place of the queued one, or queues it.
    pub(super) fn deliver_latest(
        &self,
        key: P::Latest,
        envelope: P::Envelope,
    ) -> Result<(), Refused<P::Envelope>> {
        // What comes after a stop is refused, whatever is queued.
        if self.mailbox.is_closed() {
            return Err(Refused::Closed(envelope));
        }
        let kind = P::kind(&envelope);
        let queue = |envelope| self.queue(envelope);
        match self.latest().put(key, envelope, queue) {
            // Outside of the lock: what it drops may have an entry.
            Put::Queued(dropped) => self.settle(Ok(dropped)),
            Put::Refused(refused) => self.settle(Err(refused)),
            Put::Replaced(older) => {
                self.replaced(kind, older);
                Ok(())
            }
        }
    }

    /// The same of a message that was counted in.
    pub(super) fn append_latest(&self, key: P::Latest, envelope: P::Envelope) {
        let kind = P::kind(&envelope);
        let queue = |envelope| -> Result<(), Infallible> {
            self.append(envelope);
            Ok(())
        };
        if let Put::Replaced(older) = self.latest().put(key, envelope, queue) {
            self.mailbox.withdraw();
            self.replaced(kind, older);
        }
    }

    /// There is one message less, though none has left the queue.
    fn replaced(&self, kind: P::Kind, older: Option<P::Envelope>) {
        self.count_dropped();
        self.record(|| EventKind::Dropped {
            message: kind.name(),
            reason: DropReason::Replaced,
            count: 1,
        });
        guard::quietly(|| drop(older));
    }

    /// What counts of a message that has left the mailbox.
    #[inline]
    pub(crate) fn newest(&self, envelope: P::Envelope) -> P::Envelope {
        match Self::latest_key(&envelope) {
            None => envelope,
            Some(key) => {
                let (newest, older) = self.latest().take(&key, envelope);
                if older.is_some() {
                    // It was counted when it was replaced.
                    guard::quietly(|| drop(older));
                }
                newest
            }
        }
    }

    /// Drops a message that has left the mailbox unhandled.
    pub(crate) fn discard_mail(&self, envelope: P::Envelope, fault: Fault) {
        self.discard(self.newest(envelope), fault);
    }
}
