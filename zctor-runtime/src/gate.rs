//! The counter that wakes an actor and closes its door.
//!
//! One word holds all that senders and the actor must agree on. That of an
//! unbounded mailbox has one count:
//!
//! ```text
//! | CLOSED | how many messages are counted in |
//! ```
//!
//! That of a bounded one has two, of 31 bits each, since extra messages (those
//! of `#[priority(high)]`) are not subject to its capacity:
//!
//! ```text
//! | CLOSED | BUSY | extra messages | ordinary messages |
//! ```
//!
//! **Count, then push.** A sender first counts its message in; if the door is
//! closed it counts itself out again and keeps the message. Only then does it
//! push into the queue. So a message is in the queue only if it was counted,
//! and after the door has closed the actor knows how many are still to come.
//! Capacity looks at the ordinary ones only, closing and waking at all.
//!
//! **Waking.** An actor is scheduled once for each time that it goes idle, not
//! once for each message:
//!
//! - into an unbounded mailbox, whoever moves the count away from zero
//!   schedules the actor, which counts messages out ([`Gate::settle`]) only
//!   after they were handled;
//! - a bounded one counts a message out when a handler takes it
//!   ([`Gate::take`]), since that is what frees a place. So there `BUSY` says
//!   whether the actor is at work: whoever counts a message in sets it in the
//!   same step, and schedules the actor if it was not set; [`Gate::rest`]
//!   lowers it.
//!
//! **Held messages** were received, and wait until they are ready. An
//! unbounded mailbox counts them out like handled ones. In a bounded one they
//! keep their places, so its actor goes idle when nothing but those is counted.
//!
//! Races, and why they are harmless:
//!
//! - *Counted, not yet pushed.* The actor finds less than was counted. It must
//!   not go idle (nobody would wake it) but yield and look again.
//! - *Counted into a closed door.* The count is too high until the sender has
//!   counted itself out. An actor that ends looks again until it is zero.
//! - *A sender counts in while the actor goes idle.* `settle` and `rest` are
//!   single atomic steps: either the actor sees the message, or the sender
//!   sees an idle actor and schedules it.
//! - *A sender counts in while the actor works, but was woken by something
//!   else than a message.* `BUSY` is not set, so the actor is scheduled once
//!   more than needed, and finds nothing.
//! - *A sender takes a held message's place while the actor goes idle*
//!   (`drop_oldest`). That does not change the count, so a comparison with the
//!   number of held messages could be out of date. Therefore `rest` is called
//!   under the lock of the held messages, and the sender calls
//!   [`Gate::rouse`] after its push: either the actor sees one held message
//!   less, or the sender sees an idle actor.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, SeqCst};

const CLOSED: u64 = 1 << 63;
const BUSY: u64 = 1 << 62;
/// The one count of an unbounded mailbox.
const COUNT: u64 = CLOSED - 1;
/// The two counts of a bounded one.
const EXTRA_BITS: u32 = 31;
const ORDINARY: u64 = (1 << EXTRA_BITS) - 1;
const ONE_EXTRA: u64 = 1 << EXTRA_BITS;
const EXTRA: u64 = ORDINARY << EXTRA_BITS;

/// The largest capacity.
pub(crate) const MOST: usize = ORDINARY as usize;

#[derive(Debug)]
pub(crate) struct Gate(AtomicU64);

/// What became of an attempt to count a message in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Entry {
    /// Counted: push the message, and then schedule the actor if it was idle.
    Counted(Before),
    /// There is no room for it.
    Full,
    /// The actor takes no more messages.
    Closed,
}

/// What told before whether the actor was idle, as one number for both kinds
/// of mailbox: a tell keeps it while it pushes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Before(u64);

impl Before {
    pub(crate) fn was_idle(self) -> bool {
        self.0 == 0
    }
}

/// What the actor sees when it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) counted: usize,
    pub(crate) closed: bool,
}

/// Of an unbounded mailbox.
fn view(word: u64) -> View {
    View {
        counted: number(word & COUNT),
        closed: word & CLOSED != 0,
    }
}

/// The ordinary and the extra ones together.
fn both(word: u64) -> usize {
    number((word & ORDINARY) + ((word & EXTRA) >> EXTRA_BITS))
}

fn number(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

impl Gate {
    /// An open door with nobody in. An actor is scheduled once when it is
    /// spawned, so it counts as busy.
    pub(crate) fn new(bounded: bool) -> Gate {
        Gate(AtomicU64::new(if bounded { BUSY } else { 0 }))
    }

    /// Counts a message into an unbounded mailbox.
    pub(crate) fn enter(&self) -> Entry {
        let before = self.0.fetch_add(1, SeqCst);
        if before & CLOSED != 0 {
            self.0.fetch_sub(1, AcqRel);
            return Entry::Closed;
        }
        Entry::Counted(Before(before))
    }

    /// Counts a message into a bounded mailbox, if fewer ordinary ones than
    /// `capacity` are.
    pub(crate) fn enter_bounded(&self, capacity: usize) -> Entry {
        self.enter_if(1, |word| number(word & ORDINARY) < capacity)
    }

    /// Counts an extra message into a bounded mailbox, whatever the capacity.
    pub(crate) fn enter_extra(&self) -> Entry {
        // More would not fit into memory.
        self.enter_if(ONE_EXTRA, |word| word & EXTRA != EXTRA)
    }

    fn enter_if(&self, step: u64, room: impl Fn(u64) -> bool) -> Entry {
        let mut word = self.0.load(SeqCst);
        loop {
            if word & CLOSED != 0 {
                return Entry::Closed;
            }
            if !room(word) {
                return Entry::Full;
            }
            let entered = (word + step) | BUSY;
            match self.0.compare_exchange_weak(word, entered, SeqCst, SeqCst) {
                Ok(_) => return Entry::Counted(Before(word & BUSY)),
                Err(seen) => word = seen,
            }
        }
    }

    /// Counts an ordinary message out of a bounded mailbox.
    pub(crate) fn take(&self) {
        self.0.fetch_sub(1, SeqCst);
    }

    /// Counts an extra message out of a bounded mailbox.
    pub(crate) fn take_extra(&self) {
        self.0.fetch_sub(ONE_EXTRA, SeqCst);
    }

    /// An ordinary message of a bounded mailbox turns out to be an extra one.
    pub(crate) fn make_extra(&self) {
        self.0.fetch_add(ONE_EXTRA - 1, SeqCst);
    }

    /// The actor of a bounded mailbox has nothing in hand but the `held`
    /// messages. False if more is counted in, in which case it stays busy.
    pub(crate) fn rest(&self, held: usize) -> bool {
        let mut word = self.0.load(SeqCst);
        while both(word) == held {
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

    /// There is something to do in a bounded mailbox that its count does not
    /// show. True asks the caller to schedule the actor.
    pub(crate) fn rouse(&self) -> bool {
        self.0.fetch_or(BUSY, SeqCst) & BUSY == 0
    }

    /// Counts `handled` messages out of an unbounded mailbox.
    pub(crate) fn settle(&self, handled: usize) -> View {
        let handled = handled as u64;
        view(self.0.fetch_sub(handled, SeqCst) - handled)
    }

    /// Closes the door. True if it was open.
    pub(crate) fn close(&self) -> bool {
        !self.is_closed() && self.0.fetch_or(CLOSED, SeqCst) & CLOSED == 0
    }

    pub(crate) fn reopen(&self) {
        if self.is_closed() {
            self.0.fetch_and(!CLOSED, SeqCst);
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.0.load(Acquire) & CLOSED != 0
    }

    /// An unbounded mailbox.
    pub(crate) fn look(&self) -> View {
        view(self.0.load(Acquire))
    }

    /// A bounded mailbox.
    pub(crate) fn look_at_both(&self) -> View {
        let word = self.0.load(Acquire);
        View {
            counted: both(word),
            closed: word & CLOSED != 0,
        }
    }

    /// How many messages are counted into an unbounded mailbox, roughly.
    pub(crate) fn len(&self) -> usize {
        number(self.0.load(Relaxed) & COUNT)
    }

    /// The same of a bounded one.
    pub(crate) fn len_of_both(&self) -> usize {
        both(self.0.load(Relaxed))
    }

    /// Whether the actor of a bounded mailbox has something in hand, roughly.
    pub(crate) fn is_busy(&self) -> bool {
        self.0.load(Relaxed) & BUSY != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the actor is scheduled; none if nothing was counted.
    fn wakes(entry: Entry) -> Option<bool> {
        match entry {
            Entry::Counted(before) => Some(before.was_idle()),
            Entry::Full | Entry::Closed => None,
        }
    }

    fn open(counted: usize) -> View {
        View {
            counted,
            closed: false,
        }
    }

    #[test]
    fn only_the_first_in_wakes() {
        let gate = Gate::new(false);
        assert_eq!(wakes(gate.enter()), Some(true));
        assert_eq!(wakes(gate.enter()), Some(false));
        assert_eq!(gate.settle(1), open(1));
        assert_eq!(wakes(gate.enter()), Some(false));
        assert_eq!(gate.settle(2), open(0));
        assert_eq!(wakes(gate.enter()), Some(true));
    }

    #[test]
    fn a_busy_actor_is_not_woken_but_its_place_is_free() {
        let gate = Gate::new(true);
        assert!(gate.rest(0));
        assert_eq!(wakes(gate.enter_bounded(1)), Some(true));
        assert_eq!(gate.enter_bounded(1), Entry::Full);
        gate.take();
        assert_eq!(wakes(gate.enter_bounded(1)), Some(false));
        assert_eq!(gate.enter_bounded(1), Entry::Full);
        assert!(!gate.rest(0), "a message waits");
        gate.take();
        assert!(gate.rest(0));
        assert_eq!(wakes(gate.enter_bounded(1)), Some(true));
    }

    #[test]
    fn extra_messages_take_no_place_but_wake_and_are_waited_for() {
        let gate = Gate::new(true);
        assert!(gate.rest(0));
        assert_eq!(wakes(gate.enter_extra()), Some(true));
        assert_eq!(wakes(gate.enter_extra()), Some(false));
        assert_eq!(wakes(gate.enter_bounded(1)), Some(false));
        assert_eq!(gate.enter_bounded(1), Entry::Full);
        assert_eq!(gate.look_at_both(), open(3));
        gate.take();
        assert_eq!(wakes(gate.enter_bounded(1)), Some(false));
        gate.take();
        assert!(!gate.rest(0), "extra messages wait");
        gate.take_extra();
        gate.take_extra();
        assert!(gate.rest(0));
    }

    #[test]
    fn an_actor_rests_on_what_it_holds() {
        let gate = Gate::new(true);
        let _ = gate.enter_bounded(2);
        let _ = gate.enter_bounded(2);
        assert!(!gate.rest(1));
        assert!(gate.rest(2));
        assert_eq!(gate.enter_bounded(2), Entry::Full);
        assert_eq!(wakes(gate.enter_bounded(3)), Some(true));
        assert!(gate.rest(3));
        assert!(gate.rouse(), "once");
        assert!(!gate.rouse());
    }

    #[test]
    fn the_extra_count_is_never_full_for_ordinary_messages() {
        let gate = Gate(AtomicU64::new(EXTRA | BUSY));
        assert_eq!(gate.enter_extra(), Entry::Full);
        assert_eq!(wakes(gate.enter_bounded(MOST)), Some(false));
        assert_eq!(gate.look_at_both(), open(MOST + 1));
    }

    #[test]
    fn a_closed_door_lets_nobody_in_and_keeps_the_count() {
        let closed = View {
            counted: 1,
            closed: true,
        };
        let gate = Gate::new(false);
        let _ = gate.enter();
        assert!(gate.close());
        assert_eq!(gate.enter(), Entry::Closed);
        assert_eq!(gate.look(), closed);
        let gate = Gate::new(true);
        let _ = gate.enter_bounded(1);
        assert!(gate.close());
        assert!(!gate.close());
        assert_eq!(gate.enter_bounded(9), Entry::Closed);
        assert_eq!(gate.enter_extra(), Entry::Closed);
        assert_eq!(gate.look_at_both(), closed);
    }

    #[test]
    fn a_closed_gate_still_rests() {
        let gate = Gate::new(true);
        gate.close();
        assert!(gate.rest(0));
        assert!(gate.look_at_both().closed);
    }
}
