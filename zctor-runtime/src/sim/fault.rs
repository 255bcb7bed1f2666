//! What a simulation does to its actors on purpose.

use std::fmt;
use std::time::Duration;

use crate::label::ActorId;

/// Something that goes wrong at a certain moment of a simulation: asked for by
/// [`SimSystem::inject`](crate::sim::SimSystem::inject), or drawn by
/// [`Faults`](crate::sim::Faults).
///
/// Messages of an actor are counted from 1, over all its incarnations. A moment
/// that has passed, or never comes, has no consequence.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::sim::{Fault, Sim};
///
/// #[actor]
/// enum Counter { Add { by: i64 }, #[reply(i64)] Get }
/// #[derive(Default)]
/// struct Tally(i64);
/// #[handlers]
/// impl CounterActor for Tally {
///     fn add(&mut self, by: i64) { self.0 += by }
///     fn get(&self) -> i64 { self.0 }
/// }
///
/// let sim = Sim::new(1);
/// let _quiet = sim.system().events();
/// let outcome = sim.run(|system| async move {
///     let counter = Counter::spawn(&system, Tally::default());
///     system.inject(Fault::panic(counter.id(), 2));
///     counter.add(5).unwrap();
///     counter.get().await
/// });
/// assert!(matches!(outcome, Ok(Err(AskError::Crashed { .. }))));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub(super) What);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Panic {
        actor: ActorId,
        message: u64,
    },
    Kill {
        actor: ActorId,
        message: u64,
    },
    Hold {
        actor: ActorId,
        message: u64,
        so_long: Duration,
    },
    Lose {
        actor: ActorId,
        message: u64,
    },
    Delay {
        actor: ActorId,
        message: u64,
        by: Duration,
    },
    Jump {
        step: u64,
        by: Duration,
    },
}

impl Fault {
    /// The handler of the `message`-th message of `actor` panics, before it
    /// has done anything.
    #[must_use]
    pub const fn panic(actor: ActorId, message: u64) -> Fault {
        Fault(What::Panic { actor, message })
    }

    /// `actor` is killed while it handles its `message`-th message.
    #[must_use]
    pub const fn kill(actor: ActorId, message: u64) -> Fault {
        Fault(What::Kill { actor, message })
    }

    /// `actor` does nothing for `so_long` before it takes its `message`-th
    /// message, as if its thread had been held up.
    #[must_use]
    #[doc(alias = "slow")]
    pub const fn hold(actor: ActorId, message: u64, so_long: Duration) -> Fault {
        Fault(What::Hold {
            actor,
            message,
            so_long,
        })
    }

    /// The `message`-th message that is sent to `actor` never arrives, if it is
    /// a tell. Its sender is not told. Messages that are refused are not counted.
    #[must_use]
    #[doc(alias = "drop")]
    pub const fn lose(actor: ActorId, message: u64) -> Fault {
        Fault(What::Lose { actor, message })
    }

    /// The `message`-th message that is sent to `actor` arrives later by `by`,
    /// if it is a tell, and so perhaps behind others of the same sender. Until
    /// then it holds the actor, as a handle does, and then it waits for room. If
    /// the actor was stopped meanwhile it is dropped, and counted.
    #[must_use]
    pub const fn delay(actor: ActorId, message: u64, by: Duration) -> Fault {
        Fault(What::Delay { actor, message, by })
    }

    /// At that step of the run the clock jumps ahead, and all that is due
    /// meanwhile is late.
    #[must_use]
    pub const fn jump(step: u64, by: Duration) -> Fault {
        Fault(What::Jump { step, by })
    }

    /// The message of its moment, if it has one.
    pub(super) fn message(&self) -> Option<u64> {
        match self.0 {
            What::Panic { message, .. }
            | What::Kill { message, .. }
            | What::Hold { message, .. }
            | What::Lose { message, .. }
            | What::Delay { message, .. } => Some(message),
            What::Jump { .. } => None,
        }
    }

    /// The same at another message.
    pub(super) fn at_message(&self, number: u64) -> Fault {
        let mut fault = self.clone();
        match &mut fault.0 {
            What::Panic { message, .. }
            | What::Kill { message, .. }
            | What::Hold { message, .. }
            | What::Lose { message, .. }
            | What::Delay { message, .. } => *message = number,
            What::Jump { .. } => {}
        }
        fault
    }

    /// As it stands in the text of a replay.
    pub(super) fn code(&self) -> String {
        let ns = Duration::as_nanos;
        match &self.0 {
            What::Panic { actor, message } => format!("panic({actor},{message})"),
            What::Kill { actor, message } => format!("kill({actor},{message})"),
            What::Hold {
                actor,
                message,
                so_long,
            } => format!("hold({actor},{message},{}ns)", ns(so_long)),
            What::Lose { actor, message } => format!("lose({actor},{message})"),
            What::Delay { actor, message, by } => {
                format!("delay({actor},{message},{}ns)", ns(by))
            }
            What::Jump { step, by } => format!("jump({step},{}ns)", ns(by)),
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Fault> {
        let (name, rest) = code.split_once('(')?;
        let mut parts = rest.strip_suffix(')')?.split(',');
        let mut next = || parts.next();
        let mut actor = ActorId::NONE;
        if name != "jump" {
            actor = ActorId::new(next()?.strip_prefix('#')?.parse().ok()?);
        }
        let number = next()?.parse().ok()?;
        let mut time = Duration::ZERO;
        if let "hold" | "delay" | "jump" = name {
            time = Duration::from_nanos(next()?.strip_suffix("ns")?.parse().ok()?);
        }
        let fault = match name {
            "panic" => Fault::panic(actor, number),
            "kill" => Fault::kill(actor, number),
            "hold" => Fault::hold(actor, number, time),
            "lose" => Fault::lose(actor, number),
            "delay" => Fault::delay(actor, number, time),
            "jump" => Fault::jump(number, time),
            _ => return None,
        };
        parts.next().is_none().then_some(fault)
    }
}

impl Fault {
    /// To whom it happens, if it happens to an actor.
    pub(super) fn target(&self) -> Option<ActorId> {
        match self.0 {
            What::Panic { actor, .. }
            | What::Kill { actor, .. }
            | What::Hold { actor, .. }
            | What::Lose { actor, .. }
            | What::Delay { actor, .. } => Some(actor),
            What::Jump { .. } => None,
        }
    }

    /// What happens, said of the actor.
    pub(super) fn deed(&self) -> String {
        match &self.0 {
            What::Panic { message, .. } => format!("panics in its message {message}"),
            What::Kill { message, .. } => format!("is killed in its message {message}"),
            What::Hold {
                message, so_long, ..
            } => format!("is held up for {so_long:?} before its message {message}"),
            What::Lose { message, .. } => format!("loses message {message} that is sent to it"),
            What::Delay { message, by, .. } => {
                format!("gets message {message} that is sent to it late by {by:?}")
            }
            What::Jump { step, by } => format!("the clock jumps by {by:?} at step {step}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(actor) = self.target() {
            write!(f, "actor {actor} ")?;
        }
        f.write_str(&self.deed())
    }
}
