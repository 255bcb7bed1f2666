//! Where an actor is in its life, and who waits for it to get further.

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use crate::exit::{Cause, ExitReason, Place, ShutdownReason};
use crate::failure::Failure;
use crate::sync::lock;
use crate::waiters::{Ticket, Waiters};

/// An incarnation of an actor that may have more.
pub(crate) type Boxed = Pin<Box<dyn Future<Output = End> + Send>>;

/// How an incarnation ended by itself. (One that panics or is killed does not
/// end by itself: see `life`.) It is small, since each poll returns one.
pub(crate) enum End {
    Orderly,
    Shutdown(Box<ShutdownReason>),
    Failed(Box<(Place, Cause)>),
}

impl End {
    pub(crate) fn failed(place: Place, failure: Failure) -> End {
        End::Failed(Box::new((place, Cause::Error(failure))))
    }
}

/// Starting, then started, then ended; an actor can end without having
/// started.
pub(crate) struct Stage(Mutex<Inner>);

struct Inner {
    started: bool,
    ended: bool,
    /// Known before it has ended, if it is out of the ordinary.
    reason: Option<ExitReason>,
    watchers: Waiters,
}

impl Inner {
    fn ended(&self) -> Option<&ExitReason> {
        self.reason.as_ref().filter(|_| self.ended)
    }
}

/// What an actor has come to.
#[derive(Debug, Clone)]
pub(crate) enum Milestone {
    Started,
    Ended(ExitReason),
}

impl Stage {
    pub(crate) fn new() -> Stage {
        Stage(Mutex::new(Inner {
            started: false,
            ended: false,
            reason: None,
            watchers: Waiters::new(),
        }))
    }

    pub(crate) fn set_started(&self) {
        // One that was given up while it started never did.
        self.change(|stage| stage.started |= !stage.ended);
    }

    /// Says why it is about to end, for those whose messages it will not take
    /// any more.
    pub(crate) fn foretell(&self, reason: &ExitReason) {
        if matches!(reason, ExitReason::Normal) {
            return;
        }
        let mut stage = lock(&self.0);
        if stage.reason.is_none() {
            stage.reason = Some(reason.clone());
        }
    }

    /// The first reason stays.
    pub(crate) fn set_ended(&self, reason: ExitReason) {
        self.change(|stage| {
            if !std::mem::replace(&mut stage.ended, true) {
                stage.reason = Some(reason);
            }
        });
    }

    pub(crate) fn has_ended(&self) -> bool {
        lock(&self.0).ended
    }

    /// How it has ended.
    pub(crate) fn ended(&self) -> Option<ExitReason> {
        lock(&self.0).ended().cloned()
    }

    /// How it has ended, or is about to.
    pub(crate) fn reason(&self) -> Option<ExitReason> {
        lock(&self.0).reason.clone()
    }

    fn change(&self, change: impl FnOnce(&mut Inner)) {
        let mut stage = lock(&self.0);
        change(&mut stage);
        let watchers = stage.watchers.all();
        drop(stage);
        watchers.wake();
    }

    pub(crate) fn poll_started(
        &self,
        ticket: &mut Option<Ticket>,
        cx: &Context<'_>,
    ) -> Poll<Milestone> {
        self.poll(ticket, cx, |stage| match stage.ended() {
            _ if stage.started => Some(Milestone::Started),
            ended => ended.cloned().map(Milestone::Ended),
        })
    }

    pub(crate) fn poll_ended(
        &self,
        ticket: &mut Option<Ticket>,
        cx: &Context<'_>,
    ) -> Poll<ExitReason> {
        self.poll(ticket, cx, |stage| stage.ended().cloned())
    }

    fn poll<T>(
        &self,
        ticket: &mut Option<Ticket>,
        cx: &Context<'_>,
        look: impl Fn(&Inner) -> Option<T>,
    ) -> Poll<T> {
        if ticket.is_some()
            && let Some(seen) = look(&lock(&self.0))
        {
            // Whoever made it so took all who wait out of the line.
            *ticket = None;
            return Poll::Ready(seen);
        }
        let waker = cx.waker().clone();
        let mut stage = lock(&self.0);
        if let Some(seen) = look(&stage) {
            drop(stage);
            *ticket = None;
            return Poll::Ready(seen);
        }
        let replaced = stage.watchers.register(ticket, waker);
        drop(stage);
        drop(replaced);
        Poll::Pending
    }

    pub(crate) fn stop_watching(&self, ticket: Ticket) {
        let waker = lock(&self.0).watchers.leave(ticket);
        drop(waker);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    #[test]
    fn a_start_is_remembered_and_the_first_end_stays() {
        let cx = Context::from_waker(Waker::noop());
        let stage = Stage::new();
        let mut ticket = None;
        assert!(stage.poll_started(&mut ticket, &cx).is_pending());
        stage.set_started();
        stage.set_ended(ExitReason::Killed);
        stage.set_ended(ExitReason::Normal);
        let started = stage.poll_started(&mut ticket, &cx);
        assert!(matches!(started, Poll::Ready(Milestone::Started)));
        let ended = stage.poll_ended(&mut ticket, &cx);
        assert!(matches!(ended, Poll::Ready(ExitReason::Killed)));
    }

    #[test]
    fn no_start_after_the_end() {
        let cx = Context::from_waker(Waker::noop());
        let stage = Stage::new();
        stage.set_ended(ExitReason::Killed);
        stage.set_started();
        let started = stage.poll_started(&mut None, &cx);
        assert!(matches!(started, Poll::Ready(Milestone::Ended(_))));
    }

    #[test]
    fn an_end_without_a_start() {
        let cx = Context::from_waker(Waker::noop());
        let stage = Stage::new();
        stage.set_ended(ExitReason::Normal);
        let started = stage.poll_started(&mut None, &cx);
        assert!(matches!(
            started,
            Poll::Ready(Milestone::Ended(ExitReason::Normal))
        ));
    }
}
