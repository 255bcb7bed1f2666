//! What is made for editors alone: see "Editors" in ARCHITECTURE.md.

pub(crate) mod hints;
pub(crate) mod presence;
pub(crate) mod words;
