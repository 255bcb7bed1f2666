//! The end of an actor, as it is seen from outside.

use std::sync::atomic::Ordering::{AcqRel, Acquire, Release};

use super::Cell;
use crate::exit::{Exit, ExitReason};
use crate::observe;
use crate::protocol::{Fault, Protocol};
use crate::ties::Ties;

impl<P: Protocol> Cell<P> {
    /// Says that it is to have a task later.
    pub(crate) fn reserve(&self) {
        self.reserved.store(true, Release);
    }

    /// Whether it was reserved, and the caller is the one to go on with it.
    pub(crate) fn claim(&self) -> bool {
        self.reserved.swap(false, AcqRel)
    }

    /// Whether it waits for a task.
    pub(crate) fn is_reserved(&self) -> bool {
        self.reserved.load(Acquire)
    }

    /// Ends it without a task.
    pub(crate) fn end_unstarted(&self, reason: ExitReason) {
        if let Some(roster) = self.roster() {
            roster.abandon();
        }
        self.set_ending();
        self.mailbox
            .empty(|envelope| self.discard_mail(envelope, Fault::Stopped));
        self.hub.registry.remove(self.id, self.name());
        self.dismiss();
        self.record_end(&reason);
        self.set_ended(reason);
    }

    /// What it ends with when it is killed.
    pub(crate) fn kill_reason(&self) -> ExitReason {
        let doomed = self.ties_if_any().and_then(Ties::doomed);
        doomed.unwrap_or(ExitReason::Killed)
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
            self.observe_end();
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
