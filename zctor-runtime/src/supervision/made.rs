//! What the factories of a supervisor make.

use std::any::Any;

use super::declared::Patience;

/// A `Child`, of whatever protocol.
#[doc(hidden)]
#[expect(
    missing_debug_implementations,
    reason = "it is passed from macro to runtime"
)]
pub struct Made {
    pub(crate) child: Box<dyn Any + Send>,
    pub(crate) limit: Option<Patience>,
}

impl Made {
    /// There is no such factory.
    #[must_use]
    pub fn none() -> Made {
        Made {
            limit: None,
            child: Box::new(()),
        }
    }
}
