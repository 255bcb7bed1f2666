//! What all actors of a system share.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use crate::event_log::EventLog;
use crate::exit::{Crash, ShutdownReason};
use crate::failure::Failure;
use crate::guard;
use crate::label::{ActorId, ActorLabel};
use crate::registry::Registry;
use crate::seam::{Overseer, Relief, Seam, Tag, run_beside};
use crate::topic::names::Names;

/// The grace unless a system says otherwise.
pub(crate) const GRACE: Duration = Duration::from_millis(500);

pub(crate) struct Hub {
    pub(crate) name: Box<str>,
    pub(crate) seam: Arc<dyn Seam>,
    pub(crate) registry: Registry,
    pub(crate) shutdown_limit: Duration,
    /// How long killed actors may take to let go of their threads.
    pub(crate) grace: Duration,
    pub(crate) events: Arc<EventLog>,
    pub(crate) topics: Arc<Names>,
    /// Nothing is written to stderr.
    quiet: bool,
    spawned: AtomicU64,
}

impl Hub {
    pub(crate) fn new(name: &str, seam: Arc<dyn Seam>, shutdown_limit: Duration) -> Hub {
        Hub {
            name: name.into(),
            events: Arc::new(EventLog::new(Arc::clone(&seam))),
            seam,
            registry: Registry::default(),
            topics: Arc::default(),
            shutdown_limit,
            grace: GRACE,
            quiet: false,
            spawned: AtomicU64::new(0),
        }
    }

    pub(crate) fn with_grace(self, grace: Duration) -> Hub {
        Hub { grace, ..self }
    }

    pub(crate) fn with_quiet(self, quiet: bool) -> Hub {
        Hub { quiet, ..self }
    }

    pub(crate) fn next_id(&self) -> ActorId {
        ActorId::new(self.spawned.fetch_add(1, Relaxed) + 1)
    }

    /// Tells people of a crash that nobody reads of.
    pub(crate) fn report_crash(&self, crash: &Crash) {
        if self.quiet {
            return;
        }
        // How an error reads is the user's code, and may panic as well.
        let text = guard::quietly(|| crash.to_string());
        let text = text
            .as_deref()
            .unwrap_or("with an error that cannot be shown");
        self.report(format_args!("actor {} crashed {text}", crash.actor()));
    }

    /// Tells people of a supervisor that gave up, if nobody reads of it.
    pub(crate) fn report_gave_up(&self, supervisor: &ActorLabel, why: &ShutdownReason) {
        if self.quiet || self.events.is_heard() {
            return;
        }
        let text = guard::quietly(|| why.to_string());
        let text = text.as_deref().unwrap_or("gave up");
        self.report(format_args!("supervisor {supervisor} {text}"));
    }

    /// Tells people of a worker that is held up.
    pub(crate) fn report_held_up(&self, holder: &str, so_long: Duration, relief: &Relief) {
        let then = match relief {
            Relief::Replaced => "another thread does its work now".to_owned(),
            Relief::NoMore(most) => {
                format!("it is not replaced, as {most} are already")
            }
            Relief::Refused(error) => format!("it cannot be replaced: {error}"),
        };
        self.report(format_args!(
            "a worker is held up for {} ms by {holder}; {then}",
            so_long.as_millis()
        ));
    }

    /// Whether people must be told of a thread that is held: nobody `reads` of
    /// it, and the system has not shut down, which tells itself whom it leaves
    /// behind.
    fn must_tell(&self, reads: bool) -> bool {
        // Looked at last: who has read until the end is gone only after it.
        !reads && !self.seam.is_terminated()
    }

    /// Tells people of a shutdown that failed, unless somebody reads of it.
    pub(crate) fn report_failure(&self, failure: &Failure) {
        if !self.events.has_readers() {
            self.report(format_args!("{failure}"));
        }
    }

    /// Writes a line to stderr, if there is one.
    pub(crate) fn report(&self, line: fmt::Arguments<'_>) {
        if self.quiet {
            return;
        }
        let _ = writeln!(io::stderr(), "zctor: system `{}`: {line}", self.name);
    }
}

impl Overseer for Hub {
    fn is_killed(&self, actor: ActorId) -> bool {
        let actor = self.registry.find(actor);
        actor.is_some_and(|actor| actor.is_killed())
    }

    fn give_up(&self, actor: ActorId) {
        let Some(actor) = self.registry.find(actor) else {
            return;
        };
        if self.must_tell(self.events.has_readers()) {
            self.report(format_args!(
                "actor {} was killed, but blocks its thread {}: it counts as dead",
                actor.label(),
                actor.place()
            ));
        }
        // That drops what is the user's, which may block as well.
        run_beside(Arc::clone(&self.seam), async move { actor.give_up() });
    }

    fn describe(&self, actor: ActorId) -> Option<String> {
        let actor = self.registry.find(actor)?;
        Some(format!("actor {} {}", actor.label(), actor.place()))
    }

    fn held_up(&self, task: Tag, so_long: Duration, relief: &Relief) {
        let actor = task.actor().and_then(|actor| self.registry.find(actor));
        if let Some(actor) = &actor {
            actor.record_blocked(so_long);
        }
        // No event tells that it could not be replaced.
        let replaced = matches!(relief, Relief::Replaced);
        if self.must_tell(replaced && self.events.has_readers()) {
            let holder = match actor {
                Some(actor) => format!("actor {} {}", actor.label(), actor.place()),
                None => "an actor that has ended".to_owned(),
            };
            self.report_held_up(&holder, so_long, relief);
        }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
