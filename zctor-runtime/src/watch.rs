//! Beginning and ceasing to watch an actor.

use std::sync::{Arc, Weak};

use crate::cell::Cell;
use crate::exit::Exit;
use crate::protocol::Protocol;
use crate::sync::lock;
use crate::watchers::{Monitor, Ticket, Watcher, Watchers};

/// An actor that can be watched.
pub(crate) trait Watched: Send + Sync {
    /// Begins to watch it.
    ///
    /// # Errors
    /// If it has ended: how.
    fn watch(&self, monitor: Monitor) -> Result<Ticket, Exit>;
    fn unwatch(&self, ticket: Ticket);
}

impl<P: Protocol> Watched for Cell<P> {
    fn watch(&self, monitor: Monitor) -> Result<Ticket, Exit> {
        let mut watchers = lock(&self.ties().watchers);
        // Looked at under the lock: the end takes it after it can be seen.
        match self.exit() {
            Some(exit) => Err(exit),
            None => Ok(watchers.add(monitor)),
        }
    }

    fn unwatch(&self, ticket: Ticket) {
        let monitor = lock(&self.ties().watchers).remove(ticket);
        drop(monitor);
    }
}

/// Links two actors. If `other` has ended, `me` learns it at once.
pub(crate) fn link<P: Protocol, Q: Protocol>(me: &Arc<Cell<P>>, other: &Arc<Cell<Q>>) {
    if me.peer() == other.peer() {
        return;
    }
    let to_me: Weak<dyn Watcher> = Arc::<Cell<P>>::downgrade(me);
    let to_other: Weak<dyn Watcher> = Arc::<Cell<Q>>::downgrade(other);
    let ended = both(me, other, |mine, theirs| {
        let ended = other.exit();
        if ended.is_none() {
            mine.link(other.peer(), to_other);
            theirs.link(me.peer(), to_me);
        }
        ended
    });
    if let Some(exit) = ended {
        me.any().exit_signal(exit);
    }
}

/// Whether they were linked.
pub(crate) fn unlink<P: Protocol, Q: Protocol>(me: &Cell<P>, other: &Cell<Q>) -> bool {
    if me.peer() == other.peer() || other.ties_if_any().is_none() {
        return false;
    }
    let removed = both(me, other, |mine, theirs| {
        (mine.unlink(other.peer()), theirs.unlink(me.peer()))
    });
    removed.0.is_some()
}

/// Does something with both lists of watchers, so that the two ends of a link
/// are made and removed together. The locks are taken in an order that is the
/// same for all.
fn both<P: Protocol, Q: Protocol, T>(
    me: &Cell<P>,
    other: &Cell<Q>,
    work: impl FnOnce(&mut Watchers, &mut Watchers) -> T,
) -> T {
    let (mine, theirs) = (&me.ties().watchers, &other.ties().watchers);
    if me.peer() < other.peer() {
        let mut mine = lock(mine);
        work(&mut mine, &mut lock(theirs))
    } else {
        let mut theirs = lock(theirs);
        work(&mut lock(mine), &mut theirs)
    }
}
