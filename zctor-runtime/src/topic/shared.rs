//! What the handles of a topic share.
//!
//! A topic is held by its handles. One that has a name is also held by itself
//! while it has subscribers, since others find it by that name: the circle is
//! broken when the last of them leaves, which every actor does when it ends.
//!
//! Nothing of the user's is dropped under the lock.

use std::sync::{Arc, Mutex, Weak};

use super::names::Name;
use super::roll::{Entries, Place, Roll};
use super::slow::Slow;
use super::subscriber::{Home, Subscriber};
use crate::recipient::Recipient;
use crate::sync::lock;

pub(super) struct Shared<T: 'static> {
    list: Mutex<List<T>>,
    name: Option<Name>,
}

struct List<T: 'static> {
    roll: Roll<Subscriber<T>>,
    /// Itself, while it is to be found by its name.
    held: Option<Arc<Shared<T>>>,
}

impl<T: 'static> Shared<T> {
    pub(super) fn new(name: Option<Name>) -> Shared<T> {
        Shared {
            list: Mutex::new(List {
                roll: Roll::new(),
                held: None,
            }),
            name,
        }
    }

    pub(super) fn name(&self) -> Option<&Arc<str>> {
        self.name.as_ref().map(Name::text)
    }

    /// Those who are subscribed now.
    pub(super) fn subscribers(&self) -> Entries<Subscriber<T>> {
        lock(&self.list).roll.entries()
    }

    pub(super) fn subscribe(
        self: &Arc<Self>,
        recipient: &Recipient<T>,
        slow: Slow,
    ) -> Weak<Subscriber<T>> {
        let home: Weak<dyn Home> = Arc::<Shared<T>>::downgrade(self);
        let place = lock(&self.list).roll.reserve();
        let subscriber = Subscriber::new(home, place, recipient.downgrade(), slow);
        let weak = Arc::downgrade(&subscriber);
        let mut list = lock(&self.list);
        // Whoever takes it off the list says so before that, so one that has
        // ended already is not put there.
        if subscriber.is_subscribed() {
            list.roll.insert(place, subscriber);
            if self.name.is_some() && list.held.is_none() {
                list.held = Some(Arc::clone(self));
            }
        }
        weak
    }
}

impl<T: 'static> Home for Shared<T> {
    fn forget(&self, place: Place) {
        let mut list = lock(&self.list);
        let subscriber = list.roll.remove(place);
        let held = match list.roll.is_empty() {
            true => list.held.take(),
            false => None,
        };
        drop(list);
        drop((subscriber, held));
    }

    fn name(&self) -> Option<&Arc<str>> {
        Shared::name(self)
    }
}
