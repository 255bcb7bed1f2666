//! An actor to be spawned by its parent.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::cell::Cell;
use crate::protocol::{Mailbox, Protocol};
use crate::registry::Refusal;

/// How long a child may take to stop before it is killed, unless it says so
/// itself.
const LIMIT: Duration = Duration::from_secs(5);

/// An actor that is to be spawned as a child: what `Counter::child(state)`
/// makes, for [`Context::spawn_child`](crate::Context::spawn_child).
#[must_use = "it does nothing until it is spawned by `ctx.spawn_child(…)`"]
pub struct Child<P: Protocol> {
    pub(crate) name: Option<Arc<str>>,
    pub(crate) mailbox: Mailbox,
    pub(crate) limit: Duration,
    pub(crate) launch: Launch<P>,
}

/// Puts the state into a cell that was made for it.
pub(crate) type Launch<P> = Box<dyn FnOnce(&Arc<Cell<P>>) -> Result<(), Refusal> + Send>;

impl<P: Protocol> Child<P> {
    pub(crate) fn new(launch: Launch<P>) -> Child<P> {
        Child {
            name: None,
            mailbox: P::MAILBOX,
            limit: LIMIT,
            launch,
        }
    }

    /// A name, as [`ActorBuilder::name`](crate::ActorBuilder::name).
    pub fn name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Another capacity of the mailbox, as
    /// [`ActorBuilder::mailbox`](crate::ActorBuilder::mailbox).
    ///
    /// # Panics
    /// If `capacity` is zero.
    pub fn mailbox(mut self, capacity: usize) -> Self {
        self.mailbox = self.mailbox.resized(capacity);
        self
    }

    /// How long it may take to handle its mail and stop, when its parent ends,
    /// before it is killed. 5 seconds unless set.
    pub fn shutdown(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }
}

impl<P: Protocol> fmt::Debug for Child<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Child")
            .field("protocol", &P::NAME)
            .field("name", &self.name)
            .field("mailbox", &self.mailbox)
            .field("shutdown", &self.limit)
            .finish_non_exhaustive()
    }
}
