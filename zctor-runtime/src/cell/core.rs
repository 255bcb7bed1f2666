//! What an actor is, whatever its protocol.

use std::any::Any;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, AtomicU64, AtomicUsize};
use std::sync::{Arc, OnceLock};
use std::task::Waker;
use std::time::Duration;

use super::batches::AnyBatches;
use super::flow::Flow;
use super::place::START;
use super::signals::DEDICATED;
use crate::hub::Hub;
use crate::label::{ActorId, ActorLabel};
use crate::protocol::{Overflow, Thread, Variant};
use crate::seam::Seam;
use crate::stage::Stage;
use crate::stats::Tally;
use crate::supervision::bond::Bond;
use crate::supervision::roster::Roster;
use crate::ties::Ties;
use crate::waits::Waits;

/// What a protocol says of itself, to code that is the same for all.
pub(super) struct Profile {
    pub(super) name: &'static str,
    pub(super) variants: &'static [Variant],
    pub(super) thread: Thread,
}

pub(crate) struct Core {
    pub(crate) id: ActorId,
    pub(crate) hub: Arc<Hub>,
    pub(super) profile: &'static Profile,
    pub(super) overflow: Overflow,
    /// What keeps the actor alive: handles, its name, `detach`.
    holders: AtomicUsize,
    pub(super) signals: AtomicU16,
    /// It rests in a handler that waits for other actors: for its task alone.
    waits: AtomicBool,
    /// What the actor is at: the index of a variant, or a number of `place`.
    pub(super) place: AtomicU32,
    /// Written by the actor alone, so counting is no atomic step.
    pub(super) handled: AtomicU64,
    pub(super) rare: OnceLock<Box<Rare>>,
    /// When it was spawned: nanoseconds since its system's start.
    pub(super) spawned: u64,
    waker: OnceLock<Waker>,
    pub(crate) stage: Stage,
}

/// What most actors do without, in one box that is made when it is needed.
pub(super) struct Rare {
    pub(super) name: OnceLock<Arc<str>>,
    pub(super) tally: Tally,
    pub(super) ties: Ties,
    pub(super) waits: Waits,
    /// To the supervisor that restarts it.
    pub(super) bond: OnceLock<Box<Bond>>,
    /// Those that it restarts, if it is a supervisor.
    pub(super) roster: OnceLock<Arc<Roster>>,
    /// What its messages have to pass before the mailbox.
    pub(super) flow: OnceLock<Flow>,
    pub(super) batches: OnceLock<Box<dyn AnyBatches>>,
    /// A [`Latest`](crate::latest::Latest).
    pub(super) latest: OnceLock<Box<dyn Any + Send + Sync>>,
    /// Its memory for the time of a message, if a handler has asked for it.
    #[cfg(feature = "arena")]
    pub(super) arena: OnceLock<Arc<crate::arena::home::Home>>,
}

impl Rare {
    fn new(name: Option<Arc<str>>) -> Box<Rare> {
        Box::new(Rare {
            name: name.map_or_else(OnceLock::new, OnceLock::from),
            tally: Tally::default(),
            ties: Ties::default(),
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

    fn with(name: Option<Arc<str>>) -> OnceLock<Box<Rare>> {
        match name {
            None => OnceLock::new(),
            name => OnceLock::from(Rare::new(name)),
        }
    }
}

impl Core {
    pub(super) fn new(
        hub: Arc<Hub>,
        name: Option<Arc<str>>,
        profile: &'static Profile,
        overflow: Overflow,
    ) -> Core {
        Core {
            id: hub.next_id(),
            holders: AtomicUsize::new(1 + usize::from(name.is_some())),
            spawned: nanoseconds(hub.events.since_start()),
            hub,
            profile,
            overflow,
            signals: AtomicU16::new(match profile.thread {
                Thread::Shared => 0,
                Thread::Dedicated => DEDICATED,
            }),
            waits: AtomicBool::new(false),
            place: AtomicU32::new(START),
            handled: AtomicU64::new(0),
            rare: Rare::with(name),
            waker: OnceLock::new(),
            stage: Stage::new(),
        }
    }

    pub(crate) fn seam(&self) -> &Arc<dyn Seam> {
        &self.hub.seam
    }

    pub(crate) fn id(&self) -> ActorId {
        self.id
    }

    pub(super) fn rare(&self) -> &Rare {
        self.rare.get_or_init(|| Rare::new(None))
    }

    pub(crate) fn name(&self) -> Option<&Arc<str>> {
        self.rare.get()?.name.get()
    }

    pub(crate) fn label(&self) -> ActorLabel {
        let name = self.name().or_else(|| self.bond()?.name());
        ActorLabel::new(self.profile.name, self.id, name.cloned())
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

    /// Whether it came to rest in a handler that waits for other actors.
    #[inline]
    pub(crate) fn rests_waiting(&self) -> bool {
        self.waits.load(Relaxed)
    }

    #[inline]
    pub(crate) fn set_rests_waiting(&self, waits: bool) {
        self.waits.store(waits, Relaxed);
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

    pub(crate) fn overflow_policy(&self) -> Overflow {
        self.overflow
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
