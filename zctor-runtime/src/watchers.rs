//! Who is to be told of the end of an actor: its monitors, those of topics
//! among them, and the actors that it is linked to. All of them are known
//! weakly, and are forgotten when they lose interest or end.

use std::sync::Weak;

use crate::exit::Exit;
use crate::inbound::Tag;
use crate::label::ActorId;
use crate::ordered::Ordered;

/// What can be told of the end of an actor.
pub(crate) trait Watcher: Send + Sync {
    fn monitored_ended(&self, tag: Tag, exit: Exit);
    /// `peer` names the other one among the links of this one.
    fn linked_ended(&self, peer: Peer, exit: Exit);
}

/// Which actor, of which system: in the order of their numbers, so that links
/// end in the same order in each run. (The address of its cell tells actors of
/// several systems apart; nobody else has it while anything, also a weak
/// reference, points there.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Peer {
    pub(crate) id: ActorId,
    pub(crate) address: usize,
}

/// What a monitor wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The end for good.
    Actor,
    /// That, or the end of the state that runs now.
    Incarnation,
}

/// A monitor.
#[derive(Clone)]
pub(crate) struct Monitor {
    pub(crate) who: Weak<dyn Watcher>,
    pub(crate) tag: Tag,
    pub(crate) scope: Scope,
}

/// A place in the list of monitors.
pub(crate) type Ticket = u64;

struct Link {
    address: usize,
    who: Weak<dyn Watcher>,
}

#[derive(Default)]
pub(crate) struct Watchers {
    next: Ticket,
    monitors: Ordered<Ticket, Monitor>,
    /// By the numbers of actors: one of each system that has such an actor.
    links: Ordered<u64, Vec<Link>>,
}

impl Watchers {
    pub(crate) fn add(&mut self, monitor: Monitor) -> Ticket {
        self.next += 1;
        self.monitors.insert(self.next, monitor);
        self.next
    }

    /// Returned to be dropped without the lock.
    #[must_use]
    pub(crate) fn remove(&mut self, ticket: Ticket) -> Option<Monitor> {
        self.monitors.remove(&ticket)
    }

    pub(crate) fn link(&mut self, peer: Peer, who: Weak<dyn Watcher>) {
        let links = self.links.get_or_insert_with(peer.id.get(), Vec::new);
        let address = peer.address;
        match links.iter_mut().find(|link| link.address == address) {
            Some(link) => link.who = who,
            None => links.push(Link { address, who }),
        }
    }

    /// None if there was no such link.
    #[must_use]
    pub(crate) fn unlink(&mut self, peer: Peer) -> Option<Weak<dyn Watcher>> {
        let number = peer.id.get();
        let links = self.links.get_mut(&number)?;
        let place = links.iter().position(|link| link.address == peer.address)?;
        let link = links.remove(place);
        if links.is_empty() {
            self.links.remove(&number);
        }
        Some(link.who)
    }

    /// Takes the monitors that an end concerns; one for good concerns all.
    #[must_use]
    pub(crate) fn take_monitors(&mut self, ended: Scope) -> Vec<Monitor> {
        self.monitors
            .take_if(|_, monitor| ended == Scope::Actor || monitor.scope == Scope::Incarnation)
    }

    #[must_use]
    pub(crate) fn take_links(&mut self) -> Vec<Weak<dyn Watcher>> {
        let mut links = Vec::new();
        for (_, of_one_number) in &self.links.take_all() {
            for link in of_one_number {
                links.push(Weak::clone(&link.who));
            }
        }
        links
    }

    /// How many there are of both kinds.
    pub(crate) fn len(&self) -> usize {
        let mut len = self.monitors.len();
        for (_, of_one_number) in self.links.iter() {
            len += of_one_number.len();
        }
        len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nobody;

    impl Watcher for Nobody {
        fn monitored_ended(&self, _: Tag, _: Exit) {}
        fn linked_ended(&self, _: Peer, _: Exit) {}
    }

    fn monitor(number: u64, scope: Scope) -> Monitor {
        Monitor {
            who: Weak::<Nobody>::new(),
            tag: Tag {
                incarnation: 1,
                number,
            },
            scope,
        }
    }

    #[test]
    fn the_end_of_an_incarnation_concerns_only_its_monitors() {
        let mut watchers = Watchers::default();
        let first = watchers.add(monitor(1, Scope::Actor));
        watchers.add(monitor(2, Scope::Incarnation));
        watchers.add(monitor(3, Scope::Actor));
        let told = watchers.take_monitors(Scope::Incarnation);
        assert!(matches!(&told[..], [one] if one.tag.number == 2));
        assert!(watchers.remove(first).is_some());
        let told = watchers.take_monitors(Scope::Actor);
        assert!(matches!(&told[..], [one] if one.tag.number == 3));
        assert_eq!(watchers.len(), 0);
    }

    #[test]
    fn a_link_is_one_however_often_it_is_made() {
        let peer = Peer {
            id: ActorId::new(8),
            address: 8,
        };
        let mut watchers = Watchers::default();
        watchers.link(peer, Weak::<Nobody>::new());
        watchers.link(peer, Weak::<Nobody>::new());
        assert_eq!(watchers.len(), 1);
        assert!(watchers.unlink(peer).is_some());
        assert!(watchers.unlink(peer).is_none());
        assert_eq!(watchers.take_links().len(), 0);
    }
}
