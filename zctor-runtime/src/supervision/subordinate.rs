//! A child of a supervisor, of whatever protocol.

use std::any::Any;
use std::sync::{Arc, Weak};

use super::bond::{Boss, Key};
use super::declared::Restart;
use super::name::ChildName;
use super::tree::{Node, Rules};
use crate::children::AnyChild;
use crate::hub::Hub;
use crate::label::ActorLabel;
use crate::registry::Refusal;
use crate::stats::Stats;

pub(crate) trait Subordinate: AnyChild {
    fn label(&self) -> ActorLabel;
    fn incarnation(&self) -> u64;
    fn stats(&self) -> Stats;
    /// Makes it known before it begins: then it can begin although its system is
    /// shutting down.
    fn enroll(self: Arc<Self>) -> Result<(), Refusal>;
    /// Begins its first or next incarnation, of a `Child` of its protocol.
    fn begin(self: Arc<Self>, child: Box<dyn Any + Send>, term: u64) -> Result<(), NotBegun>;
    /// It has no state, or has ended.
    fn is_settled(&self) -> bool;
    /// How it supervises others, and those, if it does.
    fn supervises(&self) -> Option<(Rules, Vec<Node>)>;
    /// The supervisor holds it no longer.
    fn let_go(&self);
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

/// Why an incarnation did not begin.
pub(crate) enum NotBegun {
    Refused(Refusal),
    /// What it was made of asks for another mailbox than it has.
    Mailbox,
    /// It is not what such an actor is made of.
    Mistaken,
}

/// What the cell of a child is made of, before it has a state.
#[doc(hidden)]
pub(crate) struct Birth {
    pub(crate) hub: Arc<Hub>,
    pub(crate) boss: Weak<dyn Boss>,
    pub(crate) key: Key,
    pub(crate) restart: Restart,
    /// What it is called among its siblings, if that is known already.
    pub(crate) name: Option<ChildName>,
    /// Of its mailbox, unless its enum is to say.
    pub(crate) capacity: Option<usize>,
}

/// The cell.
#[doc(hidden)]
pub(crate) struct Newborn(pub(crate) Arc<dyn Subordinate>);
