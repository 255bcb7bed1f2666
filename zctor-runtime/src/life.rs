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

use crate::cell::{Cell, Core};
use crate::child::Child;
use crate::children::Closing;
use crate::exit::{Cause, Crash, ExitReason, Place};
use crate::guard;
use crate::incarnation::{Boxed, End, boxed};
use crate::notes;
use crate::port;
use crate::protocol::Protocol;
use crate::registry::AnyActor;
use crate::role::Role;
use crate::seam::{Runnable, Tag};
use crate::sync::lock;
use crate::waits::Waiter;

/// The task of an actor. Signals are looked at on every poll, so that a kill
/// reaches a handler that waits for ever.
///
/// It is the same for all protocols: what differs is behind the two pointers.
struct Life {
    actor: Arc<dyn AnyActor>,
    incarnation: Option<Boxed>,
    ending: Option<Box<Ending>>,
    /// Makes the next incarnation, of an actor that may have more than one.
    next: Option<Next>,
    // It rests in a handler that waits for other actors.
    waits: bool,
    ended: bool,
}

/// Of what a supervisor has sent.
type Next = fn(Arc<dyn Any + Send + Sync>, Box<dyn Any + Send>) -> Option<Boxed>;

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
    task(cell, Arc::clone(cell) as _, boxed(cell, state), None)
}

/// The same of an actor that its supervisor restarts.
pub(crate) fn begin_first<P: Protocol>(cell: &Arc<Cell<P>>, child: Child<P>) -> Runnable {
    let first = child.source.only().incarnate(cell);
    task(cell, Arc::clone(cell) as _, first, Some(next::<P>))
}

fn next<P: Protocol>(cell: Arc<dyn Any + Send + Sync>, seed: Box<dyn Any + Send>) -> Option<Boxed> {
    let cell = cell.downcast::<Cell<P>>().ok()?;
    let child = seed.downcast::<Child<P>>().ok()?;
    Some(child.source.only().incarnate(&cell))
}

fn task(core: &Core, actor: Arc<dyn AnyActor>, incarnation: Boxed, next: Option<Next>) -> Runnable {
    let hub = Arc::clone(&core.hub);
    let schedule = move |task, info: async_task::ScheduleInfo| {
        hub.seam.schedule(task, info.woken_while_running);
    };
    let life = Life {
        actor,
        incarnation: Some(incarnation),
        ending: None,
        next,
        waits: false,
        ended: false,
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
        if core.is_killed() {
            return Poll::Ready(core.kill_reason());
        }
        let Some(incarnation) = self.incarnation.as_mut() else {
            return Poll::Pending;
        };
        if core.is_dedicated() {
            let owner = Arc::clone(&self.actor) as Arc<dyn Waiter>;
            notes::set_owner(Some(owner));
        }
        notes::resume(&*self.actor, self.waits, cx);
        let leaving = core.is_suspended();
        if leaving {
            notes::set_leaving(true);
        }
        let polled = catch_unwind(AssertUnwindSafe(|| incarnation.as_mut().poll(cx)));
        if leaving {
            notes::set_leaving(false);
        }
        if let Ok(Poll::Pending) = polled {
            self.waits = notes::pause(&self.actor);
            return Poll::Pending;
        }
        notes::leave();
        Poll::Ready(match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(End::Orderly)) => core.orderly_reason(),
            Ok(Poll::Ready(End::Shutdown(why))) => ExitReason::ShutdownFor(why),
            Ok(Poll::Ready(End::Failed(place, cause))) => crash(core, place, cause),
            Err(payload) => {
                let cause = Cause::panic(&*payload);
                // The payload is the user's: its drop may panic as well.
                guard::quietly(|| drop(payload));
                crash(core, core.place(), cause)
            }
        })
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
            empty(&*self.actor);
            self.finish(reason);
            return Poll::Ready(true);
        }
        let seed = core.bond().and_then(|bond| bond.take_next());
        let (Some(seed), Some(next)) = (seed, self.next) else {
            return Poll::Pending;
        };
        let Some(incarnation) = next(Arc::clone(&self.actor).into_any(), seed) else {
            return Poll::Pending;
        };
        self.incarnation = Some(incarnation);
        self.waits = false;
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
        self.ended = true;
        let core = self.actor.core();
        if let Some(roster) = core.roster() {
            roster.abandon();
        }
        core.hub.registry.remove(core.id, core.name());
        core.dismiss();
        core.record_end(&reason);
        core.set_ended(reason);
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        // Dropped by a run queue that was closed: its system has ended.
        if !self.ended {
            let reason = match self.ending.take() {
                Some(ending) => ending.reason,
                None => {
                    self.clear(false);
                    ExitReason::Killed
                }
            };
            self.finish(reason);
        }
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
        let more = lock(&ties.children).take();
        batches.get_or_insert_default().extend(more);
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
