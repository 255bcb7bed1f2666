//! The actors of a system, by number and by name.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::io;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll};

use crate::cell::Core;
use crate::kinds::Kinds;
use crate::label::ActorId;
use crate::room::Room;
use crate::seam::Ring;
use crate::sync::lock;
use crate::waiters::{All, Ticket, Waiters};
use crate::waits::Waiter;
use crate::watchers::Watcher;

/// An actor of any protocol: what depends on that. The rest is in its core.
pub(crate) trait AnyActor: Waiter + Watcher + Ring {
    fn core(&self) -> &Core;
    fn protocol(&self) -> TypeId;
    /// How many messages wait in the mailbox.
    fn mail(&self) -> usize;
    /// Where senders wait for room in the mailbox.
    fn room(&self) -> &Room;
    /// Closes the door: what is queued stays, nothing is added.
    fn close(&self);
    /// Drops what is queued just now.
    fn drop_mail(&self);
    /// Closes the door, and drops all that was let in.
    fn drop_all_mail(&self);
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

/// Why an actor could not be added.
#[derive(Debug)]
pub(crate) enum Refusal {
    Closed,
    NameTaken(ActorId),
    NoThread(io::Error),
    /// It has ended already.
    Ended,
    /// It is a pool of no workers.
    NoWorkers,
}

#[derive(Default)]
pub(crate) struct Registry(Mutex<Members>);

#[derive(Default)]
struct Members {
    closed: bool,
    actors: HashMap<ActorId, Arc<dyn AnyActor>, BuildHasherDefault<Spread>>,
    names: HashMap<Arc<str>, u64>,
    kinds: Kinds,
    await_empty: Waiters,
    /// All actors that there have been and whose memory is not free, if they
    /// are remembered.
    census: Option<Vec<Weak<dyn AnyActor>>>,
}

impl Members {
    fn remember(&mut self, actor: &Arc<dyn AnyActor>) {
        let Some(census) = &mut self.census else {
            return;
        };
        if census.len() == census.capacity() {
            census.retain(|actor| actor.strong_count() > 0);
            census.reserve(census.len().max(FEW));
        }
        census.push(Arc::downgrade(actor));
    }

    /// Has the actors of a protocol be known, from now on.
    fn know(&mut self, protocol: TypeId) {
        if !self.kinds.has(protocol) {
            let mut those = Vec::new();
            for (id, actor) in &self.actors {
                if actor.protocol() == protocol {
                    those.push(*id);
                }
            }
            self.kinds.begin(protocol, those);
        }
    }
}

/// The hash of a number that is unique already: only its bits are spread.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }

    fn write_u64(&mut self, number: u64) {
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        self.0 = (self.0 ^ number).wrapping_mul(GOLDEN);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Room for so many actors is kept, whatever becomes of them.
const FEW: usize = 1024;

impl Registry {
    pub(crate) fn add(&self, actor: Arc<dyn AnyActor>) -> Result<(), Refusal> {
        let (id, name) = (actor.id(), actor.name());
        let mut members = lock(&self.0);
        if members.closed {
            return Err(Refusal::Closed);
        }
        if let Some(name) = name {
            if let Some(&holder) = members.names.get(name) {
                return Err(Refusal::NameTaken(ActorId::new(holder)));
            }
            members.names.insert(Arc::clone(name), id.get());
        }
        members.kinds.add(id, || actor.protocol());
        members.remember(&actor);
        members.actors.insert(id, actor);
        Ok(())
    }

    /// Forgets an actor and frees its name.
    pub(crate) fn remove(&self, id: ActorId, name: Option<&Arc<str>>) {
        let mut members = lock(&self.0);
        let removed = members.actors.remove(&id);
        if let Some(actor) = &removed {
            members.kinds.remove(id, || actor.protocol());
        }
        if removed.is_some()
            && let Some(name) = name
        {
            members.names.remove(name);
        }
        // A great crowd's memory is not kept.
        let few = members.actors.len().max(FEW);
        if members.actors.capacity() / 8 > few {
            members.actors.shrink_to(2 * few);
        }
        let waiters = match members.actors.is_empty() {
            true => members.await_empty.all(),
            false => All::default(),
        };
        drop(members);
        drop(removed);
        waiters.wake();
    }

    pub(crate) fn find(&self, id: ActorId) -> Option<Arc<dyn AnyActor>> {
        lock(&self.0).actors.get(&id).cloned()
    }

    pub(crate) fn named(&self, name: &str) -> Option<Arc<dyn AnyActor>> {
        let members = lock(&self.0);
        let id = ActorId::new(*members.names.get(name)?);
        members.actors.get(&id).cloned()
    }

    /// An actor of a protocol: they take turns.
    pub(crate) fn turn(&self, protocol: TypeId) -> Option<Arc<dyn AnyActor>> {
        let mut members = lock(&self.0);
        members.know(protocol);
        let id = members.kinds.turn(protocol)?;
        members.actors.get(&id).cloned()
    }

    /// The actor of a protocol that comes behind this one, or the first.
    pub(crate) fn after(&self, protocol: TypeId, actor: ActorId) -> Option<Arc<dyn AnyActor>> {
        let members = lock(&self.0);
        let id = members.kinds.after(protocol, actor)?;
        members.actors.get(&id).cloned()
    }

    /// Another actor of a protocol has taken the turn of this one, unless the
    /// turns have gone on meanwhile.
    pub(crate) fn had_turn_of(&self, protocol: TypeId, actor: ActorId, other: ActorId) {
        lock(&self.0).kinds.had_turn_of(protocol, actor, other);
    }

    /// All actors of a protocol, in the order of their numbers.
    pub(crate) fn of(&self, protocol: TypeId) -> Vec<Arc<dyn AnyActor>> {
        let mut members = lock(&self.0);
        members.know(protocol);
        let Members { actors, kinds, .. } = &*members;
        let mut all = Vec::new();
        for id in &kinds.all(protocol) {
            if let Some(actor) = actors.get(&ActorId::new(*id)) {
                all.push(Arc::clone(actor));
            }
        }
        all
    }

    /// Takes no more actors from now on.
    pub(crate) fn close(&self) {
        lock(&self.0).closed = true;
    }

    /// Remembers all actors from now on.
    pub(crate) fn begin_census(&self) {
        lock(&self.0).census.get_or_insert_default();
    }

    /// The actors that are alive, and, if all are remembered, those of the
    /// others whose memory is not free; in the order of their numbers.
    #[cfg_attr(not(feature = "test"), allow(dead_code))]
    pub(crate) fn census(&self) -> Vec<Weak<dyn AnyActor>> {
        let remembered = lock(&self.0).census.clone();
        remembered.unwrap_or_else(|| self.all().iter().map(Arc::downgrade).collect())
    }

    pub(crate) fn len(&self) -> usize {
        lock(&self.0).actors.len()
    }

    /// All actors, in the order of their numbers.
    pub(crate) fn all(&self) -> Vec<Arc<dyn AnyActor>> {
        let mut all: Vec<_> = {
            let members = lock(&self.0);
            let numbered = members.actors.iter();
            numbered
                .map(|(id, actor)| (*id, Arc::clone(actor)))
                .collect()
        };
        all.sort_unstable_by_key(|(id, _)| *id);
        all.into_iter().map(|(_, actor)| actor).collect()
    }

    /// Ready when there is no actor.
    pub(crate) fn poll_empty(&self, ticket: &mut Option<Ticket>, cx: &Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut members = lock(&self.0);
        if members.actors.is_empty() {
            return Poll::Ready(());
        }
        let replaced = members.await_empty.register(ticket, waker);
        drop(members);
        drop(replaced);
        Poll::Pending
    }
}
