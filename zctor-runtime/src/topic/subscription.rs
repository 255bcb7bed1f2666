//! The guard of a subscription.

use std::fmt;
use std::sync::Weak;

/// A subscriber of a topic of whatever type.
pub(super) trait Subscribed: Send + Sync {
    fn unsubscribe(&self);
    fn is_active(&self) -> bool;
}

/// A subscription to a [`Topic`](crate::Topic), which ends when this is dropped.
///
/// An actor that subscribes keeps it in its state: so it ends with that state,
/// and the next incarnation may subscribe anew. What is kept alive by it is
/// nothing, neither the topic nor the subscriber.
///
/// Once it is dropped, nothing that is published later arrives. What is queued
/// already does, and so may a value that another thread is just publishing.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::{Subscription, Topic};
///
/// #[actor] enum Session { Push(String), Leave, #[reply(usize)] Lines }
/// struct Screen { news: Topic<String>, subscription: Option<Subscription>, lines: usize }
/// #[handlers]
/// impl SessionActor for Screen {
///     fn on_start(&mut self, ctx: &mut Context<Session>) {
///         let recipient = ctx.handle().recipient(Session::Push);
///         self.subscription = Some(self.news.subscribe(recipient));
///     }
///     fn push(&mut self, _value: String) { self.lines += 1 }
///     fn leave(&mut self) { self.subscription = None }
///     fn lines(&self) -> usize { self.lines }
/// }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let news = Topic::new();
/// let screen = Screen { news: news.clone(), subscription: None, lines: 0 };
/// let session = Session::spawn(&system, screen);
/// session.started().wait()?;
/// news.publish("rain".to_owned());
/// session.leave()?;
/// assert_eq!(session.lines().wait()?, 1);
/// assert_eq!(news.publish("sun".to_owned()).subscribers(), 0);
/// # system.shutdown().wait() }
/// ```
#[must_use = "dropped, it ends; `.detach()` keeps it for as long as the subscriber lives"]
pub struct Subscription(Option<Weak<dyn Subscribed>>);

impl Subscription {
    pub(super) fn new(to: Weak<dyn Subscribed>) -> Subscription {
        Subscription(Some(to))
    }

    /// Keeps the subscription until the actor of the subscriber ends for good:
    /// also across its restarts. (Or until [`Slow::Unsubscribe`](crate::Slow::Unsubscribe) ends it, or a
    /// topic without a name is gone.)
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// use zctor::Topic;
    ///
    /// # #[actor] enum Lamp { Dim(u8) }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn dim(&mut self, _value: u8) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let levels = Topic::new();
    /// let lamp = Lamp::spawn(&system, Bulb);
    /// levels.subscribe(lamp.recipient(Lamp::Dim)).detach();
    /// assert_eq!(levels.publish(7).delivered(), 1);
    /// drop(lamp);
    /// while levels.subscriber_count() > 0 {}
    /// # system.shutdown().wait() }
    /// ```
    pub fn detach(mut self) {
        self.0 = None;
    }

    /// Whether values still arrive: it was not ended by [`Slow::Unsubscribe`](crate::Slow::Unsubscribe),
    /// and its topic is there, and so is the actor.
    #[must_use]
    pub fn is_active(&self) -> bool {
        let subscriber = self.0.as_ref().and_then(Weak::upgrade);
        subscriber.is_some_and(|subscriber| subscriber.is_active())
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(subscriber) = self.0.as_ref().and_then(Weak::upgrade) {
            subscriber.unsubscribe();
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("active", &self.is_active())
            .finish()
    }
}
