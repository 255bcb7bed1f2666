//! The system of a simulation, with what only a simulation can do.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use super::fault::Fault;
use super::invariants::Invariant;
use super::machine::Machine;
use super::trace::Trace;
use crate::system::System;

/// The system of a simulation. It is a [`System`], and can do what only a
/// simulation can. A clone is the same one.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::sim::Sim;
///
/// # #[actor] enum Lamp { #[reply(bool)] Toggle }
/// # #[derive(Default)] struct Bulb(bool);
/// # #[handlers] impl LampActor for Bulb {
/// #     fn toggle(&mut self) -> bool { self.0 = !self.0; self.0 }
/// # }
/// # fn main() -> zctor::Result<()> {
/// Sim::new(3).run(|system| async move {
///     let lamp = Lamp::spawn(&system, Bulb::default());
///     let alive = system.clone();
///     system.always("one lamp", move || alive.actor_count() == 1);
///     lamp.toggle().await
/// })??;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct SimSystem {
    system: System,
    machine: Arc<Machine>,
}

impl SimSystem {
    pub(super) fn new(system: System, machine: &Arc<Machine>) -> SimSystem {
        SimSystem {
            system,
            machine: Arc::clone(machine),
        }
    }

    /// From now on `holds` must be true after every step of the simulation: it
    /// panics, with `name`, when it is not.
    ///
    /// What it looks at is what actors show: counts, lists of events, or values
    /// that they share with the test.
    ///
    /// ```should_panic
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
    /// use zctor::prelude::*;
    /// use zctor::sim::Sim;
    ///
    /// #[actor] enum Account { Draw(i64) }
    /// struct Book(Arc<AtomicI64>);
    /// #[handlers] impl AccountActor for Book {
    ///     fn draw(&mut self, amount: i64) { self.0.fetch_sub(amount, Relaxed); }
    /// }
    ///
    /// Sim::new(1).run(|system| async move {
    ///     let balance = Arc::new(AtomicI64::new(10));
    ///     let account = Account::spawn(&system, Book(Arc::clone(&balance)));
    ///     system.always("never in debt", move || balance.load(Relaxed) >= 0);
    ///     account.draw(20).unwrap();
    ///     account.stop();
    ///     account.stopped().await;
    /// }).unwrap();
    /// ```
    pub fn always(&self, name: impl Into<String>, holds: impl FnMut() -> bool + Send + 'static) {
        let invariant = Invariant::always(name.into(), Box::new(holds));
        self.machine.demand(invariant);
    }

    /// From now on, `holds` must become true after some step before `within` of
    /// virtual time has passed. The simulation goes on until it does, also when
    /// what it was run for is done. It panics, with `name`, when it does not.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    /// use zctor::sim::Sim;
    ///
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// Sim::new(1).run(|system| async move {
    ///     let lamp = Lamp::spawn(&system, Bulb);
    ///     lamp.stop();
    ///     let ended = move || !lamp.is_alive();
    ///     system.eventually("the lamp ends", Duration::from_secs(1), ended);
    /// }).unwrap();
    /// ```
    pub fn eventually(
        &self,
        name: impl Into<String>,
        within: Duration,
        holds: impl FnMut() -> bool + Send + 'static,
    ) {
        let now = self.machine.elapsed();
        let invariant = Invariant::eventually(name.into(), now, within, Box::new(holds));
        self.machine.demand(invariant);
    }

    /// A random number, for scenarios that differ from seed to seed. It is
    /// drawn from the same source as [`Context::random`](crate::Context::random).
    ///
    /// ```
    /// use zctor::sim::Sim;
    ///
    /// let draw = || Sim::new(7).run(|system| async move { system.random() }).unwrap();
    /// assert_eq!(draw(), draw());
    /// ```
    #[must_use]
    pub fn random(&self) -> u64 {
        self.system.hub().seam.random()
    }

    /// Has something go wrong, at the moment that `fault` names.
    pub fn inject(&self, fault: Fault) {
        self.machine.inject(fault);
    }

    /// How much virtual time has passed.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.machine.elapsed()
    }

    /// How many steps were taken: see [`Sim::steps`](crate::sim::Sim::steps).
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.machine.steps()
    }

    /// What has happened so far, if it is kept: see
    /// [`SimBuilder::trace`](crate::sim::SimBuilder::trace).
    #[must_use]
    pub fn trace(&self) -> Trace {
        self.machine.trace()
    }
}

impl Deref for SimSystem {
    type Target = System;

    fn deref(&self) -> &System {
        &self.system
    }
}

impl fmt::Debug for SimSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.system, f)
    }
}
