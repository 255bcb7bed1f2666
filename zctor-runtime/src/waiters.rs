//! A queue of wakers: who waits, in the order of arrival.

use std::collections::VecDeque;
use std::task::Waker;

use crate::guard;

/// Wakers by ticket. A ticket is kept across polls, so one that was woken in
/// vain keeps its turn.
///
/// It is small until somebody waits. A deque in the order of tickets, and not a
/// map: it keeps its memory, so that one who comes and goes, such as an ask,
/// allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct Waiters(Option<Box<Line>>);

#[derive(Debug, Default)]
struct Line {
    given: Ticket,
    waiting: VecDeque<(Ticket, Waker)>,
}

/// All that have waited.
#[derive(Debug, Default)]
#[must_use = "they wait to be woken"]
pub(crate) struct All(VecDeque<(Ticket, Waker)>);

impl All {
    /// Without the lock that guards the queue.
    pub(crate) fn wake(self) {
        for (_, waker) in self.0 {
            guard::wake(waker);
        }
    }
}

/// A place in a [`Waiters`] queue.
pub(crate) type Ticket = u64;

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
        let ticket = *ticket.get_or_insert_with(|| {
            line.given += 1;
            line.given
        });
        match line.find(ticket) {
            Ok(place) => {
                let (_, old) = line.waiting.get_mut(place)?;
                Some(std::mem::replace(old, waker))
            }
            Err(place) => {
                if place == line.waiting.len() {
                    line.waiting.push_back((ticket, waker));
                } else {
                    line.waiting.insert(place, (ticket, waker));
                }
                None
            }
        }
    }

    /// Takes `ticket` out of the queue, for the caller to drop its waker.
    /// None if it had been woken already.
    #[must_use]
    pub(crate) fn leave(&mut self, ticket: Ticket) -> Option<Waker> {
        let line = self.0.as_mut()?;
        let place = line.find(ticket).ok()?;
        line.waiting.remove(place).map(|(_, waker)| waker)
    }

    /// Takes the first out of the queue, for the caller to wake it.
    pub(crate) fn first(&mut self) -> Option<Waker> {
        let line = self.0.as_mut()?;
        line.waiting.pop_front().map(|(_, waker)| waker)
    }

    /// Empties the queue, for the caller to wake them all.
    pub(crate) fn all(&mut self) -> All {
        All(match &mut self.0 {
            Some(line) => std::mem::take(&mut line.waiting),
            None => VecDeque::new(),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |line| line.waiting.len())
    }
}

impl Line {
    fn find(&self, ticket: Ticket) -> Result<usize, usize> {
        self.waiting
            .binary_search_by_key(&ticket, |(ticket, _)| *ticket)
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
        assert_eq!(waiters.all().0.len(), 1);
        let mut late = None;
        let _ = waiters.register(&mut late, Waker::noop().clone());
        assert!(
            !tickets.contains(&late),
            "one that is out is not used again"
        );
        assert!(waiters.leave(late.unwrap()).is_some());
        assert!(waiters.leave(tickets[2].unwrap()).is_none());
    }

    #[test]
    fn registering_twice_is_one_place() {
        let mut waiters = Waiters::new();
        let mut ticket = None;
        let _ = waiters.register(&mut ticket, Waker::noop().clone());
        let _ = waiters.register(&mut ticket, Waker::noop().clone());
        assert_eq!(waiters.all().0.len(), 1);
        assert_eq!(waiters.len(), 0);
    }
}
