//! Who waits for whom inside of handlers, and how a circle is found.
//!
//! **Notes.** A future of zctor's that an actor polls in a handler, and that
//! stays pending, notes whom it waits for, in a list of this thread
//! (`notes.rs`). When the poll of the actor is over and it rests, the list
//! moves to the actor; when the actor is polled again it is taken away. So the
//! waits of an actor stand in its [`Waits`] exactly while it rests in a
//! handler. A future that is done, or dropped, takes its note back; a handler
//! that returns takes all. What is polled with another waker than the actor's
//! own is not noted: it may be woken for more reasons than are known here.
//!
//! **Search.** Whoever comes to rest looks whether it waits for itself
//! ([`knot`](crate::wait_cycle::knot)), and first puts its own waits down. So
//! the last one of a circle that comes to rest sees all of it.
//!
//! **Confirmation.** What the search saw may be over already: a wait stands
//! until its actor is polled, and its answer may have come before. So a circle
//! is first a [`Suspicion`], and all its members are woken. One that was
//! answered goes on, and its wait disappears. Waits have numbers of their own
//! and never come back, and an actor counts how often it came to rest. When
//! all members have come to rest once more with the same waits, they had all
//! of them at one time, that of the search; none was answered before it, and
//! nobody on the circle can have answered since. Only then is it a deadlock.
//!
//! **Verdict.** The wait that closed the circle ends with the error. So do all
//! waits for room on it: who has given up keeps its mailbox as full as it was.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Arc, Mutex, TryLockError};
use std::task::Waker;

use crate::guard;
use crate::label::ActorLabel;
use crate::sync::lock;
use crate::wait_cycle::{Awaited, WaitCycle};

/// An actor as far as waiting goes.
pub(crate) trait Waiter: Send + Sync {
    fn label(&self) -> ActorLabel;
    fn waits(&self) -> &Waits;
    /// Whether it has ever waited: without a lock, and in one order for all.
    fn has_waited(&self) -> bool;
    fn set_has_waited(&self);
    fn rouse(&self);
}

/// One wait for one actor.
#[derive(Clone)]
pub(crate) struct Wait {
    pub(crate) id: u64,
    pub(crate) whom: Arc<dyn Waiter>,
    pub(crate) message: &'static str,
    pub(crate) what: Awaited,
    pub(crate) handed_over: Option<HandedOver>,
}

/// Set when a handler has got a reply to answer later: from then on the answer
/// may come from anywhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct HandedOver(Arc<AtomicBool>);

impl HandedOver {
    pub(crate) fn set(&self) {
        self.0.store(true, Release);
    }

    fn get(&self) -> bool {
        self.0.load(Acquire)
    }
}

impl Wait {
    /// Whether it may be over without that whom it waits for goes on.
    pub(crate) fn is_open(&self) -> bool {
        self.handed_over.as_ref().is_some_and(HandedOver::get)
    }
}

/// What an actor waits for; nothing while it is polled.
#[derive(Default)]
pub(crate) struct Waits(Mutex<Option<Box<Waiting>>>);

#[derive(Default)]
pub(crate) struct Waiting {
    pub(crate) list: Vec<Wait>,
    /// How often it has come to rest with these or other waits.
    pub(crate) rests: u64,
    pub(crate) suspicion: Option<Arc<Suspicion>>,
    pub(crate) verdict: Option<Verdict>,
    /// While it blocks its own thread.
    waker: Option<Waker>,
}

/// A circle that is to be confirmed.
pub(crate) struct Suspicion {
    pub(crate) members: Vec<Member>,
    /// The members of the circle itself, each with its wait for the next.
    pub(crate) path: Vec<(Arc<dyn Waiter>, Wait)>,
}

pub(crate) struct Member {
    pub(crate) who: Arc<dyn Waiter>,
    pub(crate) waits: Vec<u64>,
    pub(crate) rests: u64,
}

/// The wait of that number is part of a circle.
pub(crate) struct Verdict {
    pub(crate) wait: u64,
    pub(crate) cycle: WaitCycle,
}

/// Called with the lock of another one held: so it does not wait for that of
/// `who`, which is held by someone who will look himself.
fn may_be_waiting(who: &dyn Waiter) -> bool {
    who.has_waited()
        && match who.waits().0.try_lock() {
            Ok(waiting) => waiting
                .as_ref()
                .is_some_and(|waiting| !waiting.list.is_empty()),
            Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => true,
        }
}

impl Waits {
    /// Puts the waits of `list` down, which becomes empty. True if none of
    /// those that are waited for may be waiting itself.
    pub(crate) fn put_down(&self, list: &mut Vec<Wait>) -> bool {
        let mut guard = lock(&self.0);
        let waiting = guard.get_or_insert_default();
        std::mem::swap(&mut waiting.list, list);
        waiting.rests += 1;
        let goes_on = |wait: &Wait| wait.is_open() || !may_be_waiting(&*wait.whom);
        waiting.suspicion.is_none() && waiting.list.iter().any(goes_on)
    }

    /// Takes them away, into a list that is empty.
    pub(crate) fn take_away(&self, list: &mut Vec<Wait>) -> Option<Verdict> {
        let mut guard = lock(&self.0);
        let waiting = guard.as_deref_mut()?;
        std::mem::swap(&mut waiting.list, list);
        waiting.verdict.take()
    }

    /// While it blocks its own thread, its task cannot be polled, and this is
    /// what makes it look again.
    pub(crate) fn rouse_by(&self, waker: Option<Waker>) {
        let replaced = match &mut *lock(&self.0) {
            Some(waiting) => std::mem::replace(&mut waiting.waker, waker),
            None if waker.is_none() => None,
            nothing => std::mem::replace(&mut nothing.get_or_insert_default().waker, waker),
        };
        drop(replaced);
    }

    /// Makes `who`, whose waits these are, look again.
    pub(crate) fn rouse(&self, who: &dyn Waiter) {
        match self.of_any(|waiting| waiting.waker.clone()).flatten() {
            Some(waker) => guard::wake(waker),
            None => who.rouse(),
        }
    }

    /// Forgets all, for the caller to drop.
    pub(crate) fn forget(&self) -> Option<Box<Waiting>> {
        lock(&self.0).take()
    }

    /// Looks at what is known of an actor that rests in a handler and waits.
    pub(crate) fn of_resting<T>(&self, look: impl FnOnce(&mut Waiting) -> T) -> Option<T> {
        let mut waiting = lock(&self.0);
        let waiting = waiting.as_deref_mut();
        waiting.filter(|waiting| !waiting.list.is_empty()).map(look)
    }

    /// The same, also while it is polled, unless it has ended.
    pub(crate) fn of_any<T>(&self, look: impl FnOnce(&mut Waiting) -> T) -> Option<T> {
        lock(&self.0).as_deref_mut().map(look)
    }

    /// The waits, each with whom it is for; none if one of them is open.
    pub(crate) fn edges(&self) -> Vec<(Wait, Arc<dyn Waiter>)> {
        let closed = |waiting: &mut Waiting| {
            let list = &waiting.list;
            let all = list
                .iter()
                .map(|wait| (wait.clone(), Arc::clone(&wait.whom)));
            if list.iter().any(Wait::is_open) {
                Vec::new()
            } else {
                all.collect()
            }
        };
        self.of_resting(closed).unwrap_or_default()
    }
}
