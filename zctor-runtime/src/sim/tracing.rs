//! A trace as it grows, and who sent what is still queued.

use std::collections::{BTreeMap, VecDeque};

use super::trace::{Sender, Trace};
use crate::label::ActorId;
use crate::seam::Addressed;

/// A trace that is being kept.
#[derive(Default)]
pub(super) struct Tracing {
    pub(super) trace: Trace,
    /// Who sent what is queued, by actor, variant, and key.
    senders: BTreeMap<Queued, VecDeque<Sender>>,
}

impl Tracing {
    pub(super) fn queued(&mut self, message: &Addressed, sender: Sender) {
        let queue = self.senders.entry(queued(message)).or_default();
        queue.push_back(sender);
    }

    /// The newest or the oldest of those that are queued is gone.
    pub(super) fn dropped(&mut self, message: &Addressed, newest: bool) {
        if let Some(senders) = self.senders.get_mut(&queued(message)) {
            let _ = if newest {
                senders.pop_back()
            } else {
                senders.pop_front()
            };
        }
    }

    pub(super) fn forget(&mut self, actor: ActorId) {
        let all = (actor, 0, 0)..=(actor, usize::MAX, u64::MAX);
        let gone: Vec<Queued> = self.senders.range(all).map(|(queued, _)| *queued).collect();
        for queued in gone {
            self.senders.remove(&queued);
        }
    }

    /// Who has sent so many of those that are queued, and how many each.
    pub(super) fn take_senders(&mut self, message: &Addressed, batch: u64) -> Vec<(Sender, u64)> {
        let mut senders = self.senders.get_mut(&queued(message));
        let mut next = || senders.as_mut().and_then(|senders| senders.pop_front());
        let mut taken: Vec<(Sender, u64)> = Vec::new();
        for _ in 0..batch {
            // What was not sent by anybody came by a timer or a pipe.
            let from = next().unwrap_or(Sender::Itself);
            match taken.iter_mut().find(|(sender, _)| *sender == from) {
                Some((_, count)) => *count += 1,
                None => taken.push((from, 1)),
            }
        }
        taken
    }
}

type Queued = (ActorId, usize, u64);

fn queued(message: &Addressed) -> Queued {
    (message.to, message.index, message.key)
}
