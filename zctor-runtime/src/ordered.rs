//! A map in the order of its keys, made to be compiled quickly: the code of a
//! `BTreeMap` is long, and compiled anew for each type of its values.

use std::collections::BTreeMap;
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// Values in a list, and a map of their places: the map is the same for all
/// that have the same keys.
#[derive(Clone)]
pub(crate) struct Ordered<K: Ord + Copy, V> {
    places: BTreeMap<K, usize>,
    values: Vec<Option<V>>,
    free: Vec<usize>,
}

impl<K: Ord + Copy, V> Ordered<K, V> {
    pub(crate) fn new() -> Ordered<K, V> {
        Ordered {
            places: BTreeMap::new(),
            values: Vec::new(),
            free: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Returns what was there.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let place = self.place_of(key);
        self.values[place].replace(value)
    }

    pub(crate) fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let place = self.place_of(key);
        self.values[place].get_or_insert_with(make)
    }

    /// Where the value of a key is, or is to be.
    fn place_of(&mut self, key: K) -> usize {
        let next = self.free.last().copied().unwrap_or(self.values.len());
        let place = *self.places.entry(key).or_insert(next);
        if place == next && self.free.pop().is_none() {
            self.values.push(None);
        }
        place
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.places.remove(key)?;
        let value = self.values[place].take();
        self.free.push(place);
        // The memory of a crowd is not kept.
        if self.places.len() < self.values.len() / 8 {
            self.move_together();
        }
        value
    }

    fn move_together(&mut self) {
        let mut values = Vec::with_capacity(2 * self.places.len());
        for place in self.places.values_mut() {
            let value = self.values[*place].take();
            *place = values.len();
            values.push(value);
        }
        self.values = values;
        self.free = Vec::new();
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.at(*self.places.get(key)?)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.values[*self.places.get(key)?].as_mut()
    }

    fn at(&self, place: usize) -> Option<&V> {
        self.values[place].as_ref()
    }

    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = K> {
        self.places.keys().copied()
    }

    /// The keys from this one on.
    pub(crate) fn keys_from(&self, first: K) -> impl DoubleEndedIterator<Item = K> {
        self.keys_in(Included(first))
    }

    fn keys_in(&self, from: Bound<K>) -> impl DoubleEndedIterator<Item = K> {
        self.places.range((from, Unbounded)).map(|(key, _)| *key)
    }

    pub(crate) fn first_key(&self) -> Option<K> {
        self.keys().next()
    }

    /// The key behind this one.
    pub(crate) fn key_after(&self, key: K) -> Option<K> {
        self.keys_in(Excluded(key)).next()
    }

    /// In the order of the keys.
    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.places.values().filter_map(|place| self.at(*place))
    }

    /// In the order of the keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        let all = self.places.iter();
        all.filter_map(|(key, place)| Some((*key, self.at(*place)?)))
    }

    /// What `look` makes of the values, in the order of the keys, but those of
    /// which it makes nothing.
    pub(crate) fn pick<T>(&self, mut look: impl FnMut(&V) -> Option<T>) -> Vec<T> {
        let mut picked = Vec::new();
        for place in self.places.values() {
            picked.extend(self.at(*place).and_then(&mut look));
        }
        picked
    }

    /// In the order of the keys.
    pub(crate) fn for_each_mut(&mut self, mut look: impl FnMut(K, &mut V)) {
        for (key, place) in &self.places {
            if let Some(value) = &mut self.values[*place] {
                look(*key, value);
            }
        }
    }

    /// Takes those out that are `wanted`, in the order of the keys.
    pub(crate) fn take_if(&mut self, mut wanted: impl FnMut(K, &V) -> bool) -> Vec<V> {
        let mut keys = Vec::new();
        for (key, value) in self.iter() {
            if wanted(key, value) {
                keys.push(key);
            }
        }
        let mut taken = Vec::with_capacity(keys.len());
        for key in keys {
            taken.extend(self.remove(&key));
        }
        taken
    }

    /// Takes all out, in the order of the keys.
    pub(crate) fn take_all(&mut self) -> Vec<(K, V)> {
        let mut all = Vec::with_capacity(self.places.len());
        for (key, place) in std::mem::take(&mut self.places) {
            if let Some(value) = self.values[place].take() {
                all.push((key, value));
            }
        }
        self.values = Vec::new();
        self.free = Vec::new();
        all
    }
}

impl<K: Ord + Copy, V> Default for Ordered<K, V> {
    fn default() -> Ordered<K, V> {
        Ordered::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map of both kinds, after the same random calls.
    fn both(random: &mut fastrand::Rng) -> (Ordered<u8, u32>, BTreeMap<u8, u32>) {
        let (mut ordered, mut map) = (Ordered::new(), BTreeMap::new());
        for value in 0..random.u32(..100) {
            let key = random.u8(..20);
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

    fn agree(ordered: &Ordered<u8, u32>, map: &BTreeMap<u8, u32>) {
        let key = 10;
        assert_eq!(ordered.len(), map.len());
        assert_eq!(ordered.is_empty(), map.is_empty());
        assert!(
            ordered
                .iter()
                .eq(map.iter().map(|(key, value)| (*key, value)))
        );
        assert!(ordered.values().rev().eq(map.values().rev()));
        assert!(ordered.keys().rev().eq(map.keys().rev().copied()));
        assert!(
            ordered
                .keys_from(key)
                .eq(map.range(key..).map(|(key, _)| *key))
        );
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
            assert!(ordered.clone().iter().eq(ordered.iter()));
            let mut seen = Vec::new();
            ordered.for_each_mut(|key, value| seen.push((key, *value)));
            assert_eq!(seen, Vec::from_iter(map.clone()));
            let wanted = |key: u8, value: u32| key > 3 && value.is_multiple_of(3);
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
