//! Actors that were not spawned.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crate::label::ActorId;
use crate::protocol::Protocol;
use crate::registry::Refusal;

/// An actor that was not spawned, with its state.
///
/// It is an error whatever the state is: it needs neither `Debug` nor `Sync`
/// of it.
pub struct SpawnError<S>(Box<Refused<S>>);

struct Refused<S> {
    protocol: &'static str,
    name: Option<Arc<str>>,
    reason: NotSpawned,
    /// Why there is no thread for it.
    cause: Option<io::Error>,
    /// Never locked: a mutex makes the error `Sync` for every state.
    state: Mutex<S>,
}

/// Why an actor was not spawned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotSpawned {
    /// A live actor, with this number, has the name.
    NameTaken(ActorId),
    /// The system is shutting down.
    ShuttingDown,
    /// The operating system gave it no thread of its own.
    NoThread(io::ErrorKind),
    /// It had ended before it was spawned, in its [`Seat`](crate::Seat).
    Ended,
    /// It is a pool, and was to have no workers.
    NoWorkers,
}

impl<S> SpawnError<S> {
    pub(crate) fn new<P: Protocol>(
        name: Option<Arc<str>>,
        refusal: Refusal,
        state: S,
    ) -> SpawnError<S> {
        let (reason, cause) = match refusal {
            Refusal::Closed => (NotSpawned::ShuttingDown, None),
            Refusal::NameTaken(holder) => (NotSpawned::NameTaken(holder), None),
            Refusal::Ended => (NotSpawned::Ended, None),
            Refusal::NoWorkers => (NotSpawned::NoWorkers, None),
            Refusal::NoThread(error) => (NotSpawned::NoThread(error.kind()), Some(error)),
        };
        SpawnError(Box::new(Refused {
            protocol: P::NAME,
            name,
            reason,
            cause,
            state: Mutex::new(state),
        }))
    }

    /// The state.
    #[must_use]
    pub fn into_state(self) -> S {
        self.0
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Why it was not spawned.
    #[must_use]
    pub fn reason(&self) -> NotSpawned {
        self.0.reason
    }
}

impl<S> fmt::Display for SpawnError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot spawn the `{}`", self.0.protocol)?;
        if let Some(name) = &self.0.name {
            write!(f, " {name:?}")?;
        }
        match self.0.reason {
            NotSpawned::NameTaken(holder) => write!(f, ": the name is taken by actor {holder}"),
            NotSpawned::ShuttingDown => write!(f, ": the system is shutting down"),
            NotSpawned::NoThread(kind) => {
                f.write_str(": it cannot have a thread of its own: ")?;
                match &self.0.cause {
                    Some(error) => write!(f, "{error}"),
                    None => write!(f, "{kind}"),
                }
            }
            NotSpawned::Ended => write!(f, ": it has ended already"),
            NotSpawned::NoWorkers => write!(f, ": it has no workers"),
        }
    }
}

impl<S> fmt::Debug for SpawnError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpawnError")
            .field("protocol", &self.0.protocol)
            .field("name", &self.0.name)
            .field("reason", &self.0.reason)
            .finish()
    }
}

impl<S> std::error::Error for SpawnError<S> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let error = self.0.cause.as_ref()?;
        Some(error)
    }
}
