//! Waiting for an actor's start and end.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::cell::Cell;
use crate::exit::{Crash, ExitReason};
use crate::label::ActorLabel;
use crate::protocol::Protocol;
use crate::stage::Milestone;
use crate::wait::{WaitInHandler, wait};
use crate::waiters::Ticket;

/// A place among those who watch an actor; left when it is dropped.
struct Watch<P: Protocol> {
    cell: Arc<Cell<P>>,
    ticket: Option<Ticket>,
}

impl<P: Protocol> Drop for Watch<P> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.cell.stage.stop_watching(ticket);
        }
    }
}

/// Waits until `on_start` has returned: see [`Handle::started`](crate::Handle::started).
///
/// # Cancel safety
/// Dropping it changes nothing.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Lamp { On }
/// struct Bulb { socket: Option<u8> }
/// #[handlers]
/// impl LampActor for Bulb {
///     fn on_start(&mut self) -> Result<(), Failure> {
///         self.socket.ok_or_else(|| Failure::msg("no socket"))?;
///         Ok(())
///     }
///     fn on(&mut self) {}
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// Lamp::spawn(&system, Bulb { socket: Some(1) }).started().wait()?;
/// let error = Lamp::spawn(&system, Bulb { socket: None }).started().wait().unwrap_err();
/// assert_eq!(error.to_string(), "the actor Lamp#2 did not start: crashed in `on_start`: no socket");
/// # system.shutdown().wait() }
/// ```
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Started<P: Protocol>(Watch<P>);

impl<P: Protocol> Started<P> {
    pub(crate) fn new(cell: Arc<Cell<P>>) -> Started<P> {
        Started(Watch { cell, ticket: None })
    }

    /// Waits on this thread.
    ///
    /// # Errors
    /// If the actor ended before it had started, or this is called in a
    /// handler on a shared worker thread.
    pub fn wait(self) -> Result<(), StartError> {
        wait(self).unwrap_or_else(|refused| Err(StartError::WaitInHandler(refused)))
    }
}

impl<P: Protocol> Future for Started<P> {
    type Output = Result<(), StartError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Watch { cell, ticket } = &mut self.0;
        cell.stage
            .poll_started(ticket, cx)
            .map(|milestone| match milestone {
                Milestone::Started => Ok(()),
                Milestone::Ended(ExitReason::Crashed(crash)) => Err(StartError::Crashed(crash)),
                Milestone::Ended(reason) => Err(StartError::Ended {
                    actor: cell.label(),
                    reason,
                }),
            })
    }
}

impl<P: Protocol> fmt::Debug for Started<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Started({})", self.0.cell.label())
    }
}

/// An actor that did not start.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum StartError {
    /// `on_start` failed or panicked.
    Crashed(Crash),
    /// It ended before `on_start` had returned, such as on a system that was
    /// shutting down.
    Ended {
        /// The actor.
        actor: ActorLabel,
        /// How it ended.
        reason: ExitReason,
    },
    /// `.wait()` was called in a handler on a shared worker thread.
    WaitInHandler(WaitInHandler),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Crashed(crash) => {
                write!(
                    f,
                    "the actor {} did not start: crashed {crash}",
                    crash.actor()
                )
            }
            StartError::Ended { actor, reason } => {
                write!(f, "the actor {actor} did not start: {reason}")
            }
            StartError::WaitInHandler(refused) => refused.fmt(f),
        }
    }
}

impl std::error::Error for StartError {}

/// Waits until an actor has ended for good: see
/// [`Handle::stopped`](crate::Handle::stopped).
///
/// # Cancel safety
/// Dropping it changes nothing.
///
/// ```
/// # use zctor::prelude::*;
/// # #[actor] enum Lamp { On }
/// # struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let lamp = Lamp::spawn(&system, Bulb);
/// lamp.stop();
/// assert!(lamp.stopped().wait()?.is_orderly());
/// assert!(!lamp.is_alive());
/// # system.shutdown().wait() }
/// ```
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Stopped<P: Protocol>(Watch<P>);

impl<P: Protocol> Stopped<P> {
    pub(crate) fn new(cell: Arc<Cell<P>>) -> Stopped<P> {
        Stopped(Watch { cell, ticket: None })
    }

    /// Waits on this thread.
    ///
    /// # Errors
    /// If it is called in a handler on a shared worker thread.
    pub fn wait(self) -> Result<ExitReason, WaitInHandler> {
        wait(self)
    }
}

impl<P: Protocol> Future for Stopped<P> {
    type Output = ExitReason;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ExitReason> {
        let Watch { cell, ticket } = &mut self.0;
        cell.stage.poll_ended(ticket, cx)
    }
}

impl<P: Protocol> fmt::Debug for Stopped<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stopped({})", self.0.cell.label())
    }
}
