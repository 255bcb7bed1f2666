//! A queue of wakers: who waits, in the order of arrival.

use std::collections::BTreeMap;
use std::task::Waker;

/// Wakers by ticket. A ticket is kept across polls, so one that was woken in
/// vain keeps its turn.
#[derive(Debug, Default)]
pub(crate) struct Waiters {
    next: u64,
    waiting: BTreeMap<u64, Waker>,
}

/// A place in a [`Waiters`] queue.
pub(crate) type Ticket = u64;

impl Waiters {
    pub(crate) const fn new() -> Waiters {
        Waiters {
            next: 0,
            waiting: BTreeMap::new(),
        }
    }

    /// Puts `waker` in the queue: at the place of `ticket` if there is one,
    /// else at the end.
    pub(crate) fn register(&mut self, ticket: &mut Option<Ticket>, waker: &Waker) {
        let place = *ticket.get_or_insert_with(|| {
            self.next += 1;
            self.next
        });
        match self.waiting.get_mut(&place) {
            Some(known) => known.clone_from(waker),
            None => {
                self.waiting.insert(place, waker.clone());
            }
        }
    }

    /// Takes `ticket` out of the queue. False if it had been woken already,
    /// or never was there.
    pub(crate) fn leave(&mut self, ticket: Ticket) -> bool {
        self.waiting.remove(&ticket).is_some()
    }

    /// Takes the first out of the queue, for the caller to wake it.
    pub(crate) fn first(&mut self) -> Option<Waker> {
        self.waiting.pop_first().map(|(_, waker)| waker)
    }

    /// Empties the queue, for the caller to wake them all.
    pub(crate) fn all(&mut self) -> impl Iterator<Item = Waker> + use<> {
        std::mem::take(&mut self.waiting).into_values()
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_keeps_its_turn() {
        let mut waiters = Waiters::new();
        let (mut a, mut b) = (None, None);
        waiters.register(&mut a, Waker::noop());
        waiters.register(&mut b, Waker::noop());
        assert!(waiters.first().is_some());
        waiters.register(&mut a, Waker::noop());
        assert_eq!(waiters.len(), 2);
        assert!(waiters.first().is_some());
        assert!(!waiters.leave(a.unwrap()), "a was first again");
        assert!(waiters.leave(b.unwrap()));
        assert!(waiters.first().is_none());
    }

    #[test]
    fn registering_twice_is_one_place() {
        let mut waiters = Waiters::new();
        let mut ticket = None;
        waiters.register(&mut ticket, Waker::noop());
        waiters.register(&mut ticket, Waker::noop());
        assert_eq!(waiters.all().count(), 1);
        assert_eq!(waiters.len(), 0);
    }
}
