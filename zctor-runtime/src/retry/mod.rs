//! Asks that may be repeated.

pub(crate) mod idempotent;
pub(crate) mod policy;
