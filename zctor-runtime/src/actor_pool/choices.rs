//! Who of a pool gets a message.

use std::hash::Hash;

use super::crowd::{at_random, in_turn, least_loaded, of_key};
use super::hash::number_of;
use super::pool::ActorPool;
use crate::broadcast::Broadcast;
use crate::handle::Handle;
use crate::mailbox::Refused;
use crate::spawn::Spawn;
use crate::tell_error::TellError;

impl<P: Spawn> ActorPool<P> {
    /// The next worker: they take turns, whoever of all handles of the pool asks.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamps = Lamp::pool(&system, 2, |_index| Bulb);
    /// let (first, second) = (lamps.next(), lamps.next());
    /// assert_ne!(first, second);
    /// assert_eq!(lamps.next(), first);
    /// first.on()?;
    /// # system.shutdown().wait() }
    /// ```
    #[doc(alias = "handle")]
    #[doc(alias = "round_robin")]
    #[must_use]
    pub fn next(&self) -> P::Handle {
        P::Handle::from(self.choose(|workers| in_turn(workers, self.turn())))
    }

    /// The worker with the fewest messages, queued or in hand. Several of those
    /// take turns.
    ///
    /// It looks at all workers, so it suits messages that take longer than that
    /// and unequally long: elsewhere turns are as good. The counts are those of
    /// [`Handle::queued`], roughly: messages that a worker has fetched together
    /// are all counted until it has handled the last. (Without a lock, that is
    /// 128 of them at most.)
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # use std::future::pending;
    /// # #[actor] enum Clerk { Wait, #[reply(())] Serve }
    /// # struct Desk;
    /// # #[handlers] impl ClerkActor for Desk {
    /// #     async fn wait(&mut self) { pending().await }
    /// #     fn serve(&self) {}
    /// # }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// # let builder = Clerk::pool_builder(|_index| Desk).shutdown(zctor::Patience::Brutal);
    /// let clerks = builder.size(2).spawn(&system)?;
    /// let busy = clerks.next();
    /// for _ in 0..3 {
    ///     busy.wait()?; // the first of them takes for ever
    /// }
    /// for _ in 0..10 {
    ///     clerks.least_loaded().serve().wait()?;
    /// }
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn least_loaded(&self) -> P::Handle {
        P::Handle::from(self.choose(|workers| least_loaded(workers, self.tie())))
    }

    /// Any worker, each as likely as the others. The random numbers are those of
    /// the system, so a simulation repeats its choices.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamps = Lamp::pool(&system, 3, |_index| Bulb);
    /// lamps.random().on()?;
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn random(&self) -> P::Handle {
        let random = self.actor().cell().hub.seam.random();
        P::Handle::from(self.choose(|workers| at_random(workers, random)))
    }

    /// The worker of a key: the same for equal keys, as long as the pool has as
    /// many workers, so that what belongs together (a user, an order) is handled
    /// in order and by one state. A [`resize`](ActorPool::resize) from n to n + 1
    /// workers moves one key in n + 1, all to the new worker.
    ///
    /// Keys are spread by the jump consistent hash of John Lamping and Eric Veach
    /// ("A Fast, Minimal Memory, Consistent Hash Algorithm", 2014), over a hash
    /// that has no secret and is the same in every run (FNV-1a, with the
    /// finalizer of SplitMix64). So it does not withstand keys that somebody has
    /// chosen such that they all meet at one worker. What a type gives to a hash
    /// is its own affair, and that of the standard library may be another with
    /// another compiler: where data on a disk depends on it, take keys whose
    /// [`Hash`] is yours.
    ///
    /// Should the worker have ended for good, another stands in until it is
    /// replaced.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Account { Pay(u32) }
    /// # struct Book;
    /// # #[handlers] impl AccountActor for Book { fn pay(&mut self, _value: u32) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let accounts = Account::pool(&system, 8, |_index| Book);
    /// assert_eq!(accounts.by_key("ann"), accounts.by_key("ann"));
    /// accounts.by_key(&("ann", 2026)).pay(10)?;
    /// # system.shutdown().wait() }
    /// ```
    #[doc(alias = "consistent_hash")]
    #[must_use]
    pub fn by_key<K: Hash + ?Sized>(&self, key: &K) -> P::Handle {
        // That is the user's code: it is called without the lock.
        let number = number_of(key);
        P::Handle::from(self.choose(|workers| of_key(workers, number)))
    }

    /// Gives the message to one worker, without waiting: to the next one, or, if
    /// that does not take it, to another. The reply of an ask is discarded.
    ///
    /// # Errors
    /// If none of them takes it, as all have ended or are full: the last to be
    /// tried gives the message back.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { Dim(u8) }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn dim(&mut self, _value: u8) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamps = Lamp::pool(&system, 2, |_index| Bulb);
    /// lamps.tell(Lamp::Dim(1))?;
    /// lamps.stop();
    /// lamps.stopped().wait()?;
    /// let Lamp::Dim(level) = lamps.tell(Lamp::Dim(2)).unwrap_err().into_message();
    /// assert_eq!(level, 2);
    /// # system.shutdown().wait() }
    /// ```
    pub fn tell(&self, message: P) -> Result<(), TellError<P>> {
        let mut envelope = message.seal();
        let mut others = self.len();
        let mut turn = self.turn();
        loop {
            let worker = self.choose(|workers| in_turn(workers, turn));
            // The next one, whatever other senders choose meanwhile.
            turn = turn.wrapping_add(1);
            others = others.saturating_sub(1);
            envelope = match worker.cell().deliver(envelope) {
                Ok(()) => return Ok(()),
                Err(refused) if others == 0 => return Err(worker.refused(refused)),
                Err(Refused::Full(envelope) | Refused::Closed(envelope)) => envelope,
            }
        }
    }

    /// Gives a clone of the message to each worker, without waiting.
    ///
    /// It is no single step: workers that come or go meanwhile may have it or
    /// not, and to each worker it is one message among others.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] #[derive(Clone)] enum Lamp { Dim(u8), #[reply(u8)] Level }
    /// # struct Bulb(u8);
    /// # #[handlers] impl LampActor for Bulb {
    /// #     fn dim(&mut self, value: u8) { self.0 = value }
    /// #     fn level(&self) -> u8 { self.0 }
    /// # }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamps = Lamp::pool(&system, 3, |_index| Bulb(0));
    /// let report = lamps.broadcast(Lamp::Dim(7));
    /// assert_eq!(report.delivered(), 3);
    /// for lamp in lamps.workers() {
    ///     assert_eq!(lamp.level().wait()?, 7);
    /// }
    /// # system.shutdown().wait() }
    /// ```
    pub fn broadcast(&self, message: P) -> Broadcast<P>
    where
        P: Clone,
    {
        Broadcast::to(self.all(), message, Handle::tell)
    }
}
