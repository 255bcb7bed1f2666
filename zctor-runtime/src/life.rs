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
//!
//! An actor that has a supervisor does not end there. Its state is dropped, its
//! children are ended, and it pauses, with its mail and its door as they are:
//!
//! ```text
//! started ──▶ … ──▶ paused ── begin ──▶ started, as the next incarnation
//!                      └──── final ───▶ ended
//! ```

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::cell::Cell;
use crate::child::Child;
use crate::children::Closing;
use crate::exit::{Cause, Crash, ExitReason, Place};
use crate::guard;
use crate::incarnation::{Boxed, End, run};
use crate::notes;
use crate::port;
use crate::protocol::{Fault, Protocol};
use crate::role::Role;
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
                        this.as_mut().clear(false);
                        ExitReason::Killed
                    }
                };
                this.finish(reason);
            }
        }
    }
}

/// An actor without a state.
struct Ending {
    /// Children that are being ended. None: it pauses.
    children: Option<Closing>,
    reason: ExitReason,
    paused: bool,
    /// Its children are ended for good.
    last: bool,
}

/// What an incarnation is.
trait Incarnation<P: Protocol>: Future<Output = End> + Sized {
    /// The next one, of what a supervisor has sent.
    fn next(cell: &Arc<Cell<P>>, seed: Box<dyn Any + Send>) -> Option<Self>;
}

pin_project! {
    /// That of an actor that has only one.
    struct Only<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future<Output = End>> Future for Only<F> {
    type Output = End;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End> {
        self.project().future.poll(cx)
    }
}

impl<P: Protocol, F: Future<Output = End>> Incarnation<P> for Only<F> {
    fn next(_: &Arc<Cell<P>>, _: Box<dyn Any + Send>) -> Option<Self> {
        None
    }
}

impl<P: Protocol> Incarnation<P> for Boxed {
    fn next(cell: &Arc<Cell<P>>, seed: Box<dyn Any + Send>) -> Option<Self> {
        let child = seed.downcast::<Child<P>>().ok()?;
        Some(child.source.only().incarnate(cell))
    }
}

/// Makes the task of an actor, to be scheduled by the caller.
pub(crate) fn begin<P, S>(cell: &Arc<Cell<P>>, state: S) -> Runnable
where
    P: Protocol,
    S: Role<P>,
{
    let future = run::<P, S>(state, Arc::clone(cell));
    task(cell, Only { future })
}

/// The same of an actor that its supervisor restarts.
pub(crate) fn begin_first<P: Protocol>(cell: &Arc<Cell<P>>, child: Child<P>) -> Runnable {
    task(cell, child.source.only().incarnate(cell))
}

fn task<P, F>(cell: &Arc<Cell<P>>, incarnation: F) -> Runnable
where
    P: Protocol,
    F: Incarnation<P> + Send + 'static,
{
    let hub = Arc::clone(&cell.hub);
    let schedule = move |task, info: async_task::ScheduleInfo| {
        hub.seam.schedule(task, info.woken_while_running);
    };
    let life = Life {
        cell: Arc::clone(cell),
        incarnation: Some(incarnation),
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

impl<P: Protocol, F: Incarnation<P>> Future for Life<P, F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.ending.is_none() {
                let reason = ready!(self.as_mut().live(cx));
                let stays = self.cell.may_go_on(&reason);
                self.as_mut().clear(stays);
                match self.cell.close_children(stays) {
                    None if !stays => {
                        self.finish(reason);
                        return Poll::Ready(());
                    }
                    children => {
                        let paused = false;
                        *self.as_mut().project().ending = Some(Box::new(Ending {
                            children,
                            reason,
                            paused,
                            last: !stays,
                        }));
                    }
                }
            }
            if ready!(self.as_mut().poll_ending(cx)) {
                return Poll::Ready(());
            }
        }
    }
}

fn crash<P: Protocol>(cell: &Cell<P>, place: Place, cause: Cause) -> ExitReason {
    let crash = Crash::new(cell.label(), place, cause);
    cell.record_crash(&crash);
    ExitReason::Crashed(crash)
}

impl<P: Protocol, F: Incarnation<P>> Life<P, F> {
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
        let leaving = this.cell.is_suspended();
        if leaving {
            notes::set_leaving(true);
        }
        let polled = catch_unwind(AssertUnwindSafe(|| incarnation.poll(cx)));
        if leaving {
            notes::set_leaving(false);
        }
        if let Ok(Poll::Pending) = polled {
            *this.waits = notes::pause(this.cell);
            return Poll::Pending;
        }
        notes::leave();
        Poll::Ready(match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(End::Orderly)) => this.cell.orderly_reason(),
            Ok(Poll::Ready(End::Shutdown(why))) => ExitReason::ShutdownFor(why),
            Ok(Poll::Ready(End::Failed(place, cause))) => crash(this.cell, place, cause),
            Err(payload) => {
                let cause = Cause::panic(&*payload);
                // The payload is the user's: its drop may panic as well.
                guard::quietly(|| drop(payload));
                crash(this.cell, this.cell.place(), cause)
            }
        })
    }

    /// Until it has another state, or, true, until it has ended.
    fn poll_ending(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<bool> {
        let mut this = self.as_mut().project();
        let Some(ending) = this.ending else {
            return Poll::Ready(false);
        };
        if let Some(children) = &mut ending.children {
            ready!(children.poll(cx));
            ending.children = None;
        }
        let cell = this.cell;
        if !ending.paused && !ending.last && cell.may_go_on(&ending.reason) {
            ending.paused = true;
            cell.pause(&ending.reason);
        }
        if !ending.paused || cell.is_final() {
            if !std::mem::replace(&mut ending.last, true) {
                // It may have kept children for another state.
                ending.children = cell.close_children(false);
                if let Some(children) = &mut ending.children {
                    ready!(children.poll(cx));
                }
            }
            let reason = ending.reason.clone();
            cell.empty();
            self.finish(reason);
            return Poll::Ready(true);
        }
        let seed = cell.bond().and_then(|bond| bond.take_next());
        let Some(incarnation) = seed.and_then(|seed| F::next(cell, seed)) else {
            return Poll::Pending;
        };
        this.incarnation.set(Some(incarnation));
        *this.waits = false;
        *this.ending = None;
        Poll::Ready(false)
    }
}

impl<P: Protocol, F> Life<P, F> {
    /// Drops the state; and the messages that are left, unless it `stays` for
    /// another.
    fn clear(self: Pin<&mut Self>, stays: bool) {
        let mut this = self.project();
        let cell = this.cell;
        if !stays {
            cell.set_ending();
        }
        if cell.has_waited() {
            drop(cell.waits().forget());
        }
        // Each drop of something of the user's may panic; that has no other
        // consequence than the line on stderr.
        let mut drop_state = || {
            guard::quietly(|| this.incarnation.set(None));
        };
        if stays {
            port::ended_with(cell.id, drop_state);
        } else {
            drop_state();
        }
        if !stays {
            cell.empty();
        }
    }

    fn finish(self: Pin<&mut Self>, reason: ExitReason) {
        let this = self.project();
        *this.ended = true;
        let cell = this.cell;
        if let Some(roster) = cell.roster() {
            roster.abandon();
        }
        cell.hub.registry.remove(cell.id, cell.name());
        cell.dismiss();
        cell.record_end(&reason);
        cell.set_ended(reason);
    }
}

impl<P: Protocol> Cell<P> {
    /// Takes the children, to be ended; those that a supervisor restarts are
    /// kept if it `stays` itself.
    fn close_children(&self, stays: bool) -> Option<Closing> {
        let mut batches = self.roster().map(|roster| {
            // Of a supervisor that was killed, or has crashed.
            drop(roster.take_engine());
            roster.batches(stays)
        });
        if let Some(ties) = self.ties_if_any() {
            let more = lock(&ties.children).take();
            batches.get_or_insert_default().extend(more);
        }
        Closing::new(batches?, &self.hub.seam)
    }

    /// Closes the door, and drops what is queued, and a state that it was given
    /// too late.
    fn empty(&self) {
        self.set_ending();
        if let Some(bond) = self.bond() {
            guard::quietly(|| drop(bond.take_next()));
        }
        self.discard_batches();
        self.mailbox
            .empty(|envelope| self.discard_mail(envelope, Fault::Stopped));
    }
}
