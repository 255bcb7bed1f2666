//! What happened in a run, for people to read.

use std::fmt::{self, Write};
use std::time::Duration;

use super::fault::Fault;
use crate::event::{Event, EventKind};
use crate::label::{ActorId, ActorLabel};
use crate::ordered::Ordered;

/// What happened in a simulation, in order: each message with who sent it, and
/// what happened to actors. A simulation keeps one if its builder is told to,
/// by [`SimBuilder::trace`](crate::sim::SimBuilder::trace).
///
/// Shown as text, a line for each entry; the same seed gives the same text,
/// byte for byte, on any machine, if what the actors do depends on nothing
/// else.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::sim::Sim;
///
/// #[actor] enum Lamp { #[reply(bool)] Toggle }
/// #[derive(Default)] struct Bulb(bool);
/// #[handlers] impl LampActor for Bulb {
///     fn toggle(&mut self) -> bool { self.0 = !self.0; self.0 }
/// }
///
/// let sim = Sim::builder(1).trace(true).build();
/// let lamp = Lamp::spawn(sim.system(), Bulb::default());
/// lamp.toggle().wait().unwrap();
/// assert_eq!(
///     sim.trace().to_string(),
///     "         0ns  Lamp#1  started\n         0ns  Lamp#1  Toggle, from outside\n",
/// );
/// ```
#[derive(Debug, Clone, Default)]
pub struct Trace {
    entries: Vec<TraceEntry>,
}

/// One thing that happened in a simulation.
///
/// ```
/// # use zctor::prelude::*;
/// # use zctor::sim::Sim;
/// # #[actor] enum Lamp { On }
/// # struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// let sim = Sim::builder(1).trace(true).build();
/// let lamp = Lamp::spawn(sim.system(), Bulb);
/// lamp.on().unwrap();
/// sim.run_until_idle();
/// let trace = sim.trace();
/// let on = trace.entries().last().unwrap();
/// assert_eq!(on.message(), Some("On"));
/// assert_eq!(on.actor(), Some(&lamp.label()));
/// assert_eq!((on.from(), on.incarnation(), on.step()), (None, 1, 1));
/// ```
#[derive(Debug, Clone)]
pub struct TraceEntry {
    pub(super) at: Duration,
    pub(super) step: u64,
    pub(super) actor: Option<ActorLabel>,
    pub(super) incarnation: u64,
    pub(super) what: What,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    Message {
        message: &'static str,
        from: Sender,
        count: u64,
    },
    Event(EventKind),
    Fault(Fault),
}

/// Who sent a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sender {
    Outside,
    Itself,
    Actor(ActorLabel),
}

impl Trace {
    pub(super) fn push(&mut self, entry: TraceEntry) {
        self.entries.push(entry);
    }

    pub(super) fn push_event(&mut self, step: u64, event: Event) {
        let (actor, incarnation) = match event.source {
            Some(source) => (Some(source.actor), source.incarnation),
            None => (None, 1),
        };
        self.entries.push(TraceEntry {
            at: event.since,
            step,
            actor,
            incarnation,
            what: What::Event(event.kind),
        });
    }

    /// Names the actors that faults come to.
    pub(super) fn named(mut self) -> Trace {
        let mut labels = Ordered::new();
        for entry in &self.entries {
            if let Some(actor) = &entry.actor {
                labels.insert(actor.id().get(), actor.clone());
            }
        }
        for entry in &mut self.entries {
            if let What::Fault(fault) = &entry.what {
                let target = fault.target();
                entry.actor = target.and_then(|actor| labels.get(&actor.get()).cloned());
            }
        }
        self
    }

    /// The label of an actor, if anything has happened to it.
    pub(super) fn label(&self, actor: ActorId) -> Option<&ActorLabel> {
        for entry in &self.entries {
            match &entry.actor {
                Some(label) if label.id() == actor => return Some(label),
                _ => {}
            }
        }
        None
    }

    /// What happened, the first thing first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &TraceEntry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// A sequence diagram for Mermaid: a participant for each actor, an arrow
    /// for each message, a note for what happened to actors.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # use zctor::sim::Sim;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// let sim = Sim::builder(1).trace(true).build();
    /// let lamp = Lamp::spawn(sim.system(), Bulb);
    /// lamp.on().unwrap();
    /// sim.run_until_idle();
    /// assert_eq!(
    ///     sim.trace().mermaid(),
    ///     "sequenceDiagram\n    \
    ///          participant outside\n    \
    ///          participant a1 as Lamp#35;1\n    \
    ///          Note over a1: started (0ns)\n    \
    ///          outside->>a1: On (0ns)\n",
    /// );
    /// ```
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut text = "sequenceDiagram\n    participant outside\n".to_owned();
        let mut actors = Ordered::new();
        for entry in &self.entries {
            if let Some(actor) = &entry.actor {
                actors.insert(actor.id().get(), actor.clone());
            }
            if let What::Message {
                from: Sender::Actor(from),
                ..
            } = &entry.what
            {
                actors.insert(from.id().get(), from.clone());
            }
        }
        for (id, actor) in actors.iter() {
            let name = escaped(&actor.to_string());
            // Writing to a `String` does not fail.
            let _ = writeln!(text, "    participant a{id} as {name}");
        }
        for entry in &self.entries {
            let number = |actor: &ActorLabel| format!("a{}", actor.id().get());
            let at = entry.actor.as_ref().map_or("outside".to_owned(), number);
            let line = match &entry.what {
                What::Message {
                    message,
                    from,
                    count,
                } => {
                    let from = match from {
                        Sender::Outside => "outside".to_owned(),
                        Sender::Itself => at.clone(),
                        Sender::Actor(from) => number(from),
                    };
                    format!("{from}->>{at}: {}", Message(message, *count))
                }
                What::Event(event) => format!("Note over {at}: {}", escaped(&event.to_string())),
                What::Fault(fault) => format!("Note over {at}: {}", escaped(&fault.deed())),
            };
            let _ = writeln!(text, "    {line} ({:?})", entry.at);
        }
        text
    }

    /// Only the last so many lines, and how many were left out.
    pub(super) fn tail(&self, lines: usize) -> impl fmt::Display + '_ {
        Tail(self, lines)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, skip: usize) -> fmt::Result {
        let shown = self.entries.get(skip..).unwrap_or_default();
        let mut width = 0;
        for entry in shown {
            width = width.max(entry.who().len());
        }
        for entry in shown {
            let (at, who) = (format!("{:?}", entry.at), entry.who());
            writeln!(f, "{at:>12}  {who:width$}  {}", entry.what)?;
        }
        Ok(())
    }
}

struct Tail<'a>(&'a Trace, usize);

impl fmt::Display for Tail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let skip = self.0.entries.len().saturating_sub(self.1);
        if skip > 0 {
            writeln!(f, "{:>12}  {skip} earlier lines", "…")?;
        }
        self.0.write(f, skip)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

impl TraceEntry {
    /// The virtual time, since the start of the simulation.
    #[must_use]
    pub fn at(&self) -> Duration {
        self.at
    }

    /// The number of the step in which it happened.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step
    }

    /// To whom. None if it happened to the simulation as a whole.
    #[must_use]
    pub fn actor(&self) -> Option<&ActorLabel> {
        self.actor.as_ref()
    }

    /// The number of the actor's state, from 1.
    #[must_use]
    pub fn incarnation(&self) -> u64 {
        self.incarnation
    }

    /// The variant, if an actor began to handle a message.
    #[must_use]
    pub fn message(&self) -> Option<&'static str> {
        match self.what {
            What::Message { message, .. } => Some(message),
            _ => None,
        }
    }

    /// The actor that sent the message, which may be the same one. None if it
    /// came from outside, or this is no message.
    #[must_use]
    pub fn from(&self) -> Option<&ActorLabel> {
        match &self.what {
            What::Message {
                from: Sender::Itself,
                ..
            } => self.actor.as_ref(),
            What::Message {
                from: Sender::Actor(from),
                ..
            } => Some(from),
            _ => None,
        }
    }

    /// What happened, if this is no message.
    #[must_use]
    pub fn event(&self) -> Option<&EventKind> {
        match &self.what {
            What::Event(event) => Some(event),
            _ => None,
        }
    }

    fn who(&self) -> String {
        match &self.actor {
            None => "the simulation".to_owned(),
            Some(actor) if self.incarnation > 1 => {
                format!("{actor} (incarnation {})", self.incarnation)
            }
            Some(actor) => actor.to_string(),
        }
    }
}

/// A message, or so many of them at once.
struct Message(&'static str, u64);

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Message(message, 1) => f.write_str(message),
            Message(message, count) => write!(f, "{count} {message}"),
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Message {
                message,
                from,
                count,
            } => {
                write!(f, "{}, from ", Message(message, *count))?;
                match from {
                    Sender::Outside => f.write_str("outside"),
                    Sender::Itself => f.write_str("itself"),
                    Sender::Actor(from) => write!(f, "{from}"),
                }
            }
            What::Event(event) => f.write_str(&one_line(&event.to_string())),
            What::Fault(fault) => write!(f, "on purpose: {}", fault.deed()),
        }
    }
}

fn one_line(text: &str) -> String {
    let mut one = String::with_capacity(text.len());
    for (place, line) in text.lines().enumerate() {
        if place > 0 {
            one.push(' ');
        }
        one.push_str(line);
    }
    one
}

/// As Mermaid reads it: `#` and `;` would mean something else.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in one_line(text).chars() {
        match character {
            '#' => escaped.push_str("#35;"),
            ';' => escaped.push_str("#59;"),
            '"' => escaped.push_str("#quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}
