//! A message on its way into a mailbox, waiting for room if the policy says so.

use std::sync::Arc;
use std::task::{Context, Poll};

use crate::handle::Handle;
use crate::mailbox::Refused;
use crate::notes::{self, Note};
use crate::protocol::{Kind, Overflow, Protocol};
use crate::wait_cycle::{Awaited, WaitCycle};
use crate::waiters::Ticket;
use crate::waits::Waiter;

/// A message that is not queued yet, and the handle that keeps its actor
/// alive until it is.
pub(crate) struct Delivery<P: Protocol> {
    handle: Handle<P>,
    /// None once it was queued or given back.
    envelope: Option<P::Envelope>,
    ticket: Option<Ticket>,
    note: Note,
}

/// A message that was not queued, and why.
pub(crate) enum NotQueued<T> {
    Refused(Refused<T>),
    /// Whoever is to make room waits for whoever waits for it.
    Deadlock(T, WaitCycle),
}

impl<P: Protocol> Delivery<P> {
    pub(crate) fn new(handle: &Handle<P>, envelope: P::Envelope) -> Delivery<P> {
        Delivery {
            handle: handle.clone(),
            envelope: Some(envelope),
            ticket: None,
            note: Note::default(),
        }
    }

    pub(crate) fn handle(&self) -> &Handle<P> {
        &self.handle
    }

    pub(crate) fn is_pending(&self) -> bool {
        self.envelope.is_some()
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
        if let Some(cycle) = self.note.verdict()
            && let Some(envelope) = self.envelope.take()
        {
            self.leave(false);
            return Poll::Ready(Err(NotQueued::Deadlock(envelope, cycle)));
        }
        let mut asleep = false;
        loop {
            match self.try_now() {
                Err(Refused::Full(envelope)) if self.waits() => {
                    let message = P::kind(&envelope);
                    if asleep && notes::is_leaving() && self.handle.cell().is_between() {
                        self.leave(false);
                        return Poll::Ready(Err(NotQueued::Refused(Refused::Closed(envelope))));
                    }
                    self.envelope = Some(envelope);
                    if asleep {
                        let whom = || Arc::clone(self.handle.cell()) as Arc<dyn Waiter>;
                        self.note
                            .pending(cx, whom, message.name(), Awaited::Room, None);
                        return Poll::Pending;
                    }
                    let mailbox = &self.handle.cell().mailbox;
                    mailbox.wait_for_room(&mut self.ticket, cx.waker());
                    asleep = true;
                }
                outcome => {
                    self.leave(outcome.is_ok());
                    return Poll::Ready(outcome.map_err(NotQueued::Refused));
                }
            }
        }
    }

    fn waits(&self) -> bool {
        self.handle.cell().overflow_policy() == Overflow::Wait
    }

    fn leave(&mut self, got_in: bool) {
        self.note.clear();
        if let Some(ticket) = self.ticket.take() {
            self.handle.cell().mailbox.stop_waiting(ticket, got_in);
        }
    }
}

impl<P: Protocol> Drop for Delivery<P> {
    fn drop(&mut self) {
        self.leave(false);
    }
}
