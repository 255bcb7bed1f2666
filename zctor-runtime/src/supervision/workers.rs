//! The children of a pool, as its handles and its engine see them.

use std::any::Any;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Release};

use super::bond::Key;
use super::name::ChildName;
use super::plan::Event;
use super::roster::{Origin, Place, Roster, Rows, Tenure};
use super::subordinate::Subordinate;
use crate::registry::Refusal;
use crate::stats::Stats;
use crate::sync::lock;

impl Roster {
    /// How many children there are.
    pub(crate) fn size(&self) -> usize {
        self.with(|rows| rows.all.len())
    }

    /// So many more workers, behind the others: their keys. Unless they are
    /// `listed` they are not chosen before they have started.
    pub(crate) fn enlist(&self, count: usize, listed: bool) -> Range<Key> {
        let Some(spec) = self.first_spec() else {
            return 0..0;
        };
        let mut keys: Option<Range<Key>> = None;
        let size = self.size();
        for index in size..size + count {
            let name = ChildName::from(format!("{}[{index}]", spec.name));
            let place = Place {
                tenure: Tenure::Enlisted,
                listed,
                ..Place::of(spec, Some(name), Origin::Declared(spec.name, index))
            };
            // Nobody else gives names here.
            if let Ok((key, _)) = self.add(place) {
                keys = Some(keys.map_or(key, |keys| keys.start)..key + 1);
            }
        }
        if listed {
            self.changed();
        }
        keys.unwrap_or(0..0)
    }

    /// Makes all workers known to their system before they begin, as those of a
    /// pool are whose handle is there at once. If one cannot be, all end.
    pub(crate) fn enroll(&self) -> Result<(), Refusal> {
        let actors = self.with(|rows| rows.all.pick(|row| Some(Arc::clone(&row.actor))));
        for actor in &actors {
            if let Err(refusal) = Arc::clone(actor).enroll() {
                self.abandon();
                return Err(refusal);
            }
        }
        Ok(())
    }

    /// Has the supervisor start all its children before it stops for whatever
    /// reason but a kill: messages may wait for them already, and are to be
    /// handled as those of any actor that is stopped.
    pub(crate) fn owe_start(&self) {
        self.owes_start.store(true, Release);
    }

    pub(crate) fn owes_start(&self) -> bool {
        self.owes_start.load(Acquire)
    }

    /// They have all started, or cannot.
    pub(super) fn owe_nothing(&self) {
        self.owes_start.store(false, Release);
    }

    /// Makes it so many workers: what the planner is to make of that.
    pub(super) fn resize(&self, size: usize) -> Event {
        let first_gone = self.with(|rows| {
            let all = rows.all.keys();
            let gone = all.get(size..)?;
            for key in gone {
                rows.all.get_mut(key)?.listed = false;
            }
            gone.first().copied()
        });
        if let Some(first) = first_gone {
            self.changed();
            return Event::RemoveFrom(first);
        }
        let Range { start, end } = self.enlist(size.saturating_sub(self.size()), false);
        match self.row(start, |row| row.rules()) {
            Some(rules) if start < end => Event::AddAll {
                from: start,
                to: end,
                rules,
            },
            // It has that size.
            _ => Event::RemoveFrom(Key::MAX),
        }
    }

    /// A worker has started, and may be chosen.
    pub(super) fn list(&self, key: Key) {
        let before = self.row(key, |row| std::mem::replace(&mut row.listed, true));
        if before == Some(false) {
            self.changed();
        }
    }

    /// The workers that may be chosen, in the order of their indices.
    pub(crate) fn listed(&self) -> Vec<Arc<dyn Any + Send + Sync>> {
        self.with(|rows| {
            rows.all
                .pick(|row| row.listed.then(|| Arc::clone(&row.actor).into_any()))
        })
    }

    /// A number that is another when those are others. To be read before them.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Acquire)
    }

    pub(super) fn changed(&self) {
        self.changes.fetch_add(1, AcqRel);
    }

    /// What all children have done, also those that are gone.
    pub(crate) fn sum(&self) -> Stats {
        let past = lock(&self.past);
        let actors = self.with(|rows| rows.all.pick(|row| Some(Arc::clone(&row.actor))));
        let mut sum = *past;
        drop(past);
        for actor in &actors {
            sum.add(&actor.stats());
        }
        sum
    }

    /// Takes an actor off the list, and counts what it did with the past: both at
    /// once for those who look at the sum.
    pub(super) fn count_past<R>(
        &self,
        take: impl FnOnce(&mut Rows) -> R,
        gone: impl FnOnce(&R) -> Option<&dyn Subordinate>,
    ) -> R {
        let mut past = lock(&self.past);
        let taken = self.with(take);
        if let Some(gone) = gone(&taken) {
            past.add(&gone.stats());
        }
        taken
    }
}
