//! Messages that were offered and were not ready: which of them is next.
//!
//! A decision only: nothing here knows an actor, a lock or a queue. Messages
//! are kept apart by kind, each with its place in the order of arrival. So what
//! is asked for, and what is moved, is a kind's first message, however many
//! wait behind it.

use std::collections::VecDeque;

/// A place in the order of arrival.
pub(crate) type Place = u64;

/// An emptied queue larger than this gives its memory back.
const KEPT: usize = 64;

#[derive(Debug)]
pub(crate) struct Shelf<T> {
    next: Place,
    len: usize,
    /// By the index of the kind.
    kinds: Vec<VecDeque<(Place, T)>>,
    /// The first message of each kind that has any: its place, and the kind.
    /// Sorted by place; there are few kinds.
    fronts: Vec<(Place, usize)>,
}

impl<T> Shelf<T> {
    pub(crate) const fn new() -> Shelf<T> {
        Shelf {
            next: 0,
            len: 0,
            kinds: Vec::new(),
            fronts: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Puts a message of that kind behind all others.
    pub(crate) fn put(&mut self, kind: usize, item: T) {
        while self.kinds.len() <= kind {
            self.kinds.push(VecDeque::new());
        }
        let place = self.next;
        self.next += 1;
        self.len += 1;
        if self.kinds[kind].is_empty() {
            self.fronts.push((place, kind));
        }
        self.kinds[kind].push_back((place, item));
    }

    /// The first message that came after `place` and is the first of its kind.
    pub(crate) fn front_after(&self, place: Option<Place>) -> Option<(Place, &T)> {
        let at = match place {
            Some(place) => self.fronts.partition_point(|(other, _)| *other <= place),
            None => 0,
        };
        let (place, kind) = self.fronts.get(at)?;
        let (_, item) = self.kinds[*kind].front()?;
        Some((*place, item))
    }

    /// Takes the first message of that kind.
    pub(crate) fn take(&mut self, kind: usize) -> Option<T> {
        let queue = self.kinds.get_mut(kind)?;
        let (place, item) = queue.pop_front()?;
        self.len -= 1;
        let at = self.fronts.partition_point(|(other, _)| *other < place);
        self.fronts.remove(at);
        match queue.front() {
            Some((next, _)) => {
                let next = (*next, kind);
                let at = self.fronts.partition_point(|other| *other < next);
                self.fronts.insert(at, next);
            }
            None if queue.capacity() > KEPT => *queue = VecDeque::new(),
            None => {}
        }
        Some(item)
    }

    /// Takes the message that has waited longest.
    pub(crate) fn take_oldest(&mut self) -> Option<T> {
        let (_, kind) = self.fronts.first()?;
        self.take(*kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same in the simplest way: all messages in one row.
    #[derive(Default)]
    struct Row(Vec<(Place, usize)>);

    impl Row {
        fn is_front(&self, at: usize) -> bool {
            let kind = self.0[at].1;
            self.0[..at].iter().all(|(_, other)| *other != kind)
        }

        fn front_after(&self, place: Option<Place>) -> Option<Place> {
            (0..self.0.len())
                .filter(|at| self.is_front(*at))
                .map(|at| self.0[at].0)
                .find(|other| place.is_none_or(|place| *other > place))
        }

        fn take(&mut self, kind: usize) -> Option<Place> {
            let at = self.0.iter().position(|(_, other)| *other == kind)?;
            Some(self.0.remove(at).0)
        }

        fn take_oldest(&mut self) -> Option<Place> {
            (!self.0.is_empty()).then(|| self.0.remove(0).0)
        }
    }

    /// Numbers that look random, the same for each seed.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % sides
        }
    }

    #[test]
    fn it_decides_like_a_row_of_all_messages() {
        for seed in 1..=300 {
            let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ seed);
            let kinds = 1 + dice.roll(6);
            let (mut shelf, mut row, mut next) = (Shelf::new(), Row::default(), 0);
            for step in 0..400 {
                let kind = dice.roll(kinds) as usize;
                match dice.roll(8) {
                    0..=3 => {
                        shelf.put(kind, next);
                        row.0.push((next, kind));
                        next += 1;
                    }
                    4..=5 => assert_eq!(shelf.take(kind), row.take(kind), "{seed}/{step}"),
                    6 => assert_eq!(shelf.take_oldest(), row.take_oldest(), "{seed}/{step}"),
                    _ => {
                        let place = dice.roll(next + 2);
                        let place = place.checked_sub(1);
                        let seen = shelf.front_after(place).map(|(at, item)| {
                            assert_eq!(at, *item);
                            at
                        });
                        assert_eq!(seen, row.front_after(place), "{seed}/{step}");
                    }
                }
                assert_eq!(shelf.len(), row.0.len(), "{seed}/{step}");
            }
        }
    }

    #[test]
    fn a_large_queue_gives_its_memory_back() {
        let mut shelf = Shelf::new();
        for n in 0..1000 {
            shelf.put(0, n);
        }
        while shelf.take(0).is_some() {}
        assert_eq!(shelf.kinds[0].capacity(), 0);
        assert_eq!(shelf.len(), 0);
    }
}
