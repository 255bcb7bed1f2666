//! Messages of which only the latest counts.
//!
//! A message with `#[latest]` that is queued has an entry here, by its key.
//! What comes while there is one does not go to the queue: it is kept in the
//! entry, and handed over in place of the queued message when that has its
//! turn. Whoever takes such a message out of the mailbox takes the entry with
//! it.
//!
//! An entry is made, and its message queued, under one lock. So whoever finds
//! an entry knows that a message is in the queue that will ask for it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::convert::Infallible;
use std::hash::Hash;
use std::sync::Mutex;

use crate::sync::lock;

/// The keys of a protocol that has no such messages.
#[doc(hidden)]
pub type NoLatest = Infallible;

/// The entries of an actor. What replaces a message is none at first.
pub(crate) struct Latest<K, M>(Mutex<HashMap<K, Option<M>>>);

/// What became of a message.
pub(crate) enum Put<M, Q, E> {
    /// It is in an entry; what it has replaced there, if the queued message was
    /// replaced before.
    Replaced(Option<M>),
    Queued(Q),
    Refused(E),
}

impl<K: Eq + Hash, M> Latest<K, M> {
    pub(crate) fn new() -> Latest<K, M> {
        Latest(Mutex::new(HashMap::new()))
    }

    /// Puts a message in the place of the queued one, or queues it.
    pub(crate) fn put<Q, E>(
        &self,
        key: K,
        message: M,
        queue: impl FnOnce(M) -> Result<Q, E>,
    ) -> Put<M, Q, E> {
        match lock(&self.0).entry(key) {
            Entry::Occupied(mut entry) => Put::Replaced(entry.get_mut().replace(message)),
            Entry::Vacant(entry) => match queue(message) {
                Ok(queued) => {
                    entry.insert(None);
                    Put::Queued(queued)
                }
                Err(refused) => Put::Refused(refused),
            },
        }
    }

    /// What has replaced the message that leaves the queue.
    pub(crate) fn take(&self, key: &K) -> Option<M> {
        let mut entries = lock(&self.0);
        let newer = entries.remove(key).flatten();
        if entries.is_empty() && entries.capacity() > KEPT {
            // A burst of many keys does not hold its memory for ever.
            entries.shrink_to(KEPT);
        }
        newer
    }
}

/// So many entries keep their memory.
const KEPT: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_takes_the_place_of_the_queued_one() {
        let latest = Latest::<u8, &str>::new();
        let mut queue = Vec::new();
        let mut put = |key, message| {
            latest.put(key, message, |message| {
                queue.push(message);
                Ok::<(), ()>(())
            })
        };
        assert!(matches!(put(1, "a"), Put::Queued(())));
        assert!(matches!(put(2, "b"), Put::Queued(())));
        assert!(matches!(put(1, "c"), Put::Replaced(None)));
        assert!(matches!(put(1, "d"), Put::Replaced(Some("c"))));
        assert_eq!(queue, ["a", "b"]);
        assert_eq!(latest.take(&1), Some("d"));
        assert_eq!(latest.take(&2), None);
        assert_eq!(latest.take(&2), None, "one without an entry");
    }

    #[test]
    fn one_that_is_refused_leaves_no_entry() {
        let latest = Latest::<u8, &str>::new();
        let refused = latest.put(1, "a", Err::<(), _>);
        assert!(matches!(refused, Put::Refused("a")));
        let put = latest.put(1, "b", |_| Ok::<(), ()>(()));
        assert!(matches!(put, Put::Queued(())));
    }
}
