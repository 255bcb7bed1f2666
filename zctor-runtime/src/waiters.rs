//! A queue of wakers: who waits, in the order of arrival.

use std::collections::BTreeMap;
use std::task::Waker;

/// Wakers by ticket. A ticket is kept across polls, so one that was woken in
/// vain keeps its turn. It is small until somebody waits; what it has then is
/// kept, so that one who waits again and again allocates once.
#[derive(Debug, Default)]
pub(crate) struct Waiters(Option<Box<Line>>);

#[derive(Debug, Default)]
struct Line {
    /// Tickets given out. They are never used again.
    given: Ticket,
    /// Most of the time only one waits.
    first: Option<(Ticket, Waker)>,
    /// Behind the first; empty if there is none.
    rest: BTreeMap<Ticket, Waker>,
}

/// A place in a [`Waiters`] queue.
pub(crate) type Ticket = u64;

impl Line {
    fn put(&mut self, place: Ticket, waker: Waker) -> Option<Waker> {
        match &mut self.first {
            Some((first, _)) if *first < place => self.rest.insert(place, waker),
            Some((first, of_first)) if *first == place => Some(std::mem::replace(of_first, waker)),
            first => {
                let next = first.replace((place, waker));
                self.rest.extend(next);
                None
            }
        }
    }

    fn take_first(&mut self) -> Option<Waker> {
        let next = self.rest.pop_first();
        std::mem::replace(&mut self.first, next).map(|(_, waker)| waker)
    }
}

impl Waiters {
    pub(crate) const fn new() -> Waiters {
        Waiters(None)
    }

    /// Puts `waker` in the queue: at the place of `ticket` if there is one,
    /// else at the end. Returns the waker that had the place, for the caller
    /// to drop: wakers are foreign code, and are cloned, woken and dropped
    /// without the lock that guards this queue.
    #[must_use]
    pub(crate) fn register(&mut self, ticket: &mut Option<Ticket>, waker: Waker) -> Option<Waker> {
        let line = self.0.get_or_insert_default();
        let place = *ticket.get_or_insert_with(|| {
            line.given += 1;
            line.given
        });
        line.put(place, waker)
    }

    /// Takes `ticket` out of the queue, for the caller to drop its waker.
    /// None if it had been woken already.
    #[must_use]
    pub(crate) fn leave(&mut self, ticket: Ticket) -> Option<Waker> {
        let line = self.0.as_mut()?;
        match &line.first {
            Some((first, _)) if *first == ticket => line.take_first(),
            _ => line.rest.remove(&ticket),
        }
    }

    /// Takes the first out of the queue, for the caller to wake it.
    pub(crate) fn first(&mut self) -> Option<Waker> {
        self.0.as_mut()?.take_first()
    }

    /// Empties the queue, for the caller to wake them all.
    pub(crate) fn all(&mut self) -> impl Iterator<Item = Waker> + use<> {
        let line = self.0.as_mut();
        let (first, rest) = line.map_or((None, None), |line| {
            let rest = (!line.rest.is_empty()).then(|| std::mem::take(&mut line.rest));
            (line.first.take(), rest)
        });
        let first = first.map(|(_, waker)| waker);
        first
            .into_iter()
            .chain(rest.into_iter().flat_map(BTreeMap::into_values))
    }

    pub(crate) fn len(&self) -> usize {
        let line = self.0.as_ref();
        line.map_or(0, |line| {
            usize::from(line.first.is_some()) + line.rest.len()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_keeps_its_turn() {
        let mut waiters = Waiters::new();
        let (mut a, mut b) = (None, None);
        let _ = waiters.register(&mut a, Waker::noop().clone());
        let _ = waiters.register(&mut b, Waker::noop().clone());
        assert!(waiters.first().is_some());
        let _ = waiters.register(&mut a, Waker::noop().clone());
        assert_eq!(waiters.len(), 2);
        assert!(waiters.first().is_some());
        assert!(waiters.leave(a.unwrap()).is_none(), "a was first again");
        assert!(waiters.leave(b.unwrap()).is_some());
        assert!(waiters.first().is_none());
    }

    #[test]
    fn one_who_comes_back_goes_before_those_who_came_later() {
        let mut waiters = Waiters::new();
        let mut tickets = [None; 4];
        for ticket in &mut tickets {
            let _ = waiters.register(ticket, Waker::noop().clone());
        }
        assert!(waiters.first().is_some() && waiters.first().is_some());
        let _ = waiters.register(&mut tickets[1], Waker::noop().clone());
        let _ = waiters.register(&mut tickets[0], Waker::noop().clone());
        assert_eq!(waiters.len(), 4);
        for ticket in [tickets[0], tickets[1]] {
            assert!(waiters.first().is_some());
            assert!(waiters.leave(ticket.unwrap()).is_none(), "it was first");
        }
        assert!(waiters.leave(tickets[3].unwrap()).is_some());
        assert_eq!(waiters.all().count(), 1);
        let mut late = None;
        let _ = waiters.register(&mut late, Waker::noop().clone());
        assert!(!tickets.contains(&late), "none is used again");
        assert!(waiters.leave(late.unwrap()).is_some());
    }

    #[test]
    fn registering_twice_is_one_place() {
        let mut waiters = Waiters::new();
        let mut ticket = None;
        let _ = waiters.register(&mut ticket, Waker::noop().clone());
        let _ = waiters.register(&mut ticket, Waker::noop().clone());
        assert_eq!(waiters.all().count(), 1);
        assert_eq!(waiters.len(), 0);
    }
}
