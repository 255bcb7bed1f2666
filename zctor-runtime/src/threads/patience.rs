//! Waiting for what happens soon, and tells nobody.

use std::thread;
use std::time::{Duration, Instant};

/// Waits until `condition` holds, but no longer than `limit`. True if it does.
pub(crate) fn patiently(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    loop {
        if condition() {
            return true;
        }
        if begun.elapsed() >= limit {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
}
