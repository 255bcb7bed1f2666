//! Rate limits.

mod bucket;
pub(crate) mod limited;
pub(crate) mod limiter;
mod line;
pub(crate) mod rate;
