//! The children of an actor, and their end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::exit::ExitReason;
use crate::seam::{Deadline, Seam};
use crate::stage::Stage;
use crate::waiters::Ticket;

/// How long a child that was killed may take to let go of its thread.
const GRACE: Duration = Duration::from_secs(1);

/// So many children at least are remembered before those that have ended are
/// looked for.
const FEW: usize = 8;

/// A child, as its parent holds it: dropped, it is let go.
pub(crate) trait AnyChild: Send + Sync {
    fn stage(&self) -> &Stage;
    fn stop(&self);
    fn kill(&self);
}

/// In the order in which they were spawned.
#[derive(Default)]
pub(crate) struct Children {
    list: VecDeque<Entry>,
    /// With so many, the ended ones are forgotten.
    sweep_at: usize,
}

struct Entry {
    child: Arc<dyn AnyChild>,
    limit: Duration,
}

impl Children {
    /// Returns children that have ended, to be dropped without the lock.
    #[must_use]
    pub(crate) fn add(
        &mut self,
        child: Arc<dyn AnyChild>,
        limit: Duration,
    ) -> Vec<impl Sized + use<>> {
        let mut ended = Vec::new();
        if self.list.len() >= self.sweep_at.max(FEW) {
            for entry in std::mem::take(&mut self.list) {
                if entry.child.stage().has_ended() {
                    ended.push(entry);
                } else {
                    self.list.push_back(entry);
                }
            }
            self.sweep_at = 2 * self.list.len();
        }
        self.list.push_back(Entry { child, limit });
        ended
    }

    pub(crate) fn all(&self) -> Vec<Arc<dyn AnyChild>> {
        let children = self.list.iter();
        children.map(|entry| Arc::clone(&entry.child)).collect()
    }

    /// Begins to end them; none if there are none.
    pub(crate) fn close(&mut self, seam: &Arc<dyn Seam>) -> Option<Closing> {
        if self.list.is_empty() {
            return None;
        }
        Some(Closing {
            left: std::mem::take(&mut self.list),
            last: None,
            seam: Arc::clone(seam),
        })
    }
}

/// Ends children one after the other, the last one first: each is stopped, and
/// handles its mail, and is killed when its limit is over.
pub(crate) struct Closing {
    left: VecDeque<Entry>,
    /// The one that is ending.
    last: Option<Last>,
    seam: Arc<dyn Seam>,
}

struct Last {
    child: Arc<dyn AnyChild>,
    deadline: Deadline,
    ticket: Option<Ticket>,
    killed: bool,
}

impl Closing {
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let Some(last) = &mut self.last else {
                let Some(Entry { child, limit }) = self.left.pop_back() else {
                    return Poll::Ready(());
                };
                child.stop();
                self.last = Some(Last {
                    child,
                    deadline: deadline(&self.seam, limit),
                    ticket: None,
                    killed: false,
                });
                continue;
            };
            if last.poll_ended(cx).is_ready() {
                self.last = None;
            } else if last.deadline.poll_passed(cx).is_pending() {
                return Poll::Pending;
            } else if last.killed {
                // It holds a thread, and cannot be waited for.
                self.last = None;
            } else {
                last.killed = true;
                last.child.kill();
                last.deadline = deadline(&self.seam, GRACE);
            }
        }
    }
}

fn deadline(seam: &Arc<dyn Seam>, limit: Duration) -> Deadline {
    Deadline::new(Arc::clone(seam), seam.now().checked_add(limit))
}

impl Last {
    fn poll_ended(&mut self, cx: &Context<'_>) -> Poll<ExitReason> {
        self.child.stage().poll_ended(&mut self.ticket, cx)
    }
}

impl Drop for Last {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.child.stage().stop_watching(ticket);
        }
    }
}
