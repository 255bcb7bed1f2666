//! Trees of supervisors as values.

use super::declared::{AutoShutdown, Backoff, Patience, Restart, Strategy};
use super::info::ChildState;
use crate::label::ActorId;

/// A supervisor with its children and theirs, as it was declared
/// ([`Supervisor::tree`](crate::Supervisor::tree)) or as it is now
/// ([`Handle::running_tree`](crate::Handle::running_tree)).
///
/// It prints as text, one line for each actor; [`mermaid`](Tree::mermaid) and
/// [`graphviz`](Tree::graphviz) are for drawings.
///
/// ```
/// # use zctor::prelude::*;
/// # #[actor] enum Lamp { On }
/// #[supervisor(strategy = rest_for_one)]
/// enum House {
///     #[child(shutdown = "1s")]
///     Hall(Lamp),
///     #[child(count = 2, restart = transient)]
///     Room(Lamp),
/// }
/// assert_eq!(House::tree().to_string(), "\
/// House: rest_for_one, max 3 restarts within 60s
/// ├── hall: Lamp, permanent, shutdown 1s
/// └── room ×2: Lamp, transient, shutdown 5s");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    pub(crate) root: Node,
}

/// An actor in a [`Tree`].
///
/// ```
/// # use zctor::prelude::*;
/// # #[actor] enum Lamp { On }
/// # #[supervisor(strategy = one_for_all)]
/// # enum House { #[child] Hall(Lamp) }
/// let tree = House::tree();
/// assert_eq!(tree.root().protocol(), "House");
/// assert_eq!(tree.root().strategy(), Some(zctor::Strategy::OneForAll));
/// assert_eq!(tree.root().children()[0].name(), Some("hall"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub(crate) name: Option<String>,
    pub(crate) protocol: &'static str,
    pub(crate) supervises: Option<Rules>,
    /// None of the root.
    pub(crate) child: Option<Terms>,
    /// None of a declaration.
    pub(crate) now: Option<Now>,
    pub(crate) children: Vec<Node>,
    /// It stands further up already: what is under it is not shown again.
    pub(crate) again: bool,
}

/// How a supervisor supervises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) strategy: Strategy,
    pub(crate) max_restarts: u32,
    pub(crate) within: std::time::Duration,
    pub(crate) auto_shutdown: AutoShutdown,
    pub(crate) backoff: Option<Backoff>,
}

/// How a child is supervised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) restart: Restart,
    pub(crate) shutdown: Patience,
    pub(crate) significant: bool,
    pub(crate) dynamic: bool,
    pub(crate) count: Option<usize>,
}

/// What has become of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Now {
    pub(crate) id: ActorId,
    pub(crate) state: ChildState,
    pub(crate) incarnation: u64,
    pub(crate) restarts: u64,
}

impl Tree {
    /// The supervisor at its top.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }
}

impl Node {
    /// Its name among its siblings. The root has none.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The name of its enum.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        self.protocol
    }

    /// Its strategy, if it is a supervisor.
    #[must_use]
    pub fn strategy(&self) -> Option<Strategy> {
        self.supervises.map(|rules| rules.strategy)
    }

    /// When it is restarted. Nobody restarts the root.
    #[must_use]
    pub fn restart(&self) -> Option<Restart> {
        self.child.map(|child| child.restart)
    }

    /// How long it may take to stop.
    #[must_use]
    pub fn shutdown(&self) -> Option<Patience> {
        self.child.map(|child| child.shutdown)
    }

    /// What has become of it, in a running tree. The root runs.
    #[must_use]
    pub fn state(&self) -> Option<ChildState> {
        self.now.map(|now| now.state)
    }

    /// The number of the actor, in a running tree.
    #[must_use]
    pub fn id(&self) -> Option<ActorId> {
        self.now.map(|now| now.id)
    }

    /// Which of the actor's states it is, in a running tree.
    #[must_use]
    pub fn incarnation(&self) -> Option<u64> {
        self.now.map(|now| now.incarnation)
    }

    /// Its children, in the order of their starts.
    #[must_use]
    pub fn children(&self) -> &[Node] {
        &self.children
    }
}
