//! Whether the messages of this thread's actors are looked at one by one, as a
//! simulation does. Asked for each message, so it is a plain load of a flag of
//! the thread.

use std::cell::Cell;

thread_local! {
    /// How many simulations there are on this thread.
    static OBSERVERS: Cell<u32> = const { Cell::new(0) };
}

#[inline]
pub(crate) fn is_on() -> bool {
    OBSERVERS.get() != 0
}

/// As long as it lives, messages that this thread sends and handles are told
/// to the seam of their actor.
#[derive(Debug)]
#[cfg_attr(not(feature = "test"), allow(dead_code))]
pub(crate) struct Observing(());

#[cfg_attr(not(feature = "test"), allow(dead_code))]
impl Observing {
    pub(crate) fn here() -> Observing {
        OBSERVERS.set(OBSERVERS.get() + 1);
        Observing(())
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        OBSERVERS.set(OBSERVERS.get() - 1);
    }
}
