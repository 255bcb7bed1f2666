//! Circuit breakers: they stop calls to what keeps failing.

pub(crate) mod circuit;
pub(crate) mod machine;
pub(crate) mod settings;
pub(crate) mod state;
mod window;
