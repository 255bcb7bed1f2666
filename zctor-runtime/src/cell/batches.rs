//! The batches of an actor.

use super::Cell;
use crate::batch::desk::Desk;
use crate::batch::plan::{BatchPlan, InvalidBatch};
use crate::protocol::{Fault, Kind, Protocol};

pub(super) type Batches<P> = Desk<<P as Protocol>::Envelope, <P as Protocol>::Kind>;

impl<P: Protocol> Cell<P> {
    pub(crate) fn batches(&self) -> &Batches<P> {
        let made = || Box::new(Desk::new(P::VARIANTS));
        self.rare().batches.get_or_init(made)
    }

    fn batches_if_any(&self) -> Option<&Batches<P>> {
        let batches = self.rare.get()?.batches.get()?;
        Some(batches)
    }

    /// How many messages wait, those of a batch that is being collected among
    /// them.
    pub(crate) fn queued(&self) -> usize {
        // In the order in which messages move on: one that does meanwhile is
        // counted twice rather than not at all. (See `stats`.)
        let queued = self.mailbox.len();
        queued + self.batches_if_any().map_or(0, Desk::collected)
    }

    /// Hands the batch over that has been sent by now.
    pub(crate) fn flush(&self, kind: P::Kind) {
        self.batches().ask_flush(kind.index());
        self.wake();
    }

    pub(crate) fn configure(&self, kind: P::Kind, plan: BatchPlan) -> Result<(), InvalidBatch> {
        plan.check()?;
        self.batches().set_plan(kind.index(), plan);
        self.wake();
        Ok(())
    }

    /// Drops what an incarnation has collected and left.
    pub(crate) fn discard_batches(&self) {
        let Some(batches) = self.batches_if_any() else {
            return;
        };
        if let Some(kept) = batches.take_kept() {
            for envelope in kept.items.into_iter().chain(kept.waiting) {
                self.discard(envelope, Fault::Stopped);
            }
        }
        batches.set_collected(0);
    }
}
