//! A map in the order of its keys, made to be compiled quickly: the code of a
//! `BTreeMap` is long, and compiled anew for each type of its values.

use std::collections::BTreeMap;
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// Values in a list, and a map of their places: the map is the same for all
/// that have the same keys.
#[derive(Clone)]
pub(crate) struct Ordered<K: Ord + Copy, V> {
    places: BTreeMap<K, usize>,
    values: Vec<(K, V)>,
}

impl<K: Ord + Copy, V> Ordered<K, V> {
    pub(crate) fn new() -> Ordered<K, V> {
        Ordered {
            places: BTreeMap::new(),
            values: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Returns what was there.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        if let Some(there) = self.get_mut(&key) {
            return Some(std::mem::replace(there, value));
        }
        self.places.insert(key, self.values.len());
        self.values.push((key, value));
        None
    }

    pub(crate) fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => {
                let value = make();
                self.insert(key, value);
                self.values.len() - 1
            }
        };
        &mut self.values[place].1
    }

    /// The last value in the list gets the place of the one that goes.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.places.remove(key)?;
        let (_, value) = self.values.swap_remove(place);
        if let Some((moved, _)) = self.values.get(place) {
            self.places.insert(*moved, place);
        }
        // The memory of a crowd is not kept.
        let few = self.values.len();
        if few < self.values.capacity() / 8 {
            self.values.shrink_to(2 * few);
        }
        Some(value)
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        Some(self.at(*self.places.get(key)?))
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        Some(&mut self.values[*self.places.get(key)?].1)
    }

    fn at(&self, place: usize) -> &V {
        &self.values[place].1
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
        self.places.values().map(|place| self.at(*place))
    }

    /// In the order of the keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.places
            .iter()
            .map(|(key, place)| (*key, self.at(*place)))
    }

    /// In the order of the keys.
    pub(crate) fn for_each_mut(&mut self, mut look: impl FnMut(K, &mut V)) {
        for (key, place) in &self.places {
            look(*key, &mut self.values[*place].1);
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
        let places = std::mem::take(&mut self.places);
        let mut values = Vec::with_capacity(places.len());
        for value in std::mem::take(&mut self.values) {
            values.push(Some(value));
        }
        let mut all = Vec::with_capacity(places.len());
        for place in places.into_values() {
            all.extend(values[place].take());
        }
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
        (0..1_000).for_each(|key| assert_eq!(ordered.insert(key, key), None));
        (10..1_000).for_each(|key| assert_eq!(ordered.remove(&key), Some(key)));
        assert!(ordered.values.capacity() < 100);
        assert!(
            ordered
                .iter()
                .eq((0..10).map(|key| (key, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9][key])))
        );
    }
}
