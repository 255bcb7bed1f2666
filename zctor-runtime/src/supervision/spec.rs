//! The tables that `#[supervisor]` makes.

use std::time::Duration;

use super::declared::{AutoShutdown, Backoff, Patience, Restart, Strategy};
use super::subordinate::{Birth, Newborn};

/// What `#[supervisor(…)]` says.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Supervision {
    pub(crate) strategy: Strategy,
    pub(crate) max_restarts: u32,
    pub(crate) within: Duration,
    pub(crate) auto_shutdown: AutoShutdown,
    pub(crate) backoff: Option<Backoff>,
    pub(crate) children: &'static [ChildSpec],
    /// Of the mailboxes of the children, unless their enums are to say.
    pub(crate) capacity: Option<usize>,
}

impl Supervision {
    #[must_use]
    pub const fn new(
        strategy: Strategy,
        max_restarts: u32,
        within: Duration,
        auto_shutdown: AutoShutdown,
        children: &'static [ChildSpec],
    ) -> Supervision {
        Supervision {
            strategy,
            max_restarts,
            within,
            auto_shutdown,
            backoff: None,
            children,
            capacity: None,
        }
    }

    #[must_use]
    pub const fn backoff(self, min: Duration, max: Duration) -> Supervision {
        Supervision {
            backoff: Some(Backoff { min, max }),
            ..self
        }
    }
}

/// What `#[child(…)]` says.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct ChildSpec {
    pub(crate) name: &'static str,
    pub(crate) protocol: &'static str,
    pub(crate) restart: Restart,
    shutdown: Option<Patience>,
    pub(crate) significant: bool,
    pub(crate) dynamic: bool,
    /// One, unless it says how many.
    pub(crate) count: Option<usize>,
    /// Those of one declaration are stopped at once.
    pub(crate) together: bool,
    pub(crate) supervises: fn() -> Option<&'static Supervision>,
    pub(crate) make: fn(Birth) -> Newborn,
}

/// How long an actor may take to stop, unless it says so itself.
pub(crate) const LIMIT: Patience = Patience::Within(Duration::from_secs(5));

impl ChildSpec {
    pub(crate) const fn new(
        name: &'static str,
        protocol: &'static str,
        supervises: fn() -> Option<&'static Supervision>,
        make: fn(Birth) -> Newborn,
    ) -> ChildSpec {
        ChildSpec {
            name,
            protocol,
            restart: Restart::Permanent,
            shutdown: None,
            significant: false,
            dynamic: false,
            count: None,
            together: false,
            supervises,
            make,
        }
    }

    #[must_use]
    pub const fn restart(self, restart: Restart) -> ChildSpec {
        ChildSpec { restart, ..self }
    }

    #[must_use]
    pub const fn shutdown(self, limit: Patience) -> ChildSpec {
        ChildSpec {
            shutdown: Some(limit),
            ..self
        }
    }

    #[must_use]
    pub const fn significant(self) -> ChildSpec {
        ChildSpec {
            significant: true,
            ..self
        }
    }

    #[must_use]
    pub const fn dynamic(self) -> ChildSpec {
        ChildSpec {
            dynamic: true,
            ..self
        }
    }

    #[must_use]
    pub const fn count(self, count: usize) -> ChildSpec {
        ChildSpec {
            count: Some(count),
            ..self
        }
    }

    #[must_use]
    pub(crate) const fn together(self) -> ChildSpec {
        ChildSpec {
            together: true,
            ..self
        }
    }

    pub(crate) fn is_supervisor(&self) -> bool {
        (self.supervises)().is_some()
    }

    /// How long it may take to stop: a supervisor as long as it takes, unless
    /// it says so.
    pub(crate) fn patience(&self) -> Patience {
        match self.shutdown {
            Some(given) => given,
            None if self.is_supervisor() => Patience::Infinity,
            None => LIMIT,
        }
    }
}
