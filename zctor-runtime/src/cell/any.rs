//! An actor of whatever protocol.

use std::any::{Any, TypeId};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, SeqCst};
use std::time::Duration;

use super::signals::{ENDING, GIVEN_UP, KILLED, SHUTDOWN, WAITED};
use super::{Cell, Core};
use crate::event::EventKind;
use crate::exit::ExitReason;
use crate::label::ActorLabel;
use crate::protocol::{Fault, Protocol};
use crate::registry::AnyActor;
use crate::room::Room;
use crate::stats::Stats;
use crate::supervision::bond::Bond;
use crate::sync::lock;
use crate::waits::{Waiter, Waits};

impl<P: Protocol> Waiter for Cell<P> {
    fn label(&self) -> ActorLabel {
        Core::label(self)
    }

    fn waits(&self) -> &Waits {
        &self.rare().waits
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

impl<P: Protocol> AnyActor for Cell<P> {
    fn core(&self) -> &Core {
        self
    }

    fn protocol(&self) -> TypeId {
        TypeId::of::<P>()
    }

    fn mail(&self) -> usize {
        self.mailbox.len()
    }

    fn room(&self) -> &Room {
        &self.mailbox.room
    }

    fn close(&self) {
        self.mailbox.close();
    }

    fn drop_mail(&self) {
        self.mailbox
            .clear(&mut |envelope| self.discard_mail(envelope, Fault::Stopped));
    }

    fn drop_all_mail(&self) {
        self.discard_batches();
        self.mailbox
            .empty(&mut |envelope| self.discard_mail(envelope, Fault::Stopped));
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

impl Deref for dyn AnyActor + '_ {
    type Target = Core;

    fn deref(&self) -> &Core {
        self.core()
    }
}

impl dyn AnyActor + '_ {
    pub(crate) fn stats(&self) -> Stats {
        // First what a message leaves: see `Core::stats`.
        let queued = self.queued();
        self.core().stats(queued)
    }

    /// How many messages wait, those of a batch that is being collected among
    /// them.
    pub(crate) fn queued(&self) -> usize {
        // In the order in which messages move on: one that does meanwhile is
        // counted twice rather than not at all. (See `stats`.)
        let queued = self.mail();
        queued + self.core().collected()
    }

    /// Ends it after what is queued now.
    pub(crate) fn stop(&self) {
        self.close();
        self.core().wake();
    }

    /// Ends it because its system shuts down.
    pub(crate) fn shut_down(&self) {
        let core = self.core();
        // One that has a supervisor is stopped by it, when its turn comes.
        if core.bond().is_some_and(Bond::is_supervised) {
            return;
        }
        core.signal(SHUTDOWN);
        self.stop();
        if core.claim() {
            self.end_unstarted(ExitReason::Shutdown);
        }
    }

    pub(crate) fn kill(&self) {
        let core = self.core();
        core.signal(KILLED);
        if core.bond().is_some_and(Bond::is_supervised) {
            // Its mail waits for its next incarnation, if it has one.
            core.wake();
        } else {
            self.stop();
        }
        if core.claim() {
            self.end_unstarted(core.kill_reason());
        }
        core.hub.seam.watch_out();
    }

    /// Counts it as dead although it holds a thread and does not let go.
    pub(crate) fn give_up(&self) {
        let core = self.core();
        let reason = core.kill_reason();
        core.stage.foretell(&reason);
        let first = core.signals.fetch_or(GIVEN_UP | ENDING, AcqRel) & GIVEN_UP == 0;
        self.close();
        self.drop_mail();
        // Its task is not there to wait for them.
        let children = core.ties_if_any().map(|ties| lock(&ties.children).all());
        for child in &children.unwrap_or_default() {
            child.stop(false);
        }
        if let Some(roster) = core.roster() {
            roster.abandon();
        }
        core.hub.registry.remove(core.id, core.name());
        if first {
            core.record(|| EventKind::GivenUp {
                place: core.place(),
            });
        }
        core.dismiss();
        core.record_end(&reason);
        core.set_ended(reason);
        // An actor that asked it something does not watch it, but looks at it
        // whenever it is polled.
        for other in core.hub.registry.all() {
            other.core().wake();
        }
    }

    /// Records that it holds its worker.
    pub(crate) fn record_blocked(&self, so_long: Duration) {
        let core = self.core();
        let place = core.place();
        core.record_event(EventKind::Blocked { place, so_long });
    }
}
