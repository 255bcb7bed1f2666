//! Asks: a message whose sender wants the reply.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::ask_error::AskError;
use crate::delivery::{Delivery, NotQueued};
use crate::handle::Handle;
use crate::mailbox::Refused;
use crate::notes::{self, Note};
use crate::port::{DeferredPort, NoReply, Outcome, Port, Reply};
use crate::protocol::{Fault, Kind, Protocol};
use crate::registry::AnyActor;
use crate::seam::{Deadline, run_beside};
use crate::wait::wait;
use crate::wait_cycle::{Awaited, WaitCycle};
use crate::waiters::Ticket;
use crate::waits::{HandedOver, Waiter};

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
}

// Nothing in it is pinned.
impl<P: Protocol, T, E> Unpin for Ask<P, T, E> {}

impl<P: Protocol, T, E> Ask<P, T, E> {
    pub(crate) fn new(
        handle: &Handle<P>,
        limit: Option<Duration>,
        make: impl FnOnce(Port<T, E>) -> P::Envelope,
    ) -> Ask<P, T, E> {
        let (port, reply) = Port::open();
        Ask::with(handle, limit, make(port), reply, None)
    }

    pub(crate) fn deferred(
        handle: &Handle<P>,
        limit: Option<Duration>,
        make: impl FnOnce(DeferredPort<T, E>) -> P::Envelope,
    ) -> Ask<P, T, E> {
        let (port, reply) = Port::open();
        let handed_over = HandedOver::default();
        let port = DeferredPort::new(port, handed_over.clone());
        Ask::with(handle, limit, make(port), reply, Some(handed_over))
    }

    fn with(
        handle: &Handle<P>,
        limit: Option<Duration>,
        envelope: P::Envelope,
        reply: oneshot::AsyncReceiver<Outcome<T, E>>,
        handed_over: Option<HandedOver>,
    ) -> Ask<P, T, E> {
        let answer = Answer {
            reply: Some(reply),
            message: P::kind(&envelope).name(),
            limit,
            deadline: None,
            note: Note::default(),
            handed_over,
            watch: None,
        };
        Ask {
            delivery: Delivery::new(handle, envelope),
            answer,
        }
    }

    /// Limits the time until the reply, in place of the limit that
    /// `#[timeout]` or `#[actor(timeout = …)]` set. It counts from when the
    /// message is queued, or begins to wait for room. A limit of zero fails
    /// at once; one beyond the clock's range never ends.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.answer.limit = Some(limit);
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
        let actor = Arc::clone(self.delivery.handle().cell()) as Arc<dyn AnyActor>;
        let refused = match self.answer.begin(&*actor) {
            Poll::Ready(()) => {
                actor.count_returned();
                Some(self.answer.timed_out(&*actor))
            }
            Poll::Pending => {
                let refused = self.delivery.try_now().err();
                refused.map(|refused| self.answer.refused(&refused, &*actor))
            }
        };
        Sent {
            answer: self.answer,
            actor,
            refused,
        }
    }
}

impl<P: Protocol, T, E> Future for Ask<P, T, E> {
    type Output = Result<T, AskError<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Ask { delivery, answer } = self.get_mut();
        if delivery.is_pending() {
            if answer.begin(&**delivery.handle().cell()).is_ready() {
                drop(delivery.take());
                delivery.handle().cell().count_returned();
                return Poll::Ready(Err(answer.timed_out(&**delivery.handle().cell())));
            }
            match delivery.poll(cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(NotQueued::Refused(refused))) => {
                    let actor = &**delivery.handle().cell();
                    return Poll::Ready(Err(answer.refused(&refused, actor)));
                }
                Poll::Ready(Err(NotQueued::Deadlock(_, cycle))) => {
                    let actor = &**delivery.handle().cell();
                    actor.count_returned();
                    return Poll::Ready(Err(answer.deadlock(cycle, actor)));
                }
                Poll::Pending => {
                    let late = answer.poll_deadline(&**delivery.handle().cell(), cx);
                    if late.is_ready() {
                        drop(delivery.take());
                        delivery.handle().cell().count_returned();
                    }
                    return late.map(Err);
                }
            }
        }
        let cell = delivery.handle().cell();
        let polled = answer.poll(&**cell, || Arc::clone(cell) as Arc<dyn AnyActor>, cx);
        if polled.is_pending() {
            answer.wait(cx, || Arc::clone(cell) as Arc<dyn Waiter>);
        }
        polled
    }
}

impl<P: Protocol, T, E> fmt::Debug for Ask<P, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Ask({}, {})",
            self.delivery.handle().label(),
            self.answer.message
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
            actor,
            refused,
        } = self.get_mut();
        match refused.take() {
            Some(error) => Poll::Ready(Err(error)),
            None => {
                let polled = answer.poll(&**actor, || Arc::clone(actor), cx);
                if polled.is_pending() {
                    answer.wait(cx, || Arc::clone(actor) as Arc<dyn Waiter>);
                }
                polled
            }
        }
    }
}

impl<T, E> fmt::Debug for Sent<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sent({}, {})", self.actor.label(), self.answer.message)
    }
}

/// The receiving end of an ask.
struct Answer<T, E> {
    /// None once it has come.
    reply: Option<oneshot::AsyncReceiver<Outcome<T, E>>>,
    message: &'static str,
    limit: Option<Duration>,
    /// Made when the time begins to count.
    deadline: Option<Deadline>,
    note: Note,
    /// Of a deferred ask.
    handed_over: Option<HandedOver>,
    /// For the case that the actor never lets go of the reply.
    watch: Option<EndWatch>,
}

/// A place among those who are told of an actor's end; left when it is dropped.
struct EndWatch {
    actor: Arc<dyn AnyActor>,
    ticket: Option<Ticket>,
}

impl Drop for EndWatch {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.actor.stop_watching(ticket);
        }
    }
}

impl<T, E> Answer<T, E> {
    /// Starts the clock. Ready if the time is over at once.
    fn begin(&mut self, actor: &dyn AnyActor) -> Poll<()> {
        match self.limit {
            Some(limit) if limit.is_zero() => Poll::Ready(()),
            Some(limit) if self.deadline.is_none() => {
                let seam = actor.seam();
                let at = seam.now().checked_add(limit);
                self.deadline = Some(Deadline::new(Arc::clone(seam), at));
                Poll::Pending
            }
            _ => Poll::Pending,
        }
    }

    fn poll(
        &mut self,
        actor: &dyn AnyActor,
        hold: impl FnOnce() -> Arc<dyn AnyActor>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, AskError<E>>> {
        // Once the outcome was given there is nothing more to come.
        let Some(reply) = &mut self.reply else {
            return Poll::Pending;
        };
        let cycle = self.note.verdict();
        // A reply that comes too late is none, whenever it is looked at.
        let reply = Pin::new(reply).poll(cx);
        if let Poll::Ready(late) = self.poll_deadline(actor, cx) {
            return Poll::Ready(Err(late));
        }
        let Poll::Ready(reply) = reply else {
            let Some(cycle) = cycle else {
                if notes::is_leaving() && actor.is_between() {
                    self.finish();
                    let (actor, message) = (actor.label(), self.message);
                    return Poll::Ready(Err(AskError::Stopped { actor, message }));
                }
                return self.poll_given_up(actor, hold, cx).map(Err);
            };
            self.finish();
            return Poll::Ready(Err(self.deadlock(cycle, actor)));
        };
        self.finish();
        Poll::Ready(match reply {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(NoReply::Failed(error))) => Err(AskError::Failed(error)),
            Ok(Err(NoReply::Fault(fault))) => {
                Err(AskError::of_fault(fault, actor.label(), self.message))
            }
            Ok(Err(NoReply::EndedWith(id))) if id == actor.label().id() => Err(AskError::Stopped {
                actor: actor.label(),
                message: self.message,
            }),
            Err(_) if actor.is_ending() => Err(AskError::Stopped {
                actor: actor.label(),
                message: self.message,
            }),
            Ok(Err(NoReply::EndedWith(_))) | Err(_) => Err(AskError::NoReply {
                actor: actor.label(),
                message: self.message,
            }),
        })
    }

    /// It stays pending.
    fn wait(&mut self, cx: &Context<'_>, whom: impl FnOnce() -> Arc<dyn Waiter>) {
        let handed_over = self.handed_over.as_ref();
        self.note
            .pending(cx, whom, self.message, Awaited::Answer, handed_over);
    }

    fn finish(&mut self) {
        self.reply = None;
        if self.deadline.is_some() {
            self.deadline = None;
        }
        self.watch = None;
        self.note.clear();
    }

    fn deadlock(&self, cycle: WaitCycle, actor: &dyn AnyActor) -> AskError<E> {
        AskError::Deadlock {
            actor: actor.label(),
            message: self.message,
            cycle,
        }
    }

    /// Ready if the actor counts as dead while it blocks a thread, and with it
    /// whatever replies it has. Actors of its system are polled when that
    /// happens; all others have to watch.
    fn poll_given_up(
        &mut self,
        actor: &dyn AnyActor,
        hold: impl FnOnce() -> Arc<dyn AnyActor>,
        cx: &Context<'_>,
    ) -> Poll<AskError<E>> {
        if !actor.seam().runs_an_actor() {
            let watch = self.watch.get_or_insert_with(|| EndWatch {
                actor: hold(),
                ticket: None,
            });
            actor.watch_end(&mut watch.ticket, cx);
        }
        if !actor.is_given_up() {
            return Poll::Pending;
        }
        self.finish();
        Poll::Ready(AskError::of_fault(
            Fault::Stopped,
            actor.label(),
            self.message,
        ))
    }

    #[inline]
    fn poll_deadline(&mut self, actor: &dyn AnyActor, cx: &mut Context<'_>) -> Poll<AskError<E>> {
        match self.deadline {
            Some(_) => self.poll_limited(actor, cx),
            None => Poll::Pending,
        }
    }

    #[inline(never)]
    fn poll_limited(&mut self, actor: &dyn AnyActor, cx: &mut Context<'_>) -> Poll<AskError<E>> {
        let Some(deadline) = &mut self.deadline else {
            return Poll::Pending;
        };
        deadline.poll_passed(cx).map(|()| {
            // The actor sees that nobody waits any more.
            self.reply = None;
            self.note.clear();
            if actor.seam().is_terminated() {
                // No clock runs any more, and no actor either.
                AskError::of_fault(Fault::Stopped, actor.label(), self.message)
            } else {
                self.timed_out(actor)
            }
        })
    }

    fn refused<M>(&self, refused: &Refused<M>, actor: &dyn AnyActor) -> AskError<E> {
        actor.count_returned();
        let fault = match refused {
            Refused::Full(_) => Fault::Full,
            Refused::Closed(_) => Fault::Stopped,
        };
        AskError::of_fault(fault, actor.label(), self.message)
    }

    fn in_handler(&self, actor: &dyn AnyActor) -> AskError<E> {
        AskError::WaitInHandler {
            actor: actor.label(),
            message: self.message,
        }
    }

    fn timed_out(&self, actor: &dyn AnyActor) -> AskError<E> {
        let limit = self.limit.unwrap_or_default();
        AskError::Timeout {
            actor: actor.label(),
            message: self.message,
            limit,
        }
    }
}
