//! Asks: a message whose sender wants the reply.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::admission::{Guard, Ignores, Throttle};
use crate::answer::{Answer, take_back};
use crate::ask_error::AskError;
use crate::delivery::{AnyDelivery, Delivery};
use crate::handle::Handle;
use crate::port::{AwaitedReply, Reply};
use crate::protocol::{Kind, Protocol};
use crate::registry::AnyActor;
use crate::seam::run_beside;
use crate::wait::wait;

/// An ask: what the handle method of a variant with `#[reply(T)]` returns.
///
/// It is lazy. The message is queued when this is first polled, by
/// [`wait`](Ask::wait) or by [`send`](Ask::send), and its order among other
/// messages and its time limit count from then. It keeps the actor alive.
///
/// # Errors
/// An ask always ends: with the reply, or with an [`AskError`] when the actor
/// has stopped or crashed, the time is over, the mailbox is full, or the actor
/// waits itself for the one that asks.
///
/// # Cancel safety
/// Dropped before it was queued, nothing was sent. Dropped later, the actor
/// skips the message if it has not come to it yet, and a reply is discarded.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Oracle { #[reply(u32)] Answer }
/// struct Deep;
/// #[handlers]
/// impl OracleActor for Deep { fn answer(&self) -> u32 { 42 } }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let oracle = Oracle::spawn(&system, Deep);
/// assert_eq!(oracle.answer().wait()?, 42);
/// assert_eq!(oracle.answer().timeout(Duration::from_secs(1)).wait()?, 42);
/// assert!(oracle.answer().timeout(Duration::ZERO).wait().unwrap_err().is_timeout());
/// # system.shutdown().wait() }
/// ```
#[must_use = "it does nothing unless it is awaited, waited for with `.wait()`, or sent with `.send()`"]
#[doc(alias = "call")]
pub struct Ask<P: Protocol, T, E = Infallible> {
    /// Keeps the actor alive, and has the message until it is queued.
    delivery: Delivery<P>,
    answer: Answer<T, E>,
    /// What it has to pass first.
    guard: Option<Box<Guard<E>>>,
}

// Nothing in it is pinned.
impl<P: Protocol, T, E> Unpin for Ask<P, T, E> {}

impl<P: Protocol, T, E> Ask<P, T, E> {
    pub(crate) fn new(
        handle: &Handle<P>,
        limit: Option<Duration>,
        envelope: P::Envelope,
        awaited: AwaitedReply<T, E>,
    ) -> Ask<P, T, E> {
        let answer = Answer::new(awaited, P::kind(&envelope).name(), limit);
        Ask {
            delivery: Delivery::new(handle, envelope),
            answer,
            guard: None,
        }
    }

    /// The same ask, behind the circuit breaker and the rate limit of its
    /// variant.
    pub(crate) fn guarded(mut self, kind: P::Kind, waits: bool, ignores: Ignores<E>) -> Self {
        let cell = self.delivery.handle().cell();
        let throttle = cell
            .limiter(kind)
            .map(|limiter| Throttle::new(limiter, waits));
        let guard = Guard::new(cell.breaker(kind), ignores, throttle);
        self.guard = Some(Box::new(guard));
        self
    }

    /// Limits the time until the reply, in place of the limit that
    /// `#[timeout]` or `#[actor(timeout = …)]` set. It counts from when the
    /// message is queued, or begins to wait for room. A limit of zero fails
    /// at once; one beyond the clock's range never ends.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.answer.set_limit(limit);
        self
    }

    /// Limits its time once more.
    pub(crate) fn at_most(mut self, limit: Duration) -> Self {
        self.answer.limit_to(limit);
        self
    }

    /// Waits for the reply on this thread.
    ///
    /// # Errors
    /// As the ask itself; and at once if this is called in a handler on a
    /// shared worker thread, in which case nothing was sent.
    pub fn wait(mut self) -> Result<T, AskError<E>> {
        match wait(&mut self) {
            Ok(answer) => answer,
            Err(_) => {
                let actor = &**self.delivery.handle().cell();
                if self.delivery.is_pending() {
                    actor.count_returned();
                }
                Err(self.answer.in_handler(actor))
            }
        }
    }

    /// Lets the answer go to another's [`Reply`], without waiting for it here:
    /// for a handler with a deferred reply that has someone else answer. A
    /// failure of the one is a failure of the other; when this ask fails in
    /// any other way, the reply is dropped.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor] enum Archive { #[reply(String)] Find(u32) }
    /// struct Shelf;
    /// #[handlers] impl ArchiveActor for Shelf {
    ///     fn find(&mut self, value: u32) -> String { format!("file {value}") }
    /// }
    ///
    /// #[actor] enum Desk { #[reply(String, deferred)] Order(u32) }
    /// struct Clerk { archive: ArchiveHandle }
    /// #[handlers] impl DeskActor for Clerk {
    ///     fn order(&mut self, value: u32, reply: Reply<String>) {
    ///         self.archive.find(value).forward(reply);
    ///     }
    /// }
    ///
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// let archive = Archive::spawn(&system, Shelf);
    /// let desk = Desk::spawn(&system, Clerk { archive });
    /// assert_eq!(desk.order(7).wait()?, "file 7");
    /// # system.shutdown().wait() }
    /// ```
    pub fn forward(self, reply: Reply<T, E>)
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let seam = Arc::clone(self.delivery.handle().cell().seam());
        run_beside(seam, async move {
            match self.await {
                Ok(value) => reply.send(value),
                Err(AskError::Failed(error)) => reply.fail(error),
                Err(_) => drop(reply),
            }
        });
    }

    /// Queues the message now, without waiting for the reply. If there is no
    /// room, or the actor has ended, the error comes when the reply is
    /// awaited.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Oracle { #[reply(u32)] Answer }
    /// # struct Deep;
    /// # #[handlers] impl OracleActor for Deep { fn answer(&self) -> u32 { 42 } }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let oracle = Oracle::spawn(&system, Deep);
    /// let answers: Vec<_> = (0..3).map(|_| oracle.answer().send()).collect();
    /// for answer in answers {
    ///     assert_eq!(answer.wait()?, 42);
    /// }
    /// # system.shutdown().wait() }
    /// ```
    pub fn send(mut self) -> Sent<T, E> {
        let guard = self.guard.as_deref_mut();
        let refused = queue_now(guard, &mut self.delivery, &mut self.answer).err();
        let actor = Arc::clone(self.delivery.handle().cell()) as Arc<dyn AnyActor>;
        Sent {
            answer: self.answer,
            guard: self.guard,
            actor,
            refused,
        }
    }
}

impl<P: Protocol, T, E> Ask<P, T, E> {
    #[cold]
    #[inline(never)]
    fn poll_guarded(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, AskError<E>>> {
        if let Some(guard) = &mut self.guard
            && let Err(turned) = ready!(pass(guard, &mut self.delivery, &mut self.answer, cx))
        {
            return Poll::Ready(Err(turned));
        }
        let result = ready!(self.poll_answer(cx));
        if let Some(guard) = &mut self.guard {
            guard.report(&result);
        }
        Poll::Ready(result)
    }

    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, AskError<E>>> {
        // Most have no limit, and there is room for them.
        if self.delivery.is_pending()
            && !(self.answer.is_unlimited() && self.delivery.queue_first())
            && let Err(error) = ready!(self.answer.queue(&mut self.delivery, cx))
        {
            return Poll::Ready(Err(error));
        }
        let cell = self.delivery.handle().cell();
        let hold = || Arc::clone(cell) as Arc<dyn AnyActor>;
        self.answer.poll_noted(&**cell, &hold, cx)
    }
}

/// Passes what stands before the mailbox.
fn pass<T, E>(
    guard: &mut Guard<E>,
    delivery: &mut dyn AnyDelivery,
    answer: &mut Answer<T, E>,
    cx: &mut Context<'_>,
) -> Poll<Result<(), AskError<E>>> {
    if !delivery.is_pending() {
        return Poll::Ready(Ok(()));
    }
    // Its time counts from here.
    let late = match answer.begin(delivery.actor()) {
        Poll::Ready(()) => Poll::Ready(answer.timed_out(delivery.actor())),
        Poll::Pending => answer.poll_deadline(delivery.actor(), cx),
    };
    if let Poll::Ready(late) = late {
        take_back(delivery);
        return Poll::Ready(Err(late));
    }
    guard.poll(cx).map_err(|turned| {
        delivery.withdraw();
        answer.turned(turned, delivery.actor())
    })
}

/// The same, and queues the message, without waiting.
fn queue_now<T, E>(
    guard: Option<&mut Guard<E>>,
    delivery: &mut dyn AnyDelivery,
    answer: &mut Answer<T, E>,
) -> Result<(), AskError<E>> {
    if answer.begin(delivery.actor()).is_ready() {
        return Err(answer.late(delivery));
    }
    if let Some(guard) = guard
        && let Err(turned) = guard.try_now()
    {
        delivery.withdraw();
        return Err(answer.turned(turned, delivery.actor()));
    }
    let outcome = delivery.queue_now();
    answer.queued(&outcome, delivery)
}

impl<P: Protocol, T, E> Future for Ask<P, T, E> {
    type Output = Result<T, AskError<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        // Most asks have none, and pay for no more than this look.
        if this.guard.is_some() {
            return this.poll_guarded(cx);
        }
        this.poll_answer(cx)
    }
}

impl<P: Protocol, T, E> fmt::Debug for Ask<P, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Ask({}, {})",
            self.delivery.handle().label(),
            self.answer.message()
        )
    }
}

/// An ask that was sent: see [`Ask::send`]. It does not keep the actor alive;
/// what is queued is handled in any case.
///
/// # Cancel safety
/// Dropped, the actor skips the message if it has not come to it yet.
#[must_use = "dropping it withdraws the ask; await it, or wait for it with `.wait()`"]
pub struct Sent<T, E = Infallible> {
    answer: Answer<T, E>,
    guard: Option<Box<Guard<E>>>,
    actor: Arc<dyn AnyActor>,
    refused: Option<AskError<E>>,
}

impl<T, E> Unpin for Sent<T, E> {}

impl<T, E> Sent<T, E> {
    /// Waits for the reply on this thread.
    ///
    /// # Errors
    /// As the ask itself; and at once if this is called in a handler on a
    /// shared worker thread.
    pub fn wait(mut self) -> Result<T, AskError<E>> {
        match wait(&mut self) {
            Ok(answer) => answer,
            Err(_) => Err(self.answer.in_handler(&*self.actor)),
        }
    }
}

impl<T, E> Future for Sent<T, E> {
    type Output = Result<T, AskError<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Sent {
            answer,
            guard,
            actor,
            refused,
        } = self.get_mut();
        if let Some(error) = refused.take() {
            return Poll::Ready(Err(error));
        }
        let polled = answer.poll_noted(&**actor, &|| Arc::clone(actor), cx);
        if let (Poll::Ready(result), Some(guard)) = (&polled, guard) {
            guard.report(result);
        }
        polled
    }
}

impl<T, E> fmt::Debug for Sent<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sent({}, {})", self.actor.label(), self.answer.message())
    }
}
