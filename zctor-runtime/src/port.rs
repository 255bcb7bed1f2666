//! Where a reply goes.

use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;

use crate::context::Context;
use crate::failure::Failure;
use crate::label::ActorId;
use crate::protocol::{Fault, Protocol};
use crate::waits::HandedOver;

/// What comes through a port.
pub(crate) type Outcome<T, E> = Result<T, NoReply<E>>;

/// Why there is no reply.
pub(crate) enum NoReply<E> {
    Failed(E),
    Fault(Fault),
    /// It was in the state of this actor when that was dropped.
    EndedWith(ActorId),
}

/// The sending end of an ask.
#[doc(hidden)]
pub struct Port<T, E = Infallible>(Option<oneshot::Sender<Outcome<T, E>>>);

impl<T, E> Port<T, E> {
    pub(crate) fn open() -> (Port<T, E>, oneshot::AsyncReceiver<Outcome<T, E>>) {
        let (sender, receiver) = oneshot::async_channel();
        (Port(Some(sender)), receiver)
    }

    /// The port of an ask that was sent as a plain message.
    #[must_use]
    pub fn nobody() -> Self {
        Port(None)
    }

    /// False, and counted by the actor, if nobody waits for the reply any
    /// more.
    #[must_use]
    pub fn claim<P: Protocol>(&self, ctx: &mut Context<P>) -> bool {
        let gone = self.0.as_ref().is_some_and(oneshot::Sender::is_closed);
        if gone {
            ctx.cell().count_skipped();
        }
        !gone
    }

    pub fn refuse(self, fault: Fault) {
        let _ = self.give(Err(NoReply::Fault(fault)));
    }

    /// Gives the outcome back if nobody waits for it any more.
    fn give(mut self, outcome: Outcome<T, E>) -> Result<(), Outcome<T, E>> {
        match self.0.take() {
            Some(sender) => sender.send(outcome).map_err(oneshot::SendError::into_inner),
            None => Err(outcome),
        }
    }

    /// Answers what the handler of a fallible ask returned.
    pub fn answer_result<P: Protocol>(
        self,
        result: Result<Result<T, E>, Failure>,
        ctx: &Context<P>,
    ) -> Result<(), Failure> {
        match result {
            Ok(reply) => {
                if reply.is_err() {
                    ctx.cell().count_failed();
                }
                // An error says that the caller has gone.
                let _ = self.give(reply.map_err(NoReply::Failed));
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
        match result {
            Ok(reply) => {
                // An error says that the caller has gone.
                let _ = self.give(Ok(reply));
                Ok(())
            }
            Err(failure) => {
                self.refuse(Fault::Crashed);
                Err(failure)
            }
        }
    }
}

impl<T, E> Drop for Port<T, E> {
    fn drop(&mut self) {
        let Some(sender) = self.0.take() else {
            return;
        };
        // A handler that panics takes its port with it. Any other drop shows
        // as a closed channel, and the caller looks how the actor is, or was.
        if std::thread::panicking() {
            let _ = sender.send(Err(NoReply::Fault(Fault::Crashed)));
        } else if let Ok(Some(actor)) = ENDED.try_with(Cell::get) {
            let _ = sender.send(Err(NoReply::EndedWith(actor)));
        }
    }
}

thread_local! {
    /// The actor of which the state is dropped on this thread now.
    static ENDED: Cell<Option<ActorId>> = const { Cell::new(None) };
}

/// Drops the state of an actor that is to have another one: by the time that
/// callers look, nothing may tell any more what became of their asks.
pub(crate) fn ended_with(actor: ActorId, dropping: impl FnOnce()) {
    let before = ENDED.replace(Some(actor));
    dropping();
    ENDED.set(before);
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

/// The port of a deferred ask, whose caller is told when a handler gets it.
#[doc(hidden)]
#[derive(Debug)]
pub struct DeferredPort<T, E = Infallible>(Port<T, E>, Option<HandedOver>);

impl<T, E> DeferredPort<T, E> {
    pub(crate) fn new(port: Port<T, E>, handed_over: HandedOver) -> Self {
        DeferredPort(port, Some(handed_over))
    }

    /// As [`Port::nobody`].
    #[must_use]
    pub fn nobody() -> Self {
        DeferredPort(Port::nobody(), None)
    }

    /// As [`Port::claim`].
    #[must_use]
    pub fn claim<P: Protocol>(&self, ctx: &mut Context<P>) -> bool {
        self.0.claim(ctx)
    }

    pub fn refuse(self, fault: Fault) {
        self.0.refuse(fault);
    }

    /// As [`Port::claim`], for one of many: the reply, if somebody waits for
    /// it.
    #[must_use]
    pub fn claim_reply(self) -> Option<Reply<T, E>> {
        let gone = self.0.0.as_ref().is_some_and(oneshot::Sender::is_closed);
        (!gone).then(|| self.defer())
    }

    /// The handler answers for itself.
    pub fn defer(self) -> Reply<T, E> {
        if let Some(handed_over) = &self.1 {
            handed_over.set();
        }
        Reply(self.0)
    }
}

/// The reply that an ask waits for: what the handler of a variant with
/// `#[reply(T, deferred)]` gets, to answer now or later, or to pass on.
///
/// It can be stored, and sent to another actor or thread. Answering takes it,
/// so an ask is answered at most once. Dropped without an answer, its caller
/// gets [`AskError::NoReply`](crate::AskError::NoReply) at once.
///
/// ```
/// use zctor::prelude::*;
///
/// /// Gives out tickets, as they come in.
/// #[actor]
/// enum Booth {
///     #[reply(u32, deferred)]
///     Ticket,
///     Print { number: u32 },
/// }
///
/// #[derive(Default)]
/// struct Queue { waiting: Vec<Reply<u32>> }
///
/// #[handlers]
/// impl BoothActor for Queue {
///     fn ticket(&mut self, reply: Reply<u32>) { self.waiting.push(reply) }
///     fn print(&mut self, number: u32) {
///         if let Some(reply) = self.waiting.pop() { reply.send(number) }
///     }
/// }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let booth = Booth::spawn(&system, Queue::default());
/// let ticket = booth.ticket().send();
/// booth.print(7)?;
/// assert_eq!(ticket.wait()?, 7);
/// # system.shutdown().wait() }
/// ```
#[must_use = "dropped, its caller gets `NoReply`"]
pub struct Reply<T, E = Infallible>(Port<T, E>);

impl<T, E> Reply<T, E> {
    /// Answers. If the caller has gone the value is dropped.
    pub fn send(self, value: T) {
        let _ = self.try_send(value);
    }

    /// Answers.
    ///
    /// # Errors
    /// If the caller has gone: the value is given back.
    pub fn try_send(self, value: T) -> Result<(), T> {
        match self.0.give(Ok(value)) {
            Err(Ok(value)) => Err(value),
            _ => Ok(()),
        }
    }

    /// Answers with the error of `#[reply(T, error = E, deferred)]`: the
    /// caller gets [`AskError::Failed`](crate::AskError::Failed).
    pub fn fail(self, error: E) {
        let _ = self.0.give(Err(NoReply::Failed(error)));
    }

    /// Whether the caller still waits.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.0.0.as_ref().is_some_and(|sender| !sender.is_closed())
    }
}

impl<T, E> fmt::Debug for Reply<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let awaited = self.is_awaited();
        f.debug_struct("Reply").field("awaited", &awaited).finish()
    }
}
