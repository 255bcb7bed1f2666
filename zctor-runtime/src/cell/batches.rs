//! The batches of an actor.

use std::any::Any;

use super::{Cell, Core};
use crate::batch::desk::Desk;
use crate::batch::plan::{BatchPlan, InvalidBatch};
use crate::protocol::{Fault, Kind, Protocol, any_batch};

pub(super) type Batches<P> = Desk<<P as Protocol>::Envelope, <P as Protocol>::Kind>;

/// The same of whatever protocol.
pub(super) trait AnyBatches: Send + Sync {
    fn collected(&self) -> usize;
    fn as_any(&self) -> &dyn Any;
}

impl<T, K> AnyBatches for Desk<T, K>
where
    Desk<T, K>: Send + Sync + 'static,
{
    fn collected(&self) -> usize {
        Desk::collected(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Core {
    /// How many messages are in batches that are being collected.
    pub(super) fn collected(&self) -> usize {
        let batches = self.rare.get().and_then(|rare| rare.batches.get());
        batches.map_or(0, |batches| batches.collected())
    }
}

impl<P: Protocol> Cell<P> {
    /// How many messages wait, those of a batch that is being collected among
    /// them.
    pub(crate) fn queued(&self) -> usize {
        self.any().queued()
    }

    pub(crate) fn batches(&self) -> &Batches<P> {
        let made = || Box::new(Batches::<P>::new(P::VARIANTS)) as Box<dyn AnyBatches>;
        let batches = self.rare().batches.get_or_init(made);
        let batches = batches.as_any().downcast_ref();
        batches.expect("nothing else is made")
    }

    fn batches_if_any(&self) -> Option<&Batches<P>> {
        let batches = self.rare.get()?.batches.get()?;
        batches.as_any().downcast_ref()
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
        if const { !any_batch(P::VARIANTS) } {
            return;
        }
        let Some(batches) = self.batches_if_any() else {
            return;
        };
        let kept = batches.take_kept();
        for envelope in kept
            .into_iter()
            .flat_map(|kept| kept.items.into_iter().chain(kept.waiting))
        {
            self.discard(envelope, Fault::Stopped);
        }
        batches.set_collected(0);
    }
}
