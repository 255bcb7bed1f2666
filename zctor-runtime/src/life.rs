//! An actor's task, from spawn to end.
//!
//! ```text
//! spawned ── on_start ──▶ started ── stop, last handle gone ──▶ draining ── on_stop ──▶ ended
//!    │                      │                                     │                      ▲
//!    └──────────────────────┴────────── panic, error, kill ───────┴──────────────────────┘
//! ```
//!
//! Whatever the way to the end, these happen in this order: the handler in
//! progress is dropped, and the state; those whose asks it has crashed with are
//! told why, and it can be seen how the actor will have ended; the door closes and the messages left are
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

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::cell::{Cell, Core};
use crate::child::Child;
use crate::children::Closing;
use crate::exit::{Cause, Crash, ExitReason, Place};
use crate::guard;
use crate::incarnation::boxed;
use crate::notes;
use crate::port;
use crate::protocol::Protocol;
use crate::registry::AnyActor;
use crate::role::Role;
use crate::seam::{Runnable, Tag};
use crate::stage::{Boxed, End};
use crate::sync::lock;
use crate::waits::Waiter;

/// The task of an actor. Signals are looked at on every poll, so that a kill
/// reaches a handler that waits for ever.
///
/// It is the same for all protocols: what differs is behind the two pointers.
struct Life {
    actor: Arc<dyn AnyActor>,
    incarnation: Option<Boxed>,
    /// Without an incarnation and this it has ended.
    ending: Option<Box<Ending>>,
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

/// Makes the task of an actor, to be scheduled by the caller.
pub(crate) fn begin<P, S>(cell: &Arc<Cell<P>>, state: S) -> Runnable
where
    P: Protocol,
    S: Role<P>,
{
    task(cell, Arc::clone(cell) as _, boxed(cell, state))
}

/// The same of an actor that its supervisor restarts.
pub(crate) fn begin_first<P: Protocol>(cell: &Arc<Cell<P>>, child: Child<P>) -> Runnable {
    let first = child.source.only().incarnate(cell);
    task(cell, Arc::clone(cell) as _, first)
}

fn task(core: &Core, actor: Arc<dyn AnyActor>, incarnation: Boxed) -> Runnable {
    let hub = Arc::clone(&core.hub);
    let schedule = move |task, info: async_task::ScheduleInfo| {
        hub.seam.schedule(task, info.woken_while_running);
    };
    let life = Life {
        actor,
        incarnation: Some(incarnation),
        ending: None,
    };
    let (runnable, task) = async_task::Builder::new()
        .metadata(Tag::of(core.id, core.is_dedicated()))
        .spawn(|_| life, async_task::WithInfo(schedule));
    task.detach();
    core.set_waker(runnable.waker());
    runnable
}

impl Future for Life {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.ending.is_none() {
                let reason = ready!(self.live(cx));
                let stays = self.actor.may_go_on(&reason);
                if !stays {
                    self.actor.stage.foretell(&reason);
                }
                self.clear(stays);
                match close_children(self.actor.core(), stays) {
                    None if !stays => {
                        self.finish(reason);
                        return Poll::Ready(());
                    }
                    children => {
                        self.ending = Some(Box::new(Ending {
                            children,
                            reason,
                            paused: false,
                            last: !stays,
                        }));
                    }
                }
            }
            if ready!(self.poll_ending(cx)) {
                return Poll::Ready(());
            }
        }
    }
}

fn crash(core: &Core, place: Place, cause: Cause) -> ExitReason {
    let crash = Crash::new(core.label(), place, cause);
    core.record_crash(&crash);
    ExitReason::Crashed(crash)
}

impl Life {
    /// Until the state has ended, one way or the other.
    fn live(&mut self, cx: &mut Context<'_>) -> Poll<ExitReason> {
        let core = self.actor.core();
        let plain = core.is_plain();
        if !plain && core.is_killed() {
            return Poll::Ready(core.kill_reason());
        }
        let Some(incarnation) = self.incarnation.as_mut() else {
            return Poll::Pending;
        };
        if !plain && core.is_dedicated() {
            let owner = Arc::clone(&self.actor) as Arc<dyn Waiter>;
            notes::set_owner(Some(owner));
        }
        notes::resume(&*self.actor, core.rests_waiting(), cx);
        let leaving = !plain && core.is_suspended();
        if leaving {
            notes::set_leaving(true);
        }
        let polled = catch_unwind(AssertUnwindSafe(|| incarnation.as_mut().poll(cx)));
        if leaving {
            notes::set_leaving(false);
        }
        match polled {
            Ok(Poll::Pending) => {
                let waits = notes::pause(&self.actor);
                if waits != core.rests_waiting() {
                    core.set_rests_waiting(waits);
                }
                Poll::Pending
            }
            Ok(Poll::Ready(end)) => Poll::Ready(self.over(Ok(end))),
            Err(panic) => Poll::Ready(self.over(Err(panic))),
        }
    }

    /// What the end of the state is.
    #[cold]
    fn over(&self, end: std::thread::Result<End>) -> ExitReason {
        let core = self.actor.core();
        let untold = notes::leave();
        let reason = match end {
            Ok(End::Orderly) => core.orderly_reason(),
            Ok(End::Shutdown(why)) => ExitReason::ShutdownFor(why),
            Ok(End::Failed(what)) => {
                let (place, cause) = *what;
                crash(core, place, cause)
            }
            Err(payload) => {
                let cause = Cause::panic(&*payload);
                // The payload is the user's: its drop may panic as well.
                guard::quietly(|| drop(payload));
                crash(core, core.place(), cause)
            }
        };
        if let ExitReason::Crashed(crash) = &reason {
            untold.tell(crash);
        }
        reason
    }

    /// Until it has another state, or, true, until it has ended.
    fn poll_ending(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        let Some(ending) = &mut self.ending else {
            return Poll::Ready(false);
        };
        if let Some(children) = &mut ending.children {
            ready!(children.poll(cx));
            ending.children = None;
        }
        let core = self.actor.core();
        if !ending.paused && !ending.last && core.may_go_on(&ending.reason) {
            ending.paused = true;
            core.pause(&ending.reason);
        }
        if !ending.paused || core.is_final() {
            if !std::mem::replace(&mut ending.last, true) {
                // It may have kept children for another state.
                ending.children = close_children(core, false);
                if let Some(children) = &mut ending.children {
                    ready!(children.poll(cx));
                }
            }
            let reason = ending.reason.clone();
            core.stage.foretell(&reason);
            empty(&*self.actor);
            self.finish(reason);
            return Poll::Ready(true);
        }
        let next = core.bond().and_then(|bond| bond.take_next());
        let next = next.and_then(|next| next(Arc::clone(&self.actor)));
        if next.is_none() {
            return Poll::Pending;
        }
        core.set_rests_waiting(false);
        self.incarnation = next;
        self.ending = None;
        Poll::Ready(false)
    }

    /// Drops the state; and the messages that are left, unless it `stays` for
    /// another.
    fn clear(&mut self, stays: bool) {
        let core = self.actor.core();
        if !stays {
            core.set_ending();
        }
        if self.actor.has_waited() {
            drop(self.actor.waits().forget());
        }
        // Each drop of something of the user's may panic; that has no other
        // consequence than the line on stderr. What panics leaves no one
        // behind: the place is empty before.
        let state = self.incarnation.take();
        let drop_state = || {
            guard::quietly(|| drop(state));
        };
        if stays {
            port::ended_with(core.id, drop_state);
        } else {
            drop_state();
            empty(&*self.actor);
        }
    }

    fn finish(&mut self, reason: ExitReason) {
        self.ending = None;
        let core = self.actor.core();
        if let Some(roster) = core.roster() {
            roster.abandon();
        }
        core.finish(reason);
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        // Dropped by a run queue that was closed: its system has ended.
        let reason = match self.ending.take() {
            Some(ending) => {
                self.actor.stage.foretell(&ending.reason);
                empty(&*self.actor);
                ending.reason
            }
            None if self.incarnation.is_some() => {
                self.actor.stage.foretell(&ExitReason::Killed);
                self.clear(false);
                ExitReason::Killed
            }
            None => return,
        };
        self.finish(reason);
    }
}

/// Takes the children, to be ended; those that a supervisor restarts are kept if
/// it `stays` itself.
fn close_children(core: &Core, stays: bool) -> Option<Closing> {
    let mut batches = core.roster().map(|roster| {
        // Of a supervisor that was killed, or has crashed.
        drop(roster.take_engine());
        roster.batches(stays)
    });
    if let Some(ties) = core.ties_if_any() {
        let mut more = lock(&ties.children).take();
        batches.get_or_insert_default().append(&mut more);
    }
    Closing::new(batches?, &core.hub.seam)
}

/// Closes the door, and drops what is queued, and a state that it was given too
/// late.
fn empty(actor: &dyn AnyActor) {
    let core = actor.core();
    core.set_ending();
    if let Some(bond) = core.bond() {
        guard::quietly(|| drop(bond.take_next()));
    }
    actor.drop_all_mail();
}
