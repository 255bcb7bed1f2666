//! A tell that waits for room.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::delivery::{Delivery, NotQueued};
use crate::handle::Handle;
use crate::protocol::Protocol;
use crate::tell_error::{TellError, Undelivered};
use crate::wait::wait;

/// A tell to an actor with a bounded mailbox and the policy `wait`: queued
/// when it is awaited, waited for or tried.
///
/// # Errors
/// If the actor has ended or was stopped, or waits for the one that tells
/// ([`Undelivered::Deadlock`]): the message is given back.
///
/// # Cancel safety
/// Dropped before it is done, it has delivered nothing and its message is
/// dropped.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor(mailbox = 1)]
/// enum Press { Print(String) }
/// struct Ink;
/// #[handlers]
/// impl PressActor for Ink {
///     fn print(&mut self, value: String) { println!("{value}") }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let press = Press::spawn(&system, Ink);
/// for page in 0..10 {
///     press.print(format!("page {page}")).wait()?;
/// }
/// # system.shutdown().wait() }
/// ```
#[must_use = "it does nothing unless it is awaited, waited for with `.wait()`, or tried with `.try_now()`"]
pub struct Tell<P: Protocol>(Delivery<P>);

// Nothing in it is pinned.
impl<P: Protocol> Unpin for Tell<P> {}

impl<P: Protocol> Tell<P> {
    pub(crate) fn new(handle: &Handle<P>, envelope: P::Envelope) -> Tell<P> {
        Tell(Delivery::new(handle, envelope))
    }

    /// Waits for room on this thread.
    ///
    /// # Errors
    /// If the actor has ended or was stopped, or this is called in a handler
    /// on a shared worker thread: the message is given back.
    pub fn wait(mut self) -> Result<(), TellError<P>> {
        match wait(&mut self) {
            Ok(told) => told,
            Err(_) => match self.0.take() {
                Some(envelope) => Err(self
                    .0
                    .handle()
                    .undelivered(envelope, Undelivered::WaitInHandler)),
                None => Ok(()),
            },
        }
    }

    /// Queues the message if there is room.
    ///
    /// # Errors
    /// If there is none, or the actor has ended or was stopped: the message
    /// is given back.
    pub fn try_now(mut self) -> Result<(), TellError<P>> {
        let told = self.0.try_now();
        told.map_err(|refused| self.0.handle().refused(refused))
    }
}

impl<P: Protocol> Future for Tell<P> {
    type Output = Result<(), TellError<P>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let told = self.0.poll(cx);
        told.map_err(|reason| match reason {
            NotQueued::Refused(refused) => self.0.handle().refused(refused),
            NotQueued::Deadlock(envelope, cycle) => {
                self.0.handle().cell().count_returned();
                TellError::deadlock(self.0.handle().cell(), envelope, cycle)
            }
        })
    }
}

impl<P: Protocol> fmt::Debug for Tell<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tell({})", self.0.handle().cell().label())
    }
}
