//! Topics: values that are published to all who have subscribed.
//!
//! Whoever publishes takes the list of subscribers as it is and delivers to one
//! after the other, without a lock, so what belongs to the user (clones, drops,
//! the functions that make messages, wakers) may do whatever it likes. A
//! subscriber leaves the list when its subscription is dropped, when it was too
//! slow, or when its actor has ended, which it is told of as a monitor is.

pub(crate) mod names;
pub(crate) mod published;
mod roll;
mod shared;
pub(crate) mod slow;
mod subscriber;
pub(crate) mod subscription;
pub(crate) mod topic_error;

use std::any::type_name;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use self::published::Published;
use self::shared::Shared;
use self::slow::Slow;
use self::subscription::{Subscribed as _, Subscription};
use self::topic_error::TopicError;
use crate::recipient::Recipient;
use crate::system::System;

/// Values of the type `T` on their way to all who have subscribed, whatever
/// their protocols are.
///
/// One with a name is found by it: see [`System::topic`]. One without is passed
/// around, as handles are. A clone is the same topic.
///
/// # Who gets a value
/// All who are subscribed when [`publish`](Topic::publish) begins. One who
/// subscribes meanwhile does not get that value, but all that are published
/// after [`subscribe`](Topic::subscribe) has returned. Nothing is kept for those
/// who come later.
///
/// # Order
/// A value is in the mailboxes when `publish` returns. So what one thread (or
/// one actor) publishes arrives at each subscriber in that order. Values that
/// are published at the same time by several may arrive at one subscriber in
/// another order than at the next.
///
/// # Life
/// A subscription does not keep its subscriber alive, and ends with it. It is a
/// matter of the actor, not of its incarnation: one that its supervisor
/// restarts gets what was published meanwhile.
///
/// A topic without a name is gone with its last clone, whether or not it has
/// subscribers; one with a name when it has neither clones nor subscribers.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::Topic;
///
/// #[actor] enum Session { Push(String), #[reply(Vec<String>)] Seen }
/// #[derive(Default)] struct Screen(Vec<String>);
/// #[handlers]
/// impl SessionActor for Screen {
///     fn push(&mut self, value: String) { self.0.push(value) }
///     fn seen(&self) -> Vec<String> { self.0.clone() }
/// }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let news = Topic::new();
/// let (one, two) = (Session::spawn(&system, Screen::default()), Session::spawn(&system, Screen::default()));
/// let _first = news.subscribe(one.recipient(Session::Push));
/// let second = news.subscribe(two.recipient(Session::Push));
///
/// assert_eq!(news.publish("rain".to_owned()).delivered(), 2);
/// drop(second);
/// assert_eq!(news.publish("sun".to_owned()).delivered(), 1);
/// assert_eq!(one.seen().wait()?, ["rain", "sun"]);
/// assert_eq!(two.seen().wait()?, ["rain"]);
/// # system.shutdown().wait() }
/// ```
///
/// Actors of one protocol are a group if its messages are what is published:
///
/// ```
/// use zctor::prelude::*;
/// use zctor::Topic;
///
/// #[actor] #[derive(Clone)] enum Lamp { Dim(u8), #[reply(u8)] Level }
/// struct Bulb(u8);
/// #[handlers]
/// impl LampActor for Bulb {
///     fn dim(&mut self, value: u8) { self.0 = value }
///     fn level(&self) -> u8 { self.0 }
/// }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let hall = Topic::new();
/// let lamps: Vec<_> = (0..3).map(|_| Lamp::spawn(&system, Bulb(0))).collect();
/// for lamp in &lamps {
///     hall.subscribe(lamp.recipient(|message| message)).detach();
/// }
/// hall.publish(Lamp::Dim(7));
/// for lamp in &lamps {
///     assert_eq!(lamp.level().wait()?, 7);
/// }
/// # system.shutdown().wait() }
/// ```
#[doc(alias = "broadcast")]
#[doc(alias = "Group")]
pub struct Topic<T: 'static> {
    shared: Arc<Shared<T>>,
}

impl<T: Clone + Send + 'static> Topic<T> {
    /// A topic without a name, of no system in particular.
    #[must_use]
    pub fn new() -> Topic<T> {
        Topic {
            shared: Arc::new(Shared::new(None)),
        }
    }

    /// Has every value that is published from now on delivered to `recipient`,
    /// until the [`Subscription`] is dropped or the actor has ended. What its
    /// mailbox has no room for is dropped, as [`Slow::Drop`] says.
    ///
    /// `session.recipient(Session::Push)` makes the messages of values. It is
    /// called by whoever publishes. One of an actor that has ended already
    /// makes a subscription that is not [active](Subscription::is_active).
    ///
    /// To subscribe twice is to get everything twice. An actor that may be
    /// restarted keeps the subscription in its state rather than
    /// [detaching](Subscription::detach) it, if it subscribes in `on_start`.
    pub fn subscribe(&self, recipient: Recipient<T>) -> Subscription {
        self.subscribe_with(recipient, Slow::Drop)
    }

    /// The same, but `slow` says what becomes of a subscriber whose mailbox is
    /// full.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::{Slow, Topic};
    ///
    /// #[actor(mailbox = 2, overflow = reject)] enum Chart { Draw(f64), Hold }
    /// struct Paper;
    /// #[handlers]
    /// impl ChartActor for Paper {
    ///     fn draw(&mut self, _value: f64) {}
    ///     async fn hold(&mut self) { std::future::pending().await }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let rates = Topic::new();
    /// let chart = Chart::spawn(&system, Paper);
    /// chart.hold()?;
    /// let subscription = rates.subscribe_with(chart.recipient(Chart::Draw), Slow::Unsubscribe);
    /// while rates.publish(1.5).unsubscribed() == 0 {}
    /// assert!(!subscription.is_active());
    /// assert_eq!(chart.dropped(), 1);
    /// # chart.kill();
    /// # system.shutdown().wait() }
    /// ```
    pub fn subscribe_with(&self, recipient: Recipient<T>, slow: Slow) -> Subscription {
        Subscription::new(self.shared.subscribe(&recipient, slow))
    }

    /// Delivers a clone of `value` to every subscriber, and says what became of
    /// them. It never waits: not for room, nor for others who publish or
    /// subscribe at the same time. (But the work is done here, one subscriber
    /// after the other.)
    ///
    /// A subscriber that was stopped and will be restarted by its supervisor
    /// gets nothing in between, and stays subscribed.
    ///
    /// # Panics
    /// If the clone panics: those whose turn had not come do not get the value.
    /// (If a function that makes a message of it panics, that is one subscriber
    /// for whom it is dropped.)
    pub fn publish(&self, value: T) -> Published {
        let subscribers = self.shared.subscribers();
        let mut published = Published::default();
        let mut all = subscribers.iter();
        let last = all.next_back();
        for (_, subscriber) in all {
            published.count(subscriber.offer(value.clone()));
        }
        if let Some((_, last)) = last {
            published.count(last.offer(value));
        }
        published
    }

    /// How many subscribers there are. Those that have ended do not count.
    #[must_use]
    pub fn subscriber_count(&self) -> usize {
        let subscribers = self.shared.subscribers();
        let alive = subscribers.iter();
        alive
            .filter(|(_, subscriber)| subscriber.is_active())
            .count()
    }
}

impl<T> Topic<T> {
    /// The name that it is found by, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.shared.name().map(|name| &**name)
    }
}

impl System {
    /// The topic of this system that has the name, with values of the type `T`.
    /// It is made if there is none: whoever comes first, those who publish and
    /// those who subscribe have the same.
    ///
    /// The name is free again when the topic has neither clones nor
    /// subscribers. Names of topics and of actors have nothing to do with one
    /// another.
    ///
    /// # Errors
    /// If there is a topic with this name whose values are of another type.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor] enum Session { Push(String), #[reply(usize)] Lines }
    /// struct Screen(usize);
    /// #[handlers]
    /// impl SessionActor for Screen {
    ///     fn push(&mut self, _value: String) { self.0 += 1 }
    ///     fn lines(&self) -> usize { self.0 }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let session = Session::spawn(&system, Screen(0));
    /// system.topic("news")?.subscribe(session.recipient(Session::Push)).detach();
    /// system.topic("news")?.publish("rain".to_owned());
    /// assert_eq!(session.lines().wait()?, 1);
    /// assert!(system.topic::<u32>("news").is_err());
    /// # system.shutdown().wait() }
    /// ```
    pub fn topic<T: Clone + Send + 'static>(&self, name: &str) -> Result<Topic<T>, TopicError> {
        let wanted = type_name::<T>();
        let make = |name| Shared::<T>::new(Some(name));
        match self.hub().topics.find_or_add(name, wanted, make) {
            Ok(shared) => Ok(Topic { shared }),
            Err(carries) => Err(TopicError::new(name, carries, wanted)),
        }
    }
}

impl<T: Clone + Send + 'static> Default for Topic<T> {
    fn default() -> Self {
        Topic::new()
    }
}

impl<T> Clone for Topic<T> {
    fn clone(&self) -> Self {
        Topic {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<T> PartialEq for Topic<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

impl<T> Eq for Topic<T> {}

impl<T> Hash for Topic<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.shared).hash(state);
    }
}

impl<T> fmt::Debug for Topic<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "Topic<{}>({name:?})", type_name::<T>()),
            None => write!(f, "Topic<{}>", type_name::<T>()),
        }
    }
}
