//! The workers of a pool, as its handles choose among them.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{PoisonError, RwLock};

use super::hash::bucket;
use crate::cell::Cell;
use crate::handle::Handle;
use crate::protocol::Protocol;
use crate::supervision::roster::Roster;

/// What the handles of a pool have in common: the roster's list of its workers
/// as it was seen last, so that a choice looks at nothing else.
pub(super) struct Crowd<P: Protocol> {
    turns: AtomicUsize,
    /// The turns of those with the same load.
    ties: AtomicUsize,
    list: RwLock<List<P>>,
}

struct List<P: Protocol> {
    /// The number of the roster's last change. Before the first look, 0.
    seen: u64,
    workers: Vec<Handle<P>>,
}

impl<P: Protocol> Default for Crowd<P> {
    fn default() -> Self {
        let workers = Vec::new();
        Crowd {
            turns: AtomicUsize::new(0),
            ties: AtomicUsize::new(0),
            list: RwLock::new(List { seen: 0, workers }),
        }
    }
}

impl<P: Protocol> Crowd<P> {
    /// Looks at the workers as they are now, in the order of their indices.
    pub(super) fn look<R>(&self, roster: &Roster, look: impl FnOnce(&[Handle<P>]) -> R) -> R {
        let changes = roster.changes();
        {
            let list = self.list.read().unwrap_or_else(PoisonError::into_inner);
            if list.seen == changes {
                return look(&list.workers);
            }
        }
        let actors = roster.listed().into_iter();
        let workers = actors
            .filter_map(|actor| actor.downcast::<Cell<P>>().ok())
            .map(|cell| Handle::new(&cell))
            .collect();
        let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        let mut old = List {
            seen: changes,
            workers,
        };
        // Another may have looked later, and been here sooner.
        if list.seen < changes {
            std::mem::swap(&mut *list, &mut old);
        }
        let seen = look(&list.workers);
        drop(list);
        drop(old);
        seen
    }

    /// The number of a turn that nobody else has.
    pub(super) fn turn(&self) -> usize {
        self.turns.fetch_add(1, Relaxed)
    }

    /// The same for choices by load, which are no turns.
    pub(super) fn tie(&self) -> usize {
        self.ties.fetch_add(1, Relaxed)
    }
}

/// Whether a worker takes messages: it has not ended, and nobody has stopped it
/// just now.
fn is_open<P: Protocol>(worker: &Handle<P>) -> bool {
    !worker.cell().mailbox.is_closed()
}

/// The one whose turn it is. The turns of those that take no messages go round
/// among the others.
pub(super) fn in_turn<P: Protocol>(workers: &[Handle<P>], turn: usize) -> Option<&Handle<P>> {
    let place = turn.checked_rem(workers.len())?;
    let round = turn / workers.len();
    open_at(workers, place, |open| round % open)
}

/// Any, each as likely as the others that take messages.
pub(super) fn at_random<P: Protocol>(workers: &[Handle<P>], random: u64) -> Option<&Handle<P>> {
    let (place, rest) = draw(random, workers.len());
    open_at(workers, place, |open| draw(rest, open).0)
}

/// The one at this place. If it takes no messages, the one of those that do
/// whose place among them `other` says, of so many. If nobody does, the one at
/// that place says so.
fn open_at<P: Protocol>(
    workers: &[Handle<P>],
    place: usize,
    other: impl FnOnce(usize) -> usize,
) -> Option<&Handle<P>> {
    let own = workers.get(place)?;
    if is_open(own) {
        return Some(own);
    }
    let open = || workers.iter().filter(|worker| is_open(worker));
    let chosen = match open().count() {
        0 => None,
        count => open().nth(other(count)),
    };
    // One may have closed its door since they were counted.
    Some(chosen.or_else(|| open().next()).unwrap_or(own))
}

/// The one with the fewest messages, the one in hand included; of several, the
/// first from this place on.
pub(super) fn least_loaded<P: Protocol>(workers: &[Handle<P>], place: usize) -> Option<&Handle<P>> {
    let place = place.checked_rem(workers.len())?;
    let in_turn = workers[place..].iter().chain(&workers[..place]);
    // The first of those with the same load.
    in_turn.min_by_key(|worker| (!is_open(worker), worker.cell().mailbox.load()))
}

/// The one that a key belongs to. If that has ended for good, another, the same
/// for the same key, until there is one in its place.
pub(super) fn of_key<P: Protocol>(workers: &[Handle<P>], key: u64) -> Option<&Handle<P>> {
    let place = bucket(key, workers.len());
    let own = workers.get(place)?;
    match is_open(own) || own.is_alive() {
        true => Some(own),
        // Of other bits, as these have decided already.
        false => open_at(workers, place, |open| bucket(key.rotate_left(32), open)),
    }
}

/// A place among so many, of a number that is as likely as any other; and what
/// of it is still open, which is such a number again.
fn draw(random: u64, places: usize) -> (usize, u64) {
    let product = u128::from(random) * places as u128;
    ((product >> u64::BITS) as usize, product as u64)
}
