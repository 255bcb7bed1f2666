//! Where the memory of an actor's arena is between two messages.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use bumpalo::Bump;
use crossbeam_utils::atomic::AtomicCell;

use super::LIMIT;

/// Nobody but the actor comes here, so there is nothing to wait for; but its
/// handlers move among threads, and take the way back home with them.
pub(crate) struct Home {
    /// One that is reset, and is worth keeping.
    kept: AtomicCell<Option<Box<Bump>>>,
    /// How many bytes are.
    limit: AtomicUsize,
}

impl Default for Home {
    fn default() -> Home {
        Home {
            kept: AtomicCell::new(None),
            limit: AtomicUsize::new(LIMIT),
        }
    }
}

impl Home {
    /// What is kept now goes as well if it is more than that.
    pub(crate) fn set_limit(&self, bytes: usize) {
        self.limit.store(bytes, Relaxed);
        if let Some(kept) = self.kept.take() {
            self.put_back(kept);
        }
    }

    /// The one that came back last, or a new one.
    #[inline]
    pub(super) fn take(&self) -> Box<Bump> {
        self.kept.take().unwrap_or_default()
    }

    /// Resets it, and keeps it unless it has grown beyond the limit.
    #[inline]
    pub(super) fn put_back(&self, mut bump: Box<Bump>) {
        bump.set_allocation_limit(None);
        bump.reset();
        if bump.allocated_bytes() <= self.limit.load(Relaxed) {
            drop(self.kept.swap(Some(bump)));
        }
    }

    /// As it was at first.
    pub(crate) fn empty(&self) {
        drop(self.kept.take());
        self.set_limit(LIMIT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_no_lock() {
        assert!(AtomicCell::<Option<Box<Bump>>>::is_lock_free());
    }

    #[test]
    fn it_keeps_the_last_that_is_small_enough() {
        let home = Home::default();
        let (first, second) = (home.take(), home.take());
        first.alloc([0_u8; 10_000]);
        let large = first.allocated_bytes();
        second.alloc(1_u8);
        home.put_back(second);
        home.put_back(first);
        let kept = home.take();
        assert_eq!(kept.allocated_bytes(), large);
        home.set_limit(large - 1);
        home.put_back(kept);
        assert_eq!(home.take().allocated_bytes(), 0);
    }

    #[test]
    fn a_lower_limit_is_that_of_what_is_kept_already() {
        let home = Home::default();
        let bump = home.take();
        bump.alloc([0_u8; 10_000]);
        let large = bump.allocated_bytes();
        home.put_back(bump);
        home.set_limit(large);
        let kept = home.take();
        assert_eq!(kept.allocated_bytes(), large);
        home.put_back(kept);
        home.set_limit(large - 1);
        assert_eq!(home.take().allocated_bytes(), 0);
    }

    #[test]
    fn it_leaves_nothing_behind() {
        let home = Home::default();
        home.set_limit(0);
        home.empty();
        let bump = home.take();
        bump.set_allocation_limit(Some(LIMIT));
        bump.alloc([0_u8; 100]);
        home.put_back(bump);
        let bump = home.take();
        assert!(bump.allocated_bytes() >= 100, "the limit is the default");
        assert_eq!(bump.allocation_limit(), None);
        home.put_back(bump);
        home.empty();
        assert_eq!(home.take().allocated_bytes(), 0);
    }
}
