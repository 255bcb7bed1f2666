//! An actor to be spawned by its parent.

use std::fmt;
use std::sync::Arc;

use crate::cell::Cell;
use crate::protocol::{Mailbox, Protocol};
use crate::registry::Refusal;
use crate::stage::Boxed;
use crate::supervision::declared::{Patience, Restart};

/// An actor that is to be a child: what `Counter::child(state)` makes, for
/// [`Context::spawn_child`](crate::Context::spawn_child) and for the factories
/// of supervisors.
#[must_use = "it does nothing until its parent starts it"]
pub struct Child<P> {
    pub(crate) name: Option<Arc<str>>,
    pub(crate) mailbox: Mailbox,
    pub(crate) limit: Option<Patience>,
    pub(crate) restart: Option<Restart>,
    pub(crate) significant: bool,
    pub(crate) source: Source<P>,
}

/// A state that an actor can begin with.
pub(crate) trait Seed<P>: Send {
    /// As an actor that is never restarted.
    fn launch(self: Box<Self>, cell: &Arc<Cell<P>>) -> Result<(), Refusal>
    where
        P: Protocol;
    /// As an incarnation of one that may be.
    fn incarnate(self: Box<Self>, cell: &Arc<Cell<P>>) -> Boxed
    where
        P: Protocol;
}

/// Where states come from.
pub(crate) enum Source<P> {
    Once(Box<dyn Seed<P>>),
    Again(Box<dyn FnMut() -> Box<dyn Seed<P>> + Send>),
}

impl<P: Protocol> Source<P> {
    /// The only one that is needed.
    pub(crate) fn only(self) -> Box<dyn Seed<P>> {
        match self {
            Source::Once(seed) => seed,
            Source::Again(mut make) => make(),
        }
    }
}

impl<P: Protocol> Child<P> {
    pub(crate) fn new(source: Source<P>) -> Child<P> {
        Child {
            name: None,
            mailbox: P::MAILBOX,
            limit: None,
            restart: None,
            significant: false,
            source,
        }
    }

    /// One that is started once, and what makes the others.
    pub(crate) fn split(self) -> (Child<P>, Option<Child<P>>) {
        match self.source {
            Source::Once(_) => (self, None),
            Source::Again(mut make) => {
                let one = Child {
                    name: self.name.clone(),
                    mailbox: self.mailbox,
                    limit: self.limit,
                    restart: self.restart,
                    significant: self.significant,
                    source: Source::Once(make()),
                };
                let source = Source::Again(make);
                (one, Some(Child { source, ..self }))
            }
        }
    }

    /// A name, as [`ActorBuilder::name`](crate::ActorBuilder::name).
    pub fn name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Another capacity of the mailbox, as
    /// [`ActorBuilder::mailbox`](crate::ActorBuilder::mailbox). Not for the
    /// factory of a supervisor: a declared child has its mailbox before its
    /// factory is called, as `#[actor]` of its enum says.
    ///
    /// # Panics
    /// If `capacity` is zero.
    pub fn mailbox(mut self, capacity: usize) -> Self {
        self.mailbox = self.mailbox.resized(capacity);
        self
    }

    /// How long it may take to handle its mail and stop, when its parent ends,
    /// before it is killed. Unless set it is what `#[child]` says, or 5
    /// seconds.
    pub fn shutdown(mut self, limit: impl Into<Patience>) -> Self {
        self.limit = Some(limit.into());
        self
    }

    /// When it is restarted: for
    /// [`start_child`](crate::Handle::start_child). Unless set, one that was
    /// made with `child_with` is permanent, and one that was made with `child`
    /// temporary. Declared children are restarted as `#[child]` says.
    pub fn restart(mut self, restart: Restart) -> Self {
        self.restart = Some(restart);
        self
    }

    /// Its end can end the supervisor: for
    /// [`start_child`](crate::Handle::start_child).
    pub fn significant(mut self) -> Self {
        self.significant = true;
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
            .field("restart", &self.restart)
            .field("significant", &self.significant)
            .finish_non_exhaustive()
    }
}
