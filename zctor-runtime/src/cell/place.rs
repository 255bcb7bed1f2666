//! What an actor is at.

use std::sync::atomic::Ordering::Relaxed;

use super::Core;
use crate::exit::Place;
use crate::protocol::Kind;

/// What is kept in `place` for a place that is no message.
pub(super) const START: u32 = u32::MAX;
const STOP: u32 = u32::MAX - 1;
const TIMER: u32 = u32::MAX - 2;
const PIPE: u32 = u32::MAX - 3;
const NOTICE: u32 = u32::MAX - 4;
const RESTART: u32 = u32::MAX - 5;
/// Added to the index of a variant: the hook `ready`, asked for it.
const READY: u32 = 1 << 30;

impl Core {
    /// The actor begins to handle a message.
    #[inline]
    pub(crate) fn at_message(&self, kind: impl Kind) {
        self.place.store(kind.index() as u32, Relaxed);
        self.handled.store(self.handled.load(Relaxed) + 1, Relaxed);
    }

    /// The actor begins to handle so many messages at once, after it has
    /// skipped so many of them.
    pub(crate) fn at_batch(&self, kind: impl Kind, all: u64, skipped: u64) {
        self.place.store(kind.index() as u32, Relaxed);
        self.handled
            .store(self.handled.load(Relaxed) + all, Relaxed);
        (0..skipped).for_each(|_| self.count_skipped());
    }

    pub(crate) fn at_ready(&self, kind: impl Kind) {
        self.place.store(READY + kind.index() as u32, Relaxed);
    }

    pub(crate) fn at_timer(&self) {
        self.place.store(TIMER, Relaxed);
    }

    pub(crate) fn at_pipe(&self) {
        self.place.store(PIPE, Relaxed);
    }

    pub(crate) fn at_notice(&self) {
        self.place.store(NOTICE, Relaxed);
    }

    pub(crate) fn at_start(&self) {
        self.place.store(START, Relaxed);
    }

    pub(crate) fn at_restart(&self) {
        self.place.store(RESTART, Relaxed);
    }

    pub(crate) fn at_stop(&self) {
        self.place.store(STOP, Relaxed);
    }

    /// What the actor is at.
    pub(crate) fn place(&self) -> Place {
        match self.place.load(Relaxed) {
            START => Place::Start,
            STOP => Place::Stop,
            RESTART => Place::Restart,
            TIMER => Place::Timer,
            PIPE => Place::Pipe,
            NOTICE => Place::Notice,
            place => match place.checked_sub(READY) {
                Some(index) => Place::Ready(self.variant_name(index)),
                None => Place::Message(self.variant_name(place)),
            },
        }
    }

    fn variant_name(&self, index: u32) -> &'static str {
        let variants = self.profile.variants;
        variants
            .get(index as usize)
            .map_or("?", |variant| variant.name())
    }
}
