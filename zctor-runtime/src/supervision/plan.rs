//! What goes into the planner of a supervisor, and what comes out.

use std::time::Duration;

use super::bond::Key;
use super::declared::{AutoShutdown, Backoff, Restart, Strategy};
use crate::exit::ExitKind;

/// What holds for all children.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) strategy: Strategy,
    pub(crate) max_restarts: u32,
    pub(crate) within: Duration,
    pub(crate) auto_shutdown: AutoShutdown,
    pub(crate) backoff: Option<Backoff>,
}

/// What holds for one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChildRules {
    pub(crate) restart: Restart,
    pub(crate) significant: bool,
    /// Children of one kind, one behind the other, are stopped together.
    pub(crate) kind: Option<&'static str>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// All children are to be started.
    Start,
    /// This one did not start: what stood behind it in the plan is not done.
    StartFailed(Key),
    /// It has ended by itself.
    Exited {
        child: Key,
        incarnation: u64,
        kind: ExitKind,
    },
    /// The time of an [`Action::Retry`] has come.
    Due {
        child: Key,
        token: u64,
    },
    /// One more is to be started, with a key that was never used.
    Add {
        child: Key,
        rules: ChildRules,
    },
    /// So many more are to be started, with keys that were never used.
    AddAll {
        from: Key,
        to: Key,
        rules: ChildRules,
    },
    /// All from this one on are to be stopped at once, and forgotten.
    RemoveFrom(Key),
    Restart(Key),
    Terminate(Key),
    Delete(Key),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Starts it, and waits until it has started.
    Start { child: Key, incarnation: u64 },
    /// Stops them, all at once, and waits until they have ended. With `keep`
    /// they are to be started again, with the mail that is left.
    Stop { children: Vec<Key>, keep: bool },
    /// It has ended, and is not restarted for now: its actor ends for good.
    Release(Key),
    /// It has ended, and is a child no longer.
    Forget(Key),
    /// Brings [`Event::Due`]: after the delay of this attempt, or else behind
    /// what waits already.
    Retry {
        child: Key,
        token: u64,
        attempt: Option<u32>,
    },
    /// All have started.
    Up,
    /// What came of a command.
    Answer(Result<(), Refused>),
    /// The supervisor ends, and with it all its children.
    Down(Down),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    NotFound,
    Running,
    Restarting,
    StartFailed,
}

/// Why a supervisor ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Down {
    /// At its start, that of this child failed.
    StartFailed(Key),
    /// It was one restart too many, of this child.
    GaveUp(Key),
    /// This significant child has ended.
    AutoShutdown(Key),
}
