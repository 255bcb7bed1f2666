//! What reaches an actor from outside and is no mail.

use std::sync::Arc;
use std::sync::atomic::Ordering::AcqRel;
use std::time::Instant;

use super::signals::ARRIVED;
use super::{Cell, Core};
use crate::exit::Exit;
use crate::guard;
use crate::inbound::{Inbound, Tag};
use crate::protocol::Protocol;
use crate::registry::AnyActor;
use crate::seam::{AlarmId, Bell, Ring};
use crate::sync::lock;
use crate::ties::Ties;
use crate::watchers::{Peer, Watcher};

impl Core {
    pub(crate) fn ties(&self) -> &Ties {
        &self.rare().ties
    }

    pub(crate) fn ties_if_any(&self) -> Option<&Ties> {
        self.rare.get().map(|rare| &rare.ties)
    }

    /// Hands it something from outside.
    pub(crate) fn arrive(&self, what: Inbound) {
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
    pub(crate) fn take_arrived(&self) -> Option<Vec<Inbound>> {
        if !self.has_signal(ARRIVED) {
            return None;
        }
        self.signals.fetch_and(!ARRIVED, AcqRel);
        Some(self.ties().arrivals.take())
    }

    /// What names it among the links of another actor.
    pub(crate) fn peer(&self) -> Peer {
        Peer {
            id: self.id,
            address: std::ptr::from_ref(self) as usize,
        }
    }
}

impl<P: Protocol> Cell<P> {
    /// Sets an alarm that rings for this actor.
    pub(crate) fn set_alarm(self: &Arc<Self>, at: Instant) -> AlarmId {
        let bell = Bell::Ring(Arc::clone(self) as Arc<dyn Ring>);
        self.hub.seam.set_alarm(at, bell)
    }
}

impl dyn AnyActor + '_ {
    fn linked_end(&self, peer: Peer, exit: Exit) {
        let link = lock(&self.ties().watchers).unlink(peer);
        // None: unlinked meanwhile.
        if link.is_some() {
            self.exit_signal(exit);
        }
    }

    /// What the end of a linked actor does to this one.
    pub(crate) fn exit_signal(&self, exit: Exit) {
        let core = self.core();
        let ties = core.ties();
        if ties.is_trapping() {
            core.arrive(Inbound::Exited(exit));
        } else if !exit.reason().is_orderly() {
            ties.doom(exit.as_link());
            self.kill();
        }
    }
}

impl<P: Protocol> Watcher for Cell<P> {
    fn monitored_ended(&self, tag: Tag, exit: Exit) {
        self.arrive(Inbound::Gone(tag, exit));
    }

    fn linked_ended(&self, peer: Peer, exit: Exit) {
        self.any().linked_end(peer, exit);
    }
}

impl<P: Protocol> Ring for Cell<P> {
    fn ring(&self, alarm: AlarmId) {
        self.arrive(Inbound::Alarm(alarm));
    }
}
