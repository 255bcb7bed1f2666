//! A queue with room for so many.

use std::fmt;
use std::iter::FusedIterator;

use crossbeam_queue::ArrayQueue;

/// A queue without a lock and with room for so many, for any number of threads
/// at both ends.
///
/// What one thread pushes is popped in that order. All memory is taken when
/// the queue is made; pushing and popping allocate nothing.
///
/// ```
/// use zctor::queue::Bounded;
///
/// let queue = Bounded::new(2);
/// assert_eq!(queue.push("first"), Ok(()));
/// assert_eq!(queue.push("second"), Ok(()));
/// assert_eq!(queue.push("third"), Err("third"), "it is full");
/// assert_eq!(queue.pop(), Some("first"));
/// assert_eq!(queue.push("third"), Ok(()));
/// assert_eq!(queue.into_iter().collect::<Vec<_>>(), ["second", "third"]);
/// ```
pub struct Bounded<T>(ArrayQueue<T>);

impl<T> Bounded<T> {
    /// An empty queue with room for `capacity` items, which is allocated here.
    ///
    /// ```
    /// # use zctor::queue::Bounded;
    /// assert_eq!(Bounded::<u8>::new(8).capacity(), 8);
    /// ```
    ///
    /// # Panics
    /// If `capacity` is zero, or so many items would be more than all memory
    /// that there can be.
    #[must_use]
    pub fn new(capacity: usize) -> Bounded<T> {
        assert!(capacity > 0, "a queue needs room for at least one item");
        Bounded(ArrayQueue::new(capacity))
    }

    /// Puts `item` behind all others.
    ///
    /// ```
    /// # use zctor::queue::Bounded;
    /// let queue = Bounded::new(1);
    /// assert_eq!(queue.push(1), Ok(()));
    /// assert_eq!(queue.push(2), Err(2));
    /// ```
    ///
    /// # Errors
    /// If the queue is full, which gives the item back.
    #[inline]
    pub fn push(&self, item: T) -> Result<(), T> {
        self.0.push(item)
    }

    /// Puts `item` behind all others. If the queue is full it takes the first
    /// one out, and returns it.
    ///
    /// ```
    /// # use zctor::queue::Bounded;
    /// let last_two = Bounded::new(2);
    /// assert_eq!(last_two.push_over(1), None);
    /// assert_eq!(last_two.push_over(2), None);
    /// assert_eq!(last_two.push_over(3), Some(1));
    /// ```
    pub fn push_over(&self, item: T) -> Option<T> {
        self.0.force_push(item)
    }

    /// Takes the first item. None if there is nothing in the queue.
    ///
    /// ```
    /// # use zctor::queue::Bounded;
    /// let queue = Bounded::new(2);
    /// queue.push(1)?;
    /// assert_eq!((queue.pop(), queue.pop()), (Some(1), None));
    /// # Ok::<(), i32>(())
    /// ```
    #[inline]
    pub fn pop(&self) -> Option<T> {
        self.0.pop()
    }

    /// How many items are in the queue at some moment of the call.
    ///
    /// ```
    /// # use zctor::queue::Bounded;
    /// let queue = Bounded::new(2);
    /// queue.push(1)?;
    /// assert_eq!(queue.len(), 1);
    /// # Ok::<(), i32>(())
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    ///
    /// ```
    /// # use zctor::queue::Bounded;
    /// assert!(Bounded::<u8>::new(2).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is no room in it.
    ///
    /// ```
    /// # use zctor::queue::Bounded;
    /// let queue = Bounded::new(1);
    /// queue.push(1)?;
    /// assert!(queue.is_full());
    /// # Ok::<(), i32>(())
    /// ```
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.is_full()
    }

    /// How many items it has room for.
    ///
    /// ```
    /// # use zctor::queue::Bounded;
    /// assert_eq!(Bounded::<u8>::new(3).capacity(), 3);
    /// ```
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

impl<T> fmt::Debug for Bounded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bounded")
            .field("len", &self.len())
            .field("capacity", &self.capacity())
            .finish()
    }
}

impl<T> IntoIterator for Bounded<T> {
    type Item = T;
    type IntoIter = BoundedIntoIter<T>;

    fn into_iter(self) -> BoundedIntoIter<T> {
        BoundedIntoIter(self)
    }
}

/// The items of a [`Bounded`] queue, in order. What is left when it is dropped
/// is dropped too.
///
/// ```
/// use zctor::queue::Bounded;
///
/// let queue = Bounded::new(2);
/// queue.push(1)?;
/// assert_eq!(queue.into_iter().collect::<Vec<_>>(), [1]);
/// # Ok::<(), i32>(())
/// ```
pub struct BoundedIntoIter<T>(Bounded<T>);

impl<T> fmt::Debug for BoundedIntoIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BoundedIntoIter").field(&self.0).finish()
    }
}

impl<T> Iterator for BoundedIntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.pop()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.0.len();
        (len, Some(len))
    }
}

impl<T> ExactSizeIterator for BoundedIntoIter<T> {}
impl<T> FusedIterator for BoundedIntoIter<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_queue_with_room_for_so_many() {
        let queue = Bounded::new(3);
        for lap in 0..10 {
            (0..3).for_each(|n| assert_eq!(queue.push(lap + n), Ok(())));
            assert_eq!((queue.push(99), queue.len()), (Err(99), 3));
            assert!(queue.is_full());
            assert_eq!(queue.push_over(lap + 3), Some(lap));
            (1..4).for_each(|n| assert_eq!(queue.pop(), Some(lap + n)));
            assert_eq!((queue.pop(), queue.len()), (None, 0));
        }
    }

    #[test]
    fn its_items_can_be_had_one_by_one() {
        let queue = Bounded::new(8);
        (0..3).for_each(|n| assert_eq!(queue.push(n), Ok(())));
        assert_eq!(format!("{queue:?}"), "Bounded { len: 3, capacity: 8 }");
        let mut items = queue.into_iter();
        for n in 0..3 {
            assert_eq!(items.len(), 3 - n);
            assert_eq!(items.next(), Some(n));
        }
        assert_eq!((items.next(), items.next()), (None, None));
    }

    #[test]
    #[should_panic(expected = "room for at least one item")]
    fn one_without_room_is_refused() {
        let _ = Bounded::<u8>::new(0);
    }

    #[test]
    #[should_panic(expected = "capacity")]
    fn one_that_fits_nowhere_is_refused() {
        let _ = Bounded::<u8>::new(usize::MAX);
    }
}
