//! One that a topic delivers to.

use std::any::type_name;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{AcqRel, Acquire};
use std::sync::{Arc, OnceLock, Weak};

use super::published::Outcome;
use super::roll::Place;
use super::slow::Slow;
use super::subscription::Subscribed;
use crate::event::EventKind;
use crate::exit::Exit;
use crate::guard;
use crate::inbound::Tag;
use crate::mailbox::Refused;
use crate::recipient::WeakRecipient;
use crate::watchers::{Monitor, Peer, Scope, Ticket, Watcher};

/// The topic, as its subscribers know it.
pub(super) trait Home: Send + Sync {
    /// Forgets the subscriber of this place.
    fn forget(&self, place: Place);
    fn name(&self) -> Option<&Arc<str>>;
}

pub(super) struct Subscriber<T: 'static> {
    home: Weak<dyn Home>,
    pub(super) place: Place,
    /// None only while it is dropped.
    to: Option<WeakRecipient<T>>,
    slow: Slow,
    subscribed: AtomicBool,
    /// The actor tells it of its end.
    watch: OnceLock<Ticket>,
}

impl<T: 'static> Subscriber<T> {
    /// One that is not on the list of its topic yet, and knows when it is to
    /// leave it.
    pub(super) fn new(
        home: Weak<dyn Home>,
        place: Place,
        to: WeakRecipient<T>,
        slow: Slow,
    ) -> Arc<Subscriber<T>> {
        let subscriber = Arc::new(Subscriber {
            home,
            place,
            to: Some(to),
            slow,
            subscribed: AtomicBool::new(true),
            watch: OnceLock::new(),
        });
        subscriber.watch();
        subscriber
    }

    fn watch(self: &Arc<Self>) {
        let who: Weak<dyn Watcher> = Arc::<Subscriber<T>>::downgrade(self);
        let monitor = Monitor {
            who,
            // It has only one.
            tag: Tag {
                incarnation: 0,
                number: 0,
            },
            scope: Scope::Actor,
        };
        let actor = self.to.as_ref().and_then(WeakRecipient::actor);
        let ticket = actor.and_then(|actor| actor.watch(monitor).ok());
        match ticket {
            Some(ticket) => {
                // It is the first.
                let _ = self.watch.set(ticket);
            }
            None => self.unsubscribe(),
        }
    }

    /// Whether it is to be on the list of its topic.
    pub(super) fn is_subscribed(&self) -> bool {
        self.subscribed.load(Acquire)
    }

    /// Delivers a value, unless that would mean to wait.
    pub(super) fn offer(&self, value: T) -> Outcome {
        let Some(to) = self.to.as_ref().filter(|_| self.is_subscribed()) else {
            guard::quietly(|| drop(value));
            return Outcome::Gone;
        };
        match guard::quietly(|| to.offer(value)) {
            Some(Ok(())) => Outcome::Delivered,
            Some(Err(Refused::Closed(value))) => {
                guard::quietly(|| drop(value));
                if has_ended(to) {
                    self.leave();
                }
                // Else it has stopped, but may be restarted.
                Outcome::Gone
            }
            Some(Err(Refused::Full(value))) => {
                guard::quietly(|| drop(value));
                self.overflow(to)
            }
            // What makes the message has panicked, and the value is gone.
            None => {
                count_dropped(to);
                Outcome::Dropped
            }
        }
    }

    /// There was no room for a value.
    fn overflow(&self, to: &WeakRecipient<T>) -> Outcome {
        count_dropped(to);
        match self.slow {
            Slow::Drop => Outcome::Dropped,
            // Of several that find it full only one unsubscribes it.
            Slow::Unsubscribe if !self.leave() => Outcome::Dropped,
            Slow::Unsubscribe => {
                if let Some(actor) = to.actor() {
                    let home = self.home.upgrade();
                    actor.core().record_event(EventKind::Unsubscribed {
                        topic: home.and_then(|home| home.name().cloned()),
                        carries: type_name::<T>(),
                    });
                }
                Outcome::Unsubscribed
            }
        }
    }

    /// Takes it off the list, or keeps it from getting there. False if that was
    /// done before.
    fn leave(&self) -> bool {
        let first = self.subscribed.swap(false, AcqRel);
        if first && let Some(home) = self.home.upgrade() {
            home.forget(self.place);
        }
        first
    }
}

impl<T: 'static> Subscribed for Subscriber<T> {
    fn unsubscribe(&self) {
        self.leave();
    }

    fn is_active(&self) -> bool {
        let to = self.to.as_ref().filter(|_| self.is_subscribed());
        to.is_some_and(|to| !has_ended(to))
    }
}

impl<T: 'static> Watcher for Subscriber<T> {
    fn monitored_ended(&self, _: Tag, _: Exit) {
        self.leave();
    }

    /// It is no actor, and has no links.
    fn linked_ended(&self, _: Peer, _: Exit) {}
}

impl<T: 'static> Drop for Subscriber<T> {
    fn drop(&mut self) {
        let Some(to) = self.to.take() else {
            return;
        };
        if let (Some(ticket), Some(actor)) = (self.watch.get(), to.actor()) {
            actor.unwatch(*ticket);
        }
        // The function that makes the message is the user's.
        guard::quietly(|| drop(to));
    }
}

fn has_ended<T>(to: &WeakRecipient<T>) -> bool {
    to.actor().is_none_or(|actor| actor.core().has_ended())
}

/// Its actor counts what is lost.
fn count_dropped<T>(to: &WeakRecipient<T>) {
    if let Some(actor) = to.actor() {
        actor.core().count_dropped();
    }
}
