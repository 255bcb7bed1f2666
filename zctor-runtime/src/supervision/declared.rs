//! What `#[supervisor]` and `#[child]` say.

use std::fmt;
use std::time::Duration;

/// Which children a supervisor restarts when one has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// That one.
    OneForOne,
    /// All of them.
    OneForAll,
    /// That one and those that were declared after it.
    RestForOne,
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Strategy::OneForOne => "one_for_one",
            Strategy::OneForAll => "one_for_all",
            Strategy::RestForOne => "rest_for_one",
        })
    }
}

/// When a child is restarted that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Restart {
    /// Always.
    Permanent,
    /// When it has crashed or was killed.
    Transient,
    /// Never.
    Temporary,
}

impl fmt::Display for Restart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Restart::Permanent => "permanent",
            Restart::Transient => "transient",
            Restart::Temporary => "temporary",
        })
    }
}

/// How long a child may take to stop before it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Patience {
    /// It is killed at once.
    Brutal,
    /// So long.
    Within(Duration),
    /// As long as it takes.
    Infinity,
}

impl From<Duration> for Patience {
    fn from(limit: Duration) -> Patience {
        Patience::Within(limit)
    }
}

impl fmt::Display for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Patience::Brutal => f.write_str("brutal"),
            Patience::Within(limit) => write!(f, "{limit:?}"),
            Patience::Infinity => f.write_str("infinity"),
        }
    }
}

/// Whether a supervisor ends when its significant children have ended by
/// themselves and are not restarted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AutoShutdown {
    /// It does not.
    Never,
    /// With the first of them.
    AnySignificant,
    /// With the last of them.
    AllSignificant,
}

impl fmt::Display for AutoShutdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AutoShutdown::Never => "never",
            AutoShutdown::AnySignificant => "any_significant",
            AutoShutdown::AllSignificant => "all_significant",
        })
    }
}

/// The delay before a restart: `min` for the first, twice as much for each one
/// that follows, at most `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Backoff {
    pub(crate) min: Duration,
    pub(crate) max: Duration,
}
