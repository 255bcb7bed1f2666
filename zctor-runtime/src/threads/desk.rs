//! Threads of an actor's own.

use std::io;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};

use crossbeam_utils::atomic::AtomicCell;

use super::crew::Crew;
use super::lane::{Nap, Pulse};
use super::queues::Queues;
use crate::guard;
use crate::label::{ActorId, ActorLabel};
use crate::ordered::Ordered;
use crate::seam::{Runnable, Tag};
use crate::sync::lock;
use crate::wait::mark_dedicated_thread;

/// Where such an actor's task waits for its thread. There is one task, so
/// there is room for one.
pub(super) struct Desk {
    tag: Tag,
    task: AtomicCell<Option<Runnable>>,
    dismissed: AtomicBool,
    nap: Nap,
    pub(super) pulse: Pulse,
}

/// The desks of a system, by actor. One is here from before its thread begins
/// until it ends.
#[derive(Default)]
pub(super) struct Desks(Mutex<Ordered<u64, Arc<Desk>>>);

impl Desks {
    /// Starts the thread of `actor`.
    pub(super) fn open(
        self: &Arc<Desks>,
        actor: &ActorLabel,
        crew: &Arc<Crew>,
        queues: &Arc<Queues>,
    ) -> io::Result<()> {
        let desk = Arc::new(Desk {
            tag: Tag::of(actor.id(), true),
            task: AtomicCell::new(None),
            dismissed: AtomicBool::new(false),
            nap: Nap::default(),
            pulse: Pulse::default(),
        });
        lock(&self.0).insert(actor.id().get(), Arc::clone(&desk));
        // Also if the thread does not start.
        let closing = Closing(Arc::clone(self), actor.id());
        let (hired_by, queues) = (Arc::clone(crew), Arc::clone(queues));
        let role = match actor.name() {
            Some(name) => name.to_owned(),
            None => actor.to_string(),
        };
        let life = move || {
            let closing = closing;
            desk.work(&hired_by, &queues);
            drop(closing);
            // What was queued at the last moment is for a worker to end.
            if let Some(task) = desk.task.take() {
                queues.schedule(task, false);
            }
        };
        crew.hire(&role, Box::new(life))
    }

    /// Hands a task to the thread of its actor. Given back if that has ended.
    pub(super) fn schedule(&self, actor: ActorId, task: Runnable) -> Option<Runnable> {
        let desk = lock(&self.0).get(&actor.get()).cloned();
        let Some(desk) = desk else { return Some(task) };
        desk.task.store(Some(task));
        desk.nap.wake();
        None
    }

    /// The actor has ended: so does its thread, after what it is at.
    pub(super) fn dismiss(&self, actor: ActorId) {
        let desk = lock(&self.0).get(&actor.get()).cloned();
        if let Some(desk) = desk {
            desk.dismissed.store(true, SeqCst);
            desk.nap.wake();
        }
    }

    pub(super) fn all(&self) -> Vec<Arc<Desk>> {
        lock(&self.0).pick(|desk| Some(Arc::clone(desk)))
    }

    /// Wakes all threads, to see that the system has ended.
    pub(super) fn wake_all(&self) {
        self.all().iter().for_each(|desk| desk.nap.wake());
    }
}

impl Desk {
    fn work(&self, crew: &Crew, queues: &Queues) {
        mark_dedicated_thread();
        self.nap.begin();
        let mut turns = 0;
        while let Some(task) = self.next(queues) {
            turns += 1;
            self.pulse.count_turn(turns);
            self.pulse.begin(self.tag);
            let busy = queues.begin(self.tag);
            guard::quietly(|| task.run());
            drop(busy);
            self.pulse.rest();
            if self.pulse.is_back() {
                crew.regain();
            }
        }
    }

    fn next(&self, queues: &Queues) -> Option<Runnable> {
        loop {
            if let Some(task) = self.task.take() {
                return Some(task);
            }
            if self.dismissed.load(SeqCst) || queues.is_closed() {
                return None;
            }
            self.nap.sleep();
        }
    }
}

/// Takes a desk away.
struct Closing(Arc<Desks>, ActorId);

impl Drop for Closing {
    fn drop(&mut self) {
        let desk = lock(&self.0.0).remove(&self.1.get());
        drop(desk);
    }
}
