//! Senders that wait for room in a mailbox.

use std::num::NonZeroU32;
use std::sync::Mutex;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;
use std::task::Waker;

use crate::guard::wake;
use crate::sync::lock;
use crate::waiters::{Ticket, Waiters};

#[derive(Debug)]
pub(crate) struct Room {
    waiters: Mutex<Waiters>,
    /// `waiters.len()`, readable without the lock. A waiter counts itself
    /// here before it looks at the gate for the last time, the actor frees a
    /// place before it looks here: one of them sees the other.
    count: AtomicU32,
    /// How many the mailbox takes, if it has a limit.
    pub(crate) capacity: Option<NonZeroU32>,
}

impl Room {
    pub(crate) fn new(capacity: Option<NonZeroU32>) -> Room {
        Room {
            waiters: Mutex::new(Waiters::new()),
            count: AtomicU32::new(0),
            capacity,
        }
    }

    /// Waits at the place of `ticket`. After this the caller must try once
    /// more before it goes to sleep.
    pub(crate) fn wait(&self, ticket: &mut Option<Ticket>, waker: &Waker) {
        let waker = waker.clone();
        let mut waiters = lock(&self.waiters);
        let replaced = waiters.register(ticket, waker);
        self.count.store(waiters.len() as u32, SeqCst);
        drop(waiters);
        drop(replaced);
    }

    /// Stops waiting. `got_in` tells whether the waiter found room; if it did
    /// not, but had been woken for some, the next one is woken for it.
    pub(crate) fn leave(&self, ticket: Ticket, got_in: bool) {
        let mut waiters = lock(&self.waiters);
        let waker = waiters.leave(ticket);
        self.count.store(waiters.len() as u32, SeqCst);
        drop(waiters);
        if waker.is_none() && !got_in {
            self.offer();
        }
    }

    /// Wakes the first, since a place is free.
    pub(crate) fn offer(&self) {
        if self.count.load(SeqCst) == 0 {
            return;
        }
        let mut waiters = lock(&self.waiters);
        let first = waiters.first();
        self.count.store(waiters.len() as u32, SeqCst);
        drop(waiters);
        if let Some(waker) = first {
            wake(waker);
        }
    }

    /// Wakes them all, since there will be no more places.
    pub(crate) fn close(&self) {
        let mut waiters = lock(&self.waiters);
        let all = waiters.all();
        self.count.store(0, SeqCst);
        drop(waiters);
        all.wake();
    }
}
