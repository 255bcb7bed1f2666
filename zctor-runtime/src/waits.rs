//! Who waits for whom inside of handlers, and how a circle is found.
//!
//! **Notes.** A future of zctor's that an actor polls in a handler, and that
//! stays pending, notes whom it waits for, in a list of this thread. When the
//! poll of the actor is over and it waits, [`pause`] moves that list to the
//! actor; when the actor is polled again, [`resume`] takes it away. So the
//! waits of an actor stand there exactly while it rests in a handler. A future
//! that is done, or dropped, takes its note back; a handler that returns takes
//! all. What is polled with another waker than the actor's own is not noted:
//! it may be woken for more reasons than are known here.
//!
//! **Search.** Whoever pauses looks whether it waits for itself
//! ([`knot`](crate::wait_cycle::knot)). Each first notes and then looks, both
//! in one order for all (`SeqCst`), so the last one of a circle sees all of it.
//!
//! **Confirmation.** What the search saw may be over already: a wait lasts
//! until its actor is polled, and its answer may have come before. So a circle
//! is first a [`Suspicion`], and all its members are woken. One that was
//! answered goes on, and its wait disappears. The last one that has been
//! polled and still has the same waits knows that all of them had them all at
//! one time, the time of the search, and that none was answered then; and
//! nobody on the circle can have answered since. Only then is it a deadlock.
//!
//! **Verdict.** The wait that closed the circle ends with the error. So do all
//! waits for room on it: who has given up keeps its mailbox as full as it was.

use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex};
use std::task::Context;

use crate::label::ActorLabel;
use crate::sync::lock;
use crate::wait_cycle::{Awaited, Step, WaitCycle, knot};

/// An actor as far as waiting goes.
pub(crate) trait Waiter: Send + Sync {
    fn label(&self) -> ActorLabel;
    fn waits(&self) -> &Waits;
    /// Whether it rests in a handler that waits: `SeqCst`, without a lock.
    fn is_waiting(&self) -> bool;
    fn set_waiting(&self, waiting: bool);
    fn rouse(&self);
}

/// One wait for one actor.
#[derive(Clone)]
pub(crate) struct Wait {
    id: u64,
    whom: Arc<dyn Waiter>,
    message: &'static str,
    what: Awaited,
    handed_over: Option<HandedOver>,
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

/// What an actor waits for; nothing while it is polled.
#[derive(Default)]
pub(crate) struct Waits(Mutex<Option<Box<Waiting>>>);

#[derive(Default)]
struct Waiting {
    list: Vec<Wait>,
    /// How often it has come to rest with these or other waits.
    pauses: u64,
    suspicion: Option<Arc<Suspicion>>,
    verdict: Option<Verdict>,
}

/// A circle that is to be confirmed.
struct Suspicion {
    members: Vec<Member>,
    /// The members of the circle itself, each with its wait for the next.
    path: Vec<(Arc<dyn Waiter>, Wait)>,
}

struct Member {
    who: Arc<dyn Waiter>,
    waits: Vec<u64>,
    pauses: u64,
}

struct Verdict {
    wait: u64,
    cycle: WaitCycle,
}

thread_local! {
    /// The address of the waker that the actor in hand is polled with; 0
    /// outside of actors.
    static ACTOR: Cell<usize> = const { Cell::new(0) };
    /// How many are in `NOTES`, and a verdict counts as one: readable at the
    /// cost of a plain load.
    static NOTED: Cell<u32> = const { Cell::new(0) };
    static NOTES: RefCell<Vec<Wait>> = const { RefCell::new(Vec::new()) };
    static VERDICT: RefCell<Option<Verdict>> = const { RefCell::new(None) };
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
}

/// Ids are unique in the process: each thread takes many at a time.
fn new_id() -> u64 {
    const MANY: u64 = 1 << 20;
    static RANGES: AtomicU64 = AtomicU64::new(0);
    NEXT_ID.with(|next| {
        let mut id = next.get();
        if id % MANY == 0 {
            id = RANGES.fetch_add(1, Relaxed) * MANY + 1;
        }
        next.set(id + 1);
        id
    })
}

/// The wait of one future; its note is taken back with it.
#[derive(Debug, Default)]
pub(crate) struct Note(u64);

impl Note {
    /// Notes that the future stays pending, if an actor polls it in a handler.
    pub(crate) fn pending(
        &mut self,
        cx: &Context<'_>,
        whom: impl FnOnce() -> Arc<dyn Waiter>,
        message: &'static str,
        what: Awaited,
        handed_over: Option<&HandedOver>,
    ) {
        if ACTOR.get() != address(cx) {
            return;
        }
        if self.0 == 0 {
            self.0 = new_id();
        }
        let wait = Wait {
            id: self.0,
            whom: whom(),
            message,
            what,
            handed_over: handed_over.cloned(),
        };
        NOTES.with_borrow_mut(|notes| notes.push(wait));
        NOTED.set(NOTED.get() + 1);
    }

    /// Takes the note back: the future is done, or waits for something else.
    pub(crate) fn clear(&mut self) {
        let id = std::mem::take(&mut self.0);
        if id == 0 || NOTED.try_with(Cell::get).unwrap_or(0) == 0 {
            return;
        }
        // Dropped without the borrow: it may be the last of an actor.
        let removed = NOTES.with_borrow_mut(|notes| {
            let place = notes.iter().position(|wait| wait.id == id)?;
            Some(notes.swap_remove(place))
        });
        if removed.is_some() {
            NOTED.set(NOTED.get() - 1);
        }
    }

    /// The circle that this wait closes, if it was found to.
    pub(crate) fn verdict(&self) -> Option<WaitCycle> {
        if self.0 == 0 || NOTED.get() == 0 {
            return None;
        }
        let verdict =
            VERDICT.with_borrow_mut(|verdict| verdict.take_if(|verdict| verdict.wait == self.0))?;
        NOTED.set(NOTED.get() - 1);
        Some(verdict.cycle)
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        self.clear();
    }
}

fn address(cx: &Context<'_>) -> usize {
    cx.waker().data() as usize
}

/// An actor is about to be polled.
#[inline]
pub(crate) fn resume(actor: &impl Waiter, cx: &Context<'_>) {
    ACTOR.set(address(cx));
    if actor.is_waiting() {
        take_away(actor);
    }
}

#[cold]
fn take_away(actor: &impl Waiter) {
    let mut guard = lock(&actor.waits().0);
    let waiting = guard.as_deref_mut().map(|waiting| {
        let list = std::mem::take(&mut waiting.list);
        (list, waiting.verdict.take())
    });
    drop(guard);
    // Whoever still sees it waiting finds nothing that it waits for.
    actor.set_waiting(false);
    let (mut list, verdict) = waiting.unwrap_or_default();
    list.clear();
    NOTES.set(list);
    if verdict.is_some() {
        NOTED.set(1);
    }
    VERDICT.set(verdict);
}

/// A handler has returned: what it has kept of pending futures waits no more.
#[inline]
pub(crate) fn handler_returned() {
    if NOTED.get() != 0 {
        forget_all();
    }
}

#[cold]
fn forget_all() {
    NOTED.set(0);
    let verdict = VERDICT.take();
    let mut notes = NOTES.take();
    notes.clear();
    NOTES.set(notes);
    drop(verdict);
}

/// The poll of an actor is over, and it rests.
#[inline]
pub(crate) fn pause<W: Waiter + 'static>(actor: &Arc<W>) {
    ACTOR.set(0);
    if NOTED.get() != 0 {
        rest(actor);
    }
}

/// The poll of an actor is over, and with it the actor.
pub(crate) fn leave() {
    ACTOR.set(0);
    handler_returned();
}

/// An actor has ended: nothing is known of its waits any more.
pub(crate) fn end(actor: &impl Waiter) {
    actor.set_waiting(false);
    let gone = lock(&actor.waits().0).take();
    drop(gone);
}

#[cold]
fn rest<W: Waiter + 'static>(actor: &Arc<W>) {
    NOTED.set(0);
    drop(VERDICT.take());
    let notes = NOTES.take();
    if notes.is_empty() {
        return;
    }
    let same = |old: &[u64]| old.iter().copied().eq(notes.iter().map(|wait| wait.id));
    let mut guard = lock(&actor.waits().0);
    let waiting = guard.get_or_insert_default();
    waiting.pauses += 1;
    let suspicion = waiting.suspicion.take_if(|suspicion| {
        let own = suspicion.member(&**actor);
        !own.is_some_and(|own| same(&own.waits))
    });
    let suspected = waiting.suspicion.clone();
    waiting.list = notes;
    drop(guard);
    drop(suspicion);
    actor.set_waiting(true);
    let actor = Arc::clone(actor) as Arc<dyn Waiter>;
    match suspected {
        Some(suspicion) => match suspicion.confirm() {
            Finding::Deadlock => suspicion.pronounce(),
            Finding::Unsure => {}
            Finding::Over => {
                let over = actor.waits().change(|waiting| waiting.suspicion.take());
                drop(over);
                suspect(actor);
            }
        },
        None => suspect(actor),
    }
}

/// Looks whether `actor` waits for itself.
fn suspect(actor: Arc<dyn Waiter>) {
    // Most of the time whom it waits for is at work, and that is all.
    if actor.waits().may_go_on() {
        return;
    }
    let Some(knot) = knot(actor, address_of, |who| who.waits().edges()) else {
        return;
    };
    // One that is polled just now will rest, and look for itself.
    let members = knot.members.into_iter().map(|(who, waits)| {
        let pauses = who.waits().change(|waiting| Some(waiting.pauses))?;
        let waits = waits.iter().map(|wait: &Wait| wait.id).collect();
        Some(Member { who, waits, pauses })
    });
    let Some(members) = members.collect::<Option<Vec<_>>>() else {
        return;
    };
    let path = knot.path;
    let suspicion = Arc::new(Suspicion { members, path });
    for member in &suspicion.members {
        let waits = member.who.waits();
        let earlier = waits.change(|waiting| waiting.suspicion.replace(Arc::clone(&suspicion)));
        drop(earlier);
    }
    for member in &suspicion.members {
        member.who.rouse();
    }
}

fn address_of(who: &Arc<dyn Waiter>) -> usize {
    Arc::as_ptr(who).cast::<()>() as usize
}

impl Wait {
    /// Whether it may be over without that whom it waits for goes on.
    fn is_open(&self) -> bool {
        self.handed_over.as_ref().is_some_and(HandedOver::get)
    }
}

impl Waits {
    /// Changes what is known of an actor that rests in a handler and waits.
    fn change<T>(&self, change: impl FnOnce(&mut Waiting) -> Option<T>) -> Option<T> {
        let mut waiting = lock(&self.0);
        let waiting = waiting
            .as_deref_mut()
            .filter(|waiting| !waiting.list.is_empty())?;
        change(waiting)
    }

    /// Whether something that it waits for may well go on.
    fn may_go_on(&self) -> bool {
        let stuck = |wait: &Wait| wait.whom.is_waiting() && !wait.is_open();
        let all_stuck = |waiting: &mut Waiting| waiting.list.iter().all(stuck).then_some(());
        self.change(all_stuck).is_none()
    }

    /// The waits, each with whom it is for; none if one of them is open.
    fn edges(&self) -> Vec<(Wait, Arc<dyn Waiter>)> {
        let closed = |waiting: &mut Waiting| {
            let list = &waiting.list;
            let all = list
                .iter()
                .map(|wait| (wait.clone(), Arc::clone(&wait.whom)));
            (!list.iter().any(Wait::is_open)).then(|| all.collect())
        };
        self.change(closed).unwrap_or_default()
    }
}

enum Finding {
    Deadlock,
    /// Not all members have been polled again.
    Unsure,
    /// One of them waits for something else now.
    Over,
}

impl Suspicion {
    fn member(&self, who: &impl Waiter) -> Option<&Member> {
        self.members
            .iter()
            .find(|member| std::ptr::eq(member.who.waits(), who.waits()))
    }

    fn confirm(&self) -> Finding {
        let mut unsure = false;
        for member in &self.members {
            let again = member.who.waits().change(|waiting| {
                let ids = waiting.list.iter().map(|wait| wait.id);
                let same = ids.eq(member.waits.iter().copied());
                let closed = !waiting.list.iter().any(Wait::is_open);
                (same && closed).then_some(waiting.pauses > member.pauses)
            });
            match again {
                // It is being polled just now, or waits no more: it looks itself.
                None if !member.who.is_waiting() => unsure = true,
                None => return Finding::Over,
                Some(again) => unsure |= !again,
            }
        }
        if unsure {
            Finding::Unsure
        } else {
            Finding::Deadlock
        }
    }

    fn pronounce(&self) {
        let steps = self.path.iter().map(|(who, wait)| Step {
            who: who.label(),
            message: wait.message,
            what: wait.what,
        });
        let cycle = WaitCycle::new(steps);
        for (place, (who, wait)) in self.path.iter().enumerate() {
            if place > 0 && wait.what == Awaited::Answer {
                continue;
            }
            let verdict = Verdict {
                wait: wait.id,
                cycle: cycle.clone(),
            };
            // Also to one that is polled just now: it may find the same again.
            let mut guard = lock(&who.waits().0);
            let waiting = guard.as_deref_mut();
            let replaced = waiting.map(|waiting| waiting.verdict.replace(verdict));
            drop(guard);
            drop(replaced);
            who.rouse();
        }
    }
}
