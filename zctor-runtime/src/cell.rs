//! An actor as its handles and its task see it.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, AtomicU64, AtomicUsize};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use crate::event::{DropReason, EventKind, Source};
use crate::exit::{Crash, Exit, ExitReason, Place};
use crate::gate::Entry;
use crate::guard;
use crate::hub::Hub;
use crate::inbound::{Inbound, Tag};
use crate::label::{ActorId, ActorLabel};
use crate::mailbox::{Mailbox, Refused};
use crate::protocol::{Fault, Kind, Overflow, Protocol, Thread, is_high};
use crate::registry::AnyActor;
use crate::seam::{AlarmId, Bell, Ring, Seam};
use crate::stage::Stage;
use crate::stats::{Count, Stats, Tally};
use crate::sync::lock;
use crate::ties::Ties;
use crate::waiters::Ticket;
use crate::waits::{Waiter, Waits};
use crate::watchers::{Peer, Watcher};

/// What the actor must look at before its next message.
const KILLED: u16 = 1;
/// Something has come from outside, but not by mail.
const ARRIVED: u16 = 1 << 1;
const SHUTDOWN: u16 = 1 << 2;
const ENDING: u16 = 1 << 3;
const GIVEN_UP: u16 = 1 << 4;
/// It has a thread of its own.
const DEDICATED: u16 = 1 << 5;
/// It has come to rest in a handler that waits for another actor.
const WAITED: u16 = 1 << 6;

const END_RECORDED: u16 = 1 << 7;
/// It has failed on purpose.
const FAILED: u16 = 1 << 8;

/// What is kept in `place` for a place that is no message.
const START: u32 = u32::MAX;
const STOP: u32 = u32::MAX - 1;
const TIMER: u32 = u32::MAX - 2;
const PIPE: u32 = u32::MAX - 3;
const NOTICE: u32 = u32::MAX - 4;
/// Added to the index of a variant: the hook `ready`, asked for it.
const READY: u32 = 1 << 30;

pub(crate) struct Cell<P: Protocol> {
    pub(crate) id: ActorId,
    pub(crate) hub: Arc<Hub>,
    pub(crate) mailbox: Mailbox<P::Envelope>,
    overflow: Overflow,
    /// What keeps the actor alive: handles, its name, `detach`.
    holders: AtomicUsize,
    signals: AtomicU16,
    /// It has no task yet: whoever takes this back starts one, or ends it.
    reserved: AtomicBool,
    /// What the actor is at: the index of a variant, or one of the above.
    place: AtomicU32,
    /// Written by the actor alone, so counting is no atomic step.
    handled: AtomicU64,
    rare: OnceLock<Box<Rare>>,
    /// When it was spawned: nanoseconds since its system's start.
    spawned: u64,
    waker: OnceLock<Waker>,
    pub(crate) stage: Stage,
    ties: OnceLock<Box<Ties<P>>>,
    waits: Waits,
}

/// What most actors do without.
#[derive(Default)]
struct Rare {
    name: Option<Arc<str>>,
    tally: Tally,
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
            signals: AtomicU16::new(match P::THREAD {
                Thread::Shared => 0,
                Thread::Dedicated => DEDICATED,
            }),
            reserved: AtomicBool::new(false),
            place: AtomicU32::new(START),
            handled: AtomicU64::new(0),
            rare: Rare::with(name),
            waker: OnceLock::new(),
            stage: Stage::new(),
            ties: OnceLock::new(),
            waits: Waits::default(),
        }
    }

    pub(crate) fn name(&self) -> Option<&Arc<str>> {
        self.rare.get()?.name.as_ref()
    }

    pub(crate) fn label(&self) -> ActorLabel {
        ActorLabel::new(P::NAME, self.id, self.name().cloned())
    }

    /// The number of the state that runs now, from 1. (There are no restarts
    /// yet.)
    pub(crate) fn incarnation(&self) -> u64 {
        1
    }

    /// Says that it is to have a task later.
    pub(crate) fn reserve(&self) {
        self.reserved.store(true, Release);
    }

    /// Whether it was reserved, and the caller is the one to go on with it.
    pub(crate) fn claim(&self) -> bool {
        self.reserved.swap(false, AcqRel)
    }

    /// Ends it without a task.
    pub(crate) fn end_unstarted(&self, reason: ExitReason) {
        self.set_ending();
        self.mailbox
            .empty(|envelope| self.discard(envelope, Fault::Stopped));
        self.hub.registry.remove(self.id, self.name());
        self.dismiss();
        self.record_end(&reason);
        self.set_ended(reason);
    }

    /// What names it among the links of another actor.
    pub(crate) fn peer(&self) -> Peer {
        Peer(std::ptr::from_ref(self) as usize)
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
        self.holders() > 0
    }

    pub(crate) fn holders(&self) -> usize {
        self.holders.load(Acquire)
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

    /// Queues what `make` makes of `value`, or gives the value back: a place is
    /// taken before the message is made.
    pub(crate) fn deliver_made<T>(
        &self,
        value: T,
        make: impl FnOnce(T) -> P::Envelope,
    ) -> Result<(), Refused<T>> {
        let wake = loop {
            match self.mailbox.enter() {
                Entry::Counted(before) => break before.was_idle(),
                Entry::Closed => return Err(Refused::Closed(value)),
                Entry::Full => match self.overflow {
                    Overflow::Wait | Overflow::Reject => return Err(Refused::Full(value)),
                    Overflow::DropNewest => {
                        self.count_dropped();
                        guard::quietly(|| drop(value));
                        return Ok(());
                    }
                    Overflow::DropOldest => {
                        if let Some(oldest) = self.mailbox.evict_oldest() {
                            self.discard(oldest, Fault::Full);
                        }
                    }
                },
            }
        };
        let panic = match catch_unwind(AssertUnwindSafe(|| make(value))) {
            Ok(envelope) if is_high::<P>(&envelope) => {
                self.mailbox.append_high(envelope);
                None
            }
            Ok(envelope) => {
                self.mailbox.append(envelope);
                None
            }
            Err(panic) => {
                self.mailbox.withdraw();
                Some(panic)
            }
        };
        if wake {
            self.wake();
        }
        match panic {
            None => Ok(()),
            Some(panic) => resume_unwind(panic),
        }
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

    pub(crate) fn at_pipe(&self) {
        self.place.store(PIPE, Relaxed);
    }

    pub(crate) fn at_notice(&self) {
        self.place.store(NOTICE, Relaxed);
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
            PIPE => Place::Pipe,
            NOTICE => Place::Notice,
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
        self.count_dropped();
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

    pub(crate) fn count_dropped(&self) {
        self.tally().dropped.add_one();
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

    fn signal(&self, bit: u16) {
        self.signals.fetch_or(bit, AcqRel);
    }

    fn has_signal(&self, bit: u16) -> bool {
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

    /// Sets an alarm that rings for this actor.
    pub(crate) fn set_alarm(self: &Arc<Self>, at: Instant) -> AlarmId {
        let bell = Bell::Ring(Arc::clone(self) as Arc<dyn Ring>);
        self.hub.seam.set_alarm(at, bell)
    }

    // ---- ties

    pub(crate) fn ties(&self) -> &Ties<P> {
        self.ties.get_or_init(|| Box::new(Ties::new()))
    }

    pub(crate) fn ties_if_any(&self) -> Option<&Ties<P>> {
        self.ties.get().map(|ties| &**ties)
    }

    /// Hands it something from outside.
    pub(crate) fn arrive(&self, what: Inbound<P>) {
        match self.ties().arrivals.push(what) {
            Ok(()) => {
                self.signal(ARRIVED);
                self.wake();
            }
            Err(unwanted) => {
                guard::quietly(|| drop(unwanted));
            }
        }
    }

    /// What has arrived since the last look.
    pub(crate) fn take_arrived(&self) -> Option<Vec<Inbound<P>>> {
        if !self.has_signal(ARRIVED) {
            return None;
        }
        self.signals.fetch_and(!ARRIVED, AcqRel);
        Some(self.ties().arrivals.take())
    }

    /// Has it end at the next look at its signals, as it has failed.
    pub(crate) fn set_failed(&self) {
        self.signal(FAILED);
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.has_signal(FAILED)
    }

    /// Whether it must not take another message: it is killed, or has failed.
    #[inline]
    pub(crate) fn is_over(&self) -> bool {
        self.has_signal(KILLED | FAILED)
    }

    /// What it ends with when it is killed.
    pub(crate) fn kill_reason(&self) -> ExitReason {
        let doomed = self.ties_if_any().and_then(Ties::doomed);
        doomed.unwrap_or(ExitReason::Killed)
    }

    /// Says that it has ended for good: the last thing that happens to it.
    pub(crate) fn set_ended(&self, reason: ExitReason) {
        self.stage.set_ended(reason);
        if let Some(ties) = self.ties_if_any()
            && let Some(exit) = self.exit()
        {
            ties.announce(self.peer(), &exit);
        }
    }

    /// How it has ended.
    pub(crate) fn exit(&self) -> Option<Exit> {
        let reason = self.stage.ended()?;
        Some(Exit::new(self.label(), self.incarnation(), reason))
    }
}

impl<P: Protocol> Watcher for Cell<P> {
    fn monitored_ended(&self, tag: Tag, exit: Exit) {
        self.arrive(Inbound::Gone(tag, exit));
    }

    fn linked_ended(&self, peer: Peer, exit: Exit) {
        let link = lock(&self.ties().watchers).unlink(peer);
        // None: unlinked meanwhile.
        if link.is_some() {
            self.exit_signal(exit);
        }
    }
}

impl<P: Protocol> Cell<P> {
    /// What the end of a linked actor does to this one.
    pub(crate) fn exit_signal(&self, exit: Exit) {
        let ties = self.ties();
        if ties.is_trapping() {
            self.arrive(Inbound::Exited(exit));
        } else if !exit.reason().is_orderly() {
            ties.doom(exit.as_link());
            self.kill();
        }
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
        if self.claim() {
            self.end_unstarted(ExitReason::Shutdown);
        }
    }

    fn kill(&self) {
        self.signal(KILLED);
        self.stop();
        if self.claim() {
            self.end_unstarted(self.kill_reason());
        }
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
        let first = self.signals.fetch_or(GIVEN_UP | ENDING, AcqRel) & GIVEN_UP == 0;
        self.mailbox.close();
        self.mailbox
            .clear(|envelope| self.discard(envelope, Fault::Stopped));
        // Its task is not there to wait for them.
        let children = self.ties_if_any().map(|ties| lock(&ties.children).all());
        for child in children.into_iter().flatten() {
            child.stop();
        }
        self.hub.registry.remove(self.id, self.name());
        if first {
            self.record(|| EventKind::GivenUp {
                place: self.place(),
            });
        }
        self.dismiss();
        let reason = self.kill_reason();
        self.record_end(&reason);
        self.set_ended(reason);
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
        self.arrive(Inbound::Alarm(alarm));
    }
}

impl<P: Protocol> fmt::Debug for Cell<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cell({})", self.label())
    }
}
