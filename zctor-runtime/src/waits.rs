//! Who waits for whom inside of handlers, and how a circle is found.
//!
//! **Notes.** A future of zctor's that an actor polls in a handler, and that
//! stays pending, notes whom it waits for, in a list of this thread
//! (`notes.rs`). When the poll of the actor is over and it rests, the list
//! moves to the actor; when the actor is polled again it counts no more. So the
//! waits of an actor stand in its [`Waits`] exactly while it rests in a
//! handler. They are put down under a lock, and end by a flag without it: what
//! a poll does later, such as to look for an answer once more, is seen after
//! the flag by whoever gives that answer, and by whoever sees him rest. (The
//! old list is dropped when the next one is put down.) A future that is done,
//! or dropped, takes its note back. One that a handler polled, kept and left
//! behind is noted wrongly, until the next poll: a circle through it is never
//! confirmed. What is polled with another waker than the actor's own is not
//! noted: it may be woken for more reasons than are known here.
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
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
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

/// What they are called.
pub(crate) fn numbers(waits: &[Wait]) -> Vec<u64> {
    let mut numbers = Vec::with_capacity(waits.len());
    for wait in waits {
        numbers.push(wait.id);
    }
    numbers
}

/// What an actor waits for; nothing while it is polled.
#[derive(Default)]
pub(crate) struct Waits {
    known: Mutex<Option<Box<Waiting>>>,
    /// The list counts. Raised under the lock, lowered by the actor alone.
    rest: AtomicBool,
    /// There is a verdict.
    judged: AtomicBool,
}

#[derive(Default)]
pub(crate) struct Waiting {
    /// Out of date while the actor is polled.
    pub(crate) list: Vec<Wait>,
    /// How often it has come to rest with these or other waits.
    pub(crate) rests: u64,
    pub(crate) suspicion: Option<Arc<Suspicion>>,
    verdict: Option<Verdict>,
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
        && match who.waits().known.try_lock() {
            Ok(_) => who.waits().rest.load(Acquire),
            Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => true,
        }
}

impl Waits {
    /// Puts the waits of `list` down, which gets those of the last time, for
    /// the caller to drop. True if none of those that are waited for may be
    /// waiting itself.
    pub(crate) fn put_down(&self, list: &mut Vec<Wait>) -> bool {
        let mut guard = lock(&self.known);
        let waiting = guard.get_or_insert_default();
        std::mem::swap(&mut waiting.list, list);
        waiting.rests += 1;
        self.rest.store(true, Release);
        let goes_on = |wait: &Wait| wait.is_open() || !may_be_waiting(&*wait.whom);
        waiting.suspicion.is_none() && waiting.list.iter().any(goes_on)
    }

    /// The actor is about to be polled: its waits count no more.
    #[inline]
    pub(crate) fn take_away(&self) -> Option<Verdict> {
        self.rest.store(false, Release);
        if self.judged.load(Acquire) {
            self.take_verdict()
        } else {
            None
        }
    }

    #[cold]
    fn take_verdict(&self) -> Option<Verdict> {
        let mut guard = lock(&self.known);
        self.judged.store(false, Relaxed);
        guard.as_deref_mut()?.verdict.take()
    }

    /// Leaves a verdict, unless the actor has ended: to be called before it is
    /// roused. Returns an earlier one.
    pub(crate) fn judge(&self, verdict: Verdict) -> Option<Verdict> {
        let mut guard = lock(&self.known);
        let waiting = guard.as_deref_mut()?;
        self.judged.store(true, Release);
        waiting.verdict.replace(verdict)
    }

    /// While it blocks its own thread, its task cannot be polled, and this is
    /// what makes it look again.
    pub(crate) fn rouse_by(&self, waker: Option<Waker>) {
        let replaced = match &mut *lock(&self.known) {
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
        self.rest.store(false, Release);
        lock(&self.known).take()
    }

    /// Looks at what is known of an actor that rests in a handler and waits.
    pub(crate) fn of_resting<T>(&self, look: impl FnOnce(&mut Waiting) -> T) -> Option<T> {
        let mut waiting = lock(&self.known);
        let waiting = waiting.as_deref_mut();
        waiting.filter(|_| self.rest.load(Acquire)).map(look)
    }

    /// The same, also while it is polled, unless it has ended.
    pub(crate) fn of_any<T>(&self, look: impl FnOnce(&mut Waiting) -> T) -> Option<T> {
        lock(&self.known).as_deref_mut().map(look)
    }

    /// What an actor that rests in a handler waits for.
    pub(crate) fn list(&self) -> Vec<Wait> {
        let mut list = Vec::new();
        self.of_resting(|waiting| {
            for wait in &waiting.list {
                list.push(wait.clone());
            }
        });
        list
    }

    /// The waits, each with whom it is for; none if one of them is open.
    pub(crate) fn edges(&self) -> Vec<(Wait, Arc<dyn Waiter>)> {
        let mut edges = Vec::new();
        for wait in self.list() {
            if wait.is_open() {
                return Vec::new();
            }
            let whom = Arc::clone(&wait.whom);
            edges.push((wait, whom));
        }
        edges
    }
}
