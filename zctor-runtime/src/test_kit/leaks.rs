//! Whether a system ends without a trace.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::leak::{Leak, Leaks};
use crate::event::{DropReason, Event, EventKind};
use crate::failure::Failure;
use crate::ordered::Ordered;
use crate::registry::AnyActor;
use crate::shutdown::ShutdownError;
use crate::system::System;
use crate::system_builder::SystemBuilder;
use crate::threads::patiently;
use crate::wait::on_actor_thread;

/// What is left may go within so much real time: another thread may be about to
/// drop it.
const PATIENCE: Duration = Duration::from_secs(2);
/// So many events of the shutdown are kept.
const EVENTS: usize = 1 << 16;

/// Shuts a system down and asserts that it ends without a trace: all actors
/// stop, handle their messages before, and nobody holds them or the system
/// afterwards. Drop your handles first.
///
/// [`LeakCheck`] is the same with choices, and [`assert_no_leaks_in`] drops the
/// handles for you.
///
/// # Panics
/// If anything is left, with a list of it. It waits up to two seconds for that
/// to go. Also if it is called in a handler.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::test::assert_no_leaks;
///
/// # #[actor] enum Lamp { On }
/// # struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let lamp = Lamp::spawn(&system, Bulb);
/// lamp.on()?;
/// drop(lamp);
/// assert_no_leaks(system);
/// # Ok(()) }
/// ```
#[track_caller]
pub fn assert_no_leaks(system: System) {
    LeakCheck::new().assert(system);
}

/// Builds a system, runs `test` with it, and asserts that it ends without a
/// trace: see [`assert_no_leaks`]. The handles that the closure has are dropped
/// by then; those that it returns are not. Its system
/// [remembers all actors](SystemBuilder::remember_actors).
///
/// # Panics
/// If the system cannot be built, or anything is left of it. If `test` panics,
/// the system shuts down and nothing is checked.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::test::assert_no_leaks_in;
///
/// # #[actor] enum Lamp { #[reply(bool)] Toggle }
/// # struct Bulb(bool);
/// # #[handlers] impl LampActor for Bulb {
/// #     fn toggle(&mut self) -> bool { self.0 = !self.0; self.0 }
/// # }
/// # fn main() -> zctor::Result<()> {
/// let is_on = assert_no_leaks_in(System::builder().workers(2), |system| {
///     let lamp = Lamp::spawn(system, Bulb(false));
///     lamp.toggle().wait()
/// });
/// assert!(is_on?);
/// # Ok(()) }
/// ```
#[track_caller]
pub fn assert_no_leaks_in<T>(builder: SystemBuilder, test: impl FnOnce(&System) -> T) -> T {
    let system = match builder.remember_actors().build() {
        Ok(system) => system,
        Err(failure) => panic!("{failure}"),
    };
    let returned = test(&system);
    assert_no_leaks(system);
    returned
}

/// A check that a system ends without a trace, with what is allowed to be left.
///
/// It shuts the system down, and then looks whether
///
/// - every actor stopped of itself, within the
///   [limit](SystemBuilder::shutdown_limit),
/// - none crashed at it, for instance in `on_stop`,
/// - every message that was queued was handled,
/// - nobody holds an actor, or a clone of the [`System`],
/// - all threads have ended.
///
/// Actors that are alive at the check are named, and with
/// [`remember_actors`](SystemBuilder::remember_actors) all others too. What is
/// held by something that is held is listed as well: the actors that are kept in
/// a state that was leaked, and the children of a supervisor whose handle was
/// kept. It is not for the system of a simulation, which the simulation holds.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::test::{Leak, LeakCheck};
///
/// # #[actor] enum Lamp { On }
/// # struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let kept = Lamp::spawn(&system, Bulb);
/// let leaks = LeakCheck::new().check(system).unwrap_err();
/// assert!(matches!(&leaks[..], [Leak::Held { .. }]));
/// assert!(leaks.to_string().contains("Lamp#1 is still held by 1 handle"));
///
/// let system = System::new()?;
/// let kept = Lamp::spawn(&system, Bulb);
/// LeakCheck::new().allow_handles().assert(system);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "it checks nothing until `.assert(system)` or `.check(system)`"]
pub struct LeakCheck {
    handles: bool,
    unhandled: bool,
}

impl LeakCheck {
    /// The strict check.
    pub fn new() -> LeakCheck {
        LeakCheck::default()
    }

    /// Handles, asks and clones of the system may be left.
    pub fn allow_handles(mut self) -> LeakCheck {
        self.handles = true;
        self
    }

    /// Messages may be dropped unhandled when their actors end: those that a
    /// `ready` hook holds back, or that were queued for an actor that was
    /// killed.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::test::LeakCheck;
    ///
    /// #[actor] enum Door { Knock, Open }
    /// #[derive(Default)] struct Wood(bool);
    /// #[handlers] impl DoorActor for Wood {
    ///     fn ready(&self, next: DoorKind) -> bool { self.0 || next == DoorKind::Open }
    ///     fn knock(&mut self) {}
    ///     fn open(&mut self) { self.0 = true }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// Door::spawn(&system, Wood::default()).knock()?;
    /// LeakCheck::new().allow_unhandled().assert(system);
    /// # Ok(()) }
    /// ```
    pub fn allow_unhandled(mut self) -> LeakCheck {
        self.unhandled = true;
        self
    }

    /// Shuts the system down, and says what is left of it. Crashes at the shutdown
    /// are told so, and not written to stderr.
    ///
    /// # Errors
    /// If anything is left that is not allowed. It waits up to two seconds of
    /// real time for that to go.
    ///
    /// # Panics
    /// In a handler, which it would wait for.
    #[track_caller]
    pub fn check(&self, system: System) -> Result<(), Leaks> {
        assert!(
            !on_actor_thread(),
            "a system cannot be checked for leaks in a handler, which the check would wait for"
        );
        let mut events = system.events().capacity(EVENTS);
        let actors = system.hub().registry.census();
        let ended = system.shutdown().wait();
        let mut all = Vec::new();
        not_stopped(ended, &mut all);
        self.lost(events.try_iter(), &mut all);
        if !patiently(PATIENCE, || self.left(&system, &actors).is_empty()) {
            all.append(&mut self.left(&system, &actors));
        }
        if all.is_empty() {
            return Ok(());
        }
        Err(Leaks {
            system: system.name().into(),
            all,
        })
    }

    /// The same.
    ///
    /// # Panics
    /// If anything is left that is not allowed, with a list of it; and in a
    /// handler.
    #[track_caller]
    pub fn assert(&self, system: System) {
        if let Err(leaks) = self.check(system) {
            panic!("{leaks}");
        }
    }

    /// What was lost at the shutdown.
    fn lost(&self, events: impl Iterator<Item = Event>, all: &mut Vec<Leak>) {
        for event in events {
            match (event.actor(), event.kind()) {
                (_, EventKind::Crashed(crash)) => all.push(Leak::Crashed(crash.clone())),
                (
                    Some(actor),
                    EventKind::Dropped {
                        message,
                        reason: DropReason::Ended,
                        count,
                    },
                ) if !self.unhandled => all.push(Leak::Unhandled {
                    actor: actor.clone(),
                    message,
                    count: *count,
                }),
                (_, EventKind::Missed(count)) => all.push(Leak::Missed(*count)),
                _ => {}
            }
        }
    }

    /// What is left now.
    fn left(&self, system: &System, actors: &[Weak<dyn AnyActor>]) -> Vec<Leak> {
        let hub = system.hub();
        let mut all = Vec::new();
        for name in hub.seam.threads_left() {
            all.push(Leak::Thread { name });
        }
        if self.handles {
            return all;
        }
        let mut held = Ordered::new();
        for actor in actors {
            if let Some(actor) = actor.upgrade() {
                held.insert(actor.id().get(), actor);
            }
        }
        for (_, actor) in held.iter() {
            all.push(Leak::Held {
                actor: actor.label(),
                by: Arc::strong_count(actor) - 1,
            });
        }
        let clones = system.owners().saturating_sub(1);
        if clones > 0 {
            all.push(Leak::Clones { count: clones });
        }
        // Not those of this system and its owner.
        let others = Arc::strong_count(hub).saturating_sub(2);
        if others > clones && held.is_empty() {
            all.push(Leak::Unnamed);
        }
        all
    }
}

fn not_stopped(ended: Result<(), Failure>, all: &mut Vec<Leak>) {
    let Err(failure) = ended else { return };
    let Some(error) = failure.downcast_ref::<ShutdownError>() else {
        return;
    };
    let is_stuck = |id| error.stuck().iter().any(|stuck| stuck.id() == id);
    for actor in error.killed() {
        all.push(Leak::NotStopped {
            actor: actor.clone(),
            stuck: is_stuck(actor.id()),
        });
    }
}
