//! Messages on their way in, and out again unhandled.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::Cell;
use crate::gate::Entry;
use crate::guard;
use crate::mailbox::Refused;
use crate::observe;
use crate::protocol::{Fault, Kind, Overflow, Protocol, any_high, any_latest, is_high};

/// Why a message is not in the queue.
pub(super) enum NotQueued<T> {
    Refused(Refused<T>),
    /// By a policy that drops it.
    Dropped(T),
    /// Not yet: another sender has its place and is about to use it.
    Again(T),
}

/// So often a sender looks for a place that another is about to use. Then its
/// message is dropped: the other may be held up, or be this thread itself, in the
/// user's code that makes a message.
const LOOKS: u32 = 1_000;

/// The looks of one sender.
pub(super) struct Looks(u32);

impl Looks {
    pub(super) fn new() -> Looks {
        Looks(0)
    }

    /// Before it looks again. False if that was often enough.
    pub(super) fn again(&mut self) -> bool {
        self.0 += 1;
        if self.0 < LOOKS / 10 {
            std::hint::spin_loop();
        } else {
            std::thread::yield_now();
        }
        self.0 < LOOKS
    }
}

impl<T> From<Refused<T>> for NotQueued<T> {
    fn from(refused: Refused<T>) -> Self {
        NotQueued::Refused(refused)
    }
}

impl<P: Protocol> Cell<P> {
    /// Queues a message if there is room, or makes room as the policy says.
    #[inline]
    pub(crate) fn deliver(&self, envelope: P::Envelope) -> Result<(), Refused<P::Envelope>> {
        if observe::is_on() {
            return self.deliver_observed(envelope);
        }
        self.deliver_now(envelope)
    }

    #[inline]
    pub(super) fn deliver_now(&self, envelope: P::Envelope) -> Result<(), Refused<P::Envelope>> {
        if const { any_latest(P::VARIANTS) }
            && let Some(key) = P::latest(&envelope)
        {
            return self.deliver_latest(key, envelope);
        }
        if const { any_high(P::VARIANTS) } && is_high::<P>(&envelope) {
            if self.mailbox.push_high(envelope)? {
                self.wake();
            }
            return Ok(());
        }
        match self.deliver_if_room(envelope) {
            Err(Refused::Full(envelope)) => self.settle(self.overflow(envelope)),
            outcome => outcome,
        }
    }

    /// The same of a message that waits under a key, while others wait for what
    /// becomes of it: the message that was dropped for it, if one was, is
    /// still to be told so.
    pub(super) fn queue(
        &self,
        envelope: P::Envelope,
    ) -> Result<Option<P::Envelope>, NotQueued<P::Envelope>> {
        if const { any_high(P::VARIANTS) } && is_high::<P>(&envelope) {
            if self.mailbox.push_high(envelope)? {
                self.wake();
            }
            return Ok(None);
        }
        match self.deliver_if_room(envelope) {
            Ok(()) => Ok(None),
            Err(Refused::Full(envelope)) => self.overflow_once(envelope),
            Err(refused) => Err(refused.into()),
        }
    }

    /// Drops what lost its place.
    #[cold]
    pub(super) fn settle(
        &self,
        queued: Result<Option<P::Envelope>, NotQueued<P::Envelope>>,
    ) -> Result<(), Refused<P::Envelope>> {
        match queued {
            Ok(None) => {}
            Ok(Some(oldest)) => self.discard_mail(oldest, Fault::Full),
            Err(NotQueued::Dropped(envelope)) => self.discard(envelope, Fault::Full),
            Err(NotQueued::Refused(refused)) => return Err(refused),
            // For whoever does not try again.
            Err(NotQueued::Again(envelope)) => return Err(Refused::Full(envelope)),
        }
        Ok(())
    }

    #[inline]
    pub(super) fn deliver_if_room(
        &self,
        envelope: P::Envelope,
    ) -> Result<(), Refused<P::Envelope>> {
        if self.mailbox.push(envelope)? {
            self.wake();
        }
        Ok(())
    }

    #[cold]
    fn overflow(
        &self,
        mut envelope: P::Envelope,
    ) -> Result<Option<P::Envelope>, NotQueued<P::Envelope>> {
        let mut looks = Looks::new();
        loop {
            envelope = match self.overflow_once(envelope) {
                Err(NotQueued::Again(envelope)) => envelope,
                outcome => return outcome,
            };
            if !looks.again() {
                return Err(NotQueued::Dropped(envelope));
            }
        }
    }

    /// The same without waiting for another sender.
    fn overflow_once(
        &self,
        envelope: P::Envelope,
    ) -> Result<Option<P::Envelope>, NotQueued<P::Envelope>> {
        match self.overflow {
            Overflow::Wait | Overflow::Reject => Err(Refused::Full(envelope).into()),
            Overflow::DropNewest => Err(NotQueued::Dropped(envelope)),
            Overflow::DropOldest => {
                let envelope = match self.mailbox.replace_oldest(envelope) {
                    Ok(replaced) => {
                        if replaced.wake {
                            self.wake();
                        }
                        return Ok(Some(replaced.oldest));
                    }
                    Err(envelope) => envelope,
                };
                // The queue was empty for a moment: taken, about to be held,
                // or about to be pushed. If it was taken there is room now.
                match self.deliver_if_room(envelope) {
                    Ok(()) => Ok(None),
                    Err(Refused::Full(envelope)) => Err(NotQueued::Again(envelope)),
                    Err(refused) => Err(refused.into()),
                }
            }
        }
    }

    /// Queues what `make` makes of `value`, or gives the value back: a place is
    /// taken before the message is made.
    pub(crate) fn deliver_made<T>(
        &self,
        value: T,
        make: impl FnOnce(T) -> P::Envelope,
    ) -> Result<(), Refused<T>> {
        let mut looks = Looks::new();
        let wake = loop {
            match self.mailbox.enter() {
                Entry::Counted(before) => break before.was_idle(),
                Entry::Closed => return Err(Refused::Closed(value)),
                Entry::Full => match self.overflow {
                    Overflow::Wait | Overflow::Reject => return Err(Refused::Full(value)),
                    Overflow::DropNewest => {
                        self.count_dropped();
                        guard::quietly(|| drop(value));
                        return Ok(());
                    }
                    Overflow::DropOldest => match self.mailbox.evict_oldest() {
                        Some(oldest) => self.discard_mail(oldest, Fault::Full),
                        None if looks.again() => {}
                        None => {
                            self.count_dropped();
                            guard::quietly(|| drop(value));
                            return Ok(());
                        }
                    },
                },
            }
        };
        // The keys of messages are the user's code as well.
        let queue = || {
            let mut envelope = make(value);
            if observe::is_on() {
                envelope = match self.observe_made(envelope) {
                    Some(envelope) => envelope,
                    None => return self.mailbox.withdraw(),
                };
            }
            if const { any_latest(P::VARIANTS) }
                && let Some(key) = P::latest(&envelope)
            {
                return self.append_latest(key, envelope);
            }
            self.append(envelope);
        };
        let panic = catch_unwind(AssertUnwindSafe(queue)).err();
        if panic.is_some() {
            self.mailbox.withdraw();
        }
        if wake {
            self.wake();
        }
        match panic {
            None => Ok(()),
            Some(panic) => resume_unwind(panic),
        }
    }

    /// Queues a message that was counted in.
    pub(super) fn append(&self, envelope: P::Envelope) {
        if const { any_high(P::VARIANTS) } && is_high::<P>(&envelope) {
            self.mailbox.append_high(envelope);
        } else {
            self.mailbox.append(envelope);
        }
    }

    /// Drops a message that is not handled. That is the user's code, and may
    /// panic; it has no consequence.
    pub(crate) fn discard(&self, envelope: P::Envelope, fault: Fault) {
        if observe::is_on() {
            self.observe_dropped(&envelope, fault);
        }
        self.discard_unseen(envelope, fault);
    }

    /// The same of one that was not seen to be queued.
    pub(super) fn discard_unseen(&self, envelope: P::Envelope, fault: Fault) {
        self.record_dropped(P::kind(&envelope).name(), fault);
        guard::quietly(|| P::refuse(envelope, fault));
    }
}
