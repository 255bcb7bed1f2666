//! What an actor has sent to itself.

use std::collections::VecDeque;

use crate::inbox::Next;
use crate::offer::Source;
use crate::protocol::{Kind, Protocol};
use crate::shelf::{Place, Shelf};

/// In order, and those held that were not ready.
pub(crate) struct OwnMail<P: Protocol> {
    sent: VecDeque<P::Envelope>,
    held: Shelf<P::Envelope>,
}

impl<P: Protocol> OwnMail<P> {
    pub(crate) fn new() -> OwnMail<P> {
        OwnMail {
            sent: VecDeque::new(),
            held: Shelf::new(),
        }
    }

    pub(crate) fn push(&mut self, envelope: P::Envelope) {
        self.sent.push_back(envelope);
    }

    /// Holds one that is to be offered before it is handled.
    pub(crate) fn hold(&mut self, envelope: P::Envelope) {
        self.held.put(P::kind(&envelope).index(), envelope);
    }

    /// The next one, held or not.
    pub(crate) fn pop(&mut self) -> Option<P::Envelope> {
        self.held.take_oldest().or_else(|| self.sent.pop_front())
    }
}

impl<P: Protocol> Source<P::Kind, P::Envelope> for OwnMail<P> {
    fn held_after(&self, place: Option<Place>) -> Option<(Place, P::Kind)> {
        let (place, envelope) = self.held.front_after(place)?;
        Some((place, P::kind(envelope)))
    }

    fn release(&mut self, kind: P::Kind) -> Option<P::Envelope> {
        self.held.take(kind.index())
    }

    fn fetch(&mut self) -> Next<P::Kind> {
        match self.sent.pop_front() {
            Some(envelope) => {
                let kind = P::kind(&envelope);
                self.held.put(kind.index(), envelope);
                Next::Item(kind)
            }
            None => Next::Nothing,
        }
    }
}
