//! A trace as it grows, and who sent what is still queued.

use std::collections::VecDeque;

use super::trace::{Sender, Trace};
use crate::label::ActorId;
use crate::ordered::Ordered;
use crate::seam::Addressed;

/// A trace that is being kept.
#[derive(Default)]
pub(super) struct Tracing {
    pub(super) trace: Trace,
    /// Who sent what is queued, by actor and key, and then by variant.
    senders: Ordered<u64, Ordered<u64, Vec<Queue>>>,
}

impl Tracing {
    pub(super) fn queued(&mut self, message: &Addressed, sender: Sender) {
        self.queue(message).push_back(sender);
    }

    /// The newest or the oldest of those that are queued is gone.
    pub(super) fn dropped(&mut self, message: &Addressed, newest: bool) {
        let senders = self.queue(message);
        let _ = if newest {
            senders.pop_back()
        } else {
            senders.pop_front()
        };
    }

    pub(super) fn forget(&mut self, actor: ActorId) {
        self.senders.remove(&actor.get());
    }

    /// Who has sent so many of those that are queued, and how many each.
    pub(super) fn take_senders(&mut self, message: &Addressed, batch: u64) -> Vec<(Sender, u64)> {
        let senders = self.queue(message);
        let mut taken: Vec<(Sender, u64)> = Vec::new();
        for _ in 0..batch {
            // What was not sent by anybody came by a timer or a pipe.
            let from = senders.pop_front().unwrap_or(Sender::Itself);
            match taken.iter_mut().find(|(sender, _)| *sender == from) {
                Some((_, count)) => *count += 1,
                None => taken.push((from, 1)),
            }
        }
        taken
    }

    fn queue(&mut self, message: &Addressed) -> &mut VecDeque<Sender> {
        let actor = message.to.get();
        let keys = self.senders.get_or_insert_with(actor, Ordered::new);
        let queues = keys.get_or_insert_with(message.key, Vec::new);
        let there = queues
            .iter()
            .position(|queue| queue.variant == message.index);
        let place = there.unwrap_or_else(|| {
            queues.push(Queue {
                variant: message.index,
                senders: VecDeque::new(),
            });
            queues.len() - 1
        });
        &mut queues[place].senders
    }
}

/// Who sent those of one variant.
struct Queue {
    variant: usize,
    senders: VecDeque<Sender>,
}
