//! Calling what belongs to the user where a panic must have no consequence:
//! wakers, and drops of messages and states.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

/// Calls `action`. A panic has been reported by the panic hook, and goes no
/// further.
#[inline]
pub(crate) fn quietly<T>(action: impl FnOnce() -> T) -> Option<T> {
    let (mut action, mut value) = (Some(action), None);
    contained(&mut || {
        if let Some(action) = action.take() {
            value = Some(action());
        }
    });
    value
}

/// Not generic: catching a panic is much code.
fn contained(action: &mut dyn FnMut()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(action)) {
        // Its drop is the user's as well, and may panic once more: what comes of
        // that is left alone.
        if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(another);
        }
    }
}

/// Wakes, whatever waker it is.
pub(crate) fn wake(waker: Waker) {
    quietly(|| waker.wake());
}

/// The same for all of them.
pub(crate) fn wake_all(wakers: Vec<Waker>) {
    for waker in wakers {
        wake(waker);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    struct Nasty;

    impl Drop for Nasty {
        fn drop(&mut self) {
            panic!("nasty");
        }
    }

    #[test]
    fn a_payload_that_panics_goes_no_further() {
        assert_eq!(quietly(|| std::panic::panic_any(Nasty)), None::<()>);
        assert_eq!(quietly(|| 1), Some(1));
    }

    #[test]
    fn a_payload_is_dropped() {
        let held = Arc::new(());
        let payload = Arc::clone(&held);
        assert_eq!(quietly(|| std::panic::panic_any(payload)), None::<()>);
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
