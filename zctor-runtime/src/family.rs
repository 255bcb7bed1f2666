//! Actors that have children.

use std::sync::Arc;
use std::task::{self, Poll};

use crate::cell::Cell;
use crate::child::Child;
use crate::children::AnyChild;
use crate::context::Context;
use crate::handle::Handle;
use crate::protocol::Protocol;
use crate::spawn_error::SpawnError;
use crate::supervision::spec::LIMIT;
use crate::sync::lock;
use crate::waiters::Ticket;

impl<P: Protocol> AnyChild for Handle<P> {
    fn has_ended(&self) -> bool {
        self.cell().stage.has_ended()
    }

    fn poll_settled(&self, ticket: &mut Option<Ticket>, cx: &task::Context<'_>) -> Poll<()> {
        self.cell().stage.poll_ended(ticket, cx).map(drop)
    }

    fn stop_watching(&self, ticket: Ticket) {
        self.cell().stage.stop_watching(ticket);
    }

    fn stop(&self, _keep: bool) {
        Handle::stop(self);
    }

    fn kill(&self) {
        Handle::kill(self);
    }
}

impl<P: Protocol> Context<P> {
    /// Spawns an actor that ends with this one, which keeps it alive.
    ///
    /// However this actor ends, its children are stopped before
    /// [`stopped`](Handle::stopped) of this one returns: the last one first, each
    /// when the one after it has ended. A child handles its mail and runs
    /// `on_stop`; after 5 seconds (or [`Child::shutdown`]) it is killed. By then
    /// the state of this actor is gone; they are still there in its `on_stop`.
    ///
    /// The end of a child, also a crash, does nothing to this actor, unless it
    /// [monitors](Context::monitor) the child.
    ///
    /// # Errors
    /// If the name is taken, or the system is shutting down.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor] enum Desk { Sort(u32) }
    /// struct Clerk;
    /// #[handlers] impl DeskActor for Clerk { fn sort(&mut self, _value: u32) {} }
    ///
    /// #[actor]
    /// enum Office { #[reply(DeskHandle)] Desk }
    /// struct Floor;
    /// #[handlers]
    /// impl OfficeActor for Floor {
    ///     fn desk(&mut self, ctx: &mut Context<Office>) -> Result<DeskHandle, Failure> {
    ///         Ok(ctx.spawn_child(Desk::child(Clerk).name("desk"))?)
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let office = Office::spawn(&system, Floor);
    /// let desk = office.desk().wait()?;
    /// desk.sort(1)?;
    /// office.stop();
    /// office.stopped().wait()?;
    /// assert!(!desk.is_alive());
    /// # system.shutdown().wait() }
    /// ```
    pub fn spawn_child<Q>(&mut self, child: Child<Q>) -> Result<Q::Handle, SpawnError<()>>
    where
        Q: Protocol<Handle: From<Handle<Q>>>,
    {
        let Child {
            name,
            mailbox,
            limit,
            source,
            ..
        } = child;
        let hub = Arc::clone(&self.cell().hub);
        let handle = Handle::first(Cell::<Q>::new(hub, name.clone(), mailbox));
        if let Err(refusal) = source.only().launch(handle.cell()) {
            return Err(SpawnError::new::<Q>(name, refusal, ()));
        }
        let mut children = lock(&self.cell().ties().children);
        let ended = children.add(Arc::new(handle.clone()), limit.unwrap_or(LIMIT));
        drop(children);
        drop(ended);
        Ok(Q::Handle::from(handle))
    }
}
