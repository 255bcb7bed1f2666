//! What the poll of an actor waits for, noted while it goes on: see `waits.rs`.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Waker};

use crate::inquiry::{Inquiry, Untold};
use crate::registry::AnyActor;
use crate::suspicion::examine;
use crate::wait_cycle::{Awaited, WaitCycle};
use crate::waits::{HandedOver, Verdict, Wait, Waiter};

thread_local! {
    /// The address of the waker that the actor in hand is polled with; 0
    /// outside of actors.
    static ACTOR: Cell<usize> = const { Cell::new(0) };
    /// How many are in `NOTES`, where a verdict and an inquiry count as one each:
    /// to be read at the cost of a plain load.
    static NOTED: Cell<u32> = const { Cell::new(0) };
    static NOTES: RefCell<Notes> = const {
        RefCell::new(Notes { list: Vec::new(), verdict: None, untold: Untold::none() })
    };
    /// The actor in hand, if this thread is its own: it may block it.
    static OWNER: RefCell<Option<Arc<dyn Waiter>>> = const { RefCell::new(None) };
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
    /// The actor in hand is to finish what it is at, so that a group can be
    /// restarted.
    static LEAVING: Cell<bool> = const { Cell::new(false) };
}

struct Notes {
    list: Vec<Wait>,
    verdict: Option<Verdict>,
    untold: Untold,
}

/// Unique in the process: each thread takes many at a time.
fn new_id() -> u64 {
    const MANY: u64 = 1 << 20;
    static RANGES: AtomicU64 = AtomicU64::new(0);
    let mut id = NEXT_ID.get();
    if id.is_multiple_of(MANY) {
        id = RANGES.fetch_add(1, Relaxed) * MANY + 1;
    }
    NEXT_ID.set(id + 1);
    id
}

/// The wait of one future; it is taken back with it.
#[derive(Debug, Default)]
pub(crate) struct Note(u64);

impl Note {
    /// Notes that the future stays pending, if an actor polls it in a handler.
    #[inline]
    pub(crate) fn pending(
        &mut self,
        cx: &Context<'_>,
        whom: &dyn Fn() -> Arc<dyn Waiter>,
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
        NOTES.with_borrow_mut(|notes| notes.list.push(wait));
        NOTED.set(NOTED.get() + 1);
    }

    /// Whether there is none.
    #[inline]
    pub(crate) fn is_none(&self) -> bool {
        self.0 == 0
    }

    /// Takes the note back: the future is done, or waits for something else.
    #[inline]
    pub(crate) fn clear(&mut self) {
        if self.0 != 0 {
            take_back(std::mem::take(&mut self.0));
        }
    }

    /// The circle that this wait is part of, if it was found to be.
    #[inline]
    pub(crate) fn verdict(&self) -> Option<WaitCycle> {
        if self.0 == 0 || NOTED.get() == 0 {
            return None;
        }
        let verdict = NOTES.with_borrow_mut(|notes| {
            let own = |verdict: &mut Verdict| verdict.wait == self.0;
            notes.verdict.take_if(own)
        })?;
        NOTED.set(NOTED.get() - 1);
        Some(verdict.cycle)
    }
}

impl Drop for Note {
    #[inline]
    fn drop(&mut self) {
        self.clear();
    }
}

fn take_back(id: u64) {
    // At the very end of a thread its storage is gone.
    if NOTED.try_with(Cell::get).unwrap_or(0) == 0 {
        return;
    }
    // Dropped without the borrow: it may be the last of an actor.
    let removed = NOTES.with_borrow_mut(|notes| {
        let place = notes.list.iter().position(|wait| wait.id == id)?;
        Some(notes.list.swap_remove(place))
    });
    if removed.is_some() {
        NOTED.set(NOTED.get() - 1);
    }
}

/// Whoever asked the actor in hand is to be told why a panic has passed, or an
/// error: when its poll is over. None outside of actors.
pub(crate) fn inquire() -> Option<Arc<Inquiry>> {
    if ACTOR.try_with(Cell::get).unwrap_or(0) == 0 {
        return None;
    }
    let inquiry = NOTES.try_with(|notes| Some(notes.try_borrow_mut().ok()?.untold.add()));
    let inquiry = inquiry.ok().flatten()?;
    NOTED.set(NOTED.get() + 1);
    Some(inquiry)
}

fn address(cx: &Context<'_>) -> usize {
    cx.waker().data() as usize
}

/// Whether the actor in hand must not wait for one that is restarted with it:
/// each would wait for the other.
#[inline]
pub(crate) fn is_leaving() -> bool {
    LEAVING.get()
}

pub(crate) fn set_leaving(leaving: bool) {
    LEAVING.set(leaving);
}

/// An actor is about to be polled, that came to rest with waits or without.
#[inline]
pub(crate) fn resume(actor: &dyn AnyActor, waits: bool, cx: &Context<'_>) {
    ACTOR.set(address(cx));
    if waits {
        take_up(actor);
    }
}

#[inline]
fn take_up(actor: &dyn Waiter) {
    if let Some(verdict) = actor.waits().take_away() {
        bring(verdict);
    }
}

#[cold]
fn bring(verdict: Verdict) {
    let earlier = NOTES.with_borrow_mut(|notes| notes.verdict.replace(verdict));
    drop(earlier);
    NOTED.set(1);
}

/// Drops the notes, each without the borrow.
fn empty() {
    while let Some(wait) = NOTES.with_borrow_mut(|notes| notes.list.pop()) {
        drop(wait);
    }
}

/// All of them, but for those who are to be told something.
#[cold]
fn forget() -> Untold {
    NOTED.set(0);
    let (verdict, untold) = NOTES.with_borrow_mut(|notes| {
        let untold = std::mem::take(&mut notes.untold);
        (notes.verdict.take(), untold)
    });
    drop(verdict);
    empty();
    untold
}

/// The poll of an actor is over, and it rests. Returns whether it waits.
#[inline]
pub(crate) fn pause(actor: &Arc<dyn AnyActor>) -> bool {
    ACTOR.set(0);
    NOTED.get() != 0 && rest(actor)
}

fn rest(actor: &Arc<dyn AnyActor>) -> bool {
    put_down(&**actor, &|| Arc::clone(actor) as Arc<dyn Waiter>)
}

fn put_down(actor: &dyn Waiter, whole: &dyn Fn() -> Arc<dyn Waiter>) -> bool {
    NOTED.set(0);
    if !actor.has_waited() {
        actor.set_has_waited();
    }
    let (goes_on, old, more) = NOTES.with_borrow_mut(|notes| {
        let some = !notes.list.is_empty();
        let goes_on = some.then(|| actor.waits().put_down(&mut notes.list));
        let old = notes.list.pop();
        let rare = notes.verdict.is_some() || !notes.untold.is_empty();
        (goes_on, old, rare || !notes.list.is_empty())
    });
    drop(old);
    if more {
        drop(forget());
    }
    // Most of the time whoever is waited for is at work, and that is all.
    if goes_on == Some(false) {
        examine(whole());
    }
    goes_on.is_some()
}

/// The poll of an actor is over, and with it the actor. Returns those who are to
/// be told why, if it has crashed.
pub(crate) fn leave() -> Untold {
    ACTOR.set(0);
    let untold = if NOTED.get() != 0 {
        forget()
    } else {
        Untold::none()
    };
    set_owner(None);
    untold
}

/// The actor that is about to be polled has this thread for itself; or the
/// thread's actor is gone.
pub(crate) fn set_owner(owner: Option<Arc<dyn Waiter>>) {
    let before = OWNER.replace(owner);
    drop(before);
}

/// A handler that blocks its actor's own thread, waiting.
pub(crate) struct Blocked {
    owner: Arc<dyn Waiter>,
    before: usize,
    waits: bool,
}

/// Called when a thread begins to wait, and polls what it waits for with
/// `waker`.
pub(crate) fn block(waker: &Waker) -> Option<Blocked> {
    let before = ACTOR.try_with(Cell::get).unwrap_or(0);
    if before == 0 {
        return None;
    }
    let owner = OWNER.with_borrow(Option::clone)?;
    ACTOR.set(waker.data() as usize);
    let waits = false;
    Some(Blocked {
        owner,
        before,
        waits,
    })
}

impl Blocked {
    /// It stays pending, and the thread is about to sleep until `waker` wakes it.
    pub(crate) fn pause(&mut self, waker: &Waker) {
        if NOTED.get() != 0 {
            self.owner.waits().rouse_by(Some(waker.clone()));
            self.waits = put_down(&*self.owner, &|| Arc::clone(&self.owner));
        }
    }

    /// The thread has woken.
    pub(crate) fn resume(&mut self) {
        if std::mem::take(&mut self.waits) {
            take_up(&*self.owner);
        }
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        self.owner.waits().rouse_by(None);
        ACTOR.set(self.before);
    }
}
