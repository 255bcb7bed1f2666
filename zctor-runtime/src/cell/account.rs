//! What became of an actor's messages, and what happened to it.

use std::sync::atomic::Ordering::{AcqRel, Relaxed};
use std::time::Duration;

use super::Core;
use super::signals::END_RECORDED;
use crate::event::{DropReason, EventKind, Source};
use crate::exit::{Crash, ExitReason, Place};
use crate::protocol::Fault;
use crate::stats::{Count, Stats, Tally};

impl Core {
    pub(crate) fn count_dropped(&self) {
        self.tally().dropped.add_one();
    }

    /// The ask in hand is skipped.
    pub(crate) fn count_skipped(&self) {
        self.tally().skipped.add_one();
        self.record(|| EventKind::Skipped {
            message: match self.place() {
                Place::Message(name) => name,
                _ => "?",
            },
            count: 1,
        });
    }

    /// A message is dropped, and this is why.
    pub(super) fn record_dropped(&self, message: &'static str, fault: Fault) {
        self.count_dropped();
        self.record(|| EventKind::Dropped {
            message,
            reason: match fault {
                Fault::Full => DropReason::Overflow,
                Fault::Stopped | Fault::Crashed => DropReason::Ended,
            },
            count: 1,
        });
    }

    /// The ask in hand is answered with an error.
    pub(crate) fn count_failed(&self) {
        self.tally().failed.add_one();
    }

    /// One that was given back is dropped by its sender, who does not mind.
    pub(crate) fn count_returned_as_dropped(&self) {
        let tally = self.tally();
        tally.dropped.add_one();
        tally.returned.take_one();
    }

    /// A message was not accepted, and its sender is told so.
    pub(crate) fn count_returned(&self) {
        self.tally().returned.add_one();
    }

    pub(super) fn tally(&self) -> &Tally {
        &self.rare().tally
    }

    /// What has become of its messages, of which so many were just `queued`.
    /// That comes first: a message that moves on meanwhile is counted once more
    /// rather than not at all. (But it leaves a bounded mailbox a moment before
    /// it is counted elsewhere.)
    pub(super) fn stats(&self, queued: usize) -> Stats {
        let of = |count: fn(&Tally) -> &Count| {
            self.rare.get().map_or(0, |rare| count(&rare.tally).get())
        };
        let (dropped, skipped) = (of(|all| &all.dropped), of(|all| &all.skipped));
        let (failed, returned) = (of(|all| &all.failed), of(|all| &all.returned));
        let handled = self.handled.load(Relaxed);
        let now = self.hub.events.since_start();
        Stats {
            queued: queued as u64,
            handled,
            failed,
            dropped,
            skipped,
            returned,
            age: now.saturating_sub(Duration::from_nanos(self.spawned)),
        }
    }

    /// Records what happened to this actor; false if nobody reads the events.
    #[inline]
    pub(super) fn record(&self, kind: impl FnOnce() -> EventKind) -> bool {
        self.is_heard() && self.add_event(kind())
    }

    /// Nothing is told of it after its end.
    fn is_heard(&self) -> bool {
        !self.has_signal(END_RECORDED) && self.hub.events.is_heard()
    }

    pub(crate) fn record_event(&self, kind: EventKind) {
        if self.is_heard() {
            self.add_event(kind);
        }
    }

    fn add_event(&self, kind: EventKind) -> bool {
        self.hub.events.record(Some(self.source()), kind)
    }

    pub(super) fn source(&self) -> Source {
        Source {
            actor: self.label(),
            incarnation: self.incarnation(),
        }
    }

    pub(crate) fn record_start(&self) {
        self.record(|| EventKind::Started);
    }

    /// A crash is written to stderr if nobody reads of it.
    pub(crate) fn record_crash(&self, crash: &Crash) {
        if let Place::Message(_) = crash.place() {
            self.count_failed();
        }
        if !self.record(|| EventKind::Crashed(crash.clone())) {
            self.hub.report_crash(crash);
        }
    }

    /// Records its end, once.
    pub(crate) fn record_end(&self, reason: &ExitReason) {
        let first = self.signals.fetch_or(END_RECORDED, AcqRel) & END_RECORDED == 0;
        if first && self.hub.events.is_heard() {
            self.add_event(EventKind::Stopped(reason.clone()));
        }
    }
}
