//! What the handler of a batched message gets.

use std::collections::{VecDeque, vec_deque};
use std::fmt;
use std::iter::FusedIterator;
use std::mem;
use std::sync::{Arc, Mutex};

use super::plan::fitting;
use crate::sync::lock;

/// The messages of one variant that were collected: what the handler of a
/// message with `#[batch]` gets. It is an iterator that owns them, in the order
/// in which they came, and never empty at first.
///
/// An item is the field of the message, or a tuple of its fields, or `()`. For
/// an ask each comes with its [`Reply`](crate::Reply). What the handler leaves
/// in it is dropped with it.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::Batch;
///
/// #[actor]
/// enum Log {
///     #[batch(max = 100, within = "10ms")]
///     Write(String),
///     #[reply(usize)]
///     #[batch(max = 10, within = "1ms")]
///     Length(String),
///     #[reply(Vec<String>)]
///     Lines,
/// }
/// #[derive(Default)]
/// struct File { lines: Vec<String>, writes: u32 }
///
/// #[handlers]
/// impl LogActor for File {
///     fn write(&mut self, batch: Batch<String>) {
///         self.lines.extend(batch);
///         self.writes += 1;
///     }
///     fn length(&mut self, batch: Batch<(String, Reply<usize>)>) {
///         for (text, reply) in batch { reply.send(text.len()) }
///     }
///     fn lines(&self) -> Vec<String> { self.lines.clone() }
/// }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let log = Log::spawn(&system, File::default());
/// log.write("one".to_owned())?;
/// log.write("two".to_owned())?;
/// // A message of another kind comes after them, so they are written by then.
/// assert_eq!(log.lines().wait()?, ["one", "two"]);
/// assert_eq!(log.length("three".to_owned()).wait()?, 5);
/// # system.shutdown().wait() }
/// ```
pub struct Batch<T> {
    items: VecDeque<T>,
    /// How many there were.
    whole: usize,
    /// Where the memory goes back to.
    home: Option<Arc<Home<T>>>,
}

/// The memory for batches of one kind, while none is in hand.
pub(crate) type Home<T> = Mutex<VecDeque<T>>;

impl<T> Batch<T> {
    pub(crate) fn at_home(home: &Arc<Home<T>>, fill: impl FnOnce(&mut VecDeque<T>)) -> Batch<T> {
        let mut items = mem::take(&mut *lock(home));
        fill(&mut items);
        Batch {
            whole: items.len(),
            items,
            home: Some(Arc::clone(home)),
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub fn one(item: T) -> Batch<T> {
        Batch::from(vec![item])
    }

    /// How many are left.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether none is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Looks at those that are left.
    pub fn iter(&self) -> vec_deque::Iter<'_, T> {
        self.items.iter()
    }

    /// Those that are left, in one piece.
    pub fn as_slice(&mut self) -> &[T] {
        self.items.make_contiguous()
    }
}

/// A batch of what is at hand: for tests of handlers that are called without
/// an actor.
///
/// ```
/// use zctor::Batch;
///
/// let batch = Batch::from(vec![1, 2, 3]);
/// assert_eq!(batch.len(), 3);
/// assert_eq!(batch.sum::<i32>(), 6);
/// ```
impl<T> From<Vec<T>> for Batch<T> {
    fn from(items: Vec<T>) -> Self {
        Batch {
            whole: items.len(),
            items: items.into(),
            home: None,
        }
    }
}

impl<T> Iterator for Batch<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.items.pop_front()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.items.len(), Some(self.items.len()))
    }
}

impl<T> DoubleEndedIterator for Batch<T> {
    fn next_back(&mut self) -> Option<T> {
        self.items.pop_back()
    }
}

impl<T> ExactSizeIterator for Batch<T> {}

impl<T> FusedIterator for Batch<T> {}

impl<'a, T> IntoIterator for &'a Batch<T> {
    type Item = &'a T;
    type IntoIter = vec_deque::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> Drop for Batch<T> {
    fn drop(&mut self) {
        let mut items = mem::take(&mut self.items);
        // Items are the user's, and their drops may panic: first they, then
        // the memory goes back, and not at all if one did.
        items.clear();
        if let Some(home) = &self.home {
            if let Some(capacity) = fitting(items.capacity(), self.whole) {
                items.shrink_to(capacity);
            }
            *lock(home) = items;
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Batch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Batch").field(&self.items).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_memory_is_used_again_and_that_of_a_burst_is_not_kept() {
        let home = Arc::new(Home::default());
        let fill = |n: usize| Batch::at_home(&home, |items| items.extend(0..n));
        let mut batch = fill(50);
        assert_eq!(
            (batch.next(), batch.next_back(), batch.len()),
            (Some(0), Some(49), 48)
        );
        let capacity = batch.items.capacity();
        drop(batch);
        assert_eq!(lock(&home).capacity(), capacity);
        assert_eq!(fill(40).items.capacity(), capacity);
        drop(fill(10_000));
        assert!(lock(&home).capacity() >= 10_000);
        drop(fill(40));
        assert!(lock(&home).capacity() < 200);
    }

    #[test]
    fn it_is_a_sequence() {
        let mut batch = Batch::from(vec!['a', 'b', 'c']);
        assert_eq!(batch.iter().collect::<String>(), "abc");
        assert_eq!(batch.as_slice(), ['a', 'b', 'c']);
        assert_eq!((&batch).into_iter().count(), 3);
        assert_eq!(format!("{batch:?}"), "Batch(['a', 'b', 'c'])");
        assert_eq!(batch.by_ref().rev().collect::<String>(), "cba");
        assert!(batch.is_empty());
    }
}
