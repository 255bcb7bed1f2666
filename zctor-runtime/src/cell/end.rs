//! The end of an actor, as it is seen from outside.

use std::sync::atomic::Ordering::AcqRel;
use std::task::Context;

use super::Core;
use super::signals::RESERVED;
use crate::exit::{Exit, ExitReason};
use crate::observe;
use crate::registry::AnyActor;
use crate::ties::Ties;
use crate::waiters::Ticket;

impl Core {
    /// Says that it is to have a task later.
    pub(crate) fn reserve(&self) {
        self.signal(RESERVED);
    }

    /// Whether it was reserved, and the caller is the one to go on with it.
    pub(crate) fn claim(&self) -> bool {
        self.has_signal(RESERVED) && self.signals.fetch_and(!RESERVED, AcqRel) & RESERVED != 0
    }

    /// Whether it waits for a task.
    pub(crate) fn is_reserved(&self) -> bool {
        self.has_signal(RESERVED)
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.stage.has_ended()
    }

    /// How it has ended, or is about to, where that is known: as others are told
    /// of it.
    pub(crate) fn end_reason(&self) -> Option<ExitReason> {
        self.stage.reason().map(ExitReason::briefly)
    }

    /// Wakes the caller when it has ended. He looks for himself what has become
    /// of it.
    pub(crate) fn watch_end(&self, ticket: &mut Option<Ticket>, cx: &Context<'_>) {
        let _ = self.stage.poll_ended(ticket, cx);
    }

    pub(crate) fn stop_watching(&self, ticket: Ticket) {
        self.stage.stop_watching(ticket);
    }

    /// What it ends with when it is killed.
    pub(crate) fn kill_reason(&self) -> ExitReason {
        let doomed = self.ties_if_any().and_then(Ties::doomed);
        doomed.unwrap_or(ExitReason::Killed)
    }

    /// The last steps of its end: its number and name are free, its thread goes,
    /// the end is recorded, and who waits for it is told.
    pub(crate) fn finish(&self, reason: ExitReason) {
        self.hub.registry.remove(self.id, self.name());
        self.dismiss();
        self.record_end(&reason);
        self.set_ended(reason);
    }

    /// Says that it has ended for good: the last thing that happens to it.
    pub(crate) fn set_ended(&self, reason: ExitReason) {
        // Whoever waits for the end may have something to tell the supervisor,
        // which is to know of the end before.
        if let Some(bond) = self.bond() {
            bond.exit(&reason);
        }
        self.stage.set_ended(reason);
        if observe::is_on() {
            self.hub.seam.at_end(self.id);
        }
        self.end_limits();
        if let Some(ties) = self.ties_if_any()
            && let Some(exit) = self.exit()
        {
            ties.announce(self.peer(), &exit);
        }
        if let Some(bond) = self.bond() {
            bond.ended();
        }
    }

    /// How it has ended.
    pub(crate) fn exit(&self) -> Option<Exit> {
        let reason = self.stage.ended()?;
        Some(Exit::new(self.label(), self.incarnation(), reason))
    }
}

impl dyn AnyActor + '_ {
    /// Ends it without a task.
    pub(crate) fn end_unstarted(&self, reason: ExitReason) {
        let core = self.core();
        if let Some(roster) = core.roster() {
            roster.abandon();
        }
        core.stage.foretell(&reason);
        core.set_ending();
        self.drop_all_mail();
        core.finish(reason);
    }
}
