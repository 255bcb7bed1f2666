//! An actor as its handles and its task see it.

use std::any::Any;
use std::fmt;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, SeqCst};
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use crate::event::{DropReason, EventKind, Source};
use crate::exit::{Crash, ExitReason, Place};
use crate::guard;
use crate::hub::Hub;
use crate::label::{ActorId, ActorLabel};
use crate::mailbox::{Mailbox, Refused};
use crate::protocol::{Fault, Kind, Overflow, Protocol, Thread, is_high};
use crate::registry::AnyActor;
use crate::seam::{AlarmId, Bell, Ring, Seam};
use crate::stage::Stage;
use crate::stats::{Count, Stats, Tally};
use crate::sync::lock;
use crate::waiters::Ticket;
use crate::waits::{Waiter, Waits};

/// What the actor must look at before its next message.
const KILLED: u8 = 1;
const ALARM: u8 = 1 << 1;
const SHUTDOWN: u8 = 1 << 2;
const ENDING: u8 = 1 << 3;
const GIVEN_UP: u8 = 1 << 4;
/// It has a thread of its own.
const DEDICATED: u8 = 1 << 5;
/// It has come to rest in a handler that waits for another actor.
const WAITED: u8 = 1 << 6;

const END_RECORDED: u8 = 1 << 7;

/// What is kept in `place` for a place that is no message.
const START: u32 = u32::MAX;
const STOP: u32 = u32::MAX - 1;
const TIMER: u32 = u32::MAX - 2;
/// Added to the index of a variant: the hook `ready`, asked for it.
const READY: u32 = 1 << 30;

pub(crate) struct Cell<P: Protocol> {
    pub(crate) id: ActorId,
    pub(crate) hub: Arc<Hub>,
    pub(crate) mailbox: Mailbox<P::Envelope>,
    overflow: Overflow,
    /// What keeps the actor alive: handles, its name, `detach`.
    holders: AtomicUsize,
    signals: AtomicU8,
    /// What the actor is at: the index of a variant, or one of the above.
    place: AtomicU32,
    /// Written by the actor alone, so counting is no atomic step.
    handled: AtomicU64,
    rare: OnceLock<Box<Rare>>,
    /// When it was spawned: nanoseconds since its system's start.
    spawned: u64,
    waker: OnceLock<Waker>,
    pub(crate) stage: Stage,
    waits: Waits,
}

/// What most actors do without.
#[derive(Default)]
struct Rare {
    name: Option<Arc<str>>,
    tally: Tally,
    /// Alarms that went off.
    rung: Mutex<Vec<AlarmId>>,
}

impl Rare {
    fn with(name: Option<Arc<str>>) -> OnceLock<Box<Rare>> {
        let rare = OnceLock::new();
        if name.is_some() {
            rare.get_or_init(|| {
                Box::new(Rare {
                    name,
                    ..Rare::default()
                })
            });
        }
        rare
    }
}

impl<P: Protocol> Cell<P> {
    /// A cell with one holder.
    pub(crate) fn new(
        hub: Arc<Hub>,
        name: Option<Arc<str>>,
        mailbox: crate::protocol::Mailbox,
    ) -> Cell<P> {
        Cell {
            id: hub.next_id(),
            holders: AtomicUsize::new(1 + usize::from(name.is_some())),
            spawned: nanoseconds(hub.events.since_start()),
            hub,
            mailbox: Mailbox::new(mailbox.capacity()),
            overflow: mailbox.overflow(),
            signals: AtomicU8::new(match P::THREAD {
                Thread::Shared => 0,
                Thread::Dedicated => DEDICATED,
            }),
            place: AtomicU32::new(START),
            handled: AtomicU64::new(0),
            rare: Rare::with(name),
            waker: OnceLock::new(),
            stage: Stage::new(),
            waits: Waits::default(),
        }
    }

    pub(crate) fn name(&self) -> Option<&Arc<str>> {
        self.rare.get()?.name.as_ref()
    }

    pub(crate) fn label(&self) -> ActorLabel {
        ActorLabel::new(P::NAME, self.id, self.name().cloned())
    }

    // ---- the task

    pub(crate) fn set_waker(&self, waker: Waker) {
        // Only the first counts, and there is only one.
        let _ = self.waker.set(waker);
    }

    #[inline]
    pub(crate) fn wake(&self) {
        if let Some(waker) = self.waker.get() {
            waker.wake_by_ref();
        }
    }

    // ---- holders

    pub(crate) fn hold(&self) {
        self.holders.fetch_add(1, Relaxed);
    }

    /// Holds it unless nobody does.
    pub(crate) fn hold_if_held(&self) -> bool {
        let held = |holders: usize| (holders > 0).then_some(holders + 1);
        self.holders.fetch_update(AcqRel, Acquire, held).is_ok()
    }

    pub(crate) fn release(&self) {
        if self.holders.fetch_sub(1, AcqRel) == 1 {
            self.wake();
        }
    }

    pub(crate) fn is_held(&self) -> bool {
        self.holders.load(Acquire) > 0
    }

    // ---- messages

    /// Queues a message if there is room, or makes room as the policy says.
    #[inline]
    pub(crate) fn deliver(&self, envelope: P::Envelope) -> Result<(), Refused<P::Envelope>> {
        if is_high::<P>(&envelope) {
            if self.mailbox.push_high(envelope)? {
                self.wake();
            }
            return Ok(());
        }
        match self.deliver_if_room(envelope) {
            Err(Refused::Full(envelope)) => self.overflow(envelope),
            outcome => outcome,
        }
    }

    #[inline]
    fn deliver_if_room(&self, envelope: P::Envelope) -> Result<(), Refused<P::Envelope>> {
        if self.mailbox.push(envelope)? {
            self.wake();
        }
        Ok(())
    }

    #[cold]
    fn overflow(&self, mut envelope: P::Envelope) -> Result<(), Refused<P::Envelope>> {
        let loser = match self.overflow {
            Overflow::Wait | Overflow::Reject => return Err(Refused::Full(envelope)),
            Overflow::DropNewest => envelope,
            Overflow::DropOldest => loop {
                envelope = match self.mailbox.replace_oldest(envelope) {
                    Ok(replaced) => {
                        if replaced.wake {
                            self.wake();
                        }
                        break replaced.oldest;
                    }
                    Err(envelope) => envelope,
                };
                // The queue was empty for a moment: taken, about to be held,
                // or about to be pushed. If it was taken there is room now.
                envelope = match self.deliver_if_room(envelope) {
                    Err(Refused::Full(envelope)) => envelope,
                    outcome => return outcome,
                };
            },
        };
        self.discard(loser, Fault::Full);
        Ok(())
    }

    pub(crate) fn overflow_policy(&self) -> Overflow {
        self.overflow
    }

    /// The actor begins to handle a message.
    #[inline]
    pub(crate) fn at_message(&self, kind: P::Kind) {
        self.place.store(kind.index() as u32, Relaxed);
        self.handled.store(self.handled.load(Relaxed) + 1, Relaxed);
    }

    pub(crate) fn at_ready(&self, kind: P::Kind) {
        self.place.store(READY + kind.index() as u32, Relaxed);
    }

    pub(crate) fn at_timer(&self) {
        self.place.store(TIMER, Relaxed);
    }

    pub(crate) fn at_stop(&self) {
        self.place.store(STOP, Relaxed);
    }

    /// What the actor is at.
    pub(crate) fn place(&self) -> Place {
        match self.place.load(Relaxed) {
            START => Place::Start,
            STOP => Place::Stop,
            TIMER => Place::Timer,
            place => match place.checked_sub(READY) {
                Some(index) => Place::Ready(Self::variant_name(index)),
                None => Place::Message(Self::variant_name(place)),
            },
        }
    }

    fn variant_name(index: u32) -> &'static str {
        P::VARIANTS
            .get(index as usize)
            .map_or("?", |variant| variant.name())
    }

    /// Drops a message that is not handled. That is the user's code, and may
    /// panic; it has no consequence.
    pub(crate) fn discard(&self, envelope: P::Envelope, fault: Fault) {
        self.tally().dropped.add_one();
        self.record(|| EventKind::Dropped {
            message: P::kind(&envelope).name(),
            reason: match fault {
                Fault::Full => DropReason::Overflow,
                Fault::Stopped | Fault::Crashed => DropReason::Ended,
            },
            count: 1,
        });
        guard::quietly(|| P::refuse(envelope, fault));
    }

    /// The ask in hand is skipped.
    pub(crate) fn count_skipped(&self) {
        self.tally().skipped.add_one();
        self.record(|| EventKind::Skipped {
            message: match self.place() {
                Place::Message(name) => name,
                _ => "?",
            },
            count: 1,
        });
    }

    /// The ask in hand is answered with an error.
    pub(crate) fn count_failed(&self) {
        self.tally().failed.add_one();
    }

    /// A message was not accepted, and its sender is told so.
    pub(crate) fn count_returned(&self) {
        self.tally().returned.add_one();
    }

    fn rare(&self) -> &Rare {
        self.rare.get_or_init(Box::default)
    }

    fn tally(&self) -> &Tally {
        &self.rare().tally
    }

    pub(crate) fn stats(&self) -> Stats {
        // First what a message leaves: one that moves on meanwhile is counted
        // once more rather than not at all.
        let queued = self.mailbox.len() as u64;
        let of = |count: fn(&Tally) -> &Count| {
            self.rare.get().map_or(0, |rare| count(&rare.tally).get())
        };
        let (dropped, skipped) = (of(|all| &all.dropped), of(|all| &all.skipped));
        let (failed, returned) = (of(|all| &all.failed), of(|all| &all.returned));
        let handled = self.handled.load(Relaxed);
        let now = self.hub.events.since_start();
        Stats {
            queued,
            handled,
            failed,
            dropped,
            skipped,
            returned,
            age: now.saturating_sub(Duration::from_nanos(self.spawned)),
        }
    }

    // ---- events

    /// The number of the state that runs now, from 1.
    pub(crate) fn incarnation(&self) -> u64 {
        1
    }

    /// Records what happened to this actor; false if nobody reads the events.
    #[inline]
    fn record(&self, kind: impl FnOnce() -> EventKind) -> bool {
        // Nothing is told of it after its end.
        !self.has_signal(END_RECORDED) && self.hub.record(|| (self.source(), kind()))
    }

    fn source(&self) -> Source {
        Source {
            actor: self.label(),
            incarnation: self.incarnation(),
        }
    }

    pub(crate) fn record_start(&self) {
        self.record(|| EventKind::Started);
    }

    /// A crash is written to stderr if nobody reads of it.
    pub(crate) fn record_crash(&self, crash: &Crash) {
        if let Place::Message(_) = crash.place() {
            self.count_failed();
        }
        if !self.record(|| EventKind::Crashed(crash.clone())) {
            self.hub.report_crash(crash);
        }
    }

    /// Records its end, once.
    pub(crate) fn record_end(&self, reason: &ExitReason) {
        if self.signals.fetch_or(END_RECORDED, AcqRel) & END_RECORDED == 0 {
            let end = || (self.source(), EventKind::Stopped(reason.clone()));
            self.hub.record(end);
        }
    }

    // ---- signals

    /// Ends it after what is queued now.
    pub(crate) fn stop(&self) {
        self.mailbox.close();
        self.wake();
    }

    fn signal(&self, bit: u8) {
        self.signals.fetch_or(bit, AcqRel);
    }

    fn has_signal(&self, bit: u8) -> bool {
        self.signals.load(Acquire) & bit != 0
    }

    pub(crate) fn is_killed(&self) -> bool {
        self.has_signal(KILLED)
    }

    /// Asks for a thread of its own, before it is spawned.
    pub(crate) fn set_dedicated(&self) {
        self.signal(DEDICATED);
    }

    pub(crate) fn is_dedicated(&self) -> bool {
        self.has_signal(DEDICATED)
    }

    /// Lets the thread of its own end, if it has one.
    pub(crate) fn dismiss(&self) {
        if self.is_dedicated() {
            self.hub.seam.dismiss(self.id);
        }
    }

    /// Says that nothing more is answered, before what holds replies is dropped.
    pub(crate) fn set_ending(&self) {
        self.signal(ENDING);
    }

    pub(crate) fn is_shutting_down(&self) -> bool {
        self.has_signal(SHUTDOWN)
    }

    /// Ends it without a task, since it gets none.
    pub(crate) fn end_unstarted(&self, reason: ExitReason) {
        self.set_ending();
        self.mailbox
            .empty(|envelope| self.discard(envelope, Fault::Stopped));
        self.stage.set_ended(reason);
    }

    /// Sets an alarm that rings for this actor.
    pub(crate) fn set_alarm(self: &Arc<Self>, at: Instant) -> AlarmId {
        let bell = Bell::Ring(Arc::clone(self) as Arc<dyn Ring>);
        self.hub.seam.set_alarm(at, bell)
    }

    /// The alarms that went off since the last look.
    pub(crate) fn take_rung(&self) -> Option<Vec<AlarmId>> {
        if !self.has_signal(ALARM) {
            return None;
        }
        self.signals.fetch_and(!ALARM, AcqRel);
        let rare = self.rare.get()?;
        Some(std::mem::take(&mut *lock(&rare.rung)))
    }
}

impl<P: Protocol> Waiter for Cell<P> {
    fn label(&self) -> ActorLabel {
        Cell::label(self)
    }

    fn waits(&self) -> &Waits {
        &self.waits
    }

    fn has_waited(&self) -> bool {
        self.signals.load(SeqCst) & WAITED != 0
    }

    fn set_has_waited(&self) {
        self.signals.fetch_or(WAITED, SeqCst);
    }

    fn rouse(&self) {
        self.wake();
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl<P: Protocol> AnyActor for Cell<P> {
    fn seam(&self) -> &Arc<dyn Seam> {
        &self.hub.seam
    }

    fn is_ending(&self) -> bool {
        self.has_signal(KILLED | ENDING)
    }

    fn stats(&self) -> Stats {
        Cell::stats(self)
    }

    fn count_returned(&self) {
        Cell::count_returned(self);
    }

    fn has_ended(&self) -> bool {
        self.stage.has_ended()
    }

    fn shut_down(&self) {
        self.signal(SHUTDOWN);
        self.stop();
    }

    fn kill(&self) {
        self.signal(KILLED);
        self.stop();
        self.hub.seam.watch_out();
    }

    fn is_killed(&self) -> bool {
        Cell::is_killed(self)
    }

    fn place(&self) -> Place {
        Cell::place(self)
    }

    fn wake(&self) {
        Cell::wake(self);
    }

    fn give_up(&self) {
        self.signal(GIVEN_UP | ENDING);
        self.mailbox.close();
        self.mailbox
            .clear(|envelope| self.discard(envelope, Fault::Stopped));
        self.hub.registry.remove(self.id, self.name());
        self.record(|| EventKind::GivenUp {
            place: self.place(),
        });
        self.dismiss();
        self.record_end(&ExitReason::Killed);
        self.stage.set_ended(ExitReason::Killed);
        // An actor that asked it something does not watch it, but looks at it
        // whenever it is polled.
        for other in self.hub.registry.all() {
            other.wake();
        }
    }

    fn record_blocked(&self, so_long: Duration) -> bool {
        let place = self.place();
        self.record(|| EventKind::Blocked { place, so_long })
    }

    fn is_given_up(&self) -> bool {
        self.has_signal(GIVEN_UP)
    }

    fn watch_end(&self, ticket: &mut Option<Ticket>, cx: &Context<'_>) {
        // Who watches looks for himself what has become of the actor.
        let _ = self.stage.poll_ended(ticket, cx);
    }

    fn stop_watching(&self, ticket: Ticket) {
        self.stage.stop_watching(ticket);
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

impl<P: Protocol> Ring for Cell<P> {
    fn ring(&self, alarm: AlarmId) {
        lock(&self.rare().rung).push(alarm);
        self.signal(ALARM);
        self.wake();
    }
}

impl<P: Protocol> fmt::Debug for Cell<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cell({})", self.label())
    }
}
