//! Where a reply goes.

use std::any::{Any, TypeId, type_name};
use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, Waker};

use crate::any_port::{AnyAnswer, AnyPort, Came, Nobody};
use crate::context::Context;
use crate::failure::Failure;
use crate::inquiry::Inquiry;
use crate::label::ActorId;
use crate::notes;
use crate::protocol::{Fault, Protocol};
use crate::waits::HandedOver;

/// What comes through a port.
pub(crate) type Outcome<T, E> = Result<T, NoReply<E>>;

/// Why there is no reply.
pub(crate) enum NoReply<E> {
    Failed(E),
    Fault(Fault),
    /// Its handler has crashed, and the reason is about to be known.
    Crashed(Arc<Inquiry>),
    /// It was in the state of this actor when that was dropped.
    EndedWith(ActorId),
}

impl<E> NoReply<E> {
    /// In the handler that crashes.
    #[cold]
    fn crashed() -> NoReply<E> {
        match notes::inquire() {
            Some(inquiry) => NoReply::Crashed(inquiry),
            None => NoReply::Fault(Fault::Crashed),
        }
    }
}

/// The sending end of an ask.
#[doc(hidden)]
pub struct Port<T, E = Infallible>(Option<oneshot::Sender<Outcome<T, E>>>);

impl<T, E> Port<T, E> {
    pub(crate) fn open() -> (Port<T, E>, oneshot::AsyncReceiver<Outcome<T, E>>) {
        let (sender, receiver) = oneshot::async_channel();
        (Port(Some(sender)), receiver)
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
                let _ = self.give(Err(NoReply::crashed()));
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
                let _ = self.give(Err(NoReply::crashed()));
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
            let _ = sender.send(Err(NoReply::crashed()));
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
    struct Before(Option<ActorId>);

    impl Drop for Before {
        fn drop(&mut self) {
            ENDED.set(self.0);
        }
    }

    // Set back also if the drop panics.
    let _before = Before(ENDED.replace(Some(actor)));
    dropping();
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

impl<T, E> Nobody for Port<T, E> {
    #[inline]
    fn nobody() -> Self {
        Port(None)
    }
}

impl<T, E> Nobody for DeferredPort<T, E> {
    #[inline]
    fn nobody() -> Self {
        DeferredPort(Port::nobody(), None)
    }
}

impl<T: Send + 'static, E: Send + 'static> AnyAnswer for oneshot::AsyncReceiver<Outcome<T, E>> {
    fn look(&mut self) -> Came {
        let mut cx = task::Context::from_waker(Waker::noop());
        match Pin::new(self).poll(&mut cx) {
            Poll::Pending => Came::Nothing,
            Poll::Ready(Ok(Ok(reply))) => Came::Reply(Box::new(reply)),
            Poll::Ready(Ok(Err(NoReply::Failed(error)))) => Came::Failed(Box::new(error)),
            Poll::Ready(Ok(Err(NoReply::Fault(fault)))) => Came::Fault(fault),
            Poll::Ready(Ok(Err(NoReply::Crashed(_)))) => Came::Fault(Fault::Crashed),
            Poll::Ready(Ok(Err(NoReply::EndedWith(_))) | Err(_)) => Came::Never,
        }
    }

    fn reply_type(&self) -> &'static str {
        type_name::<T>()
    }

    fn error_type(&self) -> Option<&'static str> {
        (TypeId::of::<E>() != TypeId::of::<Infallible>()).then(type_name::<E>)
    }
}

impl<T: Send + 'static, E: Send + 'static> AnyPort for Port<T, E> {
    fn open() -> (Self, Box<dyn AnyAnswer>) {
        let (port, answer) = Port::<T, E>::open();
        (port, Box::new(answer))
    }

    fn reply_type(&self) -> &'static str {
        type_name::<T>()
    }

    fn error_type(&self) -> Option<&'static str> {
        (TypeId::of::<E>() != TypeId::of::<Infallible>()).then(type_name::<E>)
    }

    fn is_awaited(&self) -> bool {
        self.0.as_ref().is_some_and(|sender| !sender.is_closed())
    }

    fn is_withdrawn(&self) -> bool {
        self.0.as_ref().is_some_and(oneshot::Sender::is_closed)
    }

    fn answer(self: Box<Self>, value: Box<dyn Any + Send>) -> Result<bool, Box<dyn AnyPort>> {
        match value.downcast::<T>() {
            Ok(value) => Ok(self.give(Ok(*value)).is_ok()),
            Err(_) => Err(self),
        }
    }

    fn fail(self: Box<Self>, error: Box<dyn Any + Send>) -> Result<bool, Box<dyn AnyPort>> {
        match error.downcast::<E>() {
            Ok(error) => Ok(self.give(Err(NoReply::Failed(*error))).is_ok()),
            Err(_) => Err(self),
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// The other end of a port: where its reply is awaited.
#[doc(hidden)]
pub struct AwaitedReply<T, E = Infallible> {
    pub(crate) reply: oneshot::AsyncReceiver<Outcome<T, E>>,
    /// Of a deferred ask.
    pub(crate) handed_over: Option<HandedOver>,
}

impl<T, E> AwaitedReply<T, E> {
    pub(crate) fn open() -> (Port<T, E>, AwaitedReply<T, E>) {
        let (port, reply) = Port::open();
        let handed_over = None;
        (port, AwaitedReply { reply, handed_over })
    }

    pub(crate) fn open_deferred() -> (DeferredPort<T, E>, AwaitedReply<T, E>) {
        let (port, mut awaited) = AwaitedReply::open();
        let handed_over = awaited.handed_over.insert(HandedOver::default());
        (DeferredPort(port, Some(handed_over.clone())), awaited)
    }
}

impl<T, E> fmt::Debug for AwaitedReply<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwaitedReply")
    }
}

/// The port of a deferred ask, whose caller is told when a handler gets it.
#[doc(hidden)]
#[derive(Debug)]
pub struct DeferredPort<T, E = Infallible>(Port<T, E>, Option<HandedOver>);

impl<T, E> DeferredPort<T, E> {
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

impl<T: Send + 'static, E: Send + 'static> AnyPort for DeferredPort<T, E> {
    fn open() -> (Self, Box<dyn AnyAnswer>) {
        let (port, answer) = Port::<T, E>::open();
        (DeferredPort(port, None), Box::new(answer))
    }

    fn reply_type(&self) -> &'static str {
        self.0.reply_type()
    }

    fn error_type(&self) -> Option<&'static str> {
        self.0.error_type()
    }

    fn is_awaited(&self) -> bool {
        self.0.is_awaited()
    }

    fn is_withdrawn(&self) -> bool {
        self.0.is_withdrawn()
    }

    fn answer(self: Box<Self>, value: Box<dyn Any + Send>) -> Result<bool, Box<dyn AnyPort>> {
        match value.downcast::<T>() {
            Ok(value) => Ok(self.defer().try_send(*value).is_ok()),
            Err(_) => Err(self),
        }
    }

    fn fail(self: Box<Self>, error: Box<dyn Any + Send>) -> Result<bool, Box<dyn AnyPort>> {
        match error.downcast::<E>() {
            Ok(error) => {
                let awaited = self.is_awaited();
                self.defer().fail(*error);
                Ok(awaited)
            }
            Err(_) => Err(self),
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
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
