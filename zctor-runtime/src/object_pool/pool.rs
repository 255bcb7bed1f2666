//! A pool, as its users share it.

use std::fmt;
use std::sync::Arc;

use super::home::Home;
use super::pooled::Pooled;
use super::stats::PoolStats;

/// Objects that are used again: buffers and payloads which come back when they
/// are dropped, rather than being freed and allocated anew.
///
/// [`take`](Pool::take) gives an idle object, or makes one if there is none, so
/// it never waits. The [`Pooled`] it gives is the only holder of the object,
/// and puts it back when it is dropped. A clone is cheap, and is the same pool.
/// When the last is dropped, so are the idle objects, and later those that are
/// still held.
///
/// ```
/// use zctor::Pool;
///
/// # fn main() -> zctor::Result<()> {
/// let buffers = Pool::builder(|| Vec::with_capacity(4096))
///     .capacity(64)
///     .reset(|buffer| buffer.clear())
///     .keep(|buffer| buffer.capacity() <= 64 * 1024)
///     .build()?;
///
/// let mut buffer = buffers.take();
/// buffer.extend_from_slice(b"hello");
/// drop(buffer);
///
/// let buffer = buffers.take();
/// assert!(buffer.is_empty() && buffer.capacity() >= 4096);
/// assert_eq!(buffers.stats().made(), 1);
/// # Ok(()) }
/// ```
///
/// # What happens to an object that comes back
///
/// The thread that drops it does all of this, in order:
///
/// 1. It is [reset](crate::PoolBuilder::reset). Without a reset, the next holder finds
///    it as the last one left it, who may have panicked half-way.
/// 2. [`keep`](crate::PoolBuilder::keep) is asked whether it is worth having. This is
///    for the memory: a buffer that grew in a burst would else stay that large
///    for ever.
/// 3. If as many as the [capacity](crate::PoolBuilder::capacity) are idle it is
///    dropped, and kept otherwise. The last that came back is the next to go
///    out, as it is the one that is in the processor's caches. Idle objects stay
///    until they are taken, or the pool is dropped.
///
/// A panic in the reset, in `keep`, or in the drop of an object that is not
/// kept, is reported by the panic hook and goes no further. The object is
/// dropped in the first two cases, and the pool goes on.
///
/// # When it pays
///
/// A round trip costs some 40 ns, for two locks and a count of holders. That is
/// more than a small allocation costs, so within a thread a pool is a loss below
/// a few kilobytes: new buffers of 64 bytes are six times as fast. It pays for
///
/// - large buffers of which there are several at once: an allocator that gives
///   their memory back to the system gets it anew page by page. With 32 buffers
///   of 16 or 64 KiB at once, new ones took 30 to 40 times as long. (One at a time
///   there is no difference);
/// - buffers that grow as they are written, since what comes back has grown
///   already: two to three times as long, from 4 to 64 KiB;
/// - buffers that are dropped by another thread than the one that takes them,
///   as those in messages are: between as long and four times as long, from
///   1 KiB on;
/// - whatever else takes long to make.
///
/// This is what the example `pooled_buffers` measured on two cores, with glibc's
/// allocator; no other was measured. One that keeps what is freed leaves a pool
/// less to save.
///
/// It bounds what is idle, not what is out. What bounds the buffers on their way
/// to an actor is its mailbox: `#[actor(mailbox = 64)]`.
///
/// The objects themselves are moved in and out, so what is large without being
/// on the heap belongs in a `Box`.
pub struct Pool<T>(Arc<Open<T>>);

/// What all clones of a pool share, and what is out does not: its drop closes
/// the pool, and does not wait for what is out.
struct Open<T>(Arc<Home<T>>);

impl<T> Drop for Open<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<T> Pool<T> {
    pub(super) fn open(home: Home<T>) -> Pool<T> {
        Pool(Arc::new(Open(Arc::new(home))))
    }

    /// The object that came back last, or a new one if none is idle.
    ///
    /// # Panics
    /// If it has to make one, and the pool's `make` panics. The pool is as it
    /// was.
    #[inline]
    #[must_use = "it goes back at once"]
    pub fn take(&self) -> Pooled<T> {
        let home = &self.0.0;
        Pooled::new(home.take(), Arc::clone(home))
    }

    /// How many idle objects it keeps at most.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.0.0.store.capacity()
    }

    /// What became of its objects.
    #[must_use]
    pub fn stats(&self) -> PoolStats {
        self.0.0.store.stats()
    }
}

impl<T> Clone for Pool<T> {
    fn clone(&self) -> Self {
        Pool(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Pool<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("capacity", &self.capacity())
            .field("stats", &self.stats())
            .finish()
    }
}
