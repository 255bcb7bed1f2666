//! What happens to actors, as the log of their system tells it.

use std::fmt::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::breaker::state::CircuitChange;
use crate::exit::{Crash, ExitReason, Place};
use crate::label::ActorLabel;
use crate::supervision::name::ChildName;

/// Something that happened in a system: see
/// [`System::events`](crate::System::events).
///
/// It prints as one line for people.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::EventKind;
///
/// #[actor] enum Lamp { On }
/// struct Bulb;
/// #[handlers] impl LampActor for Bulb {
///     fn on(&mut self) -> Result<(), Failure> { Err(Failure::msg("burnt out")) }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let mut events = system.events();
/// let lamp = Lamp::spawn(&system, Bulb);
/// lamp.on()?;
/// lamp.stopped().wait()?;
///
/// let started = events.try_next().unwrap();
/// assert!(matches!(started.kind(), EventKind::Started));
/// assert_eq!(started.actor(), Some(&lamp.label()));
/// let crashed = events.try_next().unwrap();
/// assert!(crashed.to_string().ends_with("Lamp#1 crashed in the handler of `On`: burnt out"));
/// # system.shutdown().wait() }
/// ```
#[derive(Clone, Debug)]
pub struct Event {
    pub(crate) number: u64,
    pub(crate) at: Instant,
    pub(crate) since: Duration,
    pub(crate) source: Option<Source>,
    pub(crate) kind: EventKind,
}

/// Whose event it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) actor: ActorLabel,
    pub(crate) incarnation: u64,
}

/// What happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EventKind {
    /// The hook `on_start` of the actor has returned.
    Started,
    /// The actor has ended for good. By then all its messages are handled or
    /// dropped, and its name is free; [`stopped`](crate::Handle::stopped)
    /// returns after this.
    Stopped(ExitReason),
    /// An incarnation of the actor has ended, and its supervisor may give it
    /// another.
    Exited(ExitReason),
    /// A child of the supervisor has started, for the first time or again: its
    /// `on_start` has returned.
    #[non_exhaustive]
    ChildStarted {
        /// Its name among its siblings.
        child: ChildName,
        /// The actor.
        actor: ActorLabel,
    },
    /// A child of the supervisor has ended, for good or until it is restarted.
    #[non_exhaustive]
    ChildExited {
        /// Its name among its siblings.
        child: ChildName,
        /// The actor.
        actor: ActorLabel,
        /// How.
        reason: ExitReason,
    },
    /// A handler or a hook of the actor panicked, or returned an error.
    Crashed(Crash),
    /// Messages of the actor were dropped that it had not handled.
    #[non_exhaustive]
    Dropped {
        /// Their variant.
        message: &'static str,
        /// Why.
        reason: DropReason,
        /// How many: those that were dropped one after the other for the same
        /// reason are one event, if nobody has read of the first by then.
        count: u64,
    },
    /// Asks were skipped, since their callers had gone before their turn came.
    #[non_exhaustive]
    Skipped {
        /// Their variant.
        message: &'static str,
        /// How many, as with `Dropped`.
        count: u64,
    },
    /// The circuit breaker of one of its messages has opened, half-opened or
    /// closed.
    #[non_exhaustive]
    Circuit {
        /// The variant with `#[breaker]`.
        message: &'static str,
        /// From which state to which.
        change: CircuitChange,
    },
    /// The actor was too slow for a topic that it had subscribed to with
    /// [`Slow::Unsubscribe`](crate::Slow::Unsubscribe): its mailbox was full,
    /// and it is not subscribed any more.
    #[non_exhaustive]
    Unsubscribed {
        /// The name of the topic, if it has one.
        topic: Option<Arc<str>>,
        /// The type of its values.
        carries: &'static str,
    },
    /// The actor holds a worker thread and does not let others have it.
    #[non_exhaustive]
    Blocked {
        /// What it is at.
        place: Place,
        /// For how long already.
        so_long: Duration,
    },
    /// The actor was killed, but holds its thread and does not let go: it
    /// counts as dead.
    #[non_exhaustive]
    GivenUp {
        /// What it is at.
        place: Place,
    },
    /// The system has shut down, but not in time.
    #[non_exhaustive]
    ShutdownFailed {
        /// Its limit.
        limit: Duration,
        /// The actors that had to be killed.
        killed: Arc<[ActorLabel]>,
        /// Those of them that still hold a thread.
        stuck: Arc<[ActorLabel]>,
    },
    /// This reader was too slow, and has missed so many events. It is the
    /// reader's own: others may have seen them.
    Missed(u64),
}

/// Why a message was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DropReason {
    /// The mailbox was full, and its policy is to drop.
    Overflow,
    /// The actor has ended.
    Ended,
    /// A newer message has taken its place: see `#[latest]`.
    Replaced,
}

impl Event {
    /// Its place in the one order of all events of the system, from 1. For
    /// [`EventKind::Missed`] it is that of the last one missed.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// When it happened, on the system's clock.
    #[must_use]
    pub fn at(&self) -> Instant {
        self.at
    }

    /// How long after the system's start it happened.
    #[must_use]
    pub fn since_start(&self) -> Duration {
        self.since
    }

    /// The actor to which it happened, if it was one.
    #[must_use]
    pub fn actor(&self) -> Option<&ActorLabel> {
        self.source.as_ref().map(|source| &source.actor)
    }

    /// Which incarnation of the actor it was, from 1; 0 if it was no actor.
    #[must_use]
    pub fn incarnation(&self) -> u64 {
        self.source.as_ref().map_or(0, |source| source.incarnation)
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> &EventKind {
        &self.kind
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}s ", self.since.as_secs_f64())?;
        if let Some(Source { actor, incarnation }) = &self.source {
            write!(f, "{actor} ")?;
            if *incarnation > 1 {
                write!(f, "(incarnation {incarnation}) ")?;
            }
        }
        write!(OneLine(f), "{}", self.kind)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EventKind::Started => f.write_str("started"),
            EventKind::Exited(reason) => write!(f, "has ended for now: {reason}"),
            EventKind::ChildStarted { child, actor } => {
                write!(f, "has started its child `{child}`, {}", actor.short())
            }
            EventKind::ChildExited {
                child,
                actor,
                reason,
            } => write!(
                f,
                "its child `{child}`, {}, has ended: {reason}",
                actor.short()
            ),
            EventKind::Stopped(ExitReason::Crashed(_)) => f.write_str("ended by its crash"),
            EventKind::Stopped(reason) => reason.fmt(f),
            EventKind::Crashed(crash) => write!(f, "crashed {crash}"),
            EventKind::Dropped {
                message,
                reason,
                count,
            } => write!(f, "dropped {count} `{message}`: {reason}"),
            EventKind::Skipped { message, count } => {
                write!(f, "skipped {count} `{message}`: nobody waited any more")
            }
            EventKind::Circuit { message, change } => {
                write!(f, "the circuit breaker of `{message}` went {change}")
            }
            EventKind::Unsubscribed { topic, carries } => {
                f.write_str("was unsubscribed from ")?;
                match topic {
                    Some(name) => write!(f, "the topic {name:?}")?,
                    None => write!(f, "a topic of `{carries}`")?,
                }
                f.write_str(": its mailbox was full")
            }
            EventKind::Blocked { place, so_long } => {
                write!(f, "has blocked a worker for {so_long:?} {}", place)
            }
            EventKind::GivenUp { place } => write!(
                f,
                "was killed, but blocks its thread {}: it counts as dead",
                place
            ),
            EventKind::ShutdownFailed {
                limit,
                killed,
                stuck,
            } => {
                write!(f, "the system did not shut down within {limit:?}; killed: ")?;
                list(f, killed)?;
                if stuck.is_empty() {
                    return Ok(());
                }
                f.write_str("; still blocking a thread: ")?;
                list(f, stuck)
            }
            EventKind::Missed(1) => f.write_str("one event was missed"),
            EventKind::Missed(count) => write!(f, "{count} events were missed"),
        }
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DropReason::Overflow => "the mailbox was full",
            DropReason::Ended => "it has ended",
            DropReason::Replaced => "a newer one took its place",
        })
    }
}

fn list(f: &mut fmt::Formatter<'_>, actors: &[ActorLabel]) -> fmt::Result {
    for (place, actor) in actors.iter().enumerate() {
        write!(f, "{}{actor}", if place == 0 { "" } else { ", " })?;
    }
    Ok(())
}

/// What users' errors say may have several lines.
struct OneLine<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            self.0.write_char(match letter {
                '\n' | '\r' => ' ',
                other => other,
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Cause;
    use crate::label::ActorId;

    #[test]
    fn one_line_for_people() {
        let actor = ActorLabel::new("Lamp", ActorId::new(7), Some("hall".into()));
        let text = |incarnation, kind| {
            let event = Event {
                number: 1,
                at: Instant::now(),
                since: Duration::from_micros(1_500),
                source: Some(Source {
                    actor: actor.clone(),
                    incarnation,
                }),
                kind,
            };
            event.to_string()
        };
        let cause = Cause::Panic("two\nlines".to_owned());
        let crash = Crash::new(actor.clone(), Place::Message("On"), cause);
        assert_eq!(
            text(2, EventKind::Crashed(crash)),
            "0.001500s Lamp#7 \"hall\" (incarnation 2) crashed in the handler of `On`: panicked: two lines"
        );
        let lost = EventKind::Dropped {
            message: "On",
            reason: DropReason::Overflow,
            count: 3,
        };
        assert_eq!(
            text(1, lost),
            "0.001500s Lamp#7 \"hall\" dropped 3 `On`: the mailbox was full"
        );
        let unsubscribed = |topic: Option<&str>| EventKind::Unsubscribed {
            topic: topic.map(Arc::from),
            carries: "u8",
        };
        assert_eq!(
            text(1, unsubscribed(Some("news"))),
            "0.001500s Lamp#7 \"hall\" was unsubscribed from the topic \"news\": its mailbox was full"
        );
        assert_eq!(
            text(1, unsubscribed(None)),
            "0.001500s Lamp#7 \"hall\" was unsubscribed from a topic of `u8`: its mailbox was full"
        );
    }
}
