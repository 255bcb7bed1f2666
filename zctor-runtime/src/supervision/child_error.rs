//! What can be wrong with a child.

use std::fmt;

use super::name::ChildName;
use crate::exit::ExitReason;
use crate::label::ActorLabel;
use crate::wait::WaitInHandler;

/// Why a supervisor did not do with a child what it was asked to.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::ChildError;
///
/// # #[actor] enum Lamp { On }
/// # struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// #[supervisor]
/// enum House { #[child] Hall(Lamp) }
/// struct Plan;
/// impl HouseChildren for Plan {
///     fn hall(&mut self, _: &HouseHandle) -> Child<Lamp> { Lamp::child(Bulb) }
/// }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let house = House::start(&system, Plan).wait()?;
/// let error = house.restart_child(HouseChild::Hall).wait().unwrap_err();
/// assert!(matches!(error, ChildError::Running { .. }));
/// assert_eq!(error.to_string(), "the child `hall` of House#1 is running");
/// let error = house.terminate_child("cellar").wait().unwrap_err();
/// assert_eq!(error.to_string(), "House#1 has no child `cellar`");
/// # system.shutdown().wait() }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ChildError {
    /// There is no child of that name.
    NotFound {
        /// The supervisor.
        supervisor: ActorLabel,
        /// The name.
        child: ChildName,
    },
    /// It is running: it has to be terminated first.
    Running {
        /// The supervisor.
        supervisor: ActorLabel,
        /// The child.
        child: ChildName,
    },
    /// It is about to be restarted.
    Restarting {
        /// The supervisor.
        supervisor: ActorLabel,
        /// The child.
        child: ChildName,
    },
    /// There is another child of that name.
    AlreadyPresent {
        /// The supervisor.
        supervisor: ActorLabel,
        /// The name.
        child: ChildName,
    },
    /// It did not start.
    NotStarted {
        /// The supervisor.
        supervisor: ActorLabel,
        /// The child.
        child: ChildName,
        /// The actor that was to be the child.
        actor: ActorLabel,
        /// How it ended.
        reason: Box<ExitReason>,
    },
    /// It was made of one state, so that it can be started only once, and is
    /// not temporary.
    OnlyOnce {
        /// The supervisor.
        supervisor: ActorLabel,
        /// The name.
        child: ChildName,
    },
    /// It is significant, which in this supervisor, or with this way of
    /// restarting, it cannot be.
    NotSignificant {
        /// The supervisor.
        supervisor: ActorLabel,
        /// The name.
        child: ChildName,
    },
    /// The supervisor has ended.
    Stopped {
        /// The supervisor.
        supervisor: ActorLabel,
    },
    /// `.wait()` was called in a handler on a shared worker thread.
    WaitInHandler(WaitInHandler),
}

impl fmt::Display for ChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChildError::NotFound { supervisor, child } => {
                write!(f, "{supervisor} has no child `{child}`")
            }
            ChildError::Running { supervisor, child } => {
                write!(f, "the child `{child}` of {supervisor} is running")
            }
            ChildError::Restarting { supervisor, child } => {
                write!(
                    f,
                    "the child `{child}` of {supervisor} is about to be restarted"
                )
            }
            ChildError::AlreadyPresent { supervisor, child } => {
                write!(f, "{supervisor} has a child `{child}` already")
            }
            ChildError::NotStarted {
                supervisor,
                child,
                actor,
                reason,
            } => write!(
                f,
                "the child `{child}` of {supervisor}, {}, did not start: {reason}",
                actor.short()
            ),
            ChildError::OnlyOnce { supervisor, child } => write!(
                f,
                "the child `{child}` of {supervisor} is made of one state and cannot be restarted: make it with `child_with`, or say `.restart(Restart::Temporary)`"
            ),
            ChildError::NotSignificant { supervisor, child } => write!(
                f,
                "the child `{child}` of {supervisor} cannot be significant: the supervisor needs an `auto_shutdown`, and the child must not be permanent"
            ),
            ChildError::Stopped { supervisor } => write!(f, "{supervisor} has stopped"),
            ChildError::WaitInHandler(refused) => refused.fmt(f),
        }
    }
}

impl std::error::Error for ChildError {}
