//! The error of a flush.

use std::fmt;

use crate::label::ActorLabel;

/// A batch was not flushed, since its actor has ended: what the method
/// `flush_write` of a message `Write` with `#[batch]` returns.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::Batch;
///
/// #[actor]
/// enum Disk { #[batch] Write(Vec<u8>) }
/// struct Platter;
/// #[handlers]
/// impl DiskActor for Platter { fn write(&mut self, batch: Batch<Vec<u8>>) { drop(batch) } }
///
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let disk = Disk::spawn(&system, Platter);
/// disk.write(vec![1, 2, 3])?;
/// disk.flush_write()?;
/// disk.stop();
/// disk.stopped().wait()?;
/// let error = disk.flush_write().unwrap_err();
/// assert_eq!(error.to_string(), "`Write` was not flushed: the actor Disk#1 has stopped");
/// # system.shutdown().wait() }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlushError {
    pub(crate) actor: ActorLabel,
    pub(crate) message: &'static str,
}

impl FlushError {
    /// The actor.
    #[must_use]
    pub fn actor(&self) -> &ActorLabel {
        &self.actor
    }

    /// The name of the message's variant.
    #[must_use]
    pub fn message_name(&self) -> &'static str {
        self.message
    }
}

impl fmt::Display for FlushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FlushError { actor, message } = self;
        write!(
            f,
            "`{message}` was not flushed: the actor {actor} has stopped"
        )
    }
}

impl std::error::Error for FlushError {}
