//! What became of the objects of a pool.

use std::fmt;

/// What became of the objects of a pool: see [`Pool::stats`](crate::Pool::stats).
///
/// The counts are of one moment, also while other threads use the pool, so
/// these always hold:
///
/// - `taken = held + returned + dropped + detached`,
/// - `made = held + idle + dropped + detached`.
///
/// ```
/// # fn main() -> zctor::Result<()> {
/// let pool = zctor::Pool::new(8, String::new)?;
/// let first = pool.take();
/// drop(first);
/// let second = pool.take(); // the same object
/// let _third = pool.take();
/// drop(second);
///
/// let stats = pool.stats();
/// assert_eq!((stats.taken(), stats.made(), stats.returned()), (3, 2, 2));
/// assert_eq!(stats.to_string(), "1 idle, 1 held, 3 taken, 2 made");
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolStats {
    pub(super) idle: u64,
    pub(super) taken: u64,
    pub(super) made: u64,
    pub(super) returned: u64,
    pub(super) dropped: u64,
    pub(super) detached: u64,
}

impl PoolStats {
    /// How many objects wait in the pool for their next holder.
    #[must_use]
    pub fn idle(&self) -> u64 {
        self.idle
    }

    /// How many objects are with a holder now. (One whose holder was forgotten
    /// with [`std::mem::forget`] is among them for ever.)
    #[must_use]
    pub fn held(&self) -> u64 {
        self.taken - self.returned - self.dropped - self.detached
    }

    /// How often an object was taken.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// How many objects were made, because none was idle when one was taken.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.made
    }

    /// How often an object came back, and was kept.
    #[must_use]
    pub fn returned(&self) -> u64 {
        self.returned
    }

    /// How many objects came back and were dropped: the pool was full, or its
    /// `keep` refused them, or their reset panicked.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How many objects were taken out for good, with
    /// [`Pooled::detach`](crate::Pooled::detach).
    #[must_use]
    pub fn detached(&self) -> u64 {
        self.detached
    }
}

/// `3 idle, 1 held, 120 taken, 4 made`, and what else is not zero.
impl fmt::Display for PoolStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} idle, {} held", self.idle, self.held())?;
        write!(f, ", {} taken, {} made", self.taken, self.made)?;
        for (count, what) in [(self.dropped, "dropped"), (self.detached, "detached")] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}
