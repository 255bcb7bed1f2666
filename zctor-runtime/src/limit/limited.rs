//! There is no permit.

use std::fmt;
use std::time::Duration;

/// A rate limit has no permit now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limited {
    pub(crate) retry_after: Duration,
}

impl Limited {
    /// How long there is none, from now. Others may then be first.
    #[must_use]
    pub fn retry_after(&self) -> Duration {
        self.retry_after
    }
}

impl fmt::Display for Limited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the rate limit is reached for another {:?}",
            self.retry_after
        )
    }
}

impl std::error::Error for Limited {}
