//! The error of an ask.

use std::convert::Infallible;
use std::fmt;
use std::time::Duration;

use crate::breaker::state::CircuitOpen;
use crate::exit::{Crash, ExitReason, Fate};
use crate::label::ActorLabel;
use crate::limit::limited::Limited;
use crate::protocol::Fault;
use crate::registry::AnyActor;
use crate::wait::WaitInHandler;
use crate::wait_cycle::WaitCycle;

/// An ask that was not answered, or answered with the error `E` of its
/// `#[reply(T, error = E)]`.
///
/// It is an error whenever `E` is `Debug`.
///
/// ```
/// use zctor::prelude::*;
///
/// #[derive(Debug, PartialEq)]
/// struct Overdrawn;
///
/// #[actor]
/// enum Account {
///     #[reply(u32, error = Overdrawn)]
///     Withdraw(u32),
/// }
/// struct Purse(u32);
/// #[handlers]
/// impl AccountActor for Purse {
///     fn withdraw(&mut self, amount: u32) -> Result<u32, Overdrawn> {
///         self.0 = self.0.checked_sub(amount).ok_or(Overdrawn)?;
///         Ok(self.0)
///     }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let account = Account::spawn(&system, Purse(10));
/// assert_eq!(account.withdraw(4).wait()?, 6);
/// match account.withdraw(7).wait() {
///     Err(AskError::Failed(error)) => assert_eq!(error, Overdrawn),
///     other => panic!("{other:?}"),
/// }
/// let error = account.withdraw(7).wait().unwrap_err();
/// assert_eq!(error.to_string(), "the handler answered with an error: Overdrawn");
/// # system.shutdown().wait() }
/// ```
#[non_exhaustive]
pub enum AskError<E = Infallible> {
    /// The handler answered with an error. It is shown as its `Debug` has it.
    Failed(E),
    /// The time limit was over before there was an answer.
    Timeout {
        /// The actor that was asked.
        actor: ActorLabel,
        /// The name of the message's variant.
        message: &'static str,
        /// The time limit.
        limit: Duration,
    },
    /// The actor has stopped, or stopped before it came to the message.
    Stopped {
        /// The actor that was asked.
        actor: ActorLabel,
        /// The name of the message's variant.
        message: &'static str,
        /// How it has ended, or is about to, where that is known by now. None
        /// as well if its supervisor restarts it.
        reason: Option<ExitReason>,
    },
    /// The actor crashed while it handled the message.
    Crashed {
        /// The actor that was asked.
        actor: ActorLabel,
        /// The name of the message's variant.
        message: &'static str,
        /// What was the matter. None if that is not known, as when the reply
        /// was lost to a panic outside of actors.
        crash: Option<Crash>,
    },
    /// The mailbox was full, or became full and the message made room.
    Full {
        /// The actor that was asked.
        actor: ActorLabel,
        /// The name of the message's variant.
        message: &'static str,
    },
    /// The actor lives, but dropped the message without an answer.
    NoReply {
        /// The actor that was asked.
        actor: ActorLabel,
        /// The name of the message's variant.
        message: &'static str,
    },
    /// The actor that was asked waits for the one that asks, directly or not,
    /// so it will never answer.
    ///
    /// It is found where all of them wait in handlers, by asks or for room in
    /// a mailbox, and nobody among them can go on. An ask counts although it
    /// has a time limit, or is raced against something else; one with a
    /// deferred reply counts until its handler has got the [`Reply`](crate::Reply),
    /// since that may be answered from anywhere.
    Deadlock {
        /// The actor that was asked.
        actor: ActorLabel,
        /// The name of the message's variant.
        message: &'static str,
        /// The actors that wait for one another.
        cycle: WaitCycle,
    },
    /// The circuit breaker of `#[breaker]` is open: too many such asks have
    /// failed. Nothing was sent.
    CircuitOpen {
        /// The actor that was asked.
        actor: ActorLabel,
        /// The name of the message's variant.
        message: &'static str,
        /// How long it stays open from now. None if there is no saying.
        retry_after: Option<Duration>,
    },
    /// The rate limit of `#[limit]` is reached. Nothing was sent.
    Limited {
        /// The actor that was asked.
        actor: ActorLabel,
        /// The name of the message's variant.
        message: &'static str,
        /// When there may be a permit again, at the earliest.
        retry_after: Duration,
    },
    /// `.wait()` was called in a handler on a shared worker thread.
    WaitInHandler {
        /// The actor that was asked.
        actor: ActorLabel,
        /// The name of the message's variant.
        message: &'static str,
    },
}

impl<E> AskError<E> {
    #[cold]
    pub(crate) fn of_fault(fault: Fault, actor: &dyn AnyActor, message: &'static str) -> Self {
        let label = actor.label();
        match fault {
            Fault::Stopped => AskError::Stopped {
                reason: actor.end_reason(),
                actor: label,
                message,
            },
            // By a panic outside of actors.
            Fault::Crashed => AskError::Crashed {
                crash: None,
                actor: label,
                message,
            },
            Fault::Full => AskError::Full {
                actor: label,
                message,
            },
        }
    }

    /// The error that the handler answered with, if it is one.
    ///
    /// # Errors
    /// Gives every other error back.
    pub fn into_failed(self) -> Result<E, Self> {
        match self {
            AskError::Failed(error) => Ok(error),
            other => Err(other),
        }
    }

    /// Whether the time limit was over.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, AskError::Timeout { .. })
    }

    /// Whether the actor had stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        matches!(self, AskError::Stopped { .. })
    }

    /// Whether the actor that was asked waits for the one that asks.
    #[must_use]
    pub fn is_deadlock(&self) -> bool {
        matches!(self, AskError::Deadlock { .. })
    }

    /// Whether a circuit breaker was open.
    #[must_use]
    pub fn is_circuit_open(&self) -> bool {
        matches!(self, AskError::CircuitOpen { .. })
    }

    /// Whether a rate limit was reached.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        matches!(self, AskError::Limited { .. })
    }

    /// How long it makes no sense to try again, where that is known: of an open
    /// circuit breaker, and of a rate limit.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            AskError::CircuitOpen { retry_after, .. } => *retry_after,
            AskError::Limited { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            AskError::Failed(_) => "Failed",
            AskError::Timeout { .. } => "Timeout",
            AskError::Stopped { .. } => "Stopped",
            AskError::Crashed { .. } => "Crashed",
            AskError::Full { .. } => "Full",
            AskError::NoReply { .. } => "NoReply",
            AskError::Deadlock { .. } => "Deadlock",
            AskError::CircuitOpen { .. } => "CircuitOpen",
            AskError::Limited { .. } => "Limited",
            AskError::WaitInHandler { .. } => "WaitInHandler",
        }
    }

    /// The actor and the message, where the runtime made the error.
    fn parties(&self) -> Option<(&ActorLabel, &'static str)> {
        match self {
            AskError::Failed(_) => None,
            AskError::Timeout { actor, message, .. }
            | AskError::Stopped { actor, message, .. }
            | AskError::Crashed { actor, message, .. }
            | AskError::Full { actor, message }
            | AskError::NoReply { actor, message }
            | AskError::Deadlock { actor, message, .. }
            | AskError::CircuitOpen { actor, message, .. }
            | AskError::Limited { actor, message, .. }
            | AskError::WaitInHandler { actor, message } => Some((actor, message)),
        }
    }
}

impl<E: fmt::Debug> fmt::Display for AskError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((actor, message)) = self.parties() else {
            return match self {
                AskError::Failed(error) => {
                    write!(f, "the handler answered with an error: {error:?}")
                }
                _ => Ok(()),
            };
        };
        write!(f, "`{message}` was not answered: ")?;
        match self {
            AskError::Timeout { limit, .. } => write!(f, "{actor} took longer than {limit:?}"),
            AskError::Stopped { reason, .. } => {
                write!(f, "the actor {actor} {}", Fate(reason.as_ref()))
            }
            AskError::Crashed { crash, .. } => match crash {
                // It may be another one, which had the reply.
                Some(crash) => write!(f, "the actor {} crashed {crash}", crash.actor()),
                None => write!(f, "the actor {actor} crashed"),
            },
            AskError::Full { .. } => write!(f, "the mailbox of {actor} is full"),
            AskError::NoReply { .. } => write!(f, "{actor} dropped it without a reply"),
            AskError::Deadlock { cycle, .. } => write!(f, "deadlock: {cycle}"),
            AskError::CircuitOpen { retry_after, .. } => CircuitOpen {
                retry_after: *retry_after,
            }
            .fmt(f),
            AskError::Limited { retry_after, .. } => Limited {
                retry_after: *retry_after,
            }
            .fmt(f),
            AskError::WaitInHandler { .. } => f.write_str(WaitInHandler::TEXT),
            AskError::Failed(_) => Ok(()),
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for AskError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({self})", self.name())
    }
}

impl<E: fmt::Debug> std::error::Error for AskError<E> {}
