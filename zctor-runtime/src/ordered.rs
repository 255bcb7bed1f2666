//! A map in the order of its keys, made to be compiled quickly: the code of a
//! `BTreeMap` is long, and compiled anew for each type of its keys and values.

use std::collections::{BTreeMap, btree_map};
use std::fmt;
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::time::Instant;

/// What a value is known by.
pub(crate) trait Key: Copy {
    fn rank(self) -> Rank;
}

/// What keys are compared by, whatever they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Number(u64),
    Pair(u64, u64),
    Time(Instant, u64),
}

impl Key for u64 {
    fn rank(self) -> Rank {
        Rank::Number(self)
    }
}

/// Values in a list, and a map of their places: the map is the same for all.
#[derive(Clone)]
pub(crate) struct Ordered<K: Key, V> {
    places: Places,
    values: Vec<Option<(K, V)>>,
}

/// Which places are taken, and by whom.
#[derive(Clone, Default)]
struct Places {
    taken: BTreeMap<Rank, usize>,
    free: Vec<usize>,
}

impl Places {
    /// The place of a key: a new one is free, or behind the `last`.
    fn take(&mut self, key: Rank, last: usize) -> usize {
        let next = self.free.last().copied().unwrap_or(last);
        let place = *self.taken.entry(key).or_insert(next);
        if place == next {
            self.free.pop();
        }
        place
    }

    fn find(&self, key: Rank) -> Option<usize> {
        self.taken.get(&key).copied()
    }

    /// The first one from there on.
    fn first(&self, from: Bound<Rank>) -> Option<usize> {
        let (_, place) = self.taken.range((from, Unbounded)).next()?;
        Some(*place)
    }

    fn leave(&mut self, key: Rank) -> Option<usize> {
        let place = self.taken.remove(&key)?;
        self.free.push(place);
        Some(place)
    }

    /// Gives new places to all, without a gap. Returns the old ones in the order
    /// of the new.
    fn move_together(&mut self) -> Vec<usize> {
        let mut old = Vec::with_capacity(self.taken.len());
        for (key, place) in std::mem::take(&mut self.taken) {
            self.taken.insert(key, old.len());
            old.push(place);
        }
        self.free = Vec::new();
        old
    }
}

impl<K: Key, V> Ordered<K, V> {
    pub(crate) fn new() -> Ordered<K, V> {
        Ordered {
            places: Places::default(),
            values: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.places.taken.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns what was there.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (_, value) = self.place_of(key).replace((key, value))?;
        Some(value)
    }

    pub(crate) fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let (_, value) = self.place_of(key).get_or_insert_with(|| (key, make()));
        value
    }

    fn place_of(&mut self, key: K) -> &mut Option<(K, V)> {
        let place = self.places.take(key.rank(), self.values.len());
        if place == self.values.len() {
            self.values.push(None);
        }
        &mut self.values[place]
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.places.leave(key.rank())?;
        let (_, value) = self.values[place].take()?;
        // The memory of a crowd is not kept.
        if self.len() < self.values.len() / 8 {
            self.move_together();
        }
        Some(value)
    }

    fn move_together(&mut self) {
        let mut values = Vec::with_capacity(2 * self.len());
        for place in &self.places.move_together() {
            values.push(self.values[*place].take());
        }
        self.values = values;
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let (_, value) = self.values[self.places.find(key.rank())?].as_ref()?;
        Some(value)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let (_, value) = self.values[self.places.find(key.rank())?].as_mut()?;
        Some(value)
    }

    pub(crate) fn first_key(&self) -> Option<K> {
        self.first(Unbounded)
    }

    /// The key behind this one.
    pub(crate) fn key_after(&self, key: K) -> Option<K> {
        self.first(Excluded(key.rank()))
    }

    fn first(&self, from: Bound<Rank>) -> Option<K> {
        let (key, _) = self.values[self.places.first(from)?].as_ref()?;
        Some(*key)
    }

    /// In their order.
    pub(crate) fn keys(&self) -> Vec<K> {
        self.keys_in(Unbounded)
    }

    /// The keys from this one on.
    pub(crate) fn keys_from(&self, first: K) -> Vec<K> {
        self.keys_in(Included(first.rank()))
    }

    fn keys_in(&self, from: Bound<Rank>) -> Vec<K> {
        let mut keys = Vec::new();
        for (_, place) in self.places.taken.range((from, Unbounded)) {
            if let Some((key, _)) = &self.values[*place] {
                keys.push(*key);
            }
        }
        keys
    }

    /// In the order of the keys.
    pub(crate) fn iter(&self) -> Iter<'_, K, V> {
        Iter {
            places: self.places.taken.values(),
            values: &self.values,
        }
    }

    /// What `look` makes of the values, in the order of the keys, but those of
    /// which it makes nothing.
    pub(crate) fn pick<T>(&self, mut look: impl FnMut(&V) -> Option<T>) -> Vec<T> {
        let mut picked = Vec::new();
        for (_, value) in self.iter() {
            if let Some(one) = look(value) {
                picked.push(one);
            }
        }
        picked
    }

    /// In the order of the keys.
    pub(crate) fn for_each_mut(&mut self, mut look: impl FnMut(K, &mut V)) {
        for place in self.places.taken.values() {
            if let Some((key, value)) = &mut self.values[*place] {
                look(*key, value);
            }
        }
    }

    /// Takes those out that are `wanted`, in the order of the keys.
    pub(crate) fn take_if(&mut self, mut wanted: impl FnMut(K, &V) -> bool) -> Vec<V> {
        let mut taken = Vec::new();
        for key in self.keys() {
            if self.get(&key).is_some_and(|value| wanted(key, value))
                && let Some(value) = self.remove(&key)
            {
                taken.push(value);
            }
        }
        taken
    }

    /// Takes all out, in the order of the keys.
    pub(crate) fn take_all(&mut self) -> Vec<(K, V)> {
        let mut all = Vec::with_capacity(self.len());
        for place in self.places.taken.values() {
            if let Some(one) = self.values[*place].take() {
                all.push(one);
            }
        }
        *self = Ordered::new();
        all
    }
}

impl<K: Key, V: PartialEq> PartialEq for Ordered<K, V> {
    fn eq(&self, other: &Ordered<K, V>) -> bool {
        let mut others = other.iter();
        for (key, value) in self.iter() {
            match others.next() {
                Some((other, same)) if key.rank() == other.rank() && value == same => {}
                _ => return false,
            }
        }
        others.next().is_none()
    }
}

impl<K: Key, V: Eq> Eq for Ordered<K, V> {}

impl<K: Key + fmt::Debug, V: fmt::Debug> fmt::Debug for Ordered<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Key, V> Default for Ordered<K, V> {
    fn default() -> Ordered<K, V> {
        Ordered::new()
    }
}

/// Keys and values, in the order of the keys.
pub(crate) struct Iter<'a, K, V> {
    places: btree_map::Values<'a, Rank, usize>,
    values: &'a [Option<(K, V)>],
}

impl<'a, K: Key, V> Iterator for Iter<'a, K, V> {
    type Item = (K, &'a V);

    fn next(&mut self) -> Option<(K, &'a V)> {
        let (key, value) = self.values[*self.places.next()?].as_ref()?;
        Some((*key, value))
    }
}

impl<'a, K: Key, V> DoubleEndedIterator for Iter<'a, K, V> {
    fn next_back(&mut self) -> Option<(K, &'a V)> {
        let (key, value) = self.values[*self.places.next_back()?].as_ref()?;
        Some((*key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map of both kinds, after the same random calls.
    fn both(random: &mut fastrand::Rng) -> (Ordered<u64, u32>, BTreeMap<u64, u32>) {
        let (mut ordered, mut map) = (Ordered::new(), BTreeMap::new());
        for value in 0..random.u32(..100) {
            let key = random.u64(..20);
            match random.u8(..6) {
                0 | 1 => assert_eq!(ordered.remove(&key), map.remove(&key)),
                2 => assert_eq!(ordered.get(&key), map.get(&key)),
                3 => assert_eq!(
                    ordered.get_or_insert_with(key, || value),
                    map.entry(key).or_insert(value),
                ),
                _ => assert_eq!(ordered.insert(key, value), map.insert(key, value)),
            }
            if let (Some(one), Some(other)) = (ordered.get_mut(&key), map.get_mut(&key)) {
                (*one, *other) = (*one + 1, *other + 1);
            }
            agree(&ordered, &map);
        }
        (ordered, map)
    }

    fn agree(ordered: &Ordered<u64, u32>, map: &BTreeMap<u64, u32>) {
        let key = 10;
        assert_eq!(ordered.len(), map.len());
        assert_eq!(ordered.is_empty(), map.is_empty());
        assert!(
            ordered
                .iter()
                .eq(map.iter().map(|(key, value)| (*key, value)))
        );
        let backwards = map.iter().rev().map(|(key, value)| (*key, value));
        assert!(ordered.iter().rev().eq(backwards));
        assert_eq!(ordered.keys(), Vec::from_iter(map.keys().copied()));
        let behind = map.range(key..).map(|(key, _)| *key);
        assert_eq!(ordered.keys_from(key), Vec::from_iter(behind));
        assert_eq!(ordered.first_key(), map.keys().next().copied());
        let even = |value: &u32| value.is_multiple_of(2).then_some(*value);
        assert_eq!(
            ordered.pick(even),
            Vec::from_iter(map.values().filter_map(even))
        );
        let after = map.range(key + 1..).next();
        assert_eq!(ordered.key_after(key), after.map(|(key, _)| *key));
    }

    #[test]
    fn it_agrees_with_a_map() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..200 {
            let (mut ordered, mut map) = both(&mut random);
            assert!(ordered.clone() == ordered);
            assert_eq!(format!("{ordered:?}"), format!("{map:?}"));
            let mut seen = Vec::new();
            ordered.for_each_mut(|key, value| seen.push((key, *value)));
            assert_eq!(seen, Vec::from_iter(map.clone()));
            let wanted = |key: u64, value: u32| key > 3 && value.is_multiple_of(3);
            let taken = ordered.take_if(|key, value| wanted(key, *value));
            let expected = map.extract_if(.., |key, value| wanted(*key, *value));
            assert_eq!(taken, expected.map(|(_, value)| value).collect::<Vec<_>>());
            agree(&ordered, &map);
            assert_eq!(ordered.take_all(), Vec::from_iter(map));
            assert_eq!(ordered.take_all(), []);
            agree(&ordered, &BTreeMap::new());
        }
    }

    #[test]
    fn the_memory_of_a_crowd_is_not_kept() {
        let mut ordered = Ordered::new();
        for key in 0..1_000 {
            ordered.insert(key, key);
        }
        for key in 10..1_000 {
            ordered.remove(&key);
        }
        assert!(ordered.values.capacity() < 100);
        assert_eq!(
            ordered.take_all(),
            Vec::from_iter((0..10).map(|key| (key, key)))
        );
    }
}
