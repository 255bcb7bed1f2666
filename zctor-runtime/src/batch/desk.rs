//! What the handles of an actor and its incarnations share about its batches.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::Instant;

use super::gathered::Slot;
use super::plan::BatchPlan;
use crate::protocol::Variant;
use crate::sync::lock;

/// One for an actor with batches.
pub(crate) struct Desk<M, K> {
    rows: Box<[Row]>,
    /// There are requests.
    asked: AtomicBool,
    /// The kinds that are to be handed over now.
    flushes: Mutex<Vec<usize>>,
    /// How many messages are collected and not handed over.
    collected: AtomicUsize,
    /// What an incarnation has left for the next one.
    kept: Mutex<Option<Kept<M, K>>>,
}

struct Row {
    plan: Mutex<BatchPlan>,
    slot: Slot,
}

/// What was collected, and what came behind it: mail only.
pub(crate) struct Kept<M, K> {
    pub(crate) open: Option<Open<K>>,
    pub(crate) items: VecDeque<M>,
    pub(crate) waiting: VecDeque<M>,
}

/// A batch that is being collected.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open<K> {
    pub(crate) kind: K,
    /// When its first message was taken.
    pub(crate) since: Instant,
}

impl<M, K> Desk<M, K> {
    pub(crate) fn new(variants: &[Variant]) -> Desk<M, K> {
        let row = |variant: &Variant| Row {
            // Of a kind without batches it is never looked at.
            plan: Mutex::new(
                variant
                    .batch()
                    .unwrap_or(BatchPlan::new(1, std::time::Duration::MAX)),
            ),
            slot: Slot::new(),
        };
        Desk {
            rows: variants.iter().map(row).collect(),
            asked: AtomicBool::new(false),
            flushes: Mutex::new(Vec::new()),
            collected: AtomicUsize::new(0),
            kept: Mutex::new(None),
        }
    }

    pub(crate) fn plan(&self, kind: usize) -> Option<BatchPlan> {
        Some(*lock(&self.rows.get(kind)?.plan))
    }

    pub(crate) fn slot(&self, kind: usize) -> Option<&Slot> {
        Some(&self.rows.get(kind)?.slot)
    }

    /// Changes a plan. The actor has to be woken: its batch may be due by it.
    pub(crate) fn set_plan(&self, kind: usize, plan: BatchPlan) {
        if let Some(row) = self.rows.get(kind) {
            *lock(&row.plan) = plan;
        }
    }

    /// Asks for a batch to be handed over. The actor has to be woken.
    pub(crate) fn ask_flush(&self, kind: usize) {
        let mut flushes = lock(&self.flushes);
        if !flushes.contains(&kind) {
            flushes.push(kind);
        }
        self.asked.store(true, Release);
    }

    /// The kinds that were asked for since the last call.
    pub(crate) fn take_flushes(&self) -> Vec<usize> {
        // Most of the time there are none.
        if !self.asked.load(Acquire) {
            return Vec::new();
        }
        let mut flushes = lock(&self.flushes);
        self.asked.swap(false, AcqRel);
        std::mem::take(&mut *flushes)
    }

    pub(crate) fn collected(&self) -> usize {
        self.collected.load(Relaxed)
    }

    pub(crate) fn set_collected(&self, messages: usize) {
        self.collected.store(messages, Relaxed);
    }

    pub(crate) fn keep(&self, kept: Kept<M, K>) {
        *lock(&self.kept) = Some(kept);
    }

    pub(crate) fn take_kept(&self) -> Option<Kept<M, K>> {
        lock(&self.kept).take()
    }
}
