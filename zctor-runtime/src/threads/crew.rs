//! The threads of a system: their names, how they begin, and who is left.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::ambience::Ambience;
use crate::ordered::Ordered;
use crate::seam::Job;
use crate::sync::lock;

pub(super) struct Crew {
    name: String,
    ambience: Ambience,
    members: Mutex<Members>,
    changed: Condvar,
}

#[derive(Default)]
struct Members {
    handles: Vec<JoinHandle<()>>,
    /// Threads that have not ended, by their numbers.
    present: Ordered<u64, String>,
    hired: u64,
    /// Those of them that are held up, and may never end.
    lost: usize,
}

impl Crew {
    pub(super) fn new(name: &str, ambience: Ambience) -> Crew {
        Crew {
            name: name.to_owned(),
            ambience,
            members: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Starts a thread, named after the system and `role`.
    pub(super) fn hire(self: &Arc<Crew>, role: &str, life: Job) -> io::Result<()> {
        // A name with a zero byte would be a panic.
        let mut name = format!("{}-", self.name);
        for letter in role.chars() {
            name.push(if letter == '\0' { '?' } else { letter });
        }
        let leaving = {
            let mut members = lock(&self.members);
            // What has ended of itself need not be waited for; and its stack may
            // be what the new one needs.
            members.handles.retain(|handle| !handle.is_finished());
            members.hired += 1;
            let number = members.hired;
            members.present.insert(number, name.clone());
            Leaving(Arc::clone(self), number)
        };
        // If it does not start, its `leaving` is dropped.
        let handle = thread::Builder::new().name(name).spawn(move || {
            let leaving = leaving;
            leaving.0.ambience.surround(life);
        })?;
        lock(&self.members).handles.push(handle);
        Ok(())
    }

    /// One of them is held up.
    pub(super) fn lose(&self) {
        lock(&self.members).lost += 1;
        self.changed.notify_all();
    }

    /// One that was held up is not any more.
    pub(super) fn regain(&self) {
        lock(&self.members).lost -= 1;
    }

    /// Waits until all have ended but those that are held up, and the caller;
    /// not longer than `limit` in any case.
    pub(super) fn disband(&self, limit: Duration) {
        let until = Instant::now().checked_add(limit);
        let mut members = lock(&self.members);
        let caller = thread::current().id();
        let is_caller = |handle: &JoinHandle<()>| handle.thread().id() == caller;
        let stay = usize::from(members.handles.iter().any(is_caller));
        while members.present.len() > members.lost + stay {
            let left = until.map_or(limit, |until| {
                until.saturating_duration_since(Instant::now())
            });
            if left.is_zero() {
                break;
            }
            let waited = self.changed.wait_timeout(members, left);
            members = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let all = members.present.is_empty();
        let handles = std::mem::take(&mut members.handles);
        drop(members);
        for handle in handles {
            if all || handle.is_finished() {
                // Its result says nothing: every panic is caught.
                let _ = handle.join();
            }
        }
    }

    /// The names of the threads that have not ended.
    pub(super) fn present(&self) -> Vec<String> {
        lock(&self.members).present.pick(|name| Some(name.clone()))
    }

    /// Ends what the threads ran in.
    pub(super) fn end_ambience(&self) {
        self.ambience.end();
    }
}

/// Says that a thread has ended, or was never there.
struct Leaving(Arc<Crew>, u64);

impl Drop for Leaving {
    fn drop(&mut self) {
        lock(&self.0.members).present.remove(&self.1);
        self.0.changed.notify_all();
    }
}
