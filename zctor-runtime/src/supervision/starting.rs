//! The start of a supervisor.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{self, Poll};

use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::milestones::{StartError, Started};
use crate::protocol::Protocol;
use crate::spawn::spawn;
use crate::system::System;
use crate::wait::wait;

/// The start of a supervisor and all its children: see
/// [`Supervisor::start`](crate::Supervisor::start).
///
/// # Cancel safety
/// Dropped before it was polled, nothing happens. Dropped later, the supervisor
/// is stopped, as nothing holds it.
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Starting<P: Protocol, S> {
    first: Option<(System, S)>,
    started: Option<(Handle<P>, Started<P>)>,
}

impl<P: Protocol, S> Unpin for Starting<P, S> {}

impl<P, S> Starting<P, S>
where
    P: HandledBy<S> + Protocol<Handle: From<Handle<P>>>,
    S: Send + 'static,
{
    pub(crate) fn new(system: &System, state: S) -> Starting<P, S> {
        Starting {
            first: Some((System::of(system.hub()), state)),
            started: None,
        }
    }

    /// Waits on this thread.
    ///
    /// # Errors
    /// If a child did not start: the error says which one, and why. And at once,
    /// with nothing done, in a handler on a shared worker thread.
    pub fn wait(self) -> Result<P::Handle, StartError> {
        wait(self).unwrap_or_else(|refused| Err(StartError::WaitInHandler(refused)))
    }
}

impl<P, S> Future for Starting<P, S>
where
    P: HandledBy<S> + Protocol<Handle: From<Handle<P>>>,
    S: Send + 'static,
{
    type Output = Result<P::Handle, StartError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        if let Some((system, state)) = self.first.take() {
            let handle = spawn::<P, S>(&system, state);
            let started = handle.started();
            self.started = Some((handle, started));
        }
        let Some((_, started)) = &mut self.started else {
            return Poll::Pending;
        };
        let result = task::ready!(Pin::new(started).poll(cx));
        let handle = self.started.take().map(|(handle, _)| handle);
        match (result, handle) {
            (Ok(()), Some(handle)) => Poll::Ready(Ok(P::Handle::from(handle))),
            (Err(error), _) => Poll::Ready(Err(error)),
            (Ok(()), None) => Poll::Pending,
        }
    }
}

impl<P: Protocol, S> fmt::Debug for Starting<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Starting({})", P::NAME)
    }
}
