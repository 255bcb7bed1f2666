//! What a supervisor says of its children.

use std::fmt;
use std::time::Instant;

use super::declared::Restart;
use super::name::ChildName;
use crate::label::ActorLabel;

/// What has become of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChildState {
    /// It runs, or its `on_start` does.
    Running,
    /// It has ended, and will be restarted.
    Restarting,
    /// It has ended, and will not be restarted by itself; or it was not started
    /// yet.
    Stopped,
}

impl fmt::Display for ChildState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ChildState::Running => "running",
            ChildState::Restarting => "restarting",
            ChildState::Stopped => "stopped",
        })
    }
}

/// A child, as [`which_children`](crate::Handle::which_children) lists it. It
/// reads as `stock: Stock#2, permanent worker, running, 1 restart`.
#[derive(Debug, Clone)]
pub struct ChildInfo {
    pub(crate) name: ChildName,
    pub(crate) actor: ActorLabel,
    pub(crate) is_supervisor: bool,
    pub(crate) restart: Restart,
    pub(crate) incarnation: u64,
    pub(crate) restarts: u64,
    pub(crate) last_restart: Option<Instant>,
    pub(crate) state: ChildState,
}

impl ChildInfo {
    /// Its name among its siblings.
    #[must_use]
    pub fn name(&self) -> &ChildName {
        &self.name
    }

    /// The actor. When one has ended for good, its successor is another actor.
    #[must_use]
    pub fn actor(&self) -> &ActorLabel {
        &self.actor
    }

    /// Whether it has children that it restarts itself.
    #[must_use]
    pub fn is_supervisor(&self) -> bool {
        self.is_supervisor
    }

    /// When it is restarted.
    #[must_use]
    pub fn restart(&self) -> Restart {
        self.restart
    }

    /// Which of the actor's states runs, or was the last to run, from 1.
    #[must_use]
    pub fn incarnation(&self) -> u64 {
        self.incarnation
    }

    /// How many times it was restarted, in whatever way, by this supervisor.
    #[must_use]
    pub fn restarts(&self) -> u64 {
        self.restarts
    }

    /// When it was restarted last, on the system's clock.
    #[must_use]
    pub fn last_restart(&self) -> Option<Instant> {
        self.last_restart
    }

    /// What has become of it.
    #[must_use]
    pub fn state(&self) -> ChildState {
        self.state
    }
}

impl fmt::Display for ChildInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ChildInfo {
            name,
            actor,
            restart,
            state,
            restarts,
            ..
        } = self;
        let role = if self.is_supervisor {
            "supervisor"
        } else {
            "worker"
        };
        let actor = actor.short();
        write!(f, "{name}: {actor}, {restart} {role}, {state}, {restarts} ")?;
        f.write_str(if *restarts == 1 {
            "restart"
        } else {
            "restarts"
        })
    }
}

/// How many children a supervisor has: see
/// [`count_children`](crate::Handle::count_children).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChildCounts {
    pub(crate) specs: usize,
    pub(crate) active: usize,
    pub(crate) supervisors: usize,
    pub(crate) workers: usize,
}

impl ChildCounts {
    pub(crate) fn add(&mut self, child: &ChildInfo) {
        self.specs += 1;
        self.active += usize::from(child.state == ChildState::Running);
        match child.is_supervisor {
            true => self.supervisors += 1,
            false => self.workers += 1,
        }
    }

    /// All children, also those that do not run.
    #[must_use]
    pub fn specs(&self) -> usize {
        self.specs
    }

    /// Those that run.
    #[must_use]
    pub fn active(&self) -> usize {
        self.active
    }

    /// Those that are supervisors, also those that do not run.
    #[must_use]
    pub fn supervisors(&self) -> usize {
        self.supervisors
    }

    /// Those that are not supervisors, also those that do not run.
    #[must_use]
    pub fn workers(&self) -> usize {
        self.workers
    }
}
