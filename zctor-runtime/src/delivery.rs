//! A message on its way into a mailbox, waiting for room if the policy says so.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::cell::Cell;
use crate::handle::Handle;
use crate::mailbox::{Attempt, Refused};
use crate::notes::{self, Note};
use crate::protocol::{Kind, Overflow, Protocol};
use crate::registry::AnyActor;
use crate::room::Room;
use crate::wait_cycle::{Awaited, WaitCycle};
use crate::waiters::Ticket;
use crate::waits::Waiter;

/// A message that is not queued yet, and the handle that keeps its actor
/// alive until it is.
pub(crate) struct Delivery<P: Protocol> {
    handle: Handle<P>,
    /// None once it was queued or given back.
    envelope: Option<P::Envelope>,
    place: Place,
}

/// A message that was not queued, and why.
pub(crate) enum NotQueued<T> {
    Refused(Refused<T>),
    /// Whoever is to make room waits for whoever waits for it.
    Deadlock(T, WaitCycle),
}

/// A message on its way, whatever it is.
pub(crate) trait AnyDelivery {
    fn actor(&self) -> &dyn AnyActor;
    /// Whether it was not queued yet.
    fn is_pending(&self) -> bool;
    /// Drops the message.
    fn withdraw(&mut self);
    /// One attempt.
    fn queue_now(&mut self) -> Outcome;
    /// Attempts it until there is room, under the policy `wait`.
    fn queue(&mut self, cx: &Context<'_>) -> Poll<Outcome>;
}

/// What became of a message. One that was not queued is still there.
pub(crate) enum Outcome {
    Queued,
    Full,
    Closed,
    /// As [`NotQueued::Deadlock`].
    Deadlock(WaitCycle),
}

impl<P: Protocol> Delivery<P> {
    pub(crate) fn new(handle: &Handle<P>, envelope: P::Envelope) -> Delivery<P> {
        Delivery {
            handle: handle.clone(),
            envelope: Some(envelope),
            place: Place::default(),
        }
    }

    /// One attempt, where nothing is lost by it: there is no policy to carry out.
    #[inline]
    pub(crate) fn queue_first(&mut self) -> bool {
        let cell = self.handle.cell();
        cell.mailbox.capacity().is_none()
            && matches!(attempt(cell, &mut self.envelope), Attempt::Queued)
    }

    pub(crate) fn handle(&self) -> &Handle<P> {
        &self.handle
    }

    /// The message, if it was not queued yet.
    pub(crate) fn take(&mut self) -> Option<P::Envelope> {
        self.envelope.take()
    }

    /// One attempt.
    pub(crate) fn try_now(&mut self) -> Result<(), Refused<P::Envelope>> {
        match self.envelope.take() {
            Some(envelope) => self.handle.cell().deliver(envelope),
            None => Ok(()),
        }
    }

    /// Attempts it until there is room, under the policy `wait`.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<Result<(), NotQueued<P::Envelope>>> {
        let outcome = ready!(self.queue(cx));
        let Some(envelope) = self.envelope.take() else {
            return Poll::Ready(Ok(()));
        };
        Poll::Ready(match outcome {
            Outcome::Queued => Ok(()),
            Outcome::Full => Err(NotQueued::Refused(Refused::Full(envelope))),
            Outcome::Closed => Err(NotQueued::Refused(Refused::Closed(envelope))),
            Outcome::Deadlock(cycle) => Err(NotQueued::Deadlock(envelope, cycle)),
        })
    }
}

impl<P: Protocol> AnyDelivery for Delivery<P> {
    fn actor(&self) -> &dyn AnyActor {
        &**self.handle.cell()
    }

    fn is_pending(&self) -> bool {
        self.envelope.is_some()
    }

    fn withdraw(&mut self) {
        self.envelope = None;
    }

    fn queue_now(&mut self) -> Outcome {
        match attempt(self.handle.cell(), &mut self.envelope) {
            Attempt::Queued => Outcome::Queued,
            Attempt::Full => Outcome::Full,
            Attempt::Closed => Outcome::Closed,
        }
    }

    fn queue(&mut self, cx: &Context<'_>) -> Poll<Outcome> {
        let Delivery {
            handle,
            envelope,
            place,
        } = self;
        let cell = handle.cell();
        let mut first = None;
        if place.is_new() {
            match attempt(cell, envelope) {
                // Most of the time that is all.
                Attempt::Queued => return Poll::Ready(Outcome::Queued),
                refused => first = Some(refused),
            }
        }
        let message = envelope.as_ref().map(|envelope| P::kind(envelope).name());
        let whom = || Arc::clone(cell) as Arc<dyn Waiter>;
        let attempt = &mut || first.take().unwrap_or_else(|| attempt(cell, envelope));
        place.poll(&**cell, message.unwrap_or_default(), &whom, attempt, cx)
    }
}

impl<P: Protocol> Drop for Delivery<P> {
    fn drop(&mut self) {
        self.place.leave(&self.handle.cell().mailbox.room, false);
    }
}

#[inline]
fn attempt<P: Protocol>(cell: &Cell<P>, message: &mut Option<P::Envelope>) -> Attempt {
    match message.take() {
        Some(envelope) => Attempt::of(cell.deliver(envelope), message),
        None => Attempt::Queued,
    }
}

/// A place among those who wait for room.
#[derive(Default)]
struct Place {
    ticket: Option<Ticket>,
    note: Note,
}

impl Place {
    /// Whether its sender has not waited yet.
    fn is_new(&self) -> bool {
        self.ticket.is_none() && self.note.is_none()
    }

    fn poll(
        &mut self,
        actor: &dyn AnyActor,
        message: &'static str,
        whom: &dyn Fn() -> Arc<dyn Waiter>,
        attempt: &mut dyn FnMut() -> Attempt,
        cx: &Context<'_>,
    ) -> Poll<Outcome> {
        if let Some(cycle) = self.note.verdict() {
            self.leave(actor.room(), false);
            return Poll::Ready(Outcome::Deadlock(cycle));
        }
        let mut asleep = false;
        loop {
            let outcome = match attempt() {
                Attempt::Full if actor.overflow_policy() == Overflow::Wait => {
                    if !asleep {
                        actor.room().wait(&mut self.ticket, cx.waker());
                        asleep = true;
                        continue;
                    }
                    if !notes::is_leaving() || !actor.is_between() {
                        self.note.pending(cx, whom, message, Awaited::Room, None);
                        return Poll::Pending;
                    }
                    Outcome::Closed
                }
                Attempt::Full => Outcome::Full,
                Attempt::Closed => Outcome::Closed,
                Attempt::Queued => Outcome::Queued,
            };
            self.leave(actor.room(), matches!(outcome, Outcome::Queued));
            return Poll::Ready(outcome);
        }
    }

    fn leave(&mut self, room: &Room, got_in: bool) {
        self.note.clear();
        if let Some(ticket) = self.ticket.take() {
            room.leave(ticket, got_in);
        }
    }
}
