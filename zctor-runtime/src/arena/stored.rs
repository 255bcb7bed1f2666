//! The handles of what is stored in an arena.

use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Range;

/// Where something is in an [`Arena`](crate::arena::Arena): what
/// [`put`](crate::arena::Store::put) gives, and what
/// [`get`](crate::arena::Store::get) takes. A `Stored<str>` is a text, a
/// `Stored<[T]>` a slice, any other a value.
///
/// It is no reference, but a place with the number of its arena. So it may be
/// copied, sent and kept, whatever `T` is, and the arena refuses one that is not
/// its own, or is from before its last reset.
pub struct Stored<T: ?Sized> {
    key: Key,
    start: usize,
    end: usize,
    what: PhantomData<fn() -> T>,
}

/// Of an arena between two resets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) arena: u64,
    pub(super) round: u64,
}

impl<T: ?Sized> Stored<T> {
    pub(super) fn new(key: Key, range: Range<usize>) -> Stored<T> {
        Stored {
            key,
            start: range.start,
            end: range.end,
            what: PhantomData,
        }
    }

    /// The place, if it is one of the arena with this key.
    pub(super) fn range(self, key: Key) -> Result<Range<usize>, ArenaError> {
        if self.key == key {
            Ok(self.start..self.end)
        } else if self.key.arena == key.arena {
            Err(ArenaError::Reset)
        } else {
            Err(ArenaError::Foreign)
        }
    }

    fn place(&self) -> (Key, usize, usize) {
        (self.key, self.start, self.end)
    }
}

impl<T: ?Sized> Clone for Stored<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Stored<T> {}

/// Whether it is the same place in the same arena.
impl<T: ?Sized> PartialEq for Stored<T> {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl<T: ?Sized> Eq for Stored<T> {}

impl<T: ?Sized> Hash for Stored<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.place().hash(state);
    }
}

/// Without the numbers, which differ from run to run.
impl<T: ?Sized> fmt::Debug for Stored<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stored({}..{})", self.start, self.end)
    }
}

/// Why an [`Arena`](crate::arena::Arena) does not have what a [`Stored`] names.
///
/// ```
/// use zctor::arena::{Arena, ArenaError};
///
/// let (mut one, mut other) = (Arena::new(), Arena::new());
/// let name = one.put_str("Ada");
/// other.put_str("Eve");
/// assert_eq!(one.get(name), Ok("Ada"));
/// assert_eq!(other.get(name), Err(ArenaError::Foreign));
/// one.reset();
/// one.put_str("Bob");
/// assert_eq!(one.get(name), Err(ArenaError::Reset));
/// assert_eq!(ArenaError::Reset.to_string(), "it was stored before the arena was reset");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArenaError {
    /// It is in another arena.
    Foreign,
    /// It was there, and the arena was reset since.
    Reset,
}

impl fmt::Display for ArenaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ArenaError::Foreign => "it was stored in another arena",
            ArenaError::Reset => "it was stored before the arena was reset",
        })
    }
}

impl Error for ArenaError {}
