//! The children of a supervisor: what the supervisor, its handles, and whoever
//! administers it look at.

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Instant;

use super::arguments::Arguments;
use super::bond::{Boss, Key, Report};
use super::declared::{Patience, Restart};
use super::desk::{Command, Desk, Note};
use super::info::ChildState;
use super::made::Made;
use super::name::ChildName;
use super::plan::ChildRules;
use super::spec::{ChildSpec, Supervision};
use super::subordinate::{Birth, Newborn, Subordinate};
use crate::children::Entry;
use crate::hub::Hub;
use crate::ordered::Ordered;
use crate::registry::AnyActor;
use crate::stats::Stats;
use crate::sync::lock;

pub(crate) struct Roster {
    children: &'static [ChildSpec],
    /// As its enum says, or as the pool was told that it is.
    supervision: Mutex<Supervision>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) desk: Desk,
    supervisor: Weak<dyn AnyActor>,
    terms: AtomicU64,
    rows: Mutex<Rows>,
    /// The supervisor's engine, while it is not at work.
    engine: Mutex<Option<Box<dyn Any + Send>>>,
    /// All its children are to start before it stops: see
    /// [`owe_start`](Roster::owe_start).
    pub(super) owes_start: AtomicBool,
    /// Grows when the children that are listed have changed.
    pub(super) changes: AtomicU64,
    /// What those did that are no children any more.
    pub(super) past: Mutex<Stats>,
    /// What the handles of a pool have in common.
    pub(crate) crowd: OnceLock<Arc<dyn Any + Send + Sync>>,
    me: Weak<Roster>,
}

#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) all: Ordered<Key, Row>,
    names: HashMap<Arc<str>, Key>,
    next: Key,
}

impl Rows {
    /// Whether a child has the name, or is about to have it.
    fn is_taken(&self, name: &ChildName) -> bool {
        self.names.get(name.as_str()).is_some_and(|key| {
            let row = self.all.get(key);
            row.is_none_or(|row| !row.deleted)
        })
    }

    /// Takes a child out, with its name. One that was declared stays, and is
    /// deleted.
    fn forget(&mut self, key: Key) -> Option<Row> {
        let row = self.all.get_mut(&key)?;
        if row.tenure == Tenure::Declared {
            row.deleted = true;
            row.state = ChildState::Stopped;
            return None;
        }
        let gone = self.all.remove(&key)?;
        if self.names.get(gone.name.as_str()) == Some(&key) {
            self.names.remove(gone.name.as_str());
        }
        Some(gone)
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        drop(self.all.take_all());
    }
}

/// A child.
pub(crate) struct Row {
    pub(crate) name: ChildName,
    /// The protocol's name.
    pub(crate) protocol: &'static str,
    pub(crate) is_supervisor: bool,
    pub(crate) restart: Restart,
    pub(crate) patience: Patience,
    pub(crate) significant: bool,
    /// The declaration of children that stop together.
    pub(crate) kind: Option<&'static str>,
    pub(super) tenure: Tenure,
    /// A pool may choose it.
    pub(super) listed: bool,
    /// None while its next state is made, which is the user's code.
    pub(crate) origin: Option<Origin>,
    make: fn(Birth) -> Newborn,
    pub(crate) actor: Arc<dyn Subordinate>,
    /// Its last start, for the planner and for the reports.
    pub(crate) planned: u64,
    pub(crate) term: u64,
    pub(crate) starts: u64,
    pub(crate) last_restart: Option<Instant>,
    pub(crate) state: ChildState,
    /// Only its handle is left.
    pub(crate) deleted: bool,
}

/// How long a child has its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tenure {
    /// For good. If it is deleted, the next incarnation of the supervisor has it
    /// again.
    Declared,
    /// Until it is deleted.
    Enlisted,
    /// As long as this incarnation of the supervisor.
    Passing,
}

/// Where the state of a child comes from.
pub(crate) enum Origin {
    /// The factory of a declared child.
    Declared(&'static str, usize),
    /// The factory of a dynamic child, with these arguments.
    Dynamic(&'static str, Arguments),
    /// What it was started with.
    Given(Box<dyn Supply>),
}

/// What gives a child for each of its starts.
pub(crate) trait Supply: Send {
    /// None if it is used up.
    fn give(&mut self) -> Option<Made>;
}

impl Row {
    /// How it is to be stopped.
    fn entry(&self, keep: bool) -> Entry {
        let child = Arc::clone(&self.actor);
        Entry {
            child,
            limit: self.patience,
            keep: keep && self.tenure != Tenure::Passing,
        }
    }

    /// What the planner is to know of it.
    pub(super) fn rules(&self) -> ChildRules {
        ChildRules {
            restart: self.restart,
            significant: self.significant,
            kind: self.kind,
        }
    }

    pub(super) fn is_dynamic(&self) -> bool {
        self.tenure == Tenure::Passing && self.kind.is_some()
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        self.actor.let_go();
    }
}

/// What a new row is made of.
pub(crate) struct Place {
    pub(crate) name: Option<ChildName>,
    pub(crate) protocol: &'static str,
    pub(crate) is_supervisor: bool,
    pub(crate) restart: Restart,
    pub(crate) patience: Patience,
    pub(crate) significant: bool,
    pub(crate) kind: Option<&'static str>,
    pub(super) tenure: Tenure,
    pub(super) listed: bool,
    pub(crate) origin: Origin,
    pub(crate) make: fn(Birth) -> Newborn,
}

impl Place {
    pub(crate) fn of(spec: &ChildSpec, name: Option<ChildName>, origin: Origin) -> Place {
        Place {
            name,
            protocol: spec.protocol,
            is_supervisor: spec.is_supervisor(),
            restart: spec.restart,
            patience: spec.patience(),
            significant: spec.significant,
            kind: (spec.dynamic || spec.together).then_some(spec.name),
            tenure: match origin {
                Origin::Declared(..) => Tenure::Declared,
                Origin::Dynamic(..) | Origin::Given(_) => Tenure::Passing,
            },
            listed: true,
            origin,
            make: spec.make,
        }
    }
}

impl Roster {
    /// The declared children have their actors from the beginning.
    pub(crate) fn new(
        supervision: &Supervision,
        hub: &Arc<Hub>,
        supervisor: Weak<dyn AnyActor>,
    ) -> Arc<Roster> {
        let roster = Arc::new_cyclic(|me| Roster {
            children: supervision.children,
            supervision: Mutex::new(*supervision),
            hub: Arc::clone(hub),
            desk: Desk::new(),
            supervisor,
            terms: AtomicU64::new(0),
            rows: Mutex::default(),
            engine: Mutex::new(None),
            owes_start: AtomicBool::new(false),
            changes: AtomicU64::new(1),
            past: Mutex::new(Stats::NONE),
            crowd: OnceLock::new(),
            me: Weak::clone(me),
        });
        for spec in supervision.children.iter().filter(|spec| !spec.dynamic) {
            for index in 0..spec.count.unwrap_or(1) {
                let name = match spec.count {
                    None => ChildName::from(spec.name),
                    Some(_) => ChildName::from(format!("{}[{index}]", spec.name)),
                };
                let origin = Origin::Declared(spec.name, index);
                roster.add(Place::of(spec, Some(name), origin)).ok();
            }
        }
        roster
    }

    pub(crate) fn supervision(&self) -> Supervision {
        *lock(&self.supervision)
    }

    /// Has the next incarnation of the supervisor go by other numbers, for the
    /// same children.
    pub(crate) fn supervise_as(&self, supervision: &Supervision) {
        *lock(&self.supervision) = *supervision;
    }

    pub(crate) fn spec(&self, name: &str) -> Option<&'static ChildSpec> {
        let mut children = self.children.iter();
        children.find(|spec| spec.name == name)
    }

    /// The declaration of the workers of a pool, which has no other.
    pub(super) fn first_spec(&self) -> Option<&'static ChildSpec> {
        self.children.first()
    }

    /// Adds a child that is not started yet. Gives its place back if there is
    /// another of that name.
    pub(crate) fn add(&self, place: Place) -> Result<(Key, ChildName), Place> {
        let mut rows = lock(&self.rows);
        if let Some(name) = &place.name
            && rows.is_taken(name)
        {
            return Err(place);
        }
        let key = rows.next;
        rows.next += 1;
        if let Some(name) = &place.name {
            rows.names.insert(Arc::clone(name.shared()), key);
        }
        drop(rows);
        // A supervisor makes its own children with it: not under the lock.
        let actor = self.birth(key, place.restart, place.name.clone(), place.make);
        let name = match (place.name, &place.origin) {
            (Some(name), _) => name,
            (None, Origin::Dynamic(kind, _)) => {
                ChildName::from(format!("{kind}{}", actor.label().id()))
            }
            (None, _) => ChildName::from(actor.label().to_string()),
        };
        let row = Row {
            name: name.clone(),
            protocol: place.protocol,
            is_supervisor: place.is_supervisor,
            restart: place.restart,
            patience: place.patience,
            significant: place.significant,
            kind: place.kind,
            tenure: place.tenure,
            listed: place.listed,
            origin: Some(place.origin),
            make: place.make,
            actor,
            planned: 0,
            term: 0,
            starts: 0,
            last_restart: None,
            state: ChildState::Stopped,
            deleted: false,
        };
        let mut rows = lock(&self.rows);
        rows.names.insert(Arc::clone(name.shared()), key);
        rows.all.insert(key, row);
        Ok((key, name))
    }

    fn birth(
        &self,
        key: Key,
        restart: Restart,
        name: Option<ChildName>,
        make: fn(Birth) -> Newborn,
    ) -> Arc<dyn Subordinate> {
        let boss: Weak<dyn Boss> = Weak::<Roster>::clone(&self.me);
        let Newborn(actor) = make(Birth {
            hub: Arc::clone(&self.hub),
            boss,
            key,
            restart,
            name,
            capacity: self.supervision().capacity,
        });
        actor
    }

    pub(crate) fn with<R>(&self, look: impl FnOnce(&mut Rows) -> R) -> R {
        look(&mut lock(&self.rows))
    }

    pub(crate) fn row<R>(&self, key: Key, look: impl FnOnce(&mut Row) -> R) -> Option<R> {
        lock(&self.rows).all.get_mut(&key).map(look)
    }

    pub(crate) fn find(&self, name: &ChildName) -> Option<Key> {
        let rows = lock(&self.rows);
        let key = rows.names.get(name.as_str()).copied()?;
        (!rows.all.get(&key)?.deleted).then_some(key)
    }

    /// The actor of a declared child.
    pub(crate) fn declared(&self, name: &str, index: usize) -> Option<Arc<dyn Subordinate>> {
        let rows = lock(&self.rows);
        let mut first = 0;
        for spec in self.children.iter().filter(|spec| !spec.dynamic) {
            let count = spec.count.unwrap_or(1);
            if spec.name == name {
                let index = (index < count).then_some(index)?;
                let row = rows.all.get(&(first + index as Key))?;
                return Some(Arc::clone(&row.actor));
            }
            first += count as Key;
        }
        None
    }

    /// The actors of the dynamic children of one declaration.
    pub(crate) fn dynamic(&self, kind: &str) -> Vec<Arc<dyn Subordinate>> {
        let rows = lock(&self.rows);
        rows.all
            .pick(|row| (row.kind == Some(kind)).then(|| Arc::clone(&row.actor)))
    }

    /// Another actor in the place of one that has ended for good, or that does
    /// not let go of its thread.
    pub(crate) fn replace(&self, key: Key) -> Option<Arc<dyn Subordinate>> {
        let (restart, name, make) = self.row(key, |row| {
            let named = !row.is_dynamic();
            (row.restart, named.then(|| row.name.clone()), row.make)
        })?;
        let actor = self.birth(key, restart, name, make);
        let old = self.row(key, |row| Arc::clone(&row.actor))?;
        // Should it ever come back, it is to end.
        old.stop(false);
        let old = self.count_past(
            |rows| {
                let row = rows.all.get_mut(&key)?;
                Some(std::mem::replace(&mut row.actor, Arc::clone(&actor)))
            },
            |old| old.as_ref().map(|old| &**old),
        );
        self.changed();
        if let Some(old) = old {
            old.let_go();
        }
        Some(actor)
    }

    pub(crate) fn put_engine(&self, engine: Box<dyn Any + Send>) {
        let before = lock(&self.engine).replace(engine);
        drop(before);
    }

    pub(crate) fn take_engine(&self) -> Option<Box<dyn Any + Send>> {
        lock(&self.engine).take()
    }

    pub(crate) fn next_term(&self) -> u64 {
        self.terms.fetch_add(1, Relaxed) + 1
    }

    /// Forgets a child that has ended. Of a declared one the handle stays.
    pub(crate) fn forget(&self, key: Key) {
        let gone = self.count_past(
            |rows| rows.forget(key),
            |gone| {
                let worker = gone.as_ref().filter(|row| row.tenure == Tenure::Enlisted);
                worker.map(|row| &*row.actor)
            },
        );
        self.changed();
        drop(gone);
    }

    /// Takes the children that were not declared out, and the declared ones
    /// back that were deleted: for the next incarnation of the supervisor.
    pub(crate) fn renew(&self) {
        let mut rows = lock(&self.rows);
        let gone = rows.all.take_if(|_, row| row.tenure == Tenure::Passing);
        for row in &gone {
            rows.names.remove(row.name.as_str());
        }
        let Rows { all, names, .. } = &mut *rows;
        all.for_each_mut(|key, row| {
            row.deleted = false;
            row.state = ChildState::Stopped;
            names.insert(Arc::clone(row.name.shared()), key);
        });
        drop(rows);
        drop(gone);
    }

    /// What is to be stopped, in the order of the starts, with the keys in
    /// `which`.
    pub(crate) fn entries(&self, which: &[Key], keep: bool) -> Vec<Entry> {
        let rows = lock(&self.rows);
        let mut entries = Vec::new();
        for key in which {
            if let Some(row) = rows.all.get(key) {
                entries.push(row.entry(keep));
            }
        }
        entries
    }

    /// All that has not ended, in batches. Dynamic children of one kind, one
    /// behind the other, are one batch.
    pub(crate) fn batches(&self, keep: bool) -> Vec<Vec<Entry>> {
        let rows = lock(&self.rows);
        let mut batches: Vec<Vec<Entry>> = Vec::new();
        let mut last = None;
        for (_, row) in rows.all.iter() {
            if row.actor.has_ended() {
                continue;
            }
            let kind = row.kind;
            match batches.last_mut() {
                Some(batch) if kind.is_some() && kind == last => batch.push(row.entry(keep)),
                _ => batches.push(vec![row.entry(keep)]),
            }
            last = kind;
        }
        batches
    }

    /// Has them all end for good, and waits for none: their supervisor has no
    /// task that could.
    pub(crate) fn abandon(&self) {
        for batch in self.batches(false).iter().rev() {
            for entry in batch.iter().rev() {
                entry.child.stop(false);
            }
        }
        self.close();
    }

    /// Nothing more is looked at.
    pub(crate) fn close(&self) {
        drop(self.desk.close());
    }

    /// Gives a command to the supervisor; back if it has ended.
    pub(crate) fn command(&self, command: Command) -> Result<(), Command> {
        match self.desk.push(Note::Command(command)) {
            Ok(()) => {
                self.wake();
                Ok(())
            }
            Err(Note::Command(command)) => Err(command),
            Err(Note::Report(_)) => Ok(()),
        }
    }

    fn wake(&self) {
        if let Some(supervisor) = self.supervisor.upgrade() {
            supervisor.wake();
        }
    }
}

impl Boss for Roster {
    fn report(&self, report: Report) {
        // Where nobody looks any more, nobody wants to know.
        let _ = self.desk.push(Note::Report(report));
        self.wake();
    }
}
