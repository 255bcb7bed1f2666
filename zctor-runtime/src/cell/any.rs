//! An actor of whatever protocol.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, SeqCst};
use std::task::Context;
use std::time::Duration;

use super::Cell;
use super::signals::{ENDING, GIVEN_UP, KILLED, SHUTDOWN, WAITED};
use crate::event::EventKind;
use crate::exit::{ExitReason, Place};
use crate::label::{ActorId, ActorLabel};
use crate::protocol::{Fault, Protocol};
use crate::registry::AnyActor;
use crate::seam::Seam;
use crate::stats::Stats;
use crate::supervision::bond::Bond;
use crate::sync::lock;
use crate::waiters::Ticket;
use crate::waits::{Waiter, Waits};

impl<P: Protocol> Waiter for Cell<P> {
    fn label(&self) -> ActorLabel {
        Cell::label(self)
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
    fn id(&self) -> ActorId {
        self.id
    }

    fn protocol(&self) -> TypeId {
        TypeId::of::<P>()
    }

    fn seam(&self) -> &Arc<dyn Seam> {
        &self.hub.seam
    }

    fn is_between(&self) -> bool {
        Cell::is_between(self)
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

    fn count_dropped(&self) {
        Cell::count_dropped(self);
    }

    fn record_event(&self, kind: EventKind) {
        self.record(|| kind);
    }

    fn has_ended(&self) -> bool {
        self.stage.has_ended()
    }

    fn shut_down(&self) {
        // One that has a supervisor is stopped by it, when its turn comes.
        if self.bond().is_some_and(Bond::is_supervised) {
            return;
        }
        self.signal(SHUTDOWN);
        self.stop();
        if self.claim() {
            self.end_unstarted(ExitReason::Shutdown);
        }
    }

    fn kill(&self) {
        self.signal(KILLED);
        if self.bond().is_some_and(Bond::is_supervised) {
            // Its mail waits for its next incarnation, if it has one.
            self.wake();
        } else {
            self.stop();
        }
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
            .clear(|envelope| self.discard_mail(envelope, Fault::Stopped));
        // Its task is not there to wait for them.
        let children = self.ties_if_any().map(|ties| lock(&ties.children).all());
        for child in children.into_iter().flatten() {
            child.stop(false);
        }
        if let Some(roster) = self.roster() {
            roster.abandon();
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
        self.has_been_given_up()
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
