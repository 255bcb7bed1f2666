//! Who is on a list that is read far more often than it is changed.
//!
//! A reader takes the whole list as it is, and goes through it without a lock.
//! Whoever changes it while somebody reads changes a copy; if nobody does, the
//! list itself. So one reading costs at most one copy, however many changes
//! are made meanwhile.

use std::sync::Arc;

use crate::ordered::Ordered;

/// A place on a list, never used again.
pub(super) type Place = u64;

pub(super) type Entries<E> = Arc<Ordered<Place, Arc<E>>>;

pub(super) struct Roll<E> {
    given: Place,
    entries: Entries<E>,
}

impl<E> Roll<E> {
    pub(super) fn new() -> Roll<E> {
        Roll {
            given: 0,
            entries: Arc::default(),
        }
    }

    /// A place after all others.
    pub(super) fn reserve(&mut self) -> Place {
        self.given += 1;
        self.given
    }

    pub(super) fn insert(&mut self, place: Place, entry: Arc<E>) {
        Arc::make_mut(&mut self.entries).insert(place, entry);
    }

    /// Returned to be dropped without the lock that guards this list.
    #[must_use]
    pub(super) fn remove(&mut self, place: Place) -> Option<Arc<E>> {
        self.entries.get(&place)?;
        Arc::make_mut(&mut self.entries).remove(&place)
    }

    /// Those who are on it now, in the order of their places.
    pub(super) fn entries(&self) -> Entries<E> {
        Arc::clone(&self.entries)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(roll: &mut Roll<char>, entry: char) -> Place {
        let place = roll.reserve();
        roll.insert(place, Arc::new(entry));
        place
    }

    fn read(entries: &Entries<char>) -> String {
        entries.iter().map(|(_, entry)| **entry).collect()
    }

    #[test]
    fn a_reader_sees_the_list_as_it_was() {
        let mut roll = Roll::new();
        let a = add(&mut roll, 'a');
        add(&mut roll, 'b');
        let before = roll.entries();
        assert_eq!(roll.remove(a).as_deref(), Some(&'a'));
        assert!(roll.remove(a).is_none());
        add(&mut roll, 'c');
        assert_eq!(
            (read(&before), read(&roll.entries())),
            ("ab".into(), "bc".into())
        );
    }

    #[test]
    fn it_is_copied_once_for_a_reader_and_else_not() {
        let mut roll = Roll::new();
        let address = |roll: &Roll<char>| Arc::as_ptr(&roll.entries);
        let at = address(&roll);
        let a = add(&mut roll, 'a');
        assert_eq!(address(&roll), at);
        let reader = roll.entries();
        add(&mut roll, 'b');
        let copy = address(&roll);
        assert_ne!(copy, at);
        add(&mut roll, 'c');
        drop(reader);
        drop(roll.remove(a));
        assert_eq!(address(&roll), copy);
        assert!(!roll.is_empty());
    }
}
