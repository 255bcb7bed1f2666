//! An actor's task, from spawn to end.
//!
//! ```text
//! spawned ── on_start ──▶ started ── stop, last handle gone ──▶ draining ── on_stop ──▶ ended
//!    │                      │                                     │                      ▲
//!    └──────────────────────┴────────── panic, error, kill ───────┴──────────────────────┘
//! ```
//!
//! Whatever the way to the end, these happen in this order: the state and the
//! handler in progress are dropped; the door closes and the messages left are
//! dropped, asks answered with [`Fault::Stopped`]; the children are ended; the
//! number and the name are free; the end is recorded among the events; whoever
//! waits for the start or the end, or watches the actor, is told.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::cell::Cell;
use crate::children::Closing;
use crate::exit::{Cause, Crash, ExitReason, Place};
use crate::guard;
use crate::handled_by::HandledBy;
use crate::incarnation::{End, run};
use crate::notes;
use crate::protocol::{Fault, Protocol};
use crate::seam::{Runnable, Tag};
use crate::sync::lock;
use crate::waits::Waiter;

pin_project! {
    /// The task of an actor. Signals are looked at on every poll, so that a
    /// kill reaches a handler that waits for ever.
    struct Life<P: Protocol, F> {
        cell: Arc<Cell<P>>,
        #[pin]
        incarnation: Option<F>,
        // It rests in a handler that waits for other actors.
        waits: bool,
        ending: Option<Box<Ending>>,
        ended: bool,
    }

    impl<P: Protocol, F> PinnedDrop for Life<P, F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this;
            // Dropped by a run queue that was closed: its system has ended.
            if !this.ended {
                let ending = this.as_mut().project().ending.take();
                let reason = match ending {
                    Some(ending) => ending.reason,
                    None => {
                        this.as_mut().clear();
                        ExitReason::Killed
                    }
                };
                this.finish(reason);
            }
        }
    }
}

/// An actor whose children are being ended.
struct Ending {
    children: Closing,
    reason: ExitReason,
}

/// Makes the task of an actor, to be scheduled by the caller.
pub(crate) fn begin<P, S>(cell: &Arc<Cell<P>>, state: S) -> Runnable
where
    P: HandledBy<S>,
    S: Send + 'static,
{
    let hub = Arc::clone(&cell.hub);
    let schedule = move |task, info: async_task::ScheduleInfo| {
        hub.seam.schedule(task, info.woken_while_running);
    };
    let incarnation = Some(run::<P, S>(state, Arc::clone(cell)));
    let life = Life {
        cell: Arc::clone(cell),
        incarnation,
        waits: false,
        ending: None,
        ended: false,
    };
    let (runnable, task) = async_task::Builder::new()
        .metadata(Tag::of(cell.id, cell.is_dedicated()))
        .spawn(|_| life, async_task::WithInfo(schedule));
    task.detach();
    cell.set_waker(runnable.waker());
    runnable
}

impl<P: Protocol, F: Future<Output = End>> Future for Life<P, F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.ending.is_none() {
            let reason = ready!(self.as_mut().live(cx));
            self.as_mut().clear();
            let children = {
                let ties = self.cell.ties_if_any();
                ties.and_then(|ties| lock(&ties.children).close(&self.cell.hub.seam))
            };
            match children {
                None => {
                    self.finish(reason);
                    return Poll::Ready(());
                }
                Some(children) => {
                    *self.as_mut().project().ending = Some(Box::new(Ending { children, reason }));
                }
            }
        }
        let ending = self.as_mut().project().ending;
        if let Some(ending) = ending {
            ready!(ending.children.poll(cx));
        }
        if let Some(ending) = ending.take() {
            self.finish(ending.reason);
        }
        Poll::Ready(())
    }
}

fn crash<P: Protocol>(cell: &Cell<P>, place: Place, cause: Cause) -> ExitReason {
    let crash = Crash::new(cell.label(), place, cause);
    cell.record_crash(&crash);
    ExitReason::Crashed(crash)
}

impl<P: Protocol, F: Future<Output = End>> Life<P, F> {
    /// Until the state has ended, one way or the other.
    fn live(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ExitReason> {
        if self.cell.is_killed() {
            return Poll::Ready(self.cell.kill_reason());
        }
        let mut this = self.as_mut().project();
        let Some(incarnation) = this.incarnation.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        if this.cell.is_dedicated() {
            let owner = Arc::clone(this.cell) as Arc<dyn Waiter>;
            notes::set_owner(Some(owner));
        }
        notes::resume(&**this.cell, *this.waits, cx);
        let polled = catch_unwind(AssertUnwindSafe(|| incarnation.poll(cx)));
        if let Ok(Poll::Pending) = polled {
            *this.waits = notes::pause(this.cell);
            return Poll::Pending;
        }
        notes::leave();
        Poll::Ready(match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(End::Orderly)) if this.cell.is_shutting_down() => ExitReason::Shutdown,
            Ok(Poll::Ready(End::Orderly)) => ExitReason::Normal,
            Ok(Poll::Ready(End::Failed(place, cause))) => crash(this.cell, place, cause),
            Err(payload) => {
                let cause = Cause::panic(&*payload);
                // The payload is the user's: its drop may panic as well.
                guard::quietly(|| drop(payload));
                crash(this.cell, this.cell.place(), cause)
            }
        })
    }
}

impl<P: Protocol, F> Life<P, F> {
    /// Drops the state, and the messages that are left.
    fn clear(self: Pin<&mut Self>) {
        let mut this = self.project();
        let cell = this.cell;
        cell.set_ending();
        if cell.has_waited() {
            drop(cell.waits().forget());
        }
        // Each drop of something of the user's may panic; that has no other
        // consequence than the line on stderr.
        guard::quietly(|| this.incarnation.set(None));
        cell.mailbox
            .empty(|envelope| cell.discard(envelope, Fault::Stopped));
    }

    fn finish(self: Pin<&mut Self>, reason: ExitReason) {
        let this = self.project();
        *this.ended = true;
        let cell = this.cell;
        cell.hub.registry.remove(cell.id, cell.name());
        cell.dismiss();
        cell.record_end(&reason);
        cell.set_ended(reason);
    }
}
