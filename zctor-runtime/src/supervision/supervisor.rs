//! The protocols of supervisors.

use super::spec::{ChildSpec, Supervision};
use super::starting::Starting;
use super::tree::Tree;
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::protocol::Protocol;
use crate::system::System;

/// A protocol with `#[supervisor]`: that of an actor that starts its children,
/// restarts them, and stops them. Not implemented by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a supervisor",
    label = "not an enum with `#[supervisor]`",
    note = "a supervisor is declared by an enum of its children: `#[supervisor] enum {Self} {{ #[child] … }}`"
)]
pub trait Supervisor: Protocol<Handle: From<Handle<Self>>> {
    #[doc(hidden)]
    const CHILDREN: &'static [ChildSpec];
    #[doc(hidden)]
    const SUPERVISION: Supervision;

    /// Starts a supervisor and all its children, in the order of their
    /// declaration: each when `on_start` of the one before it has returned. It
    /// is lazy: awaited, or waited for with `.wait()`.
    ///
    /// If a child does not start, those that were started are stopped, in
    /// reverse, and the error says which child it was, through all levels of a
    /// tree.
    ///
    /// The supervisor lives as long as a handle of it does;
    /// [`detach`](Handle::detach) lets it live until its system shuts down.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor] enum Lamp { #[reply(u8)] Level }
    /// struct Bulb(u8);
    /// #[handlers] impl LampActor for Bulb { fn level(&self) -> u8 { self.0 } }
    ///
    /// #[supervisor]
    /// enum House {
    ///     #[child]
    ///     Hall(Lamp),
    /// }
    /// struct Plan { level: u8 }
    /// impl HouseChildren for Plan {
    ///     fn hall(&mut self, _: &HouseHandle) -> Child<Lamp> { Lamp::child(Bulb(self.level)) }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// let house = House::start(&system, Plan { level: 7 }).wait()?;
    /// assert_eq!(house.hall().level().wait()?, 7);
    /// # system.shutdown().wait() }
    /// ```
    fn start<S>(system: &System, state: S) -> Starting<Self, S>
    where
        Self: HandledBy<S>,
        S: Send + 'static,
    {
        Starting::new(system, state)
    }

    /// The tree of supervisors under this one, as it is declared. A supervisor
    /// that is among its own descendants is shown once more, without what is
    /// under it.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// #[supervisor]
    /// enum House {
    ///     #[child]
    ///     Hall(Lamp),
    ///     #[child(dynamic)]
    ///     Annex(House),
    /// }
    /// assert_eq!(House::tree().to_string(), "\
    /// House: one_for_one, max 3 restarts within 60s
    /// ├── hall: Lamp, permanent, shutdown 5s
    /// └── annex: House, dynamic, temporary, shutdown infinity, one_for_one, max 3 restarts within 60s, as above");
    /// ```
    #[must_use]
    fn tree() -> Tree {
        Tree::of(Self::NAME, &Self::SUPERVISION)
    }
}
