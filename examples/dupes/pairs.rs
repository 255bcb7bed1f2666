//! Holding things back until there are two alike.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

/// Lets through what has a companion: the first item with a key is kept, the
/// second comes out together with it, and the others come out at once.
#[derive(Debug)]
pub(crate) struct Pairs<K, T> {
    /// None: they are out.
    first: HashMap<K, Option<T>>,
}

impl<K: Hash + Eq, T> Pairs<K, T> {
    pub(crate) fn new() -> Pairs<K, T> {
        Pairs {
            first: HashMap::new(),
        }
    }

    pub(crate) fn admit(&mut self, key: K, item: T) -> impl Iterator<Item = T> + use<K, T> {
        let out = match self.first.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(Some(item));
                [None, None]
            }
            Entry::Occupied(mut entry) => [entry.get_mut().take(), Some(item)],
        };
        out.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_out_in_company() {
        let mut pairs = Pairs::new();
        let mut admit = |key, item| pairs.admit(key, item).collect::<Vec<_>>();
        assert_eq!(admit(1, 'a'), []);
        assert_eq!(admit(2, 'b'), []);
        assert_eq!(admit(1, 'c'), ['a', 'c']);
        assert_eq!(admit(1, 'd'), ['d']);
        assert_eq!(admit(2, 'e'), ['b', 'e']);
    }
}
