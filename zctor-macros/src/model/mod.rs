//! The model: what the user declared, then the facts that expansion reads.

pub(crate) mod actor;
pub(crate) mod attributes;
pub(crate) mod declared;
pub(crate) mod generics;
pub(crate) mod names;
pub(crate) mod supervisor;
