//! Every wording, in one place.
//!
//! Lower case, no full stop, names in backticks. What is wrong comes first, then a way out that can
//! be pasted, then the reason where it is not plain.

pub(crate) mod checks;
pub(crate) mod flow;
pub(crate) mod handlers;
pub(crate) mod item;
pub(crate) mod marks;
mod near;
pub(crate) mod options;
pub(crate) mod shared;
pub(crate) mod supervisor;
pub(crate) mod traits;
pub(crate) mod values;
