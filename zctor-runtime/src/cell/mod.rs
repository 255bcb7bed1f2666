//! An actor as its handles and its task see it.

mod account;
mod any;
#[cfg(feature = "arena")]
mod arena;
mod batches;
mod deliver;
mod end;
mod flow;
mod latest;
mod observed;
mod outside;
mod place;
mod signals;
mod subordinate;

use std::fmt;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, AtomicU64, AtomicUsize};
use std::sync::{Arc, OnceLock, Weak};
use std::task::Waker;
use std::time::Duration;

use self::place::START;
use self::signals::DEDICATED;
use crate::hub::Hub;
use crate::label::{ActorId, ActorLabel};
use crate::latest::Latest;
use crate::mailbox::Mailbox;
use crate::protocol::{Overflow, Protocol, QueueOf, Thread};
use crate::registry::AnyActor;
use crate::stage::Stage;
use crate::stats::Tally;
use crate::supervision::bond::Bond;
use crate::supervision::roster::Roster;
use crate::supervision::spec::Supervision;
use crate::ties::Ties;
use crate::waits::Waits;

pub(crate) struct Cell<P: Protocol> {
    pub(crate) id: ActorId,
    pub(crate) hub: Arc<Hub>,
    pub(crate) mailbox: Mailbox<P::Envelope, QueueOf<P>>,
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
    rare: OnceLock<Box<Rare<P>>>,
    /// When it was spawned: nanoseconds since its system's start.
    spawned: u64,
    waker: OnceLock<Waker>,
    pub(crate) stage: Stage,
}

/// What most actors do without, in one box that is made when it is needed.
struct Rare<P: Protocol> {
    name: OnceLock<Arc<str>>,
    tally: Tally,
    ties: Ties<P>,
    waits: Waits,
    /// To the supervisor that restarts it.
    bond: OnceLock<Box<Bond>>,
    /// Those that it restarts, if it is a supervisor.
    roster: OnceLock<Arc<Roster>>,
    /// What its messages have to pass before the mailbox.
    flow: OnceLock<flow::Flow>,
    batches: OnceLock<Box<batches::Batches<P>>>,
    latest: OnceLock<Box<Latest<P::Latest, P::Envelope>>>,
    /// Its memory for the time of a message, if a handler has asked for it.
    #[cfg(feature = "arena")]
    arena: OnceLock<Arc<crate::arena::home::Home>>,
}

impl<P: Protocol> Rare<P> {
    fn new(name: Option<Arc<str>>) -> Box<Rare<P>> {
        Box::new(Rare {
            name: name.map_or_else(OnceLock::new, OnceLock::from),
            tally: Tally::default(),
            ties: Ties::new(),
            waits: Waits::default(),
            bond: OnceLock::new(),
            roster: OnceLock::new(),
            flow: OnceLock::new(),
            batches: OnceLock::new(),
            latest: OnceLock::new(),
            #[cfg(feature = "arena")]
            arena: OnceLock::new(),
        })
    }

    fn with(name: Option<Arc<str>>) -> OnceLock<Box<Rare<P>>> {
        match name {
            None => OnceLock::new(),
            name => OnceLock::from(Rare::new(name)),
        }
    }
}

impl<P: Protocol> Cell<P> {
    /// A cell with one holder. That of a supervisor has those of its children
    /// with it.
    pub(crate) fn new(
        hub: Arc<Hub>,
        name: Option<Arc<str>>,
        mailbox: crate::protocol::Mailbox,
    ) -> Arc<Cell<P>> {
        Cell::supervising(hub, name, mailbox, P::SUPERVISES)
    }

    /// The same of a supervisor that goes by other numbers than its enum says.
    pub(crate) fn supervising(
        hub: Arc<Hub>,
        name: Option<Arc<str>>,
        mailbox: crate::protocol::Mailbox,
        supervision: Option<&Supervision>,
    ) -> Arc<Cell<P>> {
        let cell = Arc::new(Cell::alone(hub, name, mailbox));
        if let Some(supervision) = supervision {
            let supervisor: Weak<dyn AnyActor> = Arc::<Cell<P>>::downgrade(&cell);
            let roster = Roster::new(supervision, &cell.hub, supervisor);
            // It is the first.
            let _ = cell.rare().roster.set(roster);
        }
        cell
    }

    fn alone(hub: Arc<Hub>, name: Option<Arc<str>>, mailbox: crate::protocol::Mailbox) -> Cell<P> {
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
        }
    }

    pub(crate) fn name(&self) -> Option<&Arc<str>> {
        self.rare.get()?.name.get()
    }

    pub(crate) fn label(&self) -> ActorLabel {
        let name = self.name().or_else(|| self.bond()?.name());
        ActorLabel::new(P::NAME, self.id, name.cloned())
    }

    /// The number of the state that runs now, from 1.
    pub(crate) fn incarnation(&self) -> u64 {
        self.bond().map_or(1, Bond::incarnation)
    }

    /// What ties it to its supervisor, if it has one.
    pub(crate) fn bond(&self) -> Option<&Bond> {
        self.rare.get()?.bond.get().map(|bond| &**bond)
    }

    /// Its children, if it is a supervisor.
    pub(crate) fn roster(&self) -> Option<&Arc<Roster>> {
        P::SUPERVISES?;
        self.rare.get()?.roster.get()
    }

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
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl<P: Protocol> fmt::Debug for Cell<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cell({})", self.label())
    }
}
