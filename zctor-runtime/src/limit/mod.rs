//! Rate limits.

mod bucket;
pub(crate) mod limited;
pub(crate) mod limiter;
pub(crate) mod rate;
