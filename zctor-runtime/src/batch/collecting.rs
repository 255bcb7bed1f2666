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
//! between its own messages and its mail there is no order to keep.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use super::desk::{Kept, Open};
use super::gathered::Gathered;
use super::plan::{Due, fitting};
use crate::cell::Cell;
use crate::protocol::{Kind, Protocol, Variant};
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
    /// What closes the batch, and is handled behind it; and whether it is the
    /// actor's own.
    next: Option<(P::Envelope, bool)>,
    closing: bool,
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

impl<P: Protocol> Collecting<P> {
    pub(crate) fn new(cell: &Arc<Cell<P>>) -> Collecting<P> {
        let kept = match any(P::VARIANTS) {
            true => cell.batches().take_kept(),
            false => None,
        };
        let Kept { open, items, next } = kept.unwrap_or(Kept {
            open: None,
            items: VecDeque::new(),
            next: None,
        });
        Collecting {
            cell: Arc::clone(cell),
            open,
            items,
            closing: next.is_some(),
            next,
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

    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// What can be handled without another message.
    pub(crate) fn ready(&mut self) -> Option<Work<P>> {
        for kind in self.cell.batches().take_flushes() {
            let behind = self.taken + self.cell.mailbox.len() as u64;
            self.flushes.push((kind, behind));
        }
        if !self.flushes.is_empty() {
            self.look_at_flushes();
        }
        if self.open.is_some() && self.until_look == 0 {
            self.until_look = LOOK;
            self.closing |= self.due() == Some(Due::Now);
        }
        if self.closing
            && let Some(batch) = self.hand_over()
        {
            return Some(batch);
        }
        // All of its callers may have gone: then there is no batch.
        let (envelope, own) = self.next.take()?;
        self.count();
        self.from = if own { Origin::Own } else { Origin::Mail };
        self.put(envelope, self.from)
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
        match &mut self.open {
            _ if from == Origin::High => return Some(Work::One(envelope)),
            Some(open) if open.kind == kind => {
                open.mail += u64::from(from == Origin::Mail);
                open.own |= from == Origin::Own;
            }
            Some(open) if from == Origin::Own && !open.own && !is_batched::<P>(kind) => {
                return Some(Work::One(envelope));
            }
            Some(_) => {
                self.closing = true;
                self.next = Some((envelope, from == Origin::Own));
                self.count();
                return None;
            }
            None if is_batched::<P>(kind) => {
                self.open = Some(Open {
                    kind,
                    since: self.cell.hub.seam.now(),
                    mail: u64::from(from == Origin::Mail),
                    own: from == Origin::Own,
                });
                self.until_look = LOOK;
            }
            None => return Some(Work::One(envelope)),
        }
        self.items.push_back(envelope);
        self.until_look = self.until_look.saturating_sub(1);
        self.count();
        let plan = self.cell.batches().plan(kind.index());
        self.closing |= plan.is_none_or(|plan| self.items.len() >= plan.max());
        None
    }

    /// Other messages were handled meanwhile: the clock is looked at next.
    pub(crate) fn time_has_passed(&mut self) {
        self.until_look = 0;
    }

    /// No more is waited for.
    pub(crate) fn close(&mut self) {
        self.closing = self.open.is_some();
    }

    /// There is nothing to take in. Ready if the batch is to be handed over.
    pub(crate) fn poll_due(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        let Some(open) = &self.open else {
            self.flushes.clear();
            return Poll::Pending;
        };
        // Whatever was sent before it has come.
        let kind = open.kind.index();
        let asked = self.flushes.iter().any(|(asked, _)| *asked == kind);
        self.flushes.clear();
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

    /// Flushes are over when what was sent before them has been taken.
    fn look_at_flushes(&mut self) {
        let (taken, open) = (self.taken, self.open.map(|open| open.kind.index()));
        let mut closing = false;
        self.flushes.retain(|(kind, behind)| {
            let over = taken >= *behind;
            closing |= over && open == Some(*kind);
            !over
        });
        self.closing |= closing;
    }

    fn hand_over(&mut self) -> Option<Work<P>> {
        self.closing = false;
        self.deadline = None;
        let open = self.open.take()?;
        let all = self.items.len();
        let slot = self.cell.batches().slot(open.kind.index())?;
        let mut gathered = Gathered::new(&mut self.items, slot);
        let batch = P::gather(open.kind, &mut gathered);
        let counts = Counts {
            kind: open.kind,
            all: all as u64,
            mail: open.mail,
            skipped: gathered.skipped(),
        };
        if let Some(capacity) = fitting(self.items.capacity(), all) {
            self.items.shrink_to(capacity);
        }
        self.count();
        match batch {
            Some(batch) => {
                self.counts = Some(counts);
                Some(Work::Batch(batch))
            }
            None => {
                self.cell.at_batch(open.kind, counts.all, counts.skipped);
                None
            }
        }
    }

    fn count(&self) {
        let next = usize::from(self.next.is_some());
        self.cell.batches().set_collected(self.items.len() + next);
    }
}

impl<P: Protocol> Drop for Collecting<P> {
    fn drop(&mut self) {
        if self.open.is_none() && self.next.is_none() {
            return;
        }
        self.cell.batches().keep(Kept {
            open: self.open.take(),
            items: mem::take(&mut self.items),
            next: self.next.take(),
        });
    }
}

/// Whether a protocol has batches.
pub(crate) const fn any(variants: &[Variant]) -> bool {
    let mut row = 0;
    while row < variants.len() {
        if variants[row].batch().is_some() {
            return true;
        }
        row += 1;
    }
    false
}

fn is_batched<P: Protocol>(kind: P::Kind) -> bool {
    let variant = P::VARIANTS.get(kind.index());
    variant.is_some_and(|variant| variant.batch().is_some())
}
