//! A tell that waits for room.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::admission::Throttle;
use crate::delivery::{Delivery, NotQueued};
use crate::handle::Handle;
use crate::limit::limited::Limited;
use crate::protocol::Protocol;
use crate::tell_error::{TellError, Undelivered};
use crate::wait::wait;

/// A tell to an actor with a bounded mailbox and the policy `wait`: queued
/// when it is awaited, waited for or tried.
///
/// # Errors
/// If the actor has ended or was stopped, or waits for the one that tells
/// ([`Undelivered::Deadlock`]), or a rate limit of `overflow = reject` is
/// reached ([`Undelivered::Limited`]): the message is given back.
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
pub struct Tell<P: Protocol> {
    delivery: Delivery<P>,
    /// The rate limit that it has to pass first.
    throttle: Option<Box<Throttle>>,
}

// Nothing in it is pinned.
impl<P: Protocol> Unpin for Tell<P> {}

impl<P: Protocol> Tell<P> {
    pub(crate) fn new(handle: &Handle<P>, envelope: P::Envelope) -> Tell<P> {
        Tell {
            delivery: Delivery::new(handle, envelope),
            throttle: None,
        }
    }

    /// The same tell, behind the rate limit of its variant.
    pub(crate) fn limited(mut self, kind: P::Kind, waits: bool) -> Self {
        let limiter = self.delivery.handle().cell().limiter(kind);
        self.throttle = limiter.map(|limiter| Box::new(Throttle::new(limiter, waits)));
        self
    }

    #[cold]
    fn turned(&mut self, limited: Limited) -> Result<(), TellError<P>> {
        match self.delivery.take() {
            Some(envelope) => Err(self.delivery.handle().limited(envelope, limited)),
            None => Ok(()),
        }
    }

    /// Waits for room on this thread.
    ///
    /// # Errors
    /// If the actor has ended or was stopped, or this is called in a handler
    /// on a shared worker thread: the message is given back.
    pub fn wait(mut self) -> Result<(), TellError<P>> {
        match wait(&mut self) {
            Ok(told) => told,
            Err(_) => match self.delivery.take() {
                Some(envelope) => Err(self
                    .delivery
                    .handle()
                    .undelivered(envelope, Undelivered::WaitInHandler)),
                None => Ok(()),
            },
        }
    }

    /// Queues the message if there is room.
    ///
    /// # Errors
    /// If there is none, or no permit of a rate limit, or the actor has ended
    /// or was stopped: the message is given back.
    pub fn try_now(mut self) -> Result<(), TellError<P>> {
        if let Some(throttle) = &mut self.throttle
            && let Err(limited) = throttle.try_now()
        {
            return self.turned(limited);
        }
        let told = self.delivery.try_now();
        told.map_err(|refused| self.delivery.handle().refused(refused))
    }
}

impl<P: Protocol> Future for Tell<P> {
    type Output = Result<(), TellError<P>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(throttle) = &mut self.throttle
            && let Err(limited) = ready!(throttle.poll(cx))
        {
            return Poll::Ready(self.turned(limited));
        }
        let told = self.delivery.poll(cx);
        told.map_err(|reason| match reason {
            NotQueued::Refused(refused) => self.delivery.handle().refused(refused),
            NotQueued::Deadlock(envelope, cycle) => {
                self.delivery.handle().cell().count_returned();
                TellError::deadlock(self.delivery.handle().cell(), envelope, cycle)
            }
        })
    }
}

impl<P: Protocol> fmt::Debug for Tell<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tell({})", self.delivery.handle().cell().label())
    }
}
