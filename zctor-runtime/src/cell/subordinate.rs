//! An actor as its supervisor sees it.

use std::sync::Arc;
use std::sync::atomic::Ordering::AcqRel;
use std::task::{Context, Poll};

use super::signals::{ENDING, ENROLLED, FAILED, FINAL, KILLED, SUSPENDED};
use super::{Cell, Core};
use crate::children::AnyChild;
use crate::event::EventKind;
use crate::exit::{Exit, ExitKind, ExitReason};
use crate::protocol::Protocol;
use crate::supervision::bond::Bond;
use crate::supervision::subordinate::Birth;
use crate::waiters::Ticket;

impl<P: Protocol> Cell<P> {
    /// The cell of a child, before it has a state.
    pub(crate) fn unborn(birth: Birth) -> Arc<Cell<P>> {
        let mailbox = match birth.capacity {
            Some(capacity) => P::MAILBOX.resized(capacity),
            None => P::MAILBOX,
        };
        let cell = Cell::<P>::new(birth.hub, None, mailbox);
        let bond = Bond::new(birth.boss, birth.key, birth.restart, birth.name);
        // It is the first.
        let _ = cell.rare().bond.set(Box::new(bond));
        cell.reserve();
        cell
    }
}

impl Core {
    /// Whether it has no state, and is there for another, or has ended.
    pub(crate) fn is_settled(&self) -> bool {
        self.stage.has_ended() || self.is_reserved() || self.is_between()
    }

    /// Whether one incarnation is over, and the next has not begun.
    pub(crate) fn is_between(&self) -> bool {
        self.bond().is_some_and(Bond::is_paused)
    }

    /// Says that it is registered before it has begun.
    pub(crate) fn set_enrolled(&self) {
        self.signal(ENROLLED);
    }

    pub(crate) fn is_enrolled(&self) -> bool {
        self.has_signal(ENROLLED)
    }

    /// Whether it is to start all its children before it stops.
    pub(crate) fn owes_start(&self) -> bool {
        self.roster().is_some_and(|roster| roster.owes_start())
    }

    /// Makes it ready for the first incarnation. What came before that from
    /// elsewhere still holds: its door stays closed if it was stopped.
    pub(crate) fn prepare(&self) {
        // Its supervisor may have been restarted before it came to this one.
        self.signals.fetch_and(!SUSPENDED, AcqRel);
    }

    /// Makes it ready for the next incarnation, before its door is opened again.
    pub(crate) fn renew(&self) {
        self.signals
            .fetch_and(!(KILLED | FAILED | ENDING | SUSPENDED), AcqRel);
        if let Some(ties) = self.ties_if_any() {
            ties.pardon();
        }
        self.at_start();
    }

    /// Whether an actor that ends for this reason may have another incarnation.
    pub(crate) fn may_go_on(&self, reason: &ExitReason) -> bool {
        self.may_go_on_after(reason.kind())
    }

    pub(crate) fn may_go_on_after(&self, kind: ExitKind) -> bool {
        self.bond().is_some_and(|bond| {
            !self.is_final()
                && !self.is_given_up()
                && bond.is_supervised()
                && (self.has_signal(SUSPENDED) || bond.may_go_on(kind))
        })
    }

    /// Its incarnation is over, and all that belonged to it is gone.
    pub(crate) fn pause(&self, reason: &ExitReason) {
        let exit = Exit::new(self.label(), self.incarnation(), reason.clone());
        self.record(|| EventKind::Exited(reason.clone()));
        if let Some(ties) = self.ties_if_any() {
            ties.announce_incarnation(self.peer(), &exit);
        }
        if let Some(bond) = self.bond() {
            bond.pause(exit);
        }
    }

    /// How the incarnation before this one ended.
    pub(crate) fn previous(&self) -> Option<Exit> {
        self.bond()?.previous()
    }

    /// What it ends with in an orderly way.
    pub(crate) fn orderly_reason(&self) -> ExitReason {
        match self.is_told_to_end() {
            true => ExitReason::Shutdown,
            false => ExitReason::Normal,
        }
    }

    /// `on_start` has returned, and all its children have started.
    pub(crate) fn set_started(&self) {
        self.record_start();
        self.stage.set_started();
        if let Some(bond) = self.bond() {
            bond.report_started();
        }
    }

    /// A name from its factory, before it is known by one.
    pub(crate) fn set_name(&self, name: Arc<str>) {
        // The first stays.
        let _ = self.rare().name.set(name);
    }

    /// Records what happened to a child of this supervisor.
    pub(crate) fn record_of_child(&self, kind: impl FnOnce() -> EventKind) {
        self.record(kind);
    }
}

impl<P: Protocol> AnyChild for Cell<P> {
    fn has_ended(&self) -> bool {
        self.stage.has_ended()
    }

    /// Its reports wake the supervisor.
    fn poll_settled(&self, _: &mut Option<Ticket>, _: &Context<'_>) -> Poll<()> {
        let settled = match self.is_final() {
            true => self.stage.has_ended(),
            false => self.is_settled(),
        };
        if settled {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }

    fn stop_watching(&self, _: Ticket) {}

    fn stop(&self, keep: bool) {
        if keep {
            self.signal(SUSPENDED);
            self.wake();
            return;
        }
        self.signal(FINAL);
        self.any().stop();
        if self.claim() {
            self.any().end_unstarted(ExitReason::Shutdown);
        }
    }

    fn kill(&self) {
        if self.is_reserved() {
            // It has not begun, and is kept for that.
            return;
        }
        self.signal(KILLED);
        if self.is_final() {
            self.mailbox.close();
        }
        self.wake();
        self.hub.seam.watch_out();
    }
}
