//! The receiving end of an ask.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::admission::Turned;
use crate::ask_error::AskError;
use crate::delivery::{AnyDelivery, Outcome as Delivered};
use crate::exit::Crash;
use crate::inquiry::Inquiry;
use crate::notes::{self, Note};
use crate::port::{AwaitedReply, NoReply, Outcome};
use crate::protocol::Fault;
use crate::registry::AnyActor;
use crate::seam::Deadline;
use crate::wait_cycle::{Awaited, WaitCycle};
use crate::waiters::Ticket;
use crate::waits::{HandedOver, Waiter};

/// The receiving end of an ask.
pub(crate) struct Answer<T, E> {
    /// None once it has come.
    reply: Option<oneshot::AsyncReceiver<Outcome<T, E>>>,
    /// The handler has crashed, and the reason is to come.
    crashed: Option<Box<Crashed>>,
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

/// A wait for the reason of a crash.
struct Crashed {
    inquiry: Arc<Inquiry>,
    patience: Deadline,
}

/// So long the reason of a crash is waited for. It comes when the panic has been
/// caught, or never: a handler may catch it itself and go on, and a state that is
/// dropped meanwhile may wait for whoever has asked.
const PATIENCE: Duration = Duration::from_millis(100);

impl Crashed {
    fn new(inquiry: Arc<Inquiry>, actor: &dyn AnyActor) -> Crashed {
        let seam = actor.seam();
        let at = seam.now().checked_add(PATIENCE);
        let patience = Deadline::new(Arc::clone(seam), at);
        Crashed { inquiry, patience }
    }

    /// None: it is not known.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Crash>> {
        match self.inquiry.poll(cx) {
            Poll::Ready(crash) => Poll::Ready(crash),
            Poll::Pending => self.patience.poll_passed(cx).map(|()| None),
        }
    }
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
    pub(crate) fn new(
        awaited: AwaitedReply<T, E>,
        message: &'static str,
        limit: Option<Duration>,
    ) -> Answer<T, E> {
        let AwaitedReply { reply, handed_over } = awaited;
        Answer {
            reply: Some(reply),
            crashed: None,
            message,
            limit,
            deadline: None,
            note: Note::default(),
            handed_over,
            watch: None,
        }
    }

    pub(crate) fn message(&self) -> &'static str {
        self.message
    }

    /// Whether it may take as long as it takes.
    #[inline]
    pub(crate) fn is_unlimited(&self) -> bool {
        self.limit.is_none()
    }

    pub(crate) fn set_limit(&mut self, limit: Duration) {
        self.limit = Some(limit);
    }

    pub(crate) fn limit_to(&mut self, limit: Duration) {
        self.limit = Some(self.limit.map_or(limit, |own| own.min(limit)));
    }

    /// It was turned away before the mailbox.
    pub(crate) fn turned(&self, turned: Turned, actor: &dyn AnyActor) -> AskError<E> {
        actor.count_returned();
        let (actor, message) = (actor.label(), self.message);
        match turned {
            Turned::Open(open) => AskError::CircuitOpen {
                actor,
                message,
                retry_after: open.retry_after(),
            },
            Turned::Limited(limited) => AskError::Limited {
                actor,
                message,
                retry_after: limited.retry_after(),
            },
        }
    }

    /// Starts the clock. Ready if the time is over at once.
    pub(crate) fn begin(&mut self, actor: &dyn AnyActor) -> Poll<()> {
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
        hold: &dyn Fn() -> Arc<dyn AnyActor>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, AskError<E>>> {
        // Once the outcome was given there is nothing more to come.
        let Some(reply) = &mut self.reply else {
            return self.poll_crashed(actor, cx);
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
                    return Poll::Ready(Err(self.lost(actor)));
                }
                return self.poll_given_up(actor, hold, cx).map(Err);
            };
            self.finish();
            return Poll::Ready(Err(self.deadlock(cycle, actor)));
        };
        if let Ok(Err(NoReply::Crashed(inquiry))) = reply {
            self.reply = None;
            self.note.clear();
            self.crashed = Some(Box::new(Crashed::new(inquiry, actor)));
            return self.poll_crashed(actor, cx);
        }
        self.finish();
        Poll::Ready(match reply {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(NoReply::Failed(error))) => Err(AskError::Failed(error)),
            Ok(Err(NoReply::Fault(fault))) => Err(AskError::of_fault(fault, actor, self.message)),
            Ok(Err(NoReply::EndedWith(id))) if id == actor.label().id() => Err(self.lost(actor)),
            Err(_) if actor.is_ending() => Err(self.lost(actor)),
            Ok(Err(NoReply::EndedWith(_) | NoReply::Crashed(_))) | Err(_) => {
                Err(AskError::NoReply {
                    actor: actor.label(),
                    message: self.message,
                })
            }
        })
    }

    /// Queues its message, within its time.
    pub(crate) fn queue(
        &mut self,
        delivery: &mut dyn AnyDelivery,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), AskError<E>>> {
        if self.begin(delivery.actor()).is_ready() {
            return Poll::Ready(Err(self.late(delivery)));
        }
        match delivery.queue(cx) {
            Poll::Ready(outcome) => Poll::Ready(self.queued(&outcome, delivery)),
            Poll::Pending => {
                let late = self.poll_deadline(delivery.actor(), cx);
                if late.is_ready() {
                    take_back(delivery);
                }
                late.map(Err)
            }
        }
    }

    /// What it comes to that its message was queued, or was not.
    pub(crate) fn queued(
        &self,
        outcome: &Delivered,
        delivery: &mut dyn AnyDelivery,
    ) -> Result<(), AskError<E>> {
        let fault = match outcome {
            Delivered::Queued => return Ok(()),
            Delivered::Full => Fault::Full,
            Delivered::Closed => Fault::Stopped,
            Delivered::Deadlock(cycle) => {
                take_back(delivery);
                return Err(self.deadlock(cycle.clone(), delivery.actor()));
            }
        };
        take_back(delivery);
        Err(AskError::of_fault(fault, delivery.actor(), self.message))
    }

    /// Its time is over before its message was queued.
    pub(crate) fn late(&self, delivery: &mut dyn AnyDelivery) -> AskError<E> {
        take_back(delivery);
        self.timed_out(delivery.actor())
    }

    /// [`poll`](Answer::poll), and notes who is waited for if it stays pending.
    pub(crate) fn poll_noted(
        &mut self,
        actor: &dyn AnyActor,
        hold: &dyn Fn() -> Arc<dyn AnyActor>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, AskError<E>>> {
        let polled = self.poll(actor, hold, cx);
        if polled.is_pending() {
            let whom = || hold() as Arc<dyn Waiter>;
            let handed_over = self.handed_over.as_ref();
            self.note
                .pending(cx, &whom, self.message, Awaited::Answer, handed_over);
        }
        polled
    }

    /// Ready when the reason of the crash is known, which is as soon as the
    /// panic has been caught.
    #[cold]
    fn poll_crashed(
        &mut self,
        actor: &dyn AnyActor,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, AskError<E>>> {
        let Some(crashed) = &mut self.crashed else {
            return Poll::Pending;
        };
        let crash = ready!(crashed.poll(cx));
        self.finish();
        Poll::Ready(Err(AskError::Crashed {
            actor: actor.label(),
            message: self.message,
            crash,
        }))
    }

    /// The actor has ended, or this state of it.
    #[cold]
    fn lost(&self, actor: &dyn AnyActor) -> AskError<E> {
        AskError::of_fault(Fault::Stopped, actor, self.message)
    }

    fn finish(&mut self) {
        self.reply = None;
        if self.crashed.is_some() {
            self.crashed = None;
        }
        if self.deadline.is_some() {
            self.deadline = None;
        }
        self.watch = None;
        self.note.clear();
    }

    pub(crate) fn deadlock(&self, cycle: WaitCycle, actor: &dyn AnyActor) -> AskError<E> {
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
        hold: &dyn Fn() -> Arc<dyn AnyActor>,
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
        Poll::Ready(self.lost(actor))
    }

    #[inline]
    pub(crate) fn poll_deadline(
        &mut self,
        actor: &dyn AnyActor,
        cx: &mut Context<'_>,
    ) -> Poll<AskError<E>> {
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
                self.lost(actor)
            } else {
                self.timed_out(actor)
            }
        })
    }

    pub(crate) fn in_handler(&self, actor: &dyn AnyActor) -> AskError<E> {
        AskError::WaitInHandler {
            actor: actor.label(),
            message: self.message,
        }
    }

    pub(crate) fn timed_out(&self, actor: &dyn AnyActor) -> AskError<E> {
        let limit = self.limit.unwrap_or_default();
        AskError::Timeout {
            actor: actor.label(),
            message: self.message,
            limit,
        }
    }
}

/// The message was not accepted.
pub(crate) fn take_back(delivery: &mut dyn AnyDelivery) {
    delivery.withdraw();
    delivery.actor().count_returned();
}
