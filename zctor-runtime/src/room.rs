//! Senders that wait for room in a mailbox.

use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
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
    count: AtomicUsize,
}

impl Room {
    pub(crate) fn new() -> Room {
        Room {
            waiters: Mutex::new(Waiters::new()),
            count: AtomicUsize::new(0),
        }
    }

    /// Waits at the place of `ticket`. After this the caller must try once
    /// more before it goes to sleep.
    pub(crate) fn wait(&self, ticket: &mut Option<Ticket>, waker: &Waker) {
        let waker = waker.clone();
        let mut waiters = lock(&self.waiters);
        let replaced = waiters.register(ticket, waker);
        self.count.store(waiters.len(), SeqCst);
        drop(waiters);
        drop(replaced);
    }

    /// Stops waiting. `got_in` tells whether the waiter found room; if it did
    /// not, but had been woken for some, the next one is woken for it.
    pub(crate) fn leave(&self, ticket: Ticket, got_in: bool) {
        let mut waiters = lock(&self.waiters);
        let waker = waiters.leave(ticket);
        self.count.store(waiters.len(), SeqCst);
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
        self.count.store(waiters.len(), SeqCst);
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
        all.for_each(wake);
    }
}
