//! What ties an actor to the supervisor that restarts it.

use std::sync::atomic::Ordering::{AcqRel, Acquire, Release};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, Weak};

use super::declared::Restart;
use super::name::ChildName;
use crate::exit::{Exit, ExitKind, ExitReason};
use crate::registry::AnyActor;
use crate::stage::Boxed;
use crate::sync::lock;

/// A child among those of its supervisor: in start order.
pub(crate) type Key = u64;

/// What a supervisor is told by its children.
pub(crate) trait Boss: Send + Sync {
    fn report(&self, report: Report);
}

pub(crate) struct Report {
    pub(crate) key: Key,
    /// Which start of a child it is about. No two starts have the same.
    pub(crate) term: u64,
    pub(crate) what: Happened,
}

pub(crate) enum Happened {
    /// `on_start` has returned.
    Started,
    /// The incarnation has ended. The actor may be started again if it has not
    /// ended for good.
    Exited(ExitReason),
    /// It has ended for good, some time after its incarnation.
    Ended,
}

/// Makes the next incarnation of the actor that it is given. (It does not hold the
/// actor, in which it lies.)
pub(crate) type Next = Box<dyn FnOnce(Arc<dyn AnyActor>) -> Option<Boxed> + Send>;

/// The child's side of it.
pub(crate) struct Bond {
    boss: Weak<dyn Boss>,
    key: Key,
    restart: Restart,
    name: Option<ChildName>,
    term: AtomicU64,
    /// The last start of which the end was reported.
    over: AtomicU64,
    /// It has no state, and waits for one.
    paused: AtomicBool,
    incarnations: AtomicU64,
    /// What the next incarnation is made of.
    next: Mutex<Option<Next>>,
    /// How the last incarnation ended.
    previous: Mutex<Option<Exit>>,
}

impl Bond {
    pub(crate) fn new(
        boss: Weak<dyn Boss>,
        key: Key,
        restart: Restart,
        name: Option<ChildName>,
    ) -> Bond {
        Bond {
            boss,
            key,
            restart,
            name,
            term: AtomicU64::new(0),
            over: AtomicU64::new(0),
            paused: AtomicBool::new(false),
            incarnations: AtomicU64::new(0),
            next: Mutex::new(None),
            previous: Mutex::new(None),
        }
    }

    /// The number of the incarnation that runs, from 1; before the first, 1 too.
    pub(crate) fn incarnation(&self) -> u64 {
        self.incarnations.load(Acquire).max(1)
    }

    /// What it is called among its siblings.
    pub(crate) fn name(&self) -> Option<&Arc<str>> {
        self.name.as_ref().map(ChildName::shared)
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.paused.load(Acquire)
    }

    /// The first incarnation begins.
    pub(crate) fn begin(&self, term: u64) {
        self.term.store(term, Release);
        self.incarnations.fetch_add(1, AcqRel);
    }

    /// The next incarnation begins: false if there is no place for one.
    pub(crate) fn begin_next(&self, term: u64, next: Next) -> bool {
        if !self.paused.swap(false, AcqRel) {
            return false;
        }
        // First all that its reports are made of: whoever polls the task finds
        // the state at once, woken for it or not.
        self.begin(term);
        *lock(&self.next) = Some(next);
        true
    }

    pub(crate) fn take_next(&self) -> Option<Next> {
        lock(&self.next).take()
    }

    pub(crate) fn previous(&self) -> Option<Exit> {
        lock(&self.previous).clone()
    }

    /// Whether an actor that ends in this way may go on in another incarnation:
    /// if its supervisor does not end itself, it does.
    pub(crate) fn may_go_on(&self, kind: ExitKind) -> bool {
        match self.restart {
            Restart::Permanent => true,
            Restart::Transient => matches!(kind, ExitKind::Error | ExitKind::Killed),
            Restart::Temporary => false,
        }
    }

    pub(crate) fn report_started(&self) {
        self.report(self.term.load(Acquire), Happened::Started);
    }

    /// The incarnation is over, and waits for the supervisor to decide.
    pub(crate) fn pause(&self, exit: Exit) {
        let reason = exit.reason().clone();
        *lock(&self.previous) = Some(exit);
        // Once it is seen to pause, the next incarnation may begin before this
        // one's end is reported.
        let (term, first) = self.over();
        self.paused.store(true, Release);
        if first {
            self.report(term, Happened::Exited(reason));
        }
    }

    /// It is about to end for good.
    pub(crate) fn exit(&self, reason: &ExitReason) {
        let (term, first) = self.over();
        if first {
            self.report(term, Happened::Exited(reason.clone()));
        }
    }

    /// It has ended for good.
    pub(crate) fn ended(&self) {
        self.report(self.term.load(Acquire), Happened::Ended);
    }

    /// The start that is over now, and whether that is to be reported.
    fn over(&self) -> (u64, bool) {
        let term = self.term.load(Acquire);
        (term, self.over.swap(term, AcqRel) != term)
    }

    fn report(&self, term: u64, what: Happened) {
        if let Some(boss) = self.boss.upgrade() {
            let key = self.key;
            boss.report(Report { key, term, what });
        }
    }

    /// Whether there is a supervisor that can give it another state.
    pub(crate) fn is_supervised(&self) -> bool {
        self.boss.strong_count() > 0
    }
}
