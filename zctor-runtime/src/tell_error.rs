//! The error of a tell.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::cell::Cell;
use crate::exit::{ExitReason, Fate};
use crate::label::ActorLabel;
use crate::limit::limited::Limited;
use crate::protocol::{Kind, Protocol};
use crate::registry::AnyActor;
use crate::wait::WaitInHandler;
use crate::wait_cycle::WaitCycle;

/// A tell that was not delivered, with the message.
///
/// It is an error whatever the protocol is: it needs neither `Debug` nor
/// `Sync` of the messages.
///
/// ```
/// # use zctor::prelude::*;
/// # #[actor] enum Lamp { Dim(u8) }
/// # struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn dim(&mut self, _value: u8) {} }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let lamp = Lamp::spawn(&system, Bulb);
/// lamp.stop();
/// let error = lamp.dim(3).unwrap_err();
/// assert_eq!(error.to_string(), "`Dim` was not delivered: the actor Lamp#1 has stopped");
/// assert!(!error.is_full());
/// let Lamp::Dim(level) = error.into_message();
/// assert_eq!(level, 3);
/// # system.shutdown().wait() }
/// ```
pub struct TellError<P>(Box<Inner<P>>);

struct Inner<P> {
    facts: Facts,
    /// Never locked: a mutex makes the error `Sync` for every message.
    message: Mutex<Box<dyn Held<P> + Send>>,
}

/// What there is to say of it, whatever the protocol is.
struct Facts {
    actor: ActorLabel,
    /// It counts what is lost.
    losses: Arc<dyn AnyActor>,
    kind: &'static str,
    reason: Undelivered,
    cycle: Option<WaitCycle>,
    limited: Option<Limited>,
    ended: Option<ExitReason>,
}

/// A message that is `Send`, which it need not be known to be where the error is used.
trait Held<P> {
    fn take(&mut self) -> Option<P>;
}

impl<P> Held<P> for Option<P> {
    fn take(&mut self) -> Option<P> {
        Option::take(self)
    }
}

/// Why a tell was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Undelivered {
    /// The actor has ended, or takes no more messages because it was stopped.
    Stopped,
    /// The mailbox is full.
    Full,
    /// `.wait()` was called in a handler on a shared worker thread.
    WaitInHandler,
    /// The rate limit of `#[limit]` is reached.
    Limited,
    /// The mailbox is full, and its actor waits for this one, directly or not.
    Deadlock,
}

impl<P: Protocol> TellError<P> {
    #[cold]
    pub(crate) fn new(cell: &Arc<Cell<P>>, envelope: P::Envelope, reason: Undelivered) -> Self {
        let kind = P::kind(&envelope).name();
        let message = Mutex::<Box<dyn Held<P> + Send>>::new(Box::new(Some(P::open(envelope))));
        TellError(Box::new(Inner {
            facts: Facts::new(Arc::clone(cell) as _, kind, reason),
            message,
        }))
    }

    #[cold]
    pub(crate) fn limited(cell: &Arc<Cell<P>>, envelope: P::Envelope, limited: Limited) -> Self {
        let mut error = TellError::new(cell, envelope, Undelivered::Limited);
        error.0.facts.limited = Some(limited);
        error
    }

    #[cold]
    pub(crate) fn deadlock(cell: &Arc<Cell<P>>, envelope: P::Envelope, cycle: WaitCycle) -> Self {
        let mut error = TellError::new(cell, envelope, Undelivered::Deadlock);
        error.0.facts.cycle = Some(cycle);
        error
    }
}

impl<P> TellError<P> {
    /// Drops the message, and has its actor count it.
    pub(crate) fn count_as_dropped(self) {
        self.0.facts.losses.count_returned_as_dropped();
    }

    /// The message.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "it is taken once")]
    pub fn into_message(mut self) -> P {
        let message = self.0.message.get_mut();
        let message = message.unwrap_or_else(PoisonError::into_inner).take();
        message.expect("the error has its message until it is taken out")
    }

    /// Why it was not delivered.
    #[must_use]
    pub fn reason(&self) -> Undelivered {
        self.0.facts.reason
    }

    /// Whether the mailbox was full, so that it may work later.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.facts.reason == Undelivered::Full
    }

    /// Whether a rate limit was reached.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.0.facts.reason == Undelivered::Limited
    }

    /// When there may be a permit again, at the earliest, if that is the
    /// reason ([`Undelivered::Limited`]).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.facts.limited.map(|limited| limited.retry_after())
    }

    /// The actors that wait for one another, if that is the reason
    /// ([`Undelivered::Deadlock`]).
    #[must_use]
    pub fn cycle(&self) -> Option<&WaitCycle> {
        self.0.facts.cycle.as_ref()
    }

    /// How the actor has ended, or is about to, if that is the reason
    /// ([`Undelivered::Stopped`]) and was known when it was told.
    #[must_use]
    pub fn exit_reason(&self) -> Option<&ExitReason> {
        self.0.facts.ended.as_ref()
    }

    /// The actor that was told.
    #[must_use]
    pub fn actor(&self) -> &ActorLabel {
        &self.0.facts.actor
    }

    /// The name of the message's variant.
    #[must_use]
    pub fn message_name(&self) -> &'static str {
        self.0.facts.kind
    }
}

impl Facts {
    fn new(losses: Arc<dyn AnyActor>, kind: &'static str, reason: Undelivered) -> Facts {
        Facts {
            actor: losses.core().label(),
            ended: match reason {
                Undelivered::Stopped => losses.end_reason(),
                _ => None,
            },
            losses,
            kind,
            reason,
            cycle: None,
            limited: None,
        }
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Facts {
            actor,
            kind,
            reason,
            cycle,
            limited,
            ended,
            ..
        } = self;
        write!(f, "`{kind}` was not delivered: ")?;
        match reason {
            Undelivered::Stopped => {
                write!(f, "the actor {actor} {}", Fate(ended.as_ref()))
            }
            Undelivered::Full => write!(f, "the mailbox of {actor} is full"),
            Undelivered::WaitInHandler => f.write_str(WaitInHandler::TEXT),
            Undelivered::Limited => match limited {
                Some(limited) => limited.fmt(f),
                None => f.write_str("the rate limit is reached"),
            },
            Undelivered::Deadlock => match cycle {
                Some(cycle) => write!(f, "deadlock: {cycle}"),
                None => f.write_str("deadlock"),
            },
        }
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TellError")
            .field("actor", &self.actor)
            .field("message", &self.kind)
            .field("reason", &self.reason)
            .finish()
    }
}

impl<P> fmt::Display for TellError<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.facts, f)
    }
}

impl<P> fmt::Debug for TellError<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0.facts, f)
    }
}

impl<P> std::error::Error for TellError<P> {}
