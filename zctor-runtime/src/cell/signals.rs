//! What an actor is told besides its mail.

use std::sync::atomic::Ordering::{AcqRel, Acquire};

use super::Core;

/// What the actor must look at before its next message.
pub(super) const KILLED: u16 = 1;
/// Something has come from outside, but not by mail.
pub(super) const ARRIVED: u16 = 1 << 1;
pub(super) const SHUTDOWN: u16 = 1 << 2;
pub(super) const ENDING: u16 = 1 << 3;
pub(super) const GIVEN_UP: u16 = 1 << 4;
/// It has a thread of its own.
pub(super) const DEDICATED: u16 = 1 << 5;
/// It has come to rest in a handler that waits for another actor.
pub(super) const WAITED: u16 = 1 << 6;

pub(super) const END_RECORDED: u16 = 1 << 7;
/// It has failed on purpose.
pub(super) const FAILED: u16 = 1 << 8;

/// Its incarnation is to end after the message in hand, and the mail to stay
/// for the next one.
pub(super) const SUSPENDED: u16 = 1 << 9;
/// Its supervisor has it end for good.
pub(super) const FINAL: u16 = 1 << 10;
/// It is known to its system, and has not begun.
pub(super) const ENROLLED: u16 = 1 << 11;
/// It has no task yet: whoever takes this back starts one, or ends it.
pub(super) const RESERVED: u16 = 1 << 12;

impl Core {
    pub(super) fn signal(&self, bit: u16) {
        self.signals.fetch_or(bit, AcqRel);
    }

    pub(super) fn has_signal(&self, bit: u16) -> bool {
        self.signals.load(Acquire) & bit != 0
    }

    /// Whether its task has anything to look at before it goes on.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        !self.has_signal(KILLED | DEDICATED | SUSPENDED)
    }

    pub(crate) fn is_killed(&self) -> bool {
        self.has_signal(KILLED)
    }

    /// Asks for a thread of its own, before it is spawned.
    pub(crate) fn set_dedicated(&self) {
        self.signal(DEDICATED);
    }

    pub(crate) fn is_dedicated(&self) -> bool {
        self.has_signal(DEDICATED)
    }

    /// Lets the thread of its own end, if it has one.
    pub(crate) fn dismiss(&self) {
        if self.is_dedicated() {
            self.hub.seam.dismiss(self.id);
        }
    }

    /// Says that nothing more is answered, before what holds replies is dropped.
    pub(crate) fn set_ending(&self) {
        if !self.has_signal(ENDING) {
            self.signal(ENDING);
        }
    }

    /// Has it end at the next look at its signals, as it has failed.
    pub(crate) fn set_failed(&self) {
        self.signal(FAILED);
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.has_signal(FAILED)
    }

    /// Whether it must not take another message: it is killed, has failed, or
    /// is to leave the rest to its next incarnation.
    #[inline]
    pub(crate) fn is_over(&self) -> bool {
        self.has_signal(KILLED | FAILED | SUSPENDED)
    }

    /// Whether it is to end at the word of its supervisor, or of its system.
    pub(crate) fn is_told_to_end(&self) -> bool {
        self.has_signal(SHUTDOWN | SUSPENDED | FINAL)
    }

    /// Whether it has ended, or will not finish what it has in hand.
    pub(crate) fn is_ending(&self) -> bool {
        self.has_signal(KILLED | ENDING)
    }

    pub(crate) fn is_given_up(&self) -> bool {
        self.has_signal(GIVEN_UP)
    }

    /// Whether its incarnation is to end after the message in hand.
    pub(crate) fn is_suspended(&self) -> bool {
        self.has_signal(SUSPENDED)
    }

    /// Whether its supervisor has it end for good.
    pub(crate) fn is_final(&self) -> bool {
        self.has_signal(FINAL)
    }
}
