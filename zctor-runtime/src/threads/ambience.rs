//! What handlers find around them: nothing, or with the feature `tokio` the
//! context of a tokio runtime.

#[derive(Debug, Default)]
pub(crate) struct Ambience {}

impl Ambience {
    /// Enters it, for as long as the guard lives.
    pub(super) fn enter(&self) -> Option<Entered> {
        None
    }

    /// Ends what was made for this system.
    pub(super) fn end(&self) {}
}

pub(super) struct Entered;
