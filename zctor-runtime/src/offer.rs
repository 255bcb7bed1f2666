//! Offering messages to the hook `ready`.
//!
//! A message that is fetched is held first and asked for then: whoever looks
//! from outside sees it in the one place or in the other, also while the
//! user's hook runs or panics.

use crate::inbox::Next;
use crate::shelf::Place;

/// Messages of one lane, by kind: those held, and those to come.
pub(crate) trait Source<K, T> {
    /// The first held message that came after `place` and is the first of its
    /// kind.
    fn held_after(&self, place: Option<Place>) -> Option<(Place, K)>;

    /// Takes the first held message of a kind, for a handler.
    fn release(&mut self, kind: K) -> Option<T>;

    /// Holds the next message, and says of which kind it is.
    fn fetch(&mut self) -> Next<K>;
}

/// The first message that is ready, in the order of arrival.
pub(crate) fn offer<K: Copy, T>(
    source: &mut impl Source<K, T>,
    mut ready: impl FnMut(K) -> bool,
) -> Next<T> {
    let mut place = None;
    while let Some((at, kind)) = source.held_after(place) {
        if ready(kind)
            && let Some(item) = source.release(kind)
        {
            return Next::Item(item);
        }
        place = Some(at);
    }
    loop {
        match source.fetch() {
            Next::Item(kind) => {
                // Someone else may have taken it meanwhile.
                if ready(kind)
                    && let Some(item) = source.release(kind)
                {
                    return Next::Item(item);
                }
            }
            Next::Nothing => return Next::Nothing,
            Next::Behind => return Next::Behind,
            Next::Closed => return Next::Closed,
        }
    }
}

/// The kinds that were not ready since the last message was handled: what
/// decides on that is the state, which only a handler changes.
#[derive(Debug)]
pub(crate) struct Refusals<K>(Option<Box<Refused<K>>>);

#[derive(Debug)]
struct Refused<K> {
    kinds: Vec<K>,
}

impl<K: Copy + Eq> Refusals<K> {
    pub(crate) const fn new() -> Refusals<K> {
        Refusals(None)
    }

    /// Whether messages of this kind are ready: asked once.
    pub(crate) fn ask(&mut self, kind: K, ready: impl FnOnce() -> bool) -> bool {
        let refused = self.0.as_ref();
        if refused.is_some_and(|refused| refused.kinds.contains(&kind)) {
            return false;
        }
        let ready = ready();
        if !ready {
            let none = || Box::new(Refused { kinds: Vec::new() });
            self.0.get_or_insert_with(none).kinds.push(kind);
        }
        ready
    }

    /// A message was handled.
    pub(crate) fn forget(&mut self) {
        if let Some(refused) = &mut self.0 {
            refused.kinds.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::shelf::Shelf;

    /// Numbers, whose kind is their last digit.
    struct Numbers {
        new: VecDeque<u32>,
        held: Shelf<u32>,
    }

    impl Source<u32, u32> for Numbers {
        fn held_after(&self, place: Option<Place>) -> Option<(Place, u32)> {
            let (place, number) = self.held.front_after(place)?;
            Some((place, number % 10))
        }

        fn release(&mut self, kind: u32) -> Option<u32> {
            self.held.take(kind as usize)
        }

        fn fetch(&mut self) -> Next<u32> {
            match self.new.pop_front() {
                Some(number) => {
                    self.held.put((number % 10) as usize, number);
                    Next::Item(number % 10)
                }
                None => Next::Nothing,
            }
        }
    }

    /// Takes all that is offered while `ready` says which kinds are; returns
    /// that, and how often it was asked.
    fn take_all(numbers: &mut Numbers, ready: impl Fn(u32, &[u32]) -> bool) -> (Vec<u32>, u32) {
        let (mut taken, mut asked) = (Vec::new(), 0);
        let mut refusals = Refusals::new();
        loop {
            let next = offer(numbers, |kind| {
                refusals.ask(kind, || {
                    asked += 1;
                    ready(kind, &taken)
                })
            });
            match next {
                Next::Item(number) => taken.push(number),
                _ => return (taken, asked),
            }
            refusals.forget();
        }
    }

    fn numbers(new: impl IntoIterator<Item = u32>) -> Numbers {
        Numbers {
            new: new.into_iter().collect(),
            held: Shelf::new(),
        }
    }

    #[test]
    fn what_is_ready_comes_in_the_order_of_arrival() {
        let mut numbers = numbers([1, 2, 11, 3, 12, 21]);
        let only = |kinds: &'static [u32]| move |kind, _: &[u32]| kinds.contains(&kind);
        assert_eq!(take_all(&mut numbers, only(&[3])).0, [3]);
        numbers.new.extend([22, 13, 31]);
        assert_eq!(
            take_all(&mut numbers, only(&[1, 2])).0,
            [1, 2, 11, 12, 21, 22, 31]
        );
        assert_eq!(take_all(&mut numbers, only(&[1, 2, 3])).0, [13]);
    }

    #[test]
    fn a_handled_message_lets_held_ones_in_before_new_ones() {
        let mut numbers = numbers([1, 11, 2, 21, 12]);
        let after_two = |kind, taken: &[u32]| kind == 2 || taken.contains(&2);
        assert_eq!(take_all(&mut numbers, after_two).0, [2, 1, 11, 21, 12]);
    }

    #[test]
    fn it_asks_for_kinds_and_not_for_messages() {
        let ones = (0..25_000).map(|n| n * 10 + 1);
        let mut numbers = numbers(ones.chain([2]));
        let (taken, asked) = take_all(&mut numbers, |kind, _| kind == 2);
        assert_eq!(taken, [2]);
        assert_eq!(asked, 3, "1, then 2, and 1 again when 2 was handled");
        assert_eq!(numbers.held.len(), 25_000);
    }
}
