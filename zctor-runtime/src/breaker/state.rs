//! What a circuit breaker says of itself, and of calls.

use std::fmt;
use std::time::Duration;

/// The state of a circuit breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CircuitState {
    /// All calls are let through.
    Closed,
    /// All calls are turned away.
    Open,
    /// A few calls are tried.
    HalfOpen,
}

/// A change of a circuit breaker's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CircuitChange {
    /// The state that it has left.
    pub from: CircuitState,
    /// The state that it is in.
    pub to: CircuitState,
}

/// A call that a circuit breaker has turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CircuitOpen {
    pub(crate) retry_after: Option<Duration>,
}

/// What became of a call behind a circuit breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GuardedError<E> {
    /// It was not made.
    Open(CircuitOpen),
    /// It was made, and failed.
    Failed(E),
}

/// The counts of a circuit breaker: see [`metrics`](crate::CircuitBreaker::metrics).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BreakerMetrics {
    /// The state that it is in.
    pub state: CircuitState,
    /// Calls that have succeeded, since it was made.
    pub succeeded: u64,
    /// Calls that have failed.
    pub failed: u64,
    /// Of these two, the calls that were slow.
    pub slow: u64,
    /// Calls that counted for nothing.
    pub ignored: u64,
    /// Calls that were turned away.
    pub rejected: u64,
    /// How often it has opened.
    pub opened: u64,
    /// The calls in the window; without one, the failures in a row.
    pub window_calls: u64,
    /// Of these, the calls that have failed.
    pub window_failures: u64,
}

impl CircuitOpen {
    /// How long it stays open from now. None if there is no saying: it was
    /// opened by hand, or waits for the calls that it tries.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for CircuitOpen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the circuit breaker is open")?;
        match self.retry_after {
            Some(time) => write!(f, " for another {time:?}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CircuitOpen {}

impl<E> fmt::Display for GuardedError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GuardedError::Open(open) => open.fmt(f),
            GuardedError::Failed(_) => {
                write!(f, "the call failed with `{}`", std::any::type_name::<E>())
            }
        }
    }
}

impl<E: fmt::Debug> std::error::Error for GuardedError<E> {}

impl fmt::Display for CircuitState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CircuitState::Closed => "closed",
            CircuitState::Open => "open",
            CircuitState::HalfOpen => "half-open",
        })
    }
}

impl fmt::Display for CircuitChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from {} to {}", self.from, self.to)
    }
}
