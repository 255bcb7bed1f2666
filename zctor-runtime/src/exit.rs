//! How an actor ended.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::failure::Failure;
use crate::guard;
use crate::label::{ActorId, ActorLabel};
use crate::supervision::name::ChildName;

/// Why an actor has ended.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::ExitReason;
///
/// #[actor]
/// enum Lamp { On }
/// struct Bulb;
/// #[handlers]
/// impl LampActor for Bulb {
///     fn on(&mut self) -> Result<(), Failure> { Err(Failure::msg("burnt out")) }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let lamp = Lamp::spawn(&system, Bulb);
/// lamp.on()?;
/// match lamp.stopped().wait()? {
///     ExitReason::Crashed(crash) => assert_eq!(crash.cause(), "burnt out"),
///     other => panic!("{other}"),
/// }
/// # system.shutdown().wait() }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ExitReason {
    /// It was stopped, stopped itself, or had no handle left.
    Normal,
    /// It was shut down, by its system or its supervisor.
    Shutdown,
    /// It was shut down for a reason, or shut itself down.
    ShutdownFor(Box<ShutdownReason>),
    /// A handler or a hook panicked, or returned an error.
    Crashed(Crash),
    /// It was killed.
    Killed,
    /// It was linked to an actor that crashed or was killed: to this one, or
    /// through others to it.
    Linked(Exit),
}

impl ExitReason {
    /// Whether it ended in an orderly way: normally, or by a shutdown.
    #[must_use]
    pub fn is_orderly(&self) -> bool {
        matches!(self.kind(), ExitKind::Normal | ExitKind::Shutdown)
    }

    /// What a supervisor makes of it.
    #[must_use]
    pub fn kind(&self) -> ExitKind {
        match self {
            ExitReason::Normal => ExitKind::Normal,
            ExitReason::Shutdown | ExitReason::ShutdownFor(_) => ExitKind::Shutdown,
            ExitReason::Crashed(_) | ExitReason::Linked(_) => ExitKind::Error,
            ExitReason::Killed => ExitKind::Killed,
        }
    }
}

/// The kinds of exit that Erlang/OTP's supervisor tells apart: a transient
/// child is restarted after the last two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExitKind {
    /// It was stopped, stopped itself, or had no handle left.
    Normal,
    /// It was shut down, or shut itself down, with or without a reason.
    Shutdown,
    /// It crashed, or was ended by a link.
    Error,
    /// It was killed.
    Killed,
}

/// Why an actor was shut down, or shut itself down.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ShutdownReason {
    /// A supervisor gave up, since its children had to be restarted too often.
    #[non_exhaustive]
    GaveUp {
        /// The child that ended last.
        child: ChildName,
        /// How it ended.
        last: Box<ExitReason>,
        /// So many restarts are allowed
        max_restarts: u32,
        /// in this time.
        within: Duration,
    },
    /// A supervisor ended because a significant child had.
    #[non_exhaustive]
    AutoShutdown {
        /// The child.
        child: ChildName,
        /// How it ended.
        last: Box<ExitReason>,
    },
    /// What the actor said: see [`Context::shut_down`](crate::Context::shut_down).
    Said(Arc<str>),
}

impl fmt::Display for ShutdownReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShutdownReason::GaveUp {
                child,
                last,
                max_restarts,
                within,
            } => write!(
                f,
                "gave up, as more than {max_restarts} restarts were needed within {within:?}; the last was of `{child}`, which {last}"
            ),
            ShutdownReason::AutoShutdown { child, last } => {
                write!(f, "its significant child `{child}` has ended: {last}")
            }
            ShutdownReason::Said(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExitReason::Normal => f.write_str("stopped"),
            ExitReason::Shutdown => f.write_str("was shut down"),
            ExitReason::ShutdownFor(reason) => write!(f, "was shut down: {reason}"),
            ExitReason::Crashed(crash) => write!(f, "crashed {crash}"),
            ExitReason::Killed => f.write_str("killed"),
            ExitReason::Linked(exit) => write!(f, "ended by its link to {exit}"),
        }
    }
}

/// So long may a text be that is told to others. An actor that crashes by such an error tells it again,
/// so of what is longer the middle is left out.
const BRIEF: usize = 400;

/// What others are told of an error: its text, and nothing of what it holds. How it reads is the
/// user's code.
fn brief(error: &dyn fmt::Display) -> String {
    let text = guard::quietly(|| error.to_string());
    let text = text.unwrap_or_else(|| "an error that cannot be shown".to_owned());
    if text.len() <= BRIEF {
        return text;
    }
    cut(&text)
}

/// The first thing that happened stands at the end.
fn cut(text: &str) -> String {
    let head = text.floor_char_boundary(BRIEF / 4);
    let tail = text.ceil_char_boundary(text.len() - BRIEF / 2);
    format!("{} … {}", &text[..head], &text[tail..])
}

impl ExitReason {
    /// As others are told of it.
    pub(crate) fn briefly(self) -> ExitReason {
        match self {
            ExitReason::Crashed(crash) => ExitReason::Crashed(crash.briefly()),
            ExitReason::Linked(Exit(notice)) => {
                let reason = notice.reason.clone().briefly();
                ExitReason::Linked(Exit::new(notice.actor.clone(), notice.incarnation, reason))
            }
            ExitReason::ShutdownFor(reason) => {
                let text = brief(&reason).into();
                ExitReason::ShutdownFor(Box::new(ShutdownReason::Said(text)))
            }
            other => other,
        }
    }
}

/// What has become of an actor, behind its name: "has stopped" where there is no more to say.
pub(crate) struct Fate<'a>(pub(crate) Option<&'a ExitReason>);

impl fmt::Display for Fate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None | Some(ExitReason::Normal) => f.write_str("has stopped"),
            Some(ExitReason::Killed) => f.write_str("was killed"),
            Some(reason @ ExitReason::Linked(_)) => write!(f, "was {reason}"),
            Some(reason) => reason.fmt(f),
        }
    }
}

/// The end of an actor, as those that watch it learn it: what
/// [`Context::monitor`](crate::Context::monitor) and links bring. It reads as
/// `Lamp#1 "hall": killed`.
#[derive(Clone)]
pub struct Exit(Arc<Notice>);

struct Notice {
    actor: ActorLabel,
    incarnation: u64,
    reason: ExitReason,
}

impl Exit {
    pub(crate) fn new(actor: ActorLabel, incarnation: u64, reason: ExitReason) -> Exit {
        Exit(Arc::new(Notice {
            actor,
            incarnation,
            reason,
        }))
    }

    /// The number of the actor that ended.
    #[must_use]
    pub fn id(&self) -> ActorId {
        self.0.actor.id()
    }

    /// The name that it was spawned under, if any.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.actor.name()
    }

    /// Its protocol, number and name.
    #[must_use]
    pub fn actor(&self) -> &ActorLabel {
        &self.0.actor
    }

    /// Which of its states ended, counted from 1: each restart makes a new one.
    #[must_use]
    pub fn incarnation(&self) -> u64 {
        self.0.incarnation
    }

    /// How it ended.
    #[must_use]
    pub fn reason(&self) -> &ExitReason {
        &self.0.reason
    }

    /// What an actor that is linked to this one ends with: the end that was the
    /// first of a chain of links.
    pub(crate) fn as_link(&self) -> ExitReason {
        match self.reason() {
            first @ ExitReason::Linked(_) => first.clone(),
            _ => ExitReason::Linked(self.clone()),
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.actor, self.0.reason)
    }
}

impl fmt::Debug for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exit({self})")
    }
}

/// A crash: whose, where, and the cause.
#[derive(Clone)]
pub struct Crash(Arc<Report>);

struct Report {
    actor: ActorLabel,
    place: Place,
    cause: Cause,
}

/// What the actor was at when it crashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The hook `on_start`.
    Start,
    /// The hook `on_restart`.
    Restart,
    /// The factory of this child of a supervisor.
    Factory(&'static str),
    /// The start of the children of a supervisor.
    Children,
    /// The handler of this message.
    Message(&'static str),
    /// The hook `ready`, asked for this message.
    Ready(&'static str),
    /// The function that makes the message of a timer.
    Timer,
    /// A future given to `pipe`, or a stream given to `attach`.
    Pipe,
    /// The function that makes the message of a monitor or of a link.
    Notice,
    /// The hook `on_stop`.
    Stop,
    /// The start of the thread of its own.
    Thread,
}

/// As it goes behind what happened there: ``in the handler of `Add` ``.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Start => f.write_str("in `on_start`"),
            Place::Restart => f.write_str("in `on_restart`"),
            Place::Factory(name) => write!(f, "in the factory of `{name}`"),
            Place::Children => f.write_str("at the start of its children"),
            Place::Message(name) => write!(f, "in the handler of `{name}`"),
            Place::Ready(name) => write!(f, "in `ready`, asked for `{name}`"),
            Place::Timer => f.write_str("in the maker of a timer's message"),
            Place::Pipe => f.write_str("in a future or stream that it was given"),
            Place::Notice => f.write_str("in the maker of a notice's message"),
            Place::Stop => f.write_str("in `on_stop`"),
            Place::Thread => f.write_str("at the start of its thread"),
        }
    }
}

/// A panic's message, or a returned error.
#[derive(Debug)]
pub(crate) enum Cause {
    Panic(String),
    Error(Failure),
}

impl Cause {
    pub(crate) fn panic(payload: &(dyn Any + Send)) -> Cause {
        Cause::Panic(Cause::text_of(payload))
    }

    /// The text of a panic.
    pub(crate) fn text_of(payload: &(dyn Any + Send)) -> String {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        text.unwrap_or_else(|| "a value that is not a text".to_owned())
    }
}

impl Crash {
    pub(crate) fn new(actor: ActorLabel, place: Place, cause: Cause) -> Crash {
        Crash(Arc::new(Report {
            actor,
            place,
            cause,
        }))
    }

    /// As others are told of it.
    pub(crate) fn briefly(&self) -> Crash {
        let cause = match &self.0.cause {
            Cause::Panic(text) => Cause::Panic(brief(text)),
            Cause::Error(failure) => Cause::Error(Failure::msg(brief(failure))),
        };
        Crash::new(self.actor().clone(), self.place(), cause)
    }

    /// The actor that crashed.
    #[must_use]
    pub fn actor(&self) -> &ActorLabel {
        &self.0.actor
    }

    /// What it was at.
    #[must_use]
    pub fn place(&self) -> Place {
        self.0.place
    }

    /// The text of the panic or of the error.
    #[must_use]
    pub fn cause(&self) -> String {
        match &self.0.cause {
            Cause::Panic(text) => text.clone(),
            Cause::Error(failure) => failure.to_string(),
        }
    }

    /// Whether it was a panic, not a returned error.
    #[must_use]
    pub fn is_panic(&self) -> bool {
        matches!(self.0.cause, Cause::Panic(_))
    }

    /// The returned error, if it was one.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match &self.0.cause {
            Cause::Panic(_) => None,
            Cause::Error(failure) => Some(failure),
        }
    }
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.0.place)?;
        match &self.0.cause {
            Cause::Panic(text) => write!(f, "panicked: {text}"),
            Cause::Error(failure) => write!(f, "{failure}"),
        }
    }
}

impl fmt::Debug for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {self}", self.0.actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_again_and_again_stays_short() {
        let label = || ActorLabel::new("Größe", ActorId::new(1), None);
        let place = Place::Message("Get");
        let mut crash = Crash::new(label(), place, Cause::Panic("the first".to_owned()));
        assert_eq!(crash.clone().briefly().to_string(), crash.to_string());
        for _ in 0..10_000 {
            let error = Failure::msg(format!("`Größe` {}", crash.briefly()));
            crash = Crash::new(label(), place, Cause::Error(error));
        }
        assert!(crash.to_string().len() < 2 * BRIEF, "{crash}");
        assert!(
            crash.to_string().ends_with("panicked: the first"),
            "{crash}"
        );
    }
}
