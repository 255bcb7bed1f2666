//! Where a reply goes.

use std::convert::Infallible;
use std::fmt;

use crate::context::Context;
use crate::failure::Failure;
use crate::protocol::{Fault, Protocol};

/// What comes through a port.
pub(crate) type Reply<T, E> = Result<T, NoReply<E>>;

/// Why there is no reply.
pub(crate) enum NoReply<E> {
    Failed(E),
    Fault(Fault),
}

/// The sending end of an ask.
#[doc(hidden)]
pub struct Port<T, E = Infallible>(Option<oneshot::Sender<Reply<T, E>>>);

impl<T, E> Port<T, E> {
    pub(crate) fn open() -> (Port<T, E>, oneshot::AsyncReceiver<Reply<T, E>>) {
        let (sender, receiver) = oneshot::async_channel();
        (Port(Some(sender)), receiver)
    }

    /// The port of an ask that was sent as a plain message.
    #[must_use]
    pub fn nobody() -> Self {
        Port(None)
    }

    /// None, counted by the actor, if nobody waits for the reply any more.
    #[must_use]
    pub fn claim<P: Protocol>(self, ctx: &mut Context<P>) -> Option<Self> {
        match &self.0 {
            Some(sender) if sender.is_closed() => {
                ctx.cell().count_skipped();
                None
            }
            _ => Some(self),
        }
    }

    pub fn refuse(self, fault: Fault) {
        self.send(Err(NoReply::Fault(fault)));
    }

    fn send(mut self, reply: Reply<T, E>) {
        if let Some(sender) = self.0.take() {
            // An error says that the caller has gone.
            let _ = sender.send(reply);
        }
    }

    /// Answers what the handler of a fallible ask returned.
    pub fn answer_result(self, result: Result<Result<T, E>, Failure>) -> Result<(), Failure> {
        match result {
            Ok(reply) => {
                self.send(reply.map_err(NoReply::Failed));
                Ok(())
            }
            Err(failure) => {
                self.refuse(Fault::Crashed);
                Err(failure)
            }
        }
    }
}

impl<T> Port<T, Infallible> {
    /// Answers what the handler of an ask returned.
    pub fn answer(self, result: Result<T, Failure>) -> Result<(), Failure> {
        self.answer_result(result.map(Ok))
    }
}

impl<T, E> Drop for Port<T, E> {
    fn drop(&mut self) {
        // A handler that panics takes its port with it. Any other drop shows
        // as a closed channel, and the caller looks how the actor is.
        if std::thread::panicking()
            && let Some(sender) = self.0.take()
        {
            let _ = sender.send(Err(NoReply::Fault(Fault::Crashed)));
        }
    }
}

impl<T, E> fmt::Debug for Port<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Port"
        } else {
            "Port(nobody)"
        })
    }
}
