//! Commands to supervisors, and their answers.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};

use super::child_error::ChildError;
use super::desk::{Answer, Command, What};
use super::roster::Roster;
use crate::cell::Cell;
use crate::handle::Handle;
use crate::label::ActorLabel;
use crate::protocol::Protocol;
use crate::wait::wait;

type Begin = Box<dyn FnOnce(&Roster, ActorLabel) -> Result<What, ChildError> + Send>;

/// A command and its answer.
pub(crate) struct Call {
    roster: Option<Arc<Roster>>,
    supervisor: ActorLabel,
    begin: Option<Begin>,
    answer: Option<oneshot::AsyncReceiver<Answer>>,
}

impl<P: Protocol> Handle<P> {
    pub(crate) fn call(
        &self,
        begin: impl FnOnce(&Roster, ActorLabel) -> Result<What, ChildError> + Send + 'static,
    ) -> Call {
        Call {
            roster: self.cell().roster().cloned(),
            supervisor: self.label(),
            begin: Some(Box::new(begin)),
            answer: None,
        }
    }
}

impl Call {
    fn stopped(&self) -> ChildError {
        let supervisor = self.supervisor.clone();
        ChildError::Stopped { supervisor }
    }

    fn send(&mut self, begin: Begin) -> Result<(), ChildError> {
        let roster = self.roster.take().ok_or_else(|| self.stopped())?;
        let what = begin(&roster, self.supervisor.clone())?;
        let (sender, receiver) = oneshot::async_channel();
        self.answer = Some(receiver);
        let answer = Some(sender);
        roster.command(Command { what, answer }).map_err(|command| {
            if let What::Start(key, _) = command.what {
                roster.forget(key);
            }
            self.stopped()
        })
    }

    pub(crate) fn poll(&mut self, cx: &mut task::Context<'_>) -> Poll<Answer> {
        if let Some(begin) = self.begin.take()
            && let Err(error) = self.send(begin)
        {
            return Poll::Ready(Err(error));
        }
        let Some(answer) = &mut self.answer else {
            return Poll::Pending;
        };
        let answer = std::task::ready!(Pin::new(answer).poll(cx));
        self.answer = None;
        Poll::Ready(answer.unwrap_or_else(|_| Err(self.stopped())))
    }
}

/// A command to a supervisor: see
/// [`terminate_child`](Handle::terminate_child).
///
/// # Cancel safety
/// Dropped before it was polled, nothing happens. Later it is carried out in
/// any case.
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Administer(pub(super) Call);

impl Administer {
    /// Waits on this thread.
    ///
    /// # Errors
    /// As the command itself; and at once, with nothing done, in a handler on a
    /// shared worker thread.
    pub fn wait(self) -> Result<(), ChildError> {
        wait(self).unwrap_or_else(|refused| Err(ChildError::WaitInHandler(refused)))
    }
}

impl Future for Administer {
    type Output = Result<(), ChildError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        self.0.poll(cx).map(|answer| answer.map(drop))
    }
}

impl fmt::Debug for Administer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Administer({})", self.0.supervisor)
    }
}

/// The start of a child: see [`start_child`](Handle::start_child), and the
/// methods that `#[supervisor]` makes, such as `shop.start_visit(…)`. It is done
/// when the child's `on_start` has returned.
///
/// # Cancel safety
/// Dropped before it was polled, nothing happens. Later the child is started in
/// any case.
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct StartChild<Q>(Call, PhantomData<fn() -> Q>);

impl<Q: Protocol<Handle: From<Handle<Q>>>> StartChild<Q> {
    pub(super) fn new(call: Call) -> StartChild<Q> {
        StartChild(call, PhantomData)
    }

    /// Waits on this thread.
    ///
    /// # Errors
    /// If the child does not start, or the supervisor has ended; and at once,
    /// with nothing done, in a handler on a shared worker thread.
    pub fn wait(self) -> Result<Q::Handle, ChildError> {
        wait(self).unwrap_or_else(|refused| Err(ChildError::WaitInHandler(refused)))
    }
}

impl<Q: Protocol<Handle: From<Handle<Q>>>> Future for StartChild<Q> {
    type Output = Result<Q::Handle, ChildError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let call = &mut self.0;
        call.poll(cx).map(|answer| {
            let handle = answer?.and_then(handle_of::<Q>);
            handle.ok_or_else(|| call.stopped())
        })
    }
}

impl<Q: Protocol> fmt::Debug for StartChild<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StartChild({}, {})", self.0.supervisor, Q::NAME)
    }
}

pub(super) fn handle_of<Q: Protocol<Handle: From<Handle<Q>>>>(
    actor: Arc<dyn Any + Send + Sync>,
) -> Option<Q::Handle> {
    let cell = actor.downcast::<Cell<Q>>().ok()?;
    Some(Q::Handle::from(Handle::new(&cell)))
}
