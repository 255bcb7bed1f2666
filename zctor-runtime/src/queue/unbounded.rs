//! A queue without a limit.

use std::fmt;
use std::iter::FusedIterator;

use crossbeam_queue::SegQueue;

/// A queue without a lock and without a limit, for any number of threads at
/// both ends.
///
/// What one thread pushes is popped in that order. Memory is taken for 31
/// items at a time, and freed when those have been popped, so a burst leaves
/// no more behind than one item does.
///
/// ```
/// use zctor::queue::Unbounded;
///
/// let queue = Unbounded::new();
/// queue.push("first");
/// queue.push("second");
/// assert_eq!(queue.len(), 2);
/// assert_eq!(queue.pop(), Some("first"));
/// assert_eq!(queue.into_iter().collect::<Vec<_>>(), ["second"]);
/// ```
pub struct Unbounded<T>(SegQueue<T>);

impl<T> Unbounded<T> {
    /// An empty queue, which has allocated nothing yet.
    ///
    /// ```
    /// use zctor::queue::Unbounded;
    ///
    /// static QUEUE: Unbounded<String> = Unbounded::new();
    /// assert!(QUEUE.is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Unbounded<T> {
        Unbounded(SegQueue::new())
    }

    /// Puts `item` behind all others.
    ///
    /// ```
    /// # use zctor::queue::Unbounded;
    /// let queue = Unbounded::new();
    /// queue.push(1);
    /// assert_eq!(queue.len(), 1);
    /// ```
    #[inline]
    pub fn push(&self, item: T) {
        self.0.push(item);
    }

    /// Takes the first item. None if there is nothing in the queue.
    ///
    /// ```
    /// # use zctor::queue::Unbounded;
    /// let queue = Unbounded::from_iter([1, 2]);
    /// assert_eq!((queue.pop(), queue.pop(), queue.pop()), (Some(1), Some(2), None));
    /// ```
    #[inline]
    pub fn pop(&self) -> Option<T> {
        self.0.pop()
    }

    /// How many items are in the queue at some moment of the call.
    ///
    /// ```
    /// # use zctor::queue::Unbounded;
    /// assert_eq!(Unbounded::from_iter(0..100).len(), 100);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    ///
    /// ```
    /// # use zctor::queue::Unbounded;
    /// let queue = Unbounded::new();
    /// assert!(queue.is_empty());
    /// queue.push(1);
    /// assert!(!queue.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Unbounded<T> {
    fn default() -> Unbounded<T> {
        Unbounded::new()
    }
}

impl<T> fmt::Debug for Unbounded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unbounded")
            .field("len", &self.len())
            .finish()
    }
}

impl<T> FromIterator<T> for Unbounded<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Unbounded<T> {
        let mut queue = Unbounded::new();
        queue.extend(items);
        queue
    }
}

impl<T> Extend<T> for Unbounded<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T> IntoIterator for Unbounded<T> {
    type Item = T;
    type IntoIter = UnboundedIntoIter<T>;

    fn into_iter(self) -> UnboundedIntoIter<T> {
        UnboundedIntoIter(self)
    }
}

/// The items of an [`Unbounded`] queue, in order. What is left when it is
/// dropped is dropped too.
///
/// ```
/// use zctor::queue::Unbounded;
///
/// let mut items = Unbounded::from_iter([1, 2, 3]).into_iter();
/// assert_eq!(items.next(), Some(1));
/// assert_eq!(items.len(), 2);
/// ```
pub struct UnboundedIntoIter<T>(Unbounded<T>);

impl<T> fmt::Debug for UnboundedIntoIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnboundedIntoIter").field(&self.0).finish()
    }
}

impl<T> Iterator for UnboundedIntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.pop()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.0.len();
        (len, Some(len))
    }
}

impl<T> ExactSizeIterator for UnboundedIntoIter<T> {}
impl<T> FusedIterator for UnboundedIntoIter<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_queue() {
        static QUEUE: Unbounded<u32> = Unbounded::new();
        // Over the ends of several blocks of its memory.
        for lap in 0..100 {
            (0..lap).for_each(|n| QUEUE.push(n));
            assert_eq!(QUEUE.len(), lap as usize);
            assert_eq!(QUEUE.is_empty(), lap == 0);
            (0..lap).for_each(|n| assert_eq!(QUEUE.pop(), Some(n)));
            assert_eq!(QUEUE.pop(), None);
        }
    }

    #[test]
    fn its_items_can_be_had_one_by_one() {
        let mut queue = Unbounded::default();
        queue.extend(0..70);
        queue.push(70);
        assert_eq!(format!("{queue:?}"), "Unbounded { len: 71 }");
        let mut items = queue.into_iter();
        for n in 0..71 {
            assert_eq!(items.len(), 71 - n);
            assert_eq!(items.next(), Some(n));
        }
        assert_eq!((items.next(), items.next()), (None, None));
    }
}
