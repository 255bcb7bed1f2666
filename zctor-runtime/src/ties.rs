//! What ties an actor to others and to its own work beside the mailbox. Most
//! actors have no such ties: a cell makes this when it is first needed.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};

use crate::children::Children;
use crate::exit::{Exit, ExitReason};
use crate::inbound::Arrivals;
use crate::sync::lock;
use crate::watchers::{Peer, Scope, Watchers};

#[derive(Default)]
pub(crate) struct Ties {
    pub(crate) arrivals: Arrivals,
    pub(crate) watchers: Mutex<Watchers>,
    pub(crate) children: Mutex<Children>,
    /// The end of a linked actor comes as a message.
    trapping: AtomicBool,
    /// Why it is killed, if by a link.
    doom: Mutex<Option<ExitReason>>,
}

impl Ties {
    pub(crate) fn set_trapping(&self, trapping: bool) {
        self.trapping.store(trapping, Release);
    }

    pub(crate) fn is_trapping(&self) -> bool {
        self.trapping.load(Acquire)
    }

    /// The first reason stays.
    pub(crate) fn doom(&self, reason: ExitReason) {
        lock(&self.doom).get_or_insert(reason);
    }

    pub(crate) fn pardon(&self) {
        *lock(&self.doom) = None;
    }

    pub(crate) fn doomed(&self) -> Option<ExitReason> {
        lock(&self.doom).clone()
    }

    /// Tells those of the end of an incarnation that want to know of it: the
    /// actor goes on, but its links do not.
    pub(crate) fn announce_incarnation(&self, me: Peer, exit: &Exit) {
        self.tell(Scope::Incarnation, me, exit);
    }

    /// Tells everybody who watches the actor `me` that it has ended for good.
    /// Called after it is seen to have ended: whoever begins to watch looks for
    /// that under the same lock.
    pub(crate) fn announce(&self, me: Peer, exit: &Exit) {
        self.tell(Scope::Actor, me, exit);
    }

    fn tell(&self, scope: Scope, me: Peer, exit: &Exit) {
        let mut watchers = lock(&self.watchers);
        let monitors = watchers.take_monitors(scope);
        let links = watchers.take_links();
        drop(watchers);
        for monitor in &monitors {
            if let Some(who) = monitor.who.upgrade() {
                who.monitored_ended(monitor.tag, exit.clone());
            }
        }
        for link in &links {
            if let Some(who) = link.upgrade() {
                who.linked_ended(me, exit.clone());
            }
        }
    }
}
