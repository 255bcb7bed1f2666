//! The mailbox: a [`MailQueue`] behind a [`Gate`].

use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Mutex, OnceLock};

use crate::gate::{Entry, Gate, MOST};
use crate::high_lane::HighLane;
use crate::mail_queue::MailQueue;
use crate::room::Room;
use crate::shelf::Shelf;
use crate::sync::lock;

#[derive(Debug)]
pub(crate) struct Mailbox<T, Q> {
    pub(crate) gate: Gate,
    pub(crate) queue: Q,
    pub(crate) room: Room,
    /// In a box of its own, since a cell is as small as it can be.
    rare: OnceLock<Box<Box<dyn AnyRare<T>>>>,
}

/// What few mailboxes have.
#[derive(Debug)]
pub(crate) struct Rare<T> {
    high: HighLane<T>,
    /// Messages that were not ready.
    held: Mutex<Held<T>>,
}

/// The same where nobody knows whether it is there: so it is compiled only for
/// protocols with messages of high priority, and for states with the hook
/// `ready`.
trait AnyRare<T>: Send + Sync {
    fn all(&self) -> &Rare<T>;
    fn pop_high(&self) -> Option<T>;
    fn held(&self) -> usize;
    fn take_oldest(&self, lane: Lane) -> Option<T>;
    /// Looks at how many are held, which stay so many while it looks.
    fn while_held(&self, look: &mut dyn FnMut(usize));
}

impl<T: Send> AnyRare<T> for Rare<T> {
    fn all(&self) -> &Rare<T> {
        self
    }

    fn pop_high(&self) -> Option<T> {
        self.high.pop()
    }

    fn held(&self) -> usize {
        lock(&self.held).len()
    }

    fn take_oldest(&self, lane: Lane) -> Option<T> {
        lock(&self.held).lane(lane).take_oldest()
    }

    fn while_held(&self, look: &mut dyn FnMut(usize)) {
        let held = lock(&self.held);
        look(held.len());
    }
}

impl<T> fmt::Debug for dyn AnyRare<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rare({} held)", self.held())
    }
}

/// A queue of a mailbox. Those of high priority are served first, and have no
/// part in its capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    High,
    Ordinary,
}

/// Messages that were not ready, lane by lane.
#[derive(Debug)]
pub(crate) struct Held<T> {
    high: Shelf<T>,
    ordinary: Shelf<T>,
}

impl<T> Held<T> {
    pub(crate) fn len(&self) -> usize {
        self.high.len() + self.ordinary.len()
    }

    pub(crate) fn lane(&mut self, lane: Lane) -> &mut Shelf<T> {
        match lane {
            Lane::High => &mut self.high,
            Lane::Ordinary => &mut self.ordinary,
        }
    }
}

/// Why a message was not queued, and the message.
#[derive(Debug)]
pub(crate) enum Refused<T> {
    Full(T),
    Closed(T),
}

/// What came of an attempt to queue a message, whatever it is.
pub(crate) enum Attempt {
    Queued,
    Full,
    Closed,
}

impl Attempt {
    /// A message that was refused is put back.
    pub(crate) fn of<T>(outcome: Result<(), Refused<T>>, message: &mut Option<T>) -> Attempt {
        match outcome {
            Ok(()) => Attempt::Queued,
            Err(Refused::Full(refused)) => {
                *message = Some(refused);
                Attempt::Full
            }
            Err(Refused::Closed(refused)) => {
                *message = Some(refused);
                Attempt::Closed
            }
        }
    }
}

/// A message that lost its place to another.
#[derive(Debug)]
pub(crate) struct Replaced<T> {
    pub(crate) oldest: T,
    /// The caller must schedule the actor.
    pub(crate) wake: bool,
}

impl<T, Q: MailQueue<T>> Mailbox<T, Q> {
    pub(crate) fn new(capacity: Option<usize>) -> Mailbox<T, Q> {
        // `MOST` is less than that.
        let capacity = capacity.map(|capacity| u32::try_from(capacity.min(MOST)));
        let capacity = capacity.and_then(|capacity| NonZeroU32::new(capacity.unwrap_or(u32::MAX)));
        Mailbox {
            gate: Gate::new(capacity.is_some()),
            queue: Q::new(capacity.map(places)),
            room: Room::new(capacity),
            rare: OnceLock::new(),
        }
    }

    /// Queues `item` if there is room. `Ok(true)` asks the caller to schedule
    /// the actor.
    #[inline]
    pub(crate) fn push(&self, item: T) -> Result<bool, Refused<T>> {
        match self.enter() {
            Entry::Counted(before) => {
                self.queue.push(item);
                Ok(before.was_idle())
            }
            Entry::Full => Err(Refused::Full(item)),
            Entry::Closed => Err(Refused::Closed(item)),
        }
    }

    /// Queues `item` with high priority, whatever the capacity.
    pub(crate) fn push_high(&self, item: T) -> Result<bool, Refused<T>>
    where
        T: Send + 'static,
    {
        let entry = match self.room.capacity {
            None => self.gate.enter(),
            Some(_) => self.gate.enter_extra(),
        };
        match entry {
            Entry::Counted(before) => {
                self.rare().high.push(item);
                Ok(before.was_idle())
            }
            Entry::Full => Err(Refused::Full(item)),
            Entry::Closed => Err(Refused::Closed(item)),
        }
    }

    /// Counts in a message that is not there yet: [`append`](Mailbox::append)
    /// or [`withdraw`](Mailbox::withdraw) must follow at once.
    #[inline]
    pub(crate) fn enter(&self) -> Entry {
        match self.room.capacity {
            None => self.gate.enter(),
            Some(capacity) => self.gate.enter_bounded(places(capacity)),
        }
    }

    /// Counts it out again.
    pub(crate) fn withdraw(&self) {
        self.count_out(Lane::Ordinary);
        self.room.offer();
    }

    /// Appends it as one of high priority, which it was not counted as.
    pub(crate) fn append_high(&self, item: T)
    where
        T: Send + 'static,
    {
        if self.room.capacity.is_some() {
            self.gate.make_extra();
        }
        self.rare().high.push(item);
        self.room.offer();
    }

    /// Takes the oldest queued message out, and with that its place. None if
    /// none was in the queue just now.
    pub(crate) fn evict_oldest(&self) -> Option<T> {
        let oldest = match self.take_held(Lane::Ordinary) {
            Some(held) => held,
            None => self.queue.pop()?,
        };
        self.count_out(Lane::Ordinary);
        Some(oldest)
    }

    /// Gives the place of the oldest queued message to `item`, and that
    /// message to the caller. `Err` if none was in the queue just now.
    pub(crate) fn replace_oldest(&self, item: T) -> Result<Replaced<T>, T> {
        // What was offered before and was not ready has waited longest.
        if let Some(oldest) = self.take_held(Lane::Ordinary) {
            self.queue.push(item);
            let wake = self.gate.rouse();
            return Ok(Replaced { oldest, wake });
        }
        match self.queue.pop() {
            Some(oldest) => {
                self.queue.push(item);
                Ok(Replaced {
                    oldest,
                    wake: false,
                })
            }
            None => Err(item),
        }
    }

    pub(crate) fn append(&self, item: T) {
        self.queue.push(item);
    }

    /// Has the first who waits for room look again.
    pub(crate) fn offer_room(&self) {
        self.room.offer();
    }

    /// Closes the door: what is queued stays, nothing is added.
    pub(crate) fn close(&self) {
        if self.gate.close() && self.room.capacity.is_some() {
            self.room.close();
        }
    }

    /// Opens the door again, for another incarnation.
    pub(crate) fn reopen(&self) {
        self.gate.reopen();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.gate.is_closed()
    }

    /// How many messages wait, roughly.
    pub(crate) fn len(&self) -> usize {
        match self.room.capacity {
            None => self.gate.len() + self.held(),
            Some(_) => self.gate.len_of_both(),
        }
    }

    /// The same, and the message in hand.
    pub(crate) fn load(&self) -> usize {
        match self.room.capacity {
            // It is counted until it was handled.
            None => self.len(),
            Some(_) => self.gate.len_of_both() + usize::from(self.gate.is_busy()),
        }
    }

    pub(crate) fn capacity(&self) -> Option<usize> {
        self.room.capacity.map(places)
    }

    // ---- the rare parts

    fn rare(&self) -> &Rare<T>
    where
        T: Send + 'static,
    {
        let rare = self.rare.get_or_init(|| {
            Box::new(Box::new(Rare {
                high: HighLane::new(),
                held: Mutex::new(Held {
                    high: Shelf::new(),
                    ordinary: Shelf::new(),
                }),
            }))
        });
        rare.all()
    }

    /// How many are held.
    pub(crate) fn held(&self) -> usize {
        self.rare.get().map_or(0, |rare| rare.held())
    }

    /// Takes the one that is held longest.
    fn take_held(&self, lane: Lane) -> Option<T> {
        self.rare.get()?.take_oldest(lane)
    }

    /// Looks at what is held of a lane, if anything ever was.
    pub(crate) fn shelf<R>(&self, lane: Lane, look: impl FnOnce(&mut Shelf<T>) -> R) -> Option<R> {
        let rare = self.rare.get()?.all();
        Some(look(lock(&rare.held).lane(lane)))
    }

    /// Looks at how many are held, which stay so many while it looks.
    pub(crate) fn while_held(&self, look: &mut dyn FnMut(usize)) {
        match self.rare.get() {
            Some(rare) => rare.while_held(look),
            // Only the actor itself holds messages.
            None => look(0),
        }
    }

    pub(crate) fn hold(&self, lane: Lane, kind: usize, item: T)
    where
        T: Send + 'static,
    {
        lock(&self.rare().held).lane(lane).put(kind, item);
    }

    /// Takes the next message of high priority, which is still counted in.
    pub(crate) fn pop_high(&self) -> Option<T> {
        self.rare.get()?.pop_high()
    }

    // ---- the end

    /// Hands every message that is in the queue just now to `each`.
    pub(crate) fn clear(&self, each: &mut dyn FnMut(T)) {
        while self.drop_next(each) {}
    }

    /// Closes the door and hands every message that was let in to `each`.
    pub(crate) fn empty(&self, each: &mut dyn FnMut(T)) {
        self.close();
        // Most of the time there is nothing: what is not counted is nowhere
        // but in the rare parts.
        if self.rare.get().is_none() && self.counted() == 0 {
            return;
        }
        loop {
            if self.drop_next(each) {
                continue;
            }
            if self.counted() == 0 {
                return;
            }
            // A sender has counted its message in and is about to push it.
            std::thread::yield_now();
        }
    }

    /// Hands the next message to `each`, and then counts it out.
    fn drop_next(&self, each: &mut dyn FnMut(T)) -> bool {
        if let Some(item) = self.pop_high() {
            each(item);
            self.count_out(Lane::High);
            return true;
        }
        for lane in [Lane::High, Lane::Ordinary] {
            if let Some(item) = self.take_held(lane) {
                each(item);
                // In an unbounded mailbox it was counted out when it was held.
                if self.room.capacity.is_some() {
                    self.count_out(lane);
                }
                return true;
            }
        }
        match self.queue.pop() {
            Some(item) => {
                each(item);
                self.count_out(Lane::Ordinary);
                true
            }
            None => false,
        }
    }

    fn counted(&self) -> usize {
        match self.room.capacity {
            None => self.gate.look().counted,
            Some(_) => self.gate.look_at_both().counted,
        }
    }

    fn count_out(&self, lane: Lane) {
        match (self.room.capacity, lane) {
            (None, _) => {
                self.gate.settle(1);
            }
            (Some(_), Lane::High) => self.gate.take_extra(),
            (Some(_), Lane::Ordinary) => self.gate.take(),
        }
    }
}

fn places(capacity: NonZeroU32) -> usize {
    capacity.get() as usize
}
