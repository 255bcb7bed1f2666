//! The mailbox: a flume queue behind a [`Gate`]. Nothing else in zctor knows
//! flume, so another queue can take its place.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::task::Waker;

use crate::gate::{Entry, Gate, View};
use crate::guard::wake;
use crate::sync::lock;
use crate::waiters::{Ticket, Waiters};

/// With this many messages waiting they are drained under one lock. flume
/// hands its memory over with them, so the queue then grows anew: with fewer
/// messages at a time that would cost an allocation every few tells.
const DRAIN_FROM: usize = 512;

/// While a queue shorter than that is growing, its actor lets others have
/// their turn so many times before it takes what is there. Actor and sender
/// would otherwise fight for the lock at each message, which costs both of
/// them several times the message itself.
const PATIENCE: u32 = 16;

#[derive(Debug)]
pub(crate) struct Mailbox<T> {
    gate: Gate,
    incoming: flume::Sender<T>,
    outgoing: flume::Receiver<T>,
    capacity: Option<usize>,
    /// What an incarnation had drained and not handled.
    leftover: Mutex<VecDeque<T>>,
    room: Room,
}

/// Senders that wait for room.
#[derive(Debug)]
struct Room {
    waiters: Mutex<Waiters>,
    /// `waiters.len()`, readable without the lock. A waiter counts itself
    /// here before it looks at the gate for the last time, the actor frees a
    /// place before it looks here: one of them sees the other.
    count: AtomicUsize,
}

/// Why a message was not queued, and the message.
#[derive(Debug)]
pub(crate) enum Refused<T> {
    Full(T),
    Closed(T),
}

impl<T> Mailbox<T> {
    pub(crate) fn new(capacity: Option<usize>) -> Mailbox<T> {
        let (incoming, outgoing) = flume::unbounded();
        Mailbox {
            gate: Gate::new(capacity.is_some()),
            incoming,
            outgoing,
            capacity,
            leftover: Mutex::new(VecDeque::new()),
            room: Room {
                waiters: Mutex::new(Waiters::new()),
                count: AtomicUsize::new(0),
            },
        }
    }

    /// Queues `item` if there is room. `Ok(true)` asks the caller to schedule
    /// the actor.
    #[inline]
    pub(crate) fn push(&self, item: T) -> Result<bool, Refused<T>> {
        match self.enter() {
            Entry::Counted { wake } => {
                self.append(item);
                Ok(wake)
            }
            Entry::Full => Err(Refused::Full(item)),
            Entry::Closed => Err(Refused::Closed(item)),
        }
    }

    /// Counts in a message that is not there yet: [`append`](Mailbox::append)
    /// or [`withdraw`](Mailbox::withdraw) must follow at once.
    #[inline]
    pub(crate) fn enter(&self) -> Entry {
        match self.capacity {
            None => self.gate.enter(),
            Some(capacity) => self.gate.enter_bounded(capacity),
        }
    }

    /// Counts it out again.
    pub(crate) fn withdraw(&self) {
        self.gate.settle(1);
    }

    /// Takes the oldest queued message out, and with that its place. None if
    /// none was in the queue just now.
    pub(crate) fn evict_oldest(&self) -> Option<T> {
        let oldest = self.outgoing.try_recv().ok()?;
        self.gate.settle(1);
        Some(oldest)
    }

    /// Gives the place of the oldest queued message to `item`, and that
    /// message to the caller. `Err` if none was in the queue just now.
    pub(crate) fn replace_oldest(&self, item: T) -> Result<T, T> {
        match self.outgoing.try_recv() {
            Ok(oldest) => {
                self.append(item);
                Ok(oldest)
            }
            Err(_) => Err(item),
        }
    }

    pub(crate) fn append(&self, item: T) {
        // It cannot fail: the receiver lives as long as this mailbox.
        let sent = self.incoming.send(item);
        debug_assert!(sent.is_ok(), "the mailbox lost its receiver");
    }

    /// Waits for room at the place of `ticket`. After this the caller must
    /// try once more before it goes to sleep.
    pub(crate) fn wait_for_room(&self, ticket: &mut Option<Ticket>, waker: &Waker) {
        let waker = waker.clone();
        let mut waiters = lock(&self.room.waiters);
        let replaced = waiters.register(ticket, waker);
        self.room.count.store(waiters.len(), SeqCst);
        drop(waiters);
        drop(replaced);
    }

    /// Stops waiting. `got_in` tells whether the waiter found room; if it did
    /// not, but had been woken for some, the next one is woken for it.
    pub(crate) fn stop_waiting(&self, ticket: Ticket, got_in: bool) {
        let mut waiters = lock(&self.room.waiters);
        let waker = waiters.leave(ticket);
        self.room.count.store(waiters.len(), SeqCst);
        drop(waiters);
        if waker.is_none() && !got_in {
            self.offer_room();
        }
    }

    fn offer_room(&self) {
        if self.room.count.load(SeqCst) == 0 {
            return;
        }
        let mut waiters = lock(&self.room.waiters);
        let first = waiters.first();
        self.room.count.store(waiters.len(), SeqCst);
        drop(waiters);
        if let Some(waker) = first {
            wake(waker);
        }
    }

    /// Closes the door: what is queued stays, nothing is added.
    pub(crate) fn close(&self) {
        let before = self.gate.close();
        if before.closed || self.capacity.is_none() {
            return;
        }
        let mut waiters = lock(&self.room.waiters);
        let all = waiters.all();
        self.room.count.store(0, SeqCst);
        drop(waiters);
        all.for_each(wake);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.gate.look().closed
    }

    /// How many messages wait, roughly.
    pub(crate) fn len(&self) -> usize {
        self.gate.len()
    }

    pub(crate) fn capacity(&self) -> Option<usize> {
        self.capacity
    }

    /// Hands every message that is in the queue just now to `each`.
    pub(crate) fn clear(&self, mut each: impl FnMut(T)) {
        while let Ok(item) = self.outgoing.try_recv() {
            each(item);
            self.gate.settle(1);
        }
    }

    /// Closes the door and hands every message that was let in to `each`.
    pub(crate) fn empty(&self, mut each: impl FnMut(T)) {
        self.close();
        loop {
            let leftover = lock(&self.leftover).pop_front();
            match leftover.or_else(|| self.outgoing.try_recv().ok()) {
                Some(item) => {
                    each(item);
                    self.gate.settle(1);
                }
                None if self.gate.look().counted == 0 => return,
                // A sender has counted its message in and is about to push it.
                None => std::thread::yield_now(),
            }
        }
    }
}

/// The receiving end, for one incarnation at a time. When it is dropped, what
/// it had drained goes back to the mailbox, in order; the message in hand is
/// gone.
#[derive(Debug)]
pub(crate) struct Inbox<'a, T> {
    mailbox: &'a Mailbox<T>,
    recovered: VecDeque<T>,
    batch: Option<flume::Drain<'a, T>>,
    /// Unbounded: received and not yet counted out, the one in hand included.
    held: usize,
    /// Unbounded: to be received one by one before the count is looked at.
    one_by_one: usize,
    /// Unbounded: how long the queue was when it was last left to grow, and how
    /// many more times it may be.
    seen: usize,
    patience: u32,
    /// Bounded: the gate's `BUSY` is set.
    busy: bool,
}

/// What an [`Inbox`] has.
#[derive(Debug)]
pub(crate) enum Next<T> {
    Item(T),
    /// Nothing. Unless [`Inbox::rest`] says otherwise, the next sender
    /// schedules the actor.
    Nothing,
    /// A message is about to be pushed, or many are: yield, and look again.
    Behind,
    /// Nothing, and nothing will come.
    Closed,
}

impl<'a, T> Inbox<'a, T> {
    pub(crate) fn new(mailbox: &'a Mailbox<T>) -> Inbox<'a, T> {
        let recovered = std::mem::take(&mut *lock(&mailbox.leftover));
        let held = recovered.len();
        Inbox {
            mailbox,
            recovered,
            batch: None,
            held,
            one_by_one: 0,
            seen: 0,
            patience: PATIENCE,
            busy: true,
        }
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Next<T> {
        if let Some(item) = self.batch.as_mut().and_then(Iterator::next) {
            return Next::Item(item);
        }
        if let Some(item) = self.recovered.pop_front() {
            return Next::Item(item);
        }
        match self.mailbox.capacity {
            None => self.next_unbounded(),
            Some(_) => self.next_bounded(),
        }
    }

    fn next_unbounded(&mut self) -> Next<T> {
        // A burst's memory is not kept.
        self.batch = None;
        if self.one_by_one > 0 {
            return self.receive_one();
        }
        let gate = &self.mailbox.gate;
        let view = match std::mem::take(&mut self.held) {
            0 => gate.look(),
            held => gate.settle(held),
        };
        match view.counted {
            0 => {
                self.be_patient_again();
                nothing(view)
            }
            DRAIN_FROM.. => self.receive_all(),
            counted => {
                if counted > 1 && counted > self.seen && self.patience > 0 && !view.closed {
                    self.seen = counted;
                    self.patience -= 1;
                    return Next::Behind;
                }
                self.one_by_one = counted;
                self.receive_one()
            }
        }
    }

    fn be_patient_again(&mut self) {
        self.seen = 0;
        self.patience = PATIENCE;
    }

    fn receive_one(&mut self) -> Next<T> {
        match self.mailbox.outgoing.try_recv() {
            Ok(item) => {
                self.one_by_one -= 1;
                self.held += 1;
                if self.one_by_one == 0 {
                    self.be_patient_again();
                }
                Next::Item(item)
            }
            Err(_) => {
                // Some are counted and not pushed yet; or they were counted in
                // at a closed door, and will be counted out: look again.
                self.one_by_one = 0;
                Next::Behind
            }
        }
    }

    fn receive_all(&mut self) -> Next<T> {
        self.be_patient_again();
        let batch = self.batch.insert(self.mailbox.outgoing.drain());
        self.held = batch.len();
        match batch.next() {
            Some(item) => Next::Item(item),
            None => Next::Behind,
        }
    }

    fn next_bounded(&mut self) -> Next<T> {
        match self.mailbox.outgoing.try_recv() {
            Ok(item) => {
                self.mailbox.gate.take(self.busy);
                self.busy = true;
                self.mailbox.offer_room();
                Next::Item(item)
            }
            Err(_) => match self.mailbox.gate.look() {
                View { counted: 0, closed } => nothing(View { counted: 0, closed }),
                _ => Next::Behind,
            },
        }
    }

    /// Goes idle after [`Next::Nothing`]. False if a message came meanwhile.
    pub(crate) fn rest(&mut self) -> bool {
        if self.mailbox.capacity.is_none() {
            return true;
        }
        self.busy = self.busy && !self.mailbox.gate.rest();
        !self.busy
    }
}

fn nothing<T>(view: View) -> Next<T> {
    if view.closed {
        Next::Closed
    } else {
        Next::Nothing
    }
}

impl<T> Drop for Inbox<'_, T> {
    fn drop(&mut self) {
        let mut unhandled = std::mem::take(&mut self.recovered);
        unhandled.extend(self.batch.take().into_iter().flatten());
        if self.mailbox.capacity.is_none() {
            self.mailbox.gate.settle(self.held - unhandled.len());
        }
        if !unhandled.is_empty() {
            *lock(&self.mailbox.leftover) = unhandled;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take<T>(inbox: &mut Inbox<'_, T>) -> Option<T> {
        loop {
            match inbox.next() {
                Next::Item(item) => return Some(item),
                Next::Behind => {}
                Next::Nothing | Next::Closed => return None,
            }
        }
    }

    #[test]
    fn a_growing_queue_is_left_alone_for_a_while() {
        let mailbox = Mailbox::new(None);
        let mut inbox = Inbox::new(&mailbox);
        let mut left_alone = 0;
        let first = loop {
            let _ = mailbox.push(left_alone);
            let _ = mailbox.push(left_alone);
            match inbox.next() {
                Next::Item(item) => break item,
                _ => left_alone += 1,
            }
        };
        assert_eq!((first, left_alone), (0, PATIENCE));
        assert!(
            matches!(inbox.next(), Next::Item(0)),
            "and then taken one by one"
        );
    }

    #[test]
    fn one_that_is_counted_in_and_out_again_is_not_waited_for() {
        let mailbox = Mailbox::new(None);
        let mut inbox = Inbox::new(&mailbox);
        let _ = mailbox.push(1);
        // As it looks while a sender at a closed door is half-way.
        let _ = mailbox.gate.enter();
        mailbox.close();
        assert!(matches!(inbox.next(), Next::Item(1)));
        assert!(matches!(inbox.next(), Next::Behind));
        assert!(matches!(inbox.next(), Next::Behind));
        mailbox.gate.settle(1);
        assert!(matches!(inbox.next(), Next::Closed));
    }

    #[test]
    fn what_was_drained_goes_back_in_order() {
        let mailbox = Mailbox::new(None);
        for n in 0..DRAIN_FROM {
            assert_eq!(mailbox.push(n).ok(), Some(n == 0));
        }
        let mut first = Inbox::new(&mailbox);
        assert_eq!((take(&mut first), take(&mut first)), (Some(0), Some(1)));
        drop(first);
        assert_eq!(mailbox.len(), DRAIN_FROM - 2);
        let _ = mailbox.push(DRAIN_FROM);
        let mut second = Inbox::new(&mailbox);
        let rest: Vec<_> = std::iter::from_fn(|| take(&mut second)).collect();
        assert_eq!(rest, (2..=DRAIN_FROM).collect::<Vec<_>>());
        drop(second);
        assert_eq!(mailbox.len(), 0);
    }

    #[test]
    fn emptying_hands_over_leftovers_and_queue() {
        let mailbox = Mailbox::new(None);
        for n in 0..=DRAIN_FROM {
            let _ = mailbox.push(n);
        }
        let mut inbox = Inbox::new(&mailbox);
        assert_eq!(take(&mut inbox), Some(0));
        drop(inbox);
        let mut rest = Vec::new();
        mailbox.empty(|n| rest.push(n));
        assert_eq!(rest, (1..=DRAIN_FROM).collect::<Vec<_>>());
        assert!(matches!(mailbox.push(9), Err(Refused::Closed(9))));
    }

    #[test]
    fn a_bounded_mailbox_frees_a_place_when_one_is_taken() {
        let mailbox = Mailbox::new(Some(2));
        let mut inbox = Inbox::new(&mailbox);
        assert!(
            matches!(mailbox.push(1), Ok(false)),
            "a new actor is scheduled already"
        );
        assert!(mailbox.push(2).is_ok());
        assert!(matches!(mailbox.push(3), Err(Refused::Full(3))));
        assert_eq!(take(&mut inbox), Some(1));
        assert!(mailbox.push(3).is_ok());
        assert_eq!(mailbox.replace_oldest(4).ok(), Some(2));
        assert_eq!((take(&mut inbox), take(&mut inbox)), (Some(3), Some(4)));
        assert!(matches!(inbox.next(), Next::Nothing));
        assert!(inbox.rest());
        assert!(
            matches!(mailbox.push(5), Ok(true)),
            "a resting actor is woken"
        );
    }
}
