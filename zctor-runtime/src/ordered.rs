//! A map in the order of its keys, made to be compiled quickly: what it is a
//! map of is different in each protocol, and only what differs is compiled anew
//! for each.

use std::collections::BTreeMap;

/// Values in a list, and a map of their places: the map is the same for all.
pub(crate) struct Ordered<K, V> {
    places: BTreeMap<K, usize>,
    values: Vec<Option<V>>,
    free: Vec<usize>,
}

impl<K: Ord, V> Ordered<K, V> {
    pub(crate) fn new() -> Ordered<K, V> {
        Ordered {
            places: BTreeMap::new(),
            values: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Returns what was there.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        if let Some(there) = self.get_mut(&key) {
            return Some(std::mem::replace(there, value));
        }
        let place = match self.free.pop() {
            Some(place) => place,
            None => {
                self.values.push(None);
                self.values.len() - 1
            }
        };
        if let Some(slot) = self.values.get_mut(place) {
            *slot = Some(value);
        }
        self.places.insert(key, place);
        None
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.places.remove(key)?;
        let value = self.values.get_mut(place).and_then(Option::take);
        self.free.push(place);
        if self.places.is_empty() {
            // The memory of a crowd is not kept.
            self.values = Vec::new();
            self.free = Vec::new();
        }
        value
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.values.get(*self.places.get(key)?)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.values.get_mut(*self.places.get(key)?)?.as_mut()
    }

    /// Takes all out, in the order of the keys.
    pub(crate) fn take_all(&mut self) -> Vec<(K, V)> {
        let places = std::mem::take(&mut self.places);
        let mut values = std::mem::take(&mut self.values);
        self.free = Vec::new();
        let mut all = Vec::with_capacity(places.len());
        for (key, place) in places {
            if let Some(value) = values.get_mut(place).and_then(Option::take) {
                all.push((key, value));
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_a_map() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..200 {
            let (mut ordered, mut map) = (Ordered::new(), BTreeMap::new());
            for value in 0..100 {
                let key = random.u8(..20);
                match random.u8(..5) {
                    0 => assert_eq!(ordered.remove(&key), map.remove(&key)),
                    1 => assert_eq!(ordered.get(&key), map.get(&key)),
                    _ => assert_eq!(ordered.insert(key, value), map.insert(key, value)),
                }
                assert!(ordered.values.len() <= 20, "places are used again");
            }
            assert_eq!(ordered.take_all(), Vec::from_iter(map));
            assert_eq!(ordered.take_all(), []);
        }
    }
}
