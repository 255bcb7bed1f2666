//! What may be left of a system, and how it is told.

use std::fmt;
use std::ops::Deref;

use crate::exit::Crash;
use crate::label::ActorLabel;

/// Something that was left of a system, or lost at its end: see
/// [`LeakCheck`](super::LeakCheck).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Leak {
    /// The actor had not stopped within the limit of the shutdown, and was
    /// killed.
    #[non_exhaustive]
    NotStopped {
        /// Which actor.
        actor: ActorLabel,
        /// It blocks its thread, so that even the kill could not end it.
        stuck: bool,
    },
    /// A hook or a handler of an actor failed while the system shut down.
    Crashed(Crash),
    /// Messages were queued that their actor did not handle before it ended.
    #[non_exhaustive]
    Unhandled {
        /// Which actor.
        actor: ActorLabel,
        /// Their variant.
        message: &'static str,
        /// How many.
        count: u64,
    },
    /// The memory of an actor is still held.
    #[non_exhaustive]
    Held {
        /// Which actor.
        actor: ActorLabel,
        /// By so many handles, or what is made of them: recipients, asks,
        /// futures.
        by: usize,
    },
    /// There are still clones of the [`System`](crate::System).
    #[non_exhaustive]
    Clones {
        /// So many.
        count: usize,
    },
    /// Something holds the system that has no name: handles of actors that had
    /// ended before the check, or what
    /// [`Context::system`](crate::Context::system) returned.
    Unnamed,
    /// A thread has not ended.
    #[non_exhaustive]
    Thread {
        /// Its name.
        name: String,
    },
    /// So much happened during the shutdown that so many events were not seen:
    /// crashes and unhandled messages may be among them.
    Missed(u64),
}

/// It says what to do as well.
impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Leak::NotStopped { actor, stuck } => {
                write!(f, "{actor} did not stop within the limit, and was killed")?;
                match stuck {
                    true => f.write_str("; it still blocks its thread"),
                    false => f.write_str(": its handler or its `on_stop` does not end"),
                }
            }
            Leak::Missed(count) => write!(
                f,
                "{count} events of the shutdown were not seen, and may tell of more: stop most actors before the check"
            ),
            Leak::Crashed(crash) => {
                write!(f, "{} crashed at the shutdown, {crash}", crash.actor())
            }
            Leak::Unhandled {
                actor,
                message,
                count,
            } => write!(
                f,
                "{actor} ended with {count} `{message}` unhandled: wait until it has \
                 handled them, or allow it with `allow_unhandled`"
            ),
            Leak::Held { actor, by } => write!(
                f,
                "{actor} is still held by {by} {}: drop what holds it before the check, or \
                 allow it with `allow_handles`",
                plural(*by, "handle or ask", "handles or asks")
            ),
            Leak::Clones { count } => write!(
                f,
                "the system itself is still held by {count} {} of `System`",
                plural(*count, "clone", "clones")
            ),
            Leak::Unnamed => f.write_str(
                "something still holds the system: handles of actors that had ended before \
                 the check (build it with `.remember_actors()` to have them named), or what \
                 `ctx.system()` returned",
            ),
            Leak::Thread { name } => write!(f, "the thread `{name}` has not ended"),
        }
    }
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// All that was left of a system: the error of
/// [`LeakCheck::check`](super::LeakCheck::check). It is a list of [`Leak`]s,
/// and prints as lines.
#[derive(Debug, Clone)]
pub struct Leaks {
    pub(super) system: Box<str>,
    pub(super) all: Vec<Leak>,
}

impl Deref for Leaks {
    type Target = [Leak];

    fn deref(&self) -> &[Leak] {
        &self.all
    }
}

impl fmt::Display for Leaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the system `{}` did not end without a trace:",
            self.system
        )?;
        self.all.iter().try_for_each(|leak| write!(f, "\n  {leak}"))
    }
}

impl std::error::Error for Leaks {}
