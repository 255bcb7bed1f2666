//! The children of an actor, and their end.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::seam::{Deadline, Seam};
use crate::supervision::declared::Patience;
use crate::waiters::Ticket;

/// How long a child that was killed may take to let go of its thread.
const GRACE: Duration = Duration::from_secs(1);

/// So many children at least are remembered before those that have ended are
/// looked for.
const FEW: usize = 8;

/// A child, as its parent holds it.
pub(crate) trait AnyChild: Send + Sync {
    fn has_ended(&self) -> bool;
    /// Whether there is nothing more to wait for.
    fn poll_settled(&self, ticket: &mut Option<Ticket>, cx: &Context<'_>) -> Poll<()>;
    fn stop_watching(&self, ticket: Ticket);
    /// Has it end. One that is kept leaves its mail to its next incarnation.
    fn stop(&self, keep: bool);
    fn kill(&self);
}

/// In the order in which they were spawned.
#[derive(Default)]
pub(crate) struct Children {
    list: Vec<Entry>,
    /// With so many, the ended ones are forgotten.
    sweep_at: usize,
}

/// A child that is to end, and how.
pub(crate) struct Entry {
    pub(crate) child: Arc<dyn AnyChild>,
    pub(crate) limit: Patience,
    pub(crate) keep: bool,
}

impl Children {
    /// Returns children that have ended, to be dropped without the lock.
    #[must_use]
    pub(crate) fn add(
        &mut self,
        child: Arc<dyn AnyChild>,
        limit: Patience,
    ) -> Vec<impl Sized + use<>> {
        let mut ended = Vec::new();
        if self.list.len() >= self.sweep_at.max(FEW) {
            for entry in std::mem::take(&mut self.list) {
                if entry.child.has_ended() {
                    ended.push(entry);
                } else {
                    self.list.push(entry);
                }
            }
            self.sweep_at = 2 * self.list.len();
        }
        let keep = false;
        self.list.push(Entry { child, limit, keep });
        ended
    }

    pub(crate) fn all(&self) -> Vec<Arc<dyn AnyChild>> {
        let mut all = Vec::with_capacity(self.list.len());
        for entry in &self.list {
            all.push(Arc::clone(&entry.child));
        }
        all
    }

    /// Takes them, to be ended one by one.
    pub(crate) fn take(&mut self) -> Vec<Vec<Entry>> {
        let mut batches = Vec::new();
        for entry in std::mem::take(&mut self.list) {
            batches.push(vec![entry]);
        }
        batches
    }
}

/// Ends children, the last ones first, those of one batch at once: each is
/// stopped, and killed when its limit is over.
pub(crate) struct Closing {
    left: Vec<Vec<Entry>>,
    /// Those that are ending.
    last: Vec<Last>,
    seam: Arc<dyn Seam>,
}

struct Last {
    child: Arc<dyn AnyChild>,
    deadline: Deadline,
    ticket: Option<Ticket>,
    killed: bool,
}

impl Closing {
    /// Of batches in the order in which they were started; none if there is
    /// none.
    pub(crate) fn new(left: Vec<Vec<Entry>>, seam: &Arc<dyn Seam>) -> Option<Closing> {
        (!left.is_empty()).then(|| Closing {
            left,
            last: Vec::new(),
            seam: Arc::clone(seam),
        })
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            self.last.retain_mut(|last| last.poll(cx).is_pending());
            if !self.last.is_empty() {
                return Poll::Pending;
            }
            let Some(batch) = self.left.pop() else {
                return Poll::Ready(());
            };
            let seam = &self.seam;
            for entry in batch {
                self.last.push(Last::begin(entry, seam));
            }
        }
    }
}

fn deadline(seam: &Arc<dyn Seam>, limit: Patience) -> Deadline {
    let at = match limit {
        Patience::Brutal => Some(seam.now()),
        Patience::Within(limit) => seam.now().checked_add(limit),
        Patience::Infinity => None,
    };
    Deadline::new(Arc::clone(seam), at)
}

impl Last {
    fn begin(entry: Entry, seam: &Arc<dyn Seam>) -> Last {
        let Entry { child, limit, keep } = entry;
        let brutal = limit == Patience::Brutal;
        child.stop(keep);
        if brutal {
            child.kill();
        }
        Last {
            child,
            deadline: deadline(seam, if brutal { GRACE.into() } else { limit }),
            ticket: None,
            killed: brutal,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.child.poll_settled(&mut self.ticket, cx).is_ready() {
            return Poll::Ready(());
        }
        while self.deadline.poll_passed(cx).is_ready() {
            if self.killed {
                // It holds a thread, and cannot be waited for.
                return Poll::Ready(());
            }
            self.killed = true;
            self.child.kill();
            self.deadline = deadline(self.deadline.seam(), GRACE.into());
        }
        Poll::Pending
    }
}

impl Drop for Last {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.child.stop_watching(ticket);
        }
    }
}
