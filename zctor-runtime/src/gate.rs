//! The counter that wakes an actor and closes its door.
//!
//! One word holds all that senders and the actor must agree on:
//!
//! ```text
//! | CLOSED | BUSY | how many messages are counted in |
//! ```
//!
//! **Count, then push.** A sender first counts its message in; if the door is
//! closed it counts itself out again and keeps the message. Only then does it
//! push into the queue. So a message is in the queue only if it was counted,
//! and after the door has closed the actor knows how many are still to come.
//!
//! **Waking.** Whoever moves the word away from zero schedules the actor. The
//! word is kept from zero while the actor is at work, so that it is scheduled
//! once for each time that it goes idle, not once for each message:
//!
//! - an unbounded mailbox counts messages out ([`Gate::settle`]) only after
//!   they were handled;
//! - a bounded one counts a message out when a handler takes it
//!   ([`Gate::take`]), since that is what frees a place, and raises `BUSY` in
//!   the same step; [`Gate::rest`] lowers it if nothing is counted in.
//!
//! Races, and why they are harmless:
//!
//! - *Counted, not yet pushed.* The actor finds less than was counted. It must
//!   not go idle (nobody would wake it) but yield and look again.
//! - *Counted into a closed door.* The count is too high until the sender has
//!   counted itself out. An actor that ends looks again until it is zero.
//! - *A sender counts in while the actor goes idle.* `settle` and `rest` are
//!   single atomic steps: either the actor sees the message, or the sender
//!   sees zero and schedules the actor.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, SeqCst};

const CLOSED: usize = 1 << (usize::BITS - 1);
const BUSY: usize = 1 << (usize::BITS - 2);
const COUNT: usize = BUSY - 1;

#[derive(Debug)]
pub(crate) struct Gate(AtomicUsize);

/// What became of an attempt to count a message in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Entry {
    /// Counted: push the message, and then schedule the actor if `wake`.
    Counted { wake: bool },
    /// There is no room for it.
    Full,
    /// The actor takes no more messages.
    Closed,
}

/// What the actor sees when it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) counted: usize,
    pub(crate) closed: bool,
}

fn view(word: usize) -> View {
    View {
        counted: word & COUNT,
        closed: word & CLOSED != 0,
    }
}

impl Gate {
    /// An open door with nobody in. An actor is scheduled once when it is
    /// spawned, so it counts as busy.
    pub(crate) fn new(bounded: bool) -> Gate {
        Gate(AtomicUsize::new(if bounded { BUSY } else { 0 }))
    }

    /// Counts a message in, whatever the capacity.
    pub(crate) fn enter(&self) -> Entry {
        let before = self.0.fetch_add(1, SeqCst);
        if before & CLOSED != 0 {
            self.0.fetch_sub(1, AcqRel);
            return Entry::Closed;
        }
        Entry::Counted { wake: before == 0 }
    }

    /// Counts a message in if fewer than `capacity` are.
    pub(crate) fn enter_bounded(&self, capacity: usize) -> Entry {
        let mut word = self.0.load(SeqCst);
        loop {
            if word & CLOSED != 0 {
                return Entry::Closed;
            }
            if word & COUNT >= capacity {
                return Entry::Full;
            }
            match self.0.compare_exchange_weak(word, word + 1, SeqCst, SeqCst) {
                Ok(_) => return Entry::Counted { wake: word == 0 },
                Err(seen) => word = seen,
            }
        }
    }

    /// Counts one message out because a handler takes it; the actor is busy.
    pub(crate) fn take(&self, already_busy: bool) {
        // One step does both: a carry into BUSY, which is not set yet.
        let step = if already_busy {
            1usize.wrapping_neg()
        } else {
            BUSY - 1
        };
        self.0.fetch_add(step, SeqCst);
    }

    /// The actor has nothing in hand. False if something is counted in, in
    /// which case it stays busy.
    pub(crate) fn rest(&self) -> bool {
        let mut word = self.0.load(SeqCst);
        while word & COUNT == 0 {
            match self
                .0
                .compare_exchange_weak(word, word & !BUSY, SeqCst, SeqCst)
            {
                Ok(_) => return true,
                Err(seen) => word = seen,
            }
        }
        false
    }

    /// Counts `handled` messages out.
    pub(crate) fn settle(&self, handled: usize) -> View {
        view(self.0.fetch_sub(handled, SeqCst) - handled)
    }

    /// Closes the door.
    pub(crate) fn close(&self) -> View {
        view(self.0.fetch_or(CLOSED, SeqCst))
    }

    pub(crate) fn look(&self) -> View {
        view(self.0.load(Acquire))
    }

    /// How many messages are counted in, roughly.
    pub(crate) fn len(&self) -> usize {
        self.0.load(Relaxed) & COUNT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_in_wakes() {
        let gate = Gate::new(false);
        assert_eq!(gate.enter(), Entry::Counted { wake: true });
        assert_eq!(gate.enter(), Entry::Counted { wake: false });
        assert_eq!(
            gate.settle(1),
            View {
                counted: 1,
                closed: false
            }
        );
        assert_eq!(gate.enter(), Entry::Counted { wake: false });
        assert_eq!(
            gate.settle(2),
            View {
                counted: 0,
                closed: false
            }
        );
        assert_eq!(gate.enter(), Entry::Counted { wake: true });
    }

    #[test]
    fn a_busy_actor_is_not_woken_but_its_place_is_free() {
        let gate = Gate::new(true);
        assert!(gate.rest());
        assert_eq!(gate.enter_bounded(1), Entry::Counted { wake: true });
        assert_eq!(gate.enter_bounded(1), Entry::Full);
        gate.take(false);
        assert_eq!(gate.enter_bounded(1), Entry::Counted { wake: false });
        assert_eq!(gate.enter_bounded(1), Entry::Full);
        assert!(!gate.rest(), "a message waits");
        gate.take(true);
        assert!(gate.rest());
        assert_eq!(gate.enter_bounded(1), Entry::Counted { wake: true });
    }

    #[test]
    fn a_closed_door_lets_nobody_in_and_keeps_the_count() {
        for bounded in [false, true] {
            let gate = Gate::new(bounded);
            let _ = gate.enter();
            assert_eq!(
                gate.close(),
                View {
                    counted: 1,
                    closed: false
                }
            );
            assert_eq!(gate.enter(), Entry::Closed);
            assert_eq!(gate.enter_bounded(9), Entry::Closed);
            assert_eq!(
                gate.look(),
                View {
                    counted: 1,
                    closed: true
                }
            );
        }
    }

    #[test]
    fn a_closed_gate_still_rests() {
        let gate = Gate::new(true);
        gate.close();
        assert!(gate.rest());
        assert!(gate.look().closed);
    }
}
