//! From the envelopes that were collected to the batch that a handler gets.

use std::any::Any;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use super::items::{Batch, Home};
use crate::guard;

/// The batches of a protocol that has none.
#[doc(hidden)]
pub type NoBatch = Infallible;

/// A place for the memory of batches of one kind, whatever its items are.
pub(crate) type Slot = OnceLock<Arc<dyn Any + Send + Sync>>;

/// What was collected, all of one kind.
#[doc(hidden)]
#[derive(Debug)]
pub struct Gathered<'a, M> {
    items: &'a mut VecDeque<M>,
    slot: &'a Slot,
    skipped: u64,
}

impl<'a, M> Gathered<'a, M> {
    pub(crate) fn new(items: &'a mut VecDeque<M>, slot: &'a Slot) -> Gathered<'a, M> {
        Gathered {
            items,
            slot,
            skipped: 0,
        }
    }

    /// How many were left out, since nobody waits for their replies any more.
    pub(crate) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Makes items of the messages. None if none is left: no handler gets an
    /// empty batch.
    pub fn batch<T: Send + 'static>(&mut self, item: impl Fn(M) -> Option<T>) -> Option<Batch<T>> {
        let made = || Arc::new(Home::<T>::default()) as Arc<dyn Any + Send + Sync>;
        let home = Arc::clone(self.slot.get_or_init(made));
        let Ok(home) = home.downcast::<Home<T>>() else {
            // A kind has items of one type.
            return None;
        };
        let whole = self.items.len();
        // What is left out is dropped, and a panic in that is its own.
        let item = |message| guard::quietly(|| item(message)).flatten();
        let batch = Batch::at_home(&home, |items| {
            items.extend(self.items.drain(..).filter_map(item));
        });
        self.skipped += (whole - batch.len()) as u64;
        (!batch.is_empty()).then_some(batch)
    }
}
