//! What all actors of a system share.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use crate::exit::{Crash, Place};
use crate::guard;
use crate::label::ActorId;
use crate::registry::Registry;
use crate::seam::{Overseer, Relief, Seam, Tag, run_beside};

/// The grace unless a system says otherwise.
pub(crate) const GRACE: Duration = Duration::from_millis(500);

pub(crate) struct Hub {
    pub(crate) name: Box<str>,
    pub(crate) seam: Arc<dyn Seam>,
    pub(crate) registry: Registry,
    pub(crate) shutdown_limit: Duration,
    /// How long killed actors may take to let go of their threads.
    pub(crate) grace: Duration,
    spawned: AtomicU64,
}

impl Hub {
    pub(crate) fn new(name: &str, seam: Arc<dyn Seam>, shutdown_limit: Duration) -> Hub {
        Hub {
            name: name.into(),
            seam,
            registry: Registry::default(),
            shutdown_limit,
            grace: GRACE,
            spawned: AtomicU64::new(0),
        }
    }

    pub(crate) fn with_grace(self, grace: Duration) -> Hub {
        Hub { grace, ..self }
    }

    pub(crate) fn next_id(&self) -> ActorId {
        ActorId::new(self.spawned.fetch_add(1, Relaxed) + 1)
    }

    /// Tells people of a crash.
    pub(crate) fn report_crash(&self, crash: &Crash) {
        // How an error reads is the user's code, and may panic as well.
        let text = guard::quietly(|| crash.to_string());
        let text = text
            .as_deref()
            .unwrap_or("with an error that cannot be shown");
        self.report(format_args!("actor {} crashed {text}", crash.actor()));
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

    /// Writes a line to stderr, if there is one.
    pub(crate) fn report(&self, line: fmt::Arguments<'_>) {
        let _ = writeln!(io::stderr(), "zctor: system `{}`: {line}", self.name);
    }
}

impl Overseer for Hub {
    fn is_killed(&self, actor: ActorId) -> bool {
        let actor = self.registry.find(actor);
        actor.is_some_and(|actor| actor.is_killed())
    }

    fn give_up(&self, actor: ActorId) {
        if let Some(actor) = self.registry.find(actor) {
            let label = actor.label();
            self.report(format_args!(
                "actor {label} was killed, but blocks its thread {}: it counts as dead",
                place(actor.place())
            ));
            // That drops what is the user's, which may block as well.
            run_beside(Arc::clone(&self.seam), async move { actor.give_up() });
        }
    }

    fn held_up(&self, task: Tag, so_long: Duration, relief: &Relief) {
        let actor = task.actor().and_then(|actor| self.registry.find(actor));
        let holder = match actor {
            Some(actor) => format!("actor {} {}", actor.label(), place(actor.place())),
            None => "an actor that has ended".to_owned(),
        };
        self.report_held_up(&holder, so_long, relief);
    }
}

fn place(place: Place) -> String {
    match place {
        Place::Start => "in `on_start`".to_owned(),
        Place::Message(name) => format!("in the handler of `{name}`"),
        Place::Timer => "while it makes the message of a timer".to_owned(),
        Place::Stop => "in `on_stop`".to_owned(),
        Place::Thread => "while its thread starts".to_owned(),
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
