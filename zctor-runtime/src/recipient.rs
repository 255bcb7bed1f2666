//! Anything that accepts a `T`, whatever protocol is behind it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::cell::Cell;
use crate::exit::{ExitReason, Fate};
use crate::handle::Handle;
use crate::label::{ActorId, ActorLabel};
use crate::mailbox::Refused;
use crate::or_drop::OrDrop;
use crate::protocol::Protocol;
use crate::registry::AnyActor;
use crate::tell_error::Undelivered;
use crate::watch::Watched;
use crate::watchers::Peer;

/// An actor that accepts a `T`, whatever protocol is behind it: how one actor
/// subscribes to another's events. Made by [`Handle::recipient`].
///
/// A clone is cheap, and a tell allocates nothing. It keeps its actor alive as
/// a handle does. Two recipients are equal if they are of the same actor,
/// whatever message each of them makes of a `T`.
///
/// A place in the mailbox is taken before the message is made. So one of high
/// priority is served first, but is refused like others by a full mailbox.
/// One with `#[latest]` takes the place of a queued one, but needs room as well.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::Recipient;
///
/// #[actor]
/// enum News { Subscribe(Recipient<String>), Publish(String) }
/// #[derive(Default)]
/// struct Readers(Vec<Recipient<String>>);
/// #[handlers]
/// impl NewsActor for Readers {
///     fn subscribe(&mut self, value: Recipient<String>) { self.0.push(value) }
///     fn publish(&mut self, value: String) {
///         self.0.retain(|reader| reader.tell(value.clone()).is_ok());
///     }
/// }
///
/// #[actor]
/// enum Session { Push(String) }
/// struct Screen;
/// #[handlers]
/// impl SessionActor for Screen {
///     fn push(&mut self, value: String, ctx: &mut Context<Session>) {
///         assert_eq!(value, "rain");
///         ctx.stop();
///     }
/// }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let news = News::spawn(&system, Readers::default());
/// let session = Session::spawn(&system, Screen);
/// news.subscribe(session.recipient(Session::Push))?;
/// news.publish("rain".to_owned())?;
/// assert!(session.stopped().wait()?.is_orderly());
/// # system.shutdown().wait() }
/// ```
pub struct Recipient<T>(Arc<dyn Accept<T>>);

trait Accept<T>: Send + Sync {
    fn accept(&self, value: T) -> Result<(), Refused<T>>;
    fn actor(&self) -> ActorLabel;
    fn id(&self) -> ActorId;
    /// The same for all recipients of an actor.
    fn peer(&self) -> Peer;
    fn is_alive(&self) -> bool;
    fn count_returned(&self);
    fn count_returned_as_dropped(&self);
    fn end_reason(&self) -> Option<ExitReason>;
    fn downgrade(&self) -> Arc<dyn AcceptLater<T>>;
}

trait AcceptLater<T>: Send + Sync {
    fn upgrade(&self) -> Option<Recipient<T>>;
    /// Queues a value if anything still keeps the actor alive.
    fn offer(&self, value: T) -> Result<(), Refused<T>>;
    /// None: it has ended, and is forgotten.
    fn actor(&self) -> Option<Arc<dyn Listener>>;
}

/// The actor of a recipient.
pub(crate) trait Listener: AnyActor + Watched {}

impl<P: Protocol> Listener for Cell<P> {}

struct Strong<P: Protocol, F> {
    handle: Handle<P>,
    make: Arc<F>,
}

struct Later<P: Protocol, F> {
    cell: Weak<Cell<P>>,
    make: Arc<F>,
}

impl<P: Protocol> Handle<P> {
    /// This actor as one that accepts a `T`, of which `make` makes its message:
    /// `session.recipient(Session::Push)`.
    ///
    /// `make` is called by whoever tells, when a place in the mailbox is taken,
    /// so it should do no more than that.
    #[must_use]
    pub fn recipient<T: 'static>(
        &self,
        make: impl Fn(T) -> P + Send + Sync + 'static,
    ) -> Recipient<T> {
        Recipient(Arc::new(Strong {
            handle: self.clone(),
            make: Arc::new(make),
        }))
    }
}

impl<P, F, T> Accept<T> for Strong<P, F>
where
    P: Protocol,
    F: Fn(T) -> P + Send + Sync + 'static,
    T: 'static,
{
    fn accept(&self, value: T) -> Result<(), Refused<T>> {
        self.handle
            .cell()
            .deliver_made(value, |value| (self.make)(value).seal())
    }

    fn actor(&self) -> ActorLabel {
        self.handle.label()
    }

    fn id(&self) -> ActorId {
        self.handle.id()
    }

    fn peer(&self) -> Peer {
        self.handle.cell().peer()
    }

    fn is_alive(&self) -> bool {
        self.handle.is_alive()
    }

    fn count_returned(&self) {
        self.handle.cell().count_returned();
    }

    fn end_reason(&self) -> Option<ExitReason> {
        self.handle.cell().end_reason()
    }

    fn count_returned_as_dropped(&self) {
        self.handle.cell().count_returned_as_dropped();
    }

    fn downgrade(&self) -> Arc<dyn AcceptLater<T>> {
        Arc::new(Later {
            cell: Arc::downgrade(self.handle.cell()),
            make: Arc::clone(&self.make),
        })
    }
}

impl<P, F, T> AcceptLater<T> for Later<P, F>
where
    P: Protocol,
    F: Fn(T) -> P + Send + Sync + 'static,
    T: 'static,
{
    fn upgrade(&self) -> Option<Recipient<T>> {
        let handle = self.handle()?;
        let make = Arc::clone(&self.make);
        Some(Recipient(Arc::new(Strong { handle, make })))
    }

    fn offer(&self, value: T) -> Result<(), Refused<T>> {
        match self.handle() {
            None => Err(Refused::Closed(value)),
            Some(handle) => handle
                .cell()
                .deliver_made(value, |value| (self.make)(value).seal()),
        }
    }

    fn actor(&self) -> Option<Arc<dyn Listener>> {
        Some(self.cell.upgrade()?)
    }
}

impl<P: Protocol, F> Later<P, F> {
    /// A handle, if anything still keeps the actor alive.
    fn handle(&self) -> Option<Handle<P>> {
        let cell = self.cell.upgrade()?;
        cell.hold_if_held().then(|| Handle::first(cell))
    }
}

impl<T> Recipient<T> {
    /// Queues the message that is made of `value`, without waiting, whatever
    /// the policy of the mailbox.
    ///
    /// # Errors
    /// If the actor has ended or was stopped, or its mailbox is full (unless its
    /// policy is to drop messages): the value is given back.
    pub fn tell(&self, value: T) -> Result<(), RecipientError<T>> {
        self.0
            .accept(value)
            .map_err(|refused| self.refused(refused))
    }

    #[cold]
    fn refused(&self, refused: Refused<T>) -> RecipientError<T> {
        let (value, reason) = match refused {
            Refused::Full(value) => (value, Undelivered::Full),
            Refused::Closed(value) => (value, Undelivered::Stopped),
        };
        self.0.count_returned();
        RecipientError(Box::new(Returned {
            recipient: Arc::clone(&self.0),
            ended: match reason {
                Undelivered::Stopped => self.0.end_reason(),
                _ => None,
            },
            reason,
            value: Mutex::new(value),
        }))
    }

    /// The number of the actor.
    #[must_use]
    pub fn id(&self) -> ActorId {
        self.0.id()
    }

    /// The protocol, number and name of the actor.
    #[must_use]
    pub fn actor(&self) -> ActorLabel {
        self.0.actor()
    }

    /// Whether the actor has not ended yet.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.0.is_alive()
    }

    /// A recipient that does not keep the actor alive.
    #[must_use]
    pub fn downgrade(&self) -> WeakRecipient<T> {
        WeakRecipient(self.0.downgrade())
    }
}

impl<T> Clone for Recipient<T> {
    fn clone(&self) -> Self {
        Recipient(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Recipient<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.peer() == other.0.peer()
    }
}

impl<T> Eq for Recipient<T> {}

impl<T> Hash for Recipient<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.id().hash(state);
    }
}

impl<T> fmt::Debug for Recipient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({})", self.actor())
    }
}

/// A [`Recipient`] that does not keep its actor alive.
pub struct WeakRecipient<T>(Arc<dyn AcceptLater<T>>);

impl<T> WeakRecipient<T> {
    /// A recipient, if anything still keeps the actor alive.
    #[must_use]
    pub fn upgrade(&self) -> Option<Recipient<T>> {
        self.0.upgrade()
    }

    /// As [`tell`](Recipient::tell) does, but without an error that counts.
    pub(crate) fn offer(&self, value: T) -> Result<(), Refused<T>> {
        self.0.offer(value)
    }

    /// The actor, unless it has ended and is forgotten.
    pub(crate) fn actor(&self) -> Option<Arc<dyn Listener>> {
        self.0.actor()
    }
}

impl<T> Clone for WeakRecipient<T> {
    fn clone(&self) -> Self {
        WeakRecipient(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for WeakRecipient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakRecipient")
    }
}

/// A value that a [`Recipient`] did not accept.
pub struct RecipientError<T>(Box<Returned<T>>);

struct Returned<T> {
    recipient: Arc<dyn Accept<T>>,
    reason: Undelivered,
    /// How its actor has ended, or is about to: as it was known then, since the
    /// actor may yet crash by this very error.
    ended: Option<ExitReason>,
    /// Never locked: a mutex makes the error `Sync` for every value.
    value: Mutex<T>,
}

impl<T> RecipientError<T> {
    /// The value.
    #[must_use]
    pub fn into_value(self) -> T {
        self.0
            .value
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Why it was not accepted.
    #[must_use]
    pub fn reason(&self) -> Undelivered {
        self.0.reason
    }

    /// Whether the mailbox was full, so that it may work later.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.reason == Undelivered::Full
    }

    /// The actor that was told.
    #[must_use]
    pub fn actor(&self) -> ActorLabel {
        self.0.recipient.actor()
    }
}

impl<T> OrDrop for Result<(), RecipientError<T>> {
    fn or_drop(self) {
        if let Err(error) = self {
            error.0.recipient.count_returned_as_dropped();
        }
    }
}

impl<T> fmt::Display for RecipientError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actor = self.actor();
        match self.0.reason {
            Undelivered::Full => write!(f, "the mailbox of {actor} is full"),
            _ => {
                write!(f, "the actor {actor} {}", Fate(self.0.ended.as_ref()))
            }
        }
    }
}

impl<T> fmt::Debug for RecipientError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecipientError")
            .field("actor", &self.actor())
            .field("reason", &self.0.reason)
            .finish()
    }
}

impl<T> std::error::Error for RecipientError<T> {}
