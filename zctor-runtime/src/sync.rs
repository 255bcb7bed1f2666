//! Locks that outlive a panic of whoever held them.

use std::sync::{Mutex, MutexGuard};

/// Locks, whether or not another holder panicked: what these locks guard is
/// consistent between any two statements.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    match mutex.lock() {
        Ok(guard) => guard,
        Err(poisoned) => poisoned.into_inner(),
    }
}
