//! Who an actor is, in errors, reports and lists.

use std::fmt;
use std::sync::Arc;

/// The number of an actor, unique within its system and never used again.
///
/// ```
/// # use zctor::prelude::*;
/// # #[actor] enum Lamp { On }
/// # #[derive(Default)] struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let (a, b) = (Lamp::spawn(&system, Bulb), Lamp::spawn(&system, Bulb));
/// assert!(a.id() < b.id());
/// # system.shutdown().wait() }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorId(u64);

impl ActorId {
    /// The number of no actor.
    #[cfg_attr(not(feature = "test"), allow(dead_code))]
    pub(crate) const NONE: ActorId = ActorId(0);

    pub(crate) fn new(number: u64) -> ActorId {
        ActorId(number)
    }

    /// The number itself.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl fmt::Debug for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An actor's protocol, number and name, as errors and reports show them:
/// `Counter#7`, or `Counter#7 "main"` if it has a name. A child of a supervisor
/// that has none is shown with what it is called there.
///
/// ```
/// # use zctor::prelude::*;
/// # #[actor] enum Lamp { On }
/// # struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let lamp = Lamp::builder(Bulb).name("hall").spawn(&system)?;
/// assert_eq!(lamp.label().to_string(), "Lamp#1 \"hall\"");
/// assert_eq!(lamp.label().protocol(), "Lamp");
/// # system.shutdown().wait() }
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ActorLabel {
    protocol: &'static str,
    id: ActorId,
    name: Option<Arc<str>>,
}

impl ActorLabel {
    pub(crate) fn new(protocol: &'static str, id: ActorId, name: Option<Arc<str>>) -> ActorLabel {
        ActorLabel { protocol, id, name }
    }

    /// The name of the actor's enum.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        self.protocol
    }

    /// The actor's number.
    #[must_use]
    pub fn id(&self) -> ActorId {
        self.id
    }

    /// Without the name, where that is said already.
    pub(crate) fn short(&self) -> impl fmt::Display {
        let ActorLabel { protocol, id, .. } = self;
        format!("{protocol}{id}")
    }

    /// The name that it was spawned under; or what it is called among the
    /// children of its supervisor; if any.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl fmt::Display for ActorLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.protocol, self.id)?;
        match &self.name {
            Some(name) => write!(f, " {name:?}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ActorLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
