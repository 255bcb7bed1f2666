//! The counting allocator. It counts only when it is told to, so that
//! libraries that allocate much do not pay for the count when time is measured.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64};

static COUNTS: AtomicBool = AtomicBool::new(false);
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicI64 = AtomicI64::new(0);

struct Counting;

#[global_allocator]
static HEAP: Counting = Counting;

/// Begins to count.
pub fn count() {
    COUNTS.store(true, Relaxed);
}

/// Stops counting. Returns whether it counted.
pub fn pause() -> bool {
    COUNTS.swap(false, Relaxed)
}

/// Allocations so far; one that grows counts as another.
pub fn allocations() -> u64 {
    ALLOCATIONS.load(Relaxed)
}

/// Bytes in use, as they were asked for, less those in use when the count
/// began.
pub fn bytes() -> i64 {
    BYTES.load(Relaxed)
}

fn note(allocations: u64, bytes: i64) {
    if COUNTS.load(Relaxed) {
        ALLOCATIONS.fetch_add(allocations, Relaxed);
        BYTES.fetch_add(bytes, Relaxed);
    }
}

#[expect(unsafe_code, reason = "there is no other way to make an allocator")]
// SAFETY: everything is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(1, layout.size() as i64);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        note(0, -(layout.size() as i64));
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(1, size as i64 - layout.size() as i64);
        // SAFETY: as the caller promises.
        unsafe { System.realloc(block, layout, size) }
    }
}
