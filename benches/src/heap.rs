//! Memory, as the counting allocator of the program `heap` sees it.

use std::sync::OnceLock;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;

static READ: OnceLock<fn() -> Count> = OnceLock::new();
static LEFT_OUT: AtomicI64 = AtomicI64::new(0);

/// What the allocator has done so far.
#[derive(Clone, Copy, Default)]
pub struct Count {
    /// One that grows counts as another.
    pub allocations: u64,
    /// In use.
    pub bytes: i64,
}

/// Says how to read the allocator.
pub fn count_with(read: fn() -> Count) {
    let _ = READ.set(read);
}

/// Nothing in a program whose allocator does not count.
pub fn now() -> Count {
    let mut count = READ.get().map(|read| read()).unwrap_or_default();
    count.bytes -= LEFT_OUT.load(Relaxed);
    count
}

/// Does not count what `make` takes.
pub fn leave_out<T>(make: impl FnOnce() -> T) -> T {
    let before = now().bytes;
    let made = make();
    LEFT_OUT.fetch_add(now().bytes - before, Relaxed);
    made
}
