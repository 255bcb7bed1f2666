//! The batch that an incarnation collects.
//!
//! ```text
//!             a message of a batched kind             full, old, asked for,
//! nothing ──────────────────────────────▶ collecting ── another kind, a stop ──▶ handed over
//!                                          │      ▲
//!                                          └──────┘ a message of that kind
//! ```
//!
//! A message of another kind closes it, and is handled behind it. Messages of
//! high priority do not: they go first, as always. The actor's own messages of
//! another kind close it only if some of those in it are its own as well, since
//! between its own messages and its mail there is no order to keep. A notice of
//! another actor's end closes it, since it comes behind the mail.
//!
//! The hook `ready` is asked when a message is taken in, and once more when the
//! batch, or what waits behind it, is to be handled: the state may be another
//! one by then. A batch that is not ready is passed by, as other messages are.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use super::desk::{Kept, Open};
use super::gathered::Gathered;
use super::plan::{Due, fitting};
use crate::cell::Cell;
use crate::protocol::{Fault, Kind, Protocol, any_batch};
use crate::seam::Deadline;

/// So many messages are taken before the clock is looked at again.
const LOOK: u32 = 16;

/// Where a message comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Mail,
    High,
    Own,
}

/// What is to be handled next.
pub(crate) enum Work<P: Protocol> {
    One(P::Envelope),
    /// See [`Collecting::handed_over`]. Nothing else is in it, so that it takes
    /// no room where there are no batches.
    Batch(P::Batch),
}

/// What is counted of a batch.
pub(crate) struct Counts<K> {
    pub(crate) kind: K,
    pub(crate) all: u64,
    pub(crate) mail: u64,
    pub(crate) skipped: u64,
}

pub(crate) struct Collecting<P: Protocol> {
    cell: Arc<Cell<P>>,
    open: Option<Open<P::Kind>>,
    items: VecDeque<P::Envelope>,
    /// Which of the items are the actor's own.
    own: Vec<usize>,
    /// What has closed the batch, and is handled behind it; and of an actor
    /// with the hook `ready`, what was not ready when its turn came.
    waiting: VecDeque<(P::Envelope, Origin)>,
    closing: bool,
    /// The batch is to be handed over, but was not ready since the last
    /// message: others pass it by.
    refused: bool,
    /// For the time when there is no more mail.
    deadline: Option<Deadline>,
    /// Messages that were taken from the mailbox.
    taken: u64,
    /// Kinds that were asked for, and behind how many messages.
    flushes: Vec<(usize, u64)>,
    until_look: u32,
    from: Origin,
    /// Of the batch that was handed over last, until it is counted.
    counts: Option<Counts<P::Kind>>,
}

/// The same where nobody knows whether there is one: so it is compiled only for
/// protocols with batches.
pub(crate) trait Collects<P: Protocol>: Send {
    fn all(&mut self) -> &mut Collecting<P>;
}

impl<P: Protocol> Collects<P> for Collecting<P> {
    fn all(&mut self) -> &mut Collecting<P> {
        self
    }
}

impl<P: Protocol> Collecting<P> {
    pub(crate) fn new(cell: &Arc<Cell<P>>) -> Collecting<P> {
        let kept = match any_batch(P::VARIANTS) {
            true => cell.batches().take_kept(),
            false => None,
        };
        let Kept {
            open,
            items,
            waiting,
        } = kept.unwrap_or(Kept {
            open: None,
            items: VecDeque::new(),
            waiting: VecDeque::new(),
        });
        let waiting: VecDeque<_> = waiting.into_iter().map(|one| (one, Origin::Mail)).collect();
        Collecting {
            cell: Arc::clone(cell),
            closing: open.is_some() && !waiting.is_empty(),
            open,
            items,
            own: Vec::new(),
            waiting,
            refused: false,
            deadline: None,
            taken: 0,
            flushes: Vec::new(),
            until_look: 0,
            from: Origin::Mail,
            counts: None,
        }
    }

    /// What is to be counted of the batch that was handed over.
    pub(crate) fn handed_over(&mut self) -> Option<Counts<P::Kind>> {
        self.counts.take()
    }

    /// Whether there is a batch that more messages, or the time, can bring to
    /// its handler.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some() && !self.refused
    }

    /// What can be handled without another message. `ahead` tells how many
    /// messages the mailbox has that were not taken yet, `is_ready` what the
    /// state takes.
    pub(crate) fn ready(
        &mut self,
        ahead: impl FnOnce() -> usize,
        mut is_ready: impl FnMut(P::Kind) -> bool,
    ) -> Option<Work<P>> {
        let asked = self.cell.batches().take_flushes();
        if !asked.is_empty() {
            let behind = self.taken + ahead() as u64;
            let asked = asked.into_iter().map(|kind| (kind, behind));
            self.flushes.extend(asked);
        }
        if !self.flushes.is_empty() {
            self.look_at_flushes();
        }
        if self.open.is_some() && self.until_look == 0 {
            self.until_look = LOOK;
            self.closing |= self.due() == Some(Due::Now);
        }
        loop {
            if self.closing
                && let Some(open) = &self.open
            {
                self.refused = !is_ready(open.kind);
                // All of its callers may have gone: then there is no batch.
                if !self.refused
                    && let Some(batch) = self.hand_over()
                {
                    return Some(batch);
                }
            }
            // What waits comes before what is still in the mailbox: the first
            // of its kind that is ready. One kind is asked for once, and so
            // keeps its order.
            let mut waiting = self.waiting.iter();
            let at = waiting.position(|(envelope, _)| is_ready(P::kind(envelope)))?;
            let kind = self
                .waiting
                .get(at)
                .map(|(envelope, _)| P::kind(envelope))?;
            if self.is_open() && self.open.is_some_and(|open| open.kind != kind) {
                self.closing = true;
                continue;
            }
            let (envelope, from) = self.waiting.remove(at)?;
            self.from = from;
            let work = self.put(envelope, from);
            self.count();
            if work.is_some() {
                return work;
            }
        }
    }

    /// Where the message comes from that was given back last.
    pub(crate) fn from(&self) -> Origin {
        self.from
    }

    /// Takes a message in, and gives it back if it is to be handled now.
    pub(crate) fn take_in(&mut self, envelope: P::Envelope, from: Origin) -> Option<Work<P>> {
        if from == Origin::Mail {
            self.taken += 1;
        }
        self.from = from;
        self.put(envelope, from)
    }

    fn put(&mut self, envelope: P::Envelope, from: Origin) -> Option<Work<P>> {
        let kind = P::kind(&envelope);
        match &self.open {
            _ if from == Origin::High => return Some(Work::One(envelope)),
            Some(open) if open.kind == kind => {}
            // What is not ready is passed by. (One of another kind with batches
            // is a batch of one then.)
            Some(_) if self.refused => return Some(Work::One(envelope)),
            Some(_) if from == Origin::Own && self.own.is_empty() && !is_batched::<P>(kind) => {
                return Some(Work::One(envelope));
            }
            Some(_) => {
                self.closing = true;
                self.waiting.push_back((envelope, from));
                self.count();
                return None;
            }
            None if is_batched::<P>(kind) => {
                let since = self.cell.hub.seam.now();
                self.open = Some(Open { kind, since });
                self.until_look = LOOK;
            }
            None => return Some(Work::One(envelope)),
        }
        if from == Origin::Own {
            self.own.push(self.items.len());
        }
        self.items.push_back(envelope);
        self.until_look = self.until_look.saturating_sub(1);
        self.count();
        let plan = self.cell.batches().plan(kind.index());
        self.closing |= plan.is_none_or(|plan| self.items.len() >= plan.max());
        None
    }

    /// Other messages were handled meanwhile: the clock is looked at next, and
    /// what was not ready may be.
    pub(crate) fn time_has_passed(&mut self) {
        self.until_look = 0;
        self.refused = false;
    }

    /// No more is waited for.
    pub(crate) fn close(&mut self) {
        self.closing = self.open.is_some();
    }

    /// There is nothing to take in. Ready if the batch is to be handed over.
    pub(crate) fn poll_due(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        // Whatever was sent before them has come, or is not ready.
        let mut flushes = mem::take(&mut self.flushes);
        let waits = |kind: usize| {
            let mut waiting = self.waiting.iter();
            waiting.any(|(one, _)| P::kind(one).index() == kind)
        };
        let still = flushes.extract_if(.., |(kind, _)| waits(*kind));
        self.flushes = still.collect();
        if !self.is_open() {
            return Poll::Pending;
        }
        let kind = self.open.map(|open| open.kind.index());
        let asked = flushes.iter().any(|(asked, _)| Some(*asked) == kind);
        match self.due() {
            _ if asked => self.close(),
            Some(Due::Now) | None => self.close(),
            Some(Due::WhenFull) => return Poll::Pending,
            Some(Due::At(at)) => {
                let seam = &self.cell.hub.seam;
                let deadline = match &mut self.deadline {
                    Some(deadline) if deadline.at() == Some(at) => deadline,
                    place => place.insert(Deadline::new(Arc::clone(seam), Some(at))),
                };
                if deadline.poll_passed(cx).is_pending() {
                    return Poll::Pending;
                }
                self.close();
            }
        }
        Poll::Ready(())
    }

    fn due(&self) -> Option<Due> {
        let open = self.open.as_ref()?;
        let plan = self.cell.batches().plan(open.kind.index())?;
        let now = self.cell.hub.seam.now();
        Some(plan.due(self.items.len(), open.since, now))
    }

    /// Flushes are over when what was sent before them has been taken, and does
    /// not wait behind another batch.
    fn look_at_flushes(&mut self) {
        let (taken, open) = (self.taken, self.open.map(|open| open.kind.index()));
        let waiting = &self.waiting;
        let mut closing = false;
        self.flushes.retain(|(kind, behind)| {
            let waits = || waiting.iter().any(|(one, _)| P::kind(one).index() == *kind);
            let over = taken >= *behind;
            closing |= over && open == Some(*kind);
            !over || waits()
        });
        self.closing |= closing;
    }

    fn hand_over(&mut self) -> Option<Work<P>> {
        self.closing = false;
        self.deadline = None;
        let open = self.open.take()?;
        let all = self.items.len();
        let own = mem::take(&mut self.own);
        let slot = self.cell.batches().slot(open.kind.index())?;
        let mut gathered = Gathered::new(&mut self.items, slot);
        let batch = P::gather(open.kind, &mut gathered);
        self.counts = Some(Counts {
            kind: open.kind,
            all: all as u64,
            mail: (all - own.len()) as u64,
            skipped: gathered.skipped(),
        });
        if let Some(capacity) = fitting(self.items.capacity(), all) {
            self.items.shrink_to(capacity);
        }
        self.count();
        batch.map(Work::Batch)
    }

    fn count(&self) {
        let collected = self.items.len() + self.waiting.len();
        self.cell.batches().set_collected(collected);
    }
}

impl<P: Protocol> Drop for Collecting<P> {
    fn drop(&mut self) {
        for (kind, _) in mem::take(&mut self.flushes) {
            self.cell.batches().ask_flush(kind);
        }
        if self.items.is_empty() && self.waiting.is_empty() {
            return;
        }
        // What the actor has sent to itself ends with its state.
        let own = mem::take(&mut self.own);
        let mut items = VecDeque::with_capacity(self.items.len() - own.len());
        for (at, envelope) in mem::take(&mut self.items).into_iter().enumerate() {
            if own.contains(&at) {
                self.cell.discard(envelope, Fault::Stopped);
            } else {
                items.push_back(envelope);
            }
        }
        let mut waiting = VecDeque::with_capacity(self.waiting.len());
        for (envelope, from) in mem::take(&mut self.waiting) {
            if from == Origin::Own {
                self.cell.discard(envelope, Fault::Stopped);
            } else {
                waiting.push_back(envelope);
            }
        }
        let batches = self.cell.batches();
        batches.set_collected(items.len() + waiting.len());
        batches.keep(Kept {
            open: self.open.take().filter(|_| !items.is_empty()),
            items,
            waiting,
        });
    }
}

fn is_batched<P: Protocol>(kind: P::Kind) -> bool {
    let variant = P::VARIANTS.get(kind.index());
    variant.is_some_and(|variant| variant.batch().is_some())
}
