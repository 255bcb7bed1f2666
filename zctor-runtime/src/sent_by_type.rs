//! Messages to whoever speaks their protocol.

use std::any::TypeId;
use std::sync::Arc;

use crate::broadcast::Broadcast;
use crate::cell::Cell;
use crate::handle::Handle;
use crate::label::ActorId;
use crate::mailbox::Refused;
use crate::protocol::Protocol;
use crate::registry::AnyActor;
use crate::send_error::{NotSent, SendError};
use crate::system::System;

impl System {
    /// Sends a message to an actor of its protocol, whichever it is, without
    /// waiting: the message's type is its address. Those that are alive take
    /// turns, in the order in which they were spawned; one that does not take the
    /// message, as it was stopped or its mailbox is full, is passed over. The
    /// reply of an ask is discarded. Returns who has it.
    ///
    /// Children of supervisors and workers of [pools](crate::ActorPool) are among
    /// them. No actor is kept alive for it.
    ///
    /// The actors of a protocol are listed from the first such message on, and a
    /// program that sends none pays nothing. A handle is faster, and says who is
    /// meant: for services that every program part knows, a name
    /// ([`whereis`](System::whereis)) or a pool is often better.
    ///
    /// # Errors
    /// If there is none, or no one takes it: the message is given back.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor] enum Counter { Add { by: i64 }, #[reply(i64)] Get }
    /// struct Tally(i64);
    /// #[handlers] impl CounterActor for Tally {
    ///     fn add(&mut self, by: i64) { self.0 += by }
    ///     fn get(&self) -> i64 { self.0 }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// let counter = Counter::spawn(&system, Tally(0));
    /// let to = system.send(Counter::Add { by: 1 })?;
    /// assert_eq!(to, counter.id());
    /// assert_eq!(counter.get().wait()?, 1);
    /// # system.shutdown().wait() }
    /// ```
    pub fn send<P: Protocol>(&self, message: P) -> Result<ActorId, SendError<P>> {
        let registry = &self.hub().registry;
        let protocol = TypeId::of::<P>();
        let mut envelope = message.seal();
        let mut why = NotSent::NoActor;
        let mut tried: Option<(ActorId, ActorId)> = None;
        let mut next = registry.turn(protocol);
        while let Some(actor) = next {
            let id = actor.id();
            if let Some((first, last)) = tried
                && has_come_round(first, last, id)
            {
                break;
            }
            if let Some(cell) = cell_of::<P>(actor) {
                envelope = match cell.deliver(envelope) {
                    Ok(()) => {
                        if let Some((first, _)) = tried {
                            registry.had_turn_of(protocol, first, id);
                        }
                        return Ok(id);
                    }
                    Err(Refused::Full(envelope)) => {
                        why = NotSent::Full;
                        envelope
                    }
                    Err(Refused::Closed(envelope)) => envelope,
                };
            }
            tried = Some((tried.map_or(id, |(first, _)| first), id));
            next = registry.after(protocol, id);
        }
        Err(SendError::new(self.hub(), envelope, why))
    }

    /// Sends a clone of a message to each actor of its protocol that is alive,
    /// without waiting.
    ///
    /// # Errors
    /// If there is none: the message is given back. What some of them do not take
    /// is in the [`Broadcast`].
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// #[derive(Clone)]
    /// enum Lamp { Dim(u8), #[reply(u8)] Level }
    /// struct Bulb(u8);
    /// #[handlers] impl LampActor for Bulb {
    ///     fn dim(&mut self, value: u8) { self.0 = value }
    ///     fn level(&self) -> u8 { self.0 }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// let (hall, attic) = (Lamp::spawn(&system, Bulb(1)), Lamp::spawn(&system, Bulb(2)));
    /// let report = system.broadcast(Lamp::Dim(9))?;
    /// assert_eq!(report.delivered(), 2);
    /// assert_eq!((hall.level().wait()?, attic.level().wait()?), (9, 9));
    /// # system.shutdown().wait() }
    /// ```
    pub fn broadcast<P: Protocol + Clone>(&self, message: P) -> Result<Broadcast<P>, SendError<P>> {
        let actors = self.hub().registry.of(TypeId::of::<P>());
        let cells = actors.into_iter().filter_map(cell_of::<P>);
        let handles: Vec<_> = cells.map(|cell| Handle::new(&cell)).collect();
        if handles.is_empty() {
            let envelope = message.seal();
            return Err(SendError::new(self.hub(), envelope, NotSent::NoActor));
        }
        Ok(Broadcast::to(handles, message, Handle::tell))
    }
}

fn cell_of<P: Protocol>(actor: Arc<dyn AnyActor>) -> Option<Arc<Cell<P>>> {
    actor.into_any().downcast().ok()
}

/// Whether the next in turn was there before: the turns began with `first`, and
/// the last was that of `last`.
fn has_come_round(first: ActorId, last: ActorId, next: ActorId) -> bool {
    match last < first {
        // At the lowest numbers, after the highest.
        true => next >= first || next <= last,
        false => next <= last && next >= first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_ends_where_it_began() {
        let round = |first, last, next| {
            let [first, last, next] = [first, last, next].map(ActorId::new);
            has_come_round(first, last, next)
        };
        assert!(!round(3, 3, 4) && !round(3, 5, 9));
        assert!(!round(3, 9, 1) && !round(3, 1, 2));
        assert!(round(3, 3, 3) && round(3, 2, 3) && round(3, 2, 7));
        // The first has gone meanwhile.
        assert!(round(3, 1, 4) && round(3, 1, 1));
    }
}
