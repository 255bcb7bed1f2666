//! Who waits for a permit, in the order of arrival.

use std::collections::VecDeque;
use std::task::Waker;

/// A place in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u64);

/// The line. Its first looks after its turn by a timer of its own; the others
/// sleep until they are first.
#[derive(Debug, Default)]
pub(super) struct Line {
    given: u64,
    waiting: VecDeque<(Place, Waker)>,
}

impl Line {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Goes to the end of the line, or stays at `place` with another waker,
    /// and gives back the one that was there: wakers are dropped and woken
    /// without the lock that guards the line.
    pub(super) fn wait(&mut self, place: &mut Option<Place>, waker: Waker) -> Option<Waker> {
        if let Some(place) = *place {
            let at = self.find(place)?;
            let (_, old) = self.waiting.get_mut(at)?;
            return Some(std::mem::replace(old, waker));
        }
        self.given += 1;
        let mine = Place(self.given);
        *place = Some(mine);
        self.waiting.push_back((mine, waker));
        None
    }

    pub(super) fn is_first(&self, place: Place) -> bool {
        self.waiting
            .front()
            .is_some_and(|(first, _)| *first == place)
    }

    /// Leaves the line: its waker, and that of who is first now instead.
    pub(super) fn leave(&mut self, place: Place) -> (Option<Waker>, Option<Waker>) {
        let first = self.is_first(place);
        let mine = self.find(place).and_then(|at| self.waiting.remove(at));
        let next = self.waiting.front().filter(|_| first);
        (
            mine.map(|(_, waker)| waker),
            next.map(|(_, waker)| waker.clone()),
        )
    }

    /// Empties the line, for the caller to wake them all.
    pub(super) fn all(&mut self) -> Vec<Waker> {
        self.waiting.drain(..).map(|(_, waker)| waker).collect()
    }

    fn find(&self, place: Place) -> Option<usize> {
        self.waiting
            .binary_search_by_key(&place, |(place, _)| *place)
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_leaves_makes_the_next_one_first() {
        let mut line = Line::default();
        let mut places = [None; 3];
        for place in &mut places {
            assert!(line.wait(place, Waker::noop().clone()).is_none());
        }
        let [a, b, c] = places.map(Option::unwrap);
        assert!(line.wait(&mut Some(b), Waker::noop().clone()).is_some());
        assert!(line.is_first(a) && !line.is_first(b));
        let (mine, next) = line.leave(b);
        assert!(mine.is_some() && next.is_none(), "b was not first");
        let (_, next) = line.leave(a);
        assert!(next.is_some() && line.is_first(c));
        let (_, next) = line.leave(c);
        assert!(next.is_none() && line.is_empty());
    }
}
