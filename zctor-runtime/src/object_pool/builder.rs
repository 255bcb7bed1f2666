//! Pools with settings of their own.

use std::fmt;
use std::num::NonZeroUsize;

use super::home::{Home, Keep, Make, Reset};
use super::pool::Pool;
use super::store::Store;

const CAPACITY: usize = 64;

impl<T> Pool<T> {
    /// A pool that keeps up to `capacity` idle objects, as they come back.
    /// [`builder`](Pool::builder) is for those that must be reset.
    ///
    /// ```
    /// use zctor::{Pool, PoolError};
    ///
    /// let pool = Pool::new(4, || Box::new([0_u8; 4096])).unwrap();
    /// assert_eq!(pool.take().len(), 4096);
    /// assert_eq!(Pool::new(0, String::new).unwrap_err(), PoolError::NoCapacity);
    /// ```
    ///
    /// # Errors
    /// If `capacity` is zero.
    pub fn new(
        capacity: usize,
        make: impl Fn() -> T + Send + Sync + 'static,
    ) -> Result<Pool<T>, PoolError> {
        Pool::builder(make).capacity(capacity).build()
    }

    /// A pool with settings of its own. `make` is called, by whoever takes an
    /// object, when none is idle.
    pub fn builder(make: impl Fn() -> T + Send + Sync + 'static) -> PoolBuilder<T> {
        PoolBuilder {
            capacity: CAPACITY,
            make: Box::new(make),
            reset: None,
            keep: None,
        }
    }
}

/// The settings of a [`Pool`]; each is the last that was given.
///
/// ```
/// use zctor::Pool;
///
/// # fn main() -> zctor::Result<()> {
/// let lines = Pool::builder(String::new)
///     .capacity(2)
///     .reset(|line| line.clear())
///     .keep(|line| line.capacity() < 100)
///     .build()?;
/// lines.take().push_str("short");
/// lines.take().push_str(&"long".repeat(100));
/// assert_eq!(lines.stats().idle(), 0); // that one has grown too much
/// # Ok(()) }
/// ```
#[must_use = "it does nothing until `.build()`"]
pub struct PoolBuilder<T> {
    capacity: usize,
    make: Make<T>,
    reset: Option<Reset<T>>,
    keep: Option<Keep<T>>,
}

impl<T> PoolBuilder<T> {
    /// How many idle objects are kept at most; more than that are dropped when
    /// they come back. 64 unless set. Nothing is reserved for them, and it does
    /// not limit how many can be out.
    pub fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity;
        self
    }

    /// What is done to each object that comes back, before anybody else can
    /// have it: `|buffer| buffer.clear()`. It runs in the drop of the
    /// [`Pooled`](crate::Pooled), so it should be short. Objects are left as
    /// they are unless this is set.
    ///
    /// If it panics, the object is dropped.
    pub fn reset(mut self, reset: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        self.reset = Some(Box::new(reset));
        self
    }

    /// Whether an object that comes back is worth keeping, asked when it was
    /// reset: `|buffer| buffer.capacity() <= 64 * 1024`. What is not is
    /// dropped. Everything is unless this is set.
    ///
    /// If it panics, the object is dropped.
    pub fn keep(mut self, keep: impl Fn(&T) -> bool + Send + Sync + 'static) -> Self {
        self.keep = Some(Box::new(keep));
        self
    }

    /// The pool, which is empty: objects are made when they are taken.
    ///
    /// # Errors
    /// If the capacity is zero.
    pub fn build(self) -> Result<Pool<T>, PoolError> {
        let capacity = NonZeroUsize::new(self.capacity).ok_or(PoolError::NoCapacity)?;
        Ok(Pool::open(Home {
            store: Store::new(capacity),
            make: self.make,
            reset: self.reset,
            keep: self.keep,
        }))
    }
}

impl<T> fmt::Debug for PoolBuilder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolBuilder")
            .field("capacity", &self.capacity)
            .field("reset", &self.reset.is_some())
            .field("keep", &self.keep.is_some())
            .finish()
    }
}

/// Why there is no pool.
///
/// ```
/// use zctor::{Pool, PoolError};
///
/// let error = Pool::builder(String::new).capacity(0).build().unwrap_err();
/// assert_eq!(error, PoolError::NoCapacity);
/// assert_eq!(error.to_string(), "a pool needs a capacity of at least 1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PoolError {
    /// It could keep nothing: its capacity is zero.
    NoCapacity,
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PoolError::NoCapacity => f.write_str("a pool needs a capacity of at least 1"),
        }
    }
}

impl std::error::Error for PoolError {}
