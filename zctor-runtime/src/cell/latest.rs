//! Messages of which only the latest counts, on their way in and out.

use std::any::Any;
use std::convert::Infallible;
use std::hash::Hash;

use super::Cell;
use super::deliver::{Looks, NotQueued};
use super::observed::hash;
use crate::event::{DropReason, EventKind};
use crate::guard;
use crate::latest::{Latest, Put};
use crate::mailbox::Refused;
use crate::observe;
use crate::protocol::{Fault, Kind, Protocol, any_latest};

impl<P: Protocol> Cell<P> {
    fn latest(&self) -> &Latest<P::Latest, P::Envelope> {
        let made =
            || Box::new(Latest::<P::Latest, P::Envelope>::new()) as Box<dyn Any + Send + Sync>;
        let latest = self.rare().latest.get_or_init(made);
        latest.downcast_ref().expect("nothing else is made")
    }

    /// Has a message take the place of the queued one, or queues it.
    pub(super) fn deliver_latest(
        &self,
        mut key: P::Latest,
        mut envelope: P::Envelope,
    ) -> Result<(), Refused<P::Envelope>> {
        let mut looks = Looks::new();
        loop {
            // What comes after a stop is refused, whatever is queued.
            if self.mailbox.is_closed() {
                return Err(Refused::Closed(envelope));
            }
            let kind = P::kind(&envelope);
            let observed = observed(&key);
            let queue = |envelope| self.queue(envelope);
            match self.latest().put(key, envelope, queue) {
                // Outside of the lock: what it drops may have an entry.
                Put::Queued(dropped) => return self.settle(Ok(dropped)),
                // So may the message of the sender that is waited for.
                Put::Refused(NotQueued::Again(again)) if looks.again() => envelope = again,
                Put::Refused(NotQueued::Again(last)) => {
                    return self.settle(Err(NotQueued::Dropped(last)));
                }
                Put::Refused(refused) => return self.settle(Err(refused)),
                Put::Replaced(older) => {
                    self.replaced(kind, older, observed);
                    return Ok(());
                }
            }
            key = match P::latest(&envelope) {
                Some(key) => key,
                None => return self.settle(self.queue(envelope)),
            };
        }
    }

    /// The same of a message that was counted in.
    pub(super) fn append_latest(&self, key: P::Latest, envelope: P::Envelope) {
        let kind = P::kind(&envelope);
        let observed = observed(&key);
        let queue = |envelope| -> Result<(), Infallible> {
            self.append(envelope);
            Ok(())
        };
        if let Put::Replaced(older) = self.latest().put(key, envelope, queue) {
            self.mailbox.withdraw();
            self.replaced(kind, older, observed);
        }
    }

    /// There is one message less, though none has left the queue.
    fn replaced(&self, kind: P::Kind, older: Option<P::Envelope>, observed: Option<u64>) {
        if let Some(key) = observed {
            self.observe_replaced(kind, key);
        }
        self.count_dropped();
        self.record(|| EventKind::Dropped {
            message: kind.name(),
            reason: DropReason::Replaced,
            count: 1,
        });
        guard::quietly(|| drop(older));
        // It may have been woken for a place that it did not need.
        self.mailbox.offer_room();
    }

    /// What counts of a message that has left the mailbox.
    #[inline]
    pub(crate) fn newest(&self, envelope: P::Envelope) -> P::Envelope {
        if const { !any_latest(P::VARIANTS) } {
            return envelope;
        }
        // The key is the user's: a panic in it leaves the message as it is.
        let newer = guard::quietly(|| {
            let key = P::latest(&envelope)?;
            self.latest().take(&key)
        });
        match newer.flatten() {
            None => envelope,
            Some(newer) => {
                // It was counted when it was replaced.
                guard::quietly(|| drop(envelope));
                newer
            }
        }
    }

    /// Drops a message that has left the mailbox unhandled.
    pub(crate) fn discard_mail(&self, envelope: P::Envelope, fault: Fault) {
        self.discard(self.newest(envelope), fault);
    }
}

/// The hash of a key where messages are looked at one by one.
#[inline]
fn observed(key: &impl Hash) -> Option<u64> {
    observe::is_on().then(|| hash(key))
}
