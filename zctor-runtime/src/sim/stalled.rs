//! The error of a simulation that cannot go on.

use std::fmt;
use std::time::Duration;

use crate::hub::Hub;
use crate::label::ActorLabel;
use crate::wait_cycle::{Awaited, Step, WaitCycle};
use crate::waits::Waiter;

/// A simulation that does not come to its end: what it was run for is not
/// ready, nothing can run, and no timer is set; or it has gone on beyond its
/// limits. See [`Sim::run`](crate::sim::Sim::run).
///
/// It tells who waits for whom: asks that are pending in a handler, also those
/// whose handler has put the reply aside to answer later.
#[derive(Debug, Clone)]
pub struct Stalled {
    why: Why,
    elapsed: Duration,
    actors: Vec<ActorLabel>,
    waits: Vec<Pending>,
}

/// Why it goes on no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Nothing,
    Time(Duration),
    Steps(u64),
}

#[derive(Debug, Clone)]
struct Pending {
    step: Step,
    whom: ActorLabel,
}

impl Stalled {
    pub(super) fn new(why: Why, elapsed: Duration, hub: &Hub) -> Stalled {
        let (mut actors, mut waits) = (Vec::new(), Vec::new());
        for actor in hub.registry.all() {
            actors.push(actor.label());
            pending(&*actor, &mut waits);
        }
        Stalled {
            why,
            elapsed,
            actors,
            waits,
        }
    }

    /// The virtual time at which it stalled.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The actors that were alive.
    #[must_use]
    pub fn actors(&self) -> &[ActorLabel] {
        &self.actors
    }

    /// Actors that wait in a handler for others: who, for whom, and with which
    /// message.
    pub fn waits(&self) -> impl Iterator<Item = (&ActorLabel, &ActorLabel, &'static str)> {
        let waits = self.waits.iter();
        waits.map(|wait| (&wait.step.who, &wait.whom, wait.step.message))
    }

    /// Actors that wait for one another in a circle, if there are such. Waits
    /// whose reply was put aside count as well, so this may be more than a
    /// [`Deadlock`](crate::AskError::Deadlock), which is told only when no
    /// answer can come from elsewhere.
    #[must_use]
    pub fn cycle(&self) -> Option<WaitCycle> {
        for start in &self.waits {
            // Each wait with the place of the next that may go on from it.
            let mut path = vec![(start, 0)];
            let mut seen = vec![start.step.who.id()];
            while let Some((last, place)) = path.last_mut() {
                if last.whom.id() == start.step.who.id() {
                    let mut steps = Vec::new();
                    for (wait, _) in &path {
                        steps.push(wait.step.clone());
                    }
                    return Some(WaitCycle::new(steps));
                }
                let Some(next) = self.waits.get(*place) else {
                    path.pop();
                    continue;
                };
                *place += 1;
                let who = next.step.who.id();
                if who == last.whom.id() && !seen.contains(&who) {
                    seen.push(who);
                    path.push((next, 0));
                }
            }
        }
        None
    }
}

/// Adds what an actor waits for, open or not.
fn pending<W: Waiter + ?Sized>(actor: &W, all: &mut Vec<Pending>) {
    if !actor.has_waited() {
        return;
    }
    for wait in actor.waits().list() {
        all.push(Pending {
            step: Step {
                who: actor.label(),
                message: wait.message,
                what: wait.what,
            },
            whom: wait.whom.label(),
        });
    }
}

impl fmt::Display for Stalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.elapsed;
        match self.why {
            Why::Nothing => write!(
                f,
                "the simulation stalled at {at:?}: nothing can run and no timer is set; "
            )?,
            Why::Time(limit) => write!(
                f,
                "the simulation has not come to its end at {at:?}, and its limit is {limit:?}; "
            )?,
            Why::Steps(limit) => write!(
                f,
                "the simulation has not come to its end after {limit} steps, at {at:?}; "
            )?,
        }
        if self.actors.is_empty() {
            return f.write_str("no actor is alive");
        }
        f.write_str("alive: ")?;
        for (place, actor) in self.actors.iter().enumerate() {
            write!(f, "{}{actor}", if place == 0 { "" } else { ", " })?;
        }
        if let Some(cycle) = self.cycle() {
            return write!(f, "; in a circle: {cycle}");
        }
        for (place, wait) in self.waits.iter().enumerate() {
            let Step { who, message, what } = &wait.step;
            let comma = if place == 0 { "; " } else { ", " };
            let whom = &wait.whom;
            match what {
                Awaited::Answer => {
                    write!(f, "{comma}{who} waits for {whom} to answer `{message}`")?
                }
                Awaited::Room => write!(
                    f,
                    "{comma}{who} waits for {whom} to have room for `{message}`"
                )?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Stalled {}
