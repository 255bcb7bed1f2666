//! Who is at work in the systems that go by one clock of a test, so that it
//! can be waited until nobody is.
//!
//! A task counts as *queued* from the moment that it is scheduled, and as *run*
//! from there to the end of its turn. What it schedules meanwhile, itself
//! included, is counted before that end. So when nobody is counted, nothing
//! goes on until something comes from outside: a message of another thread, a
//! waker of another runtime, or the clock.
//!
//! A turn that holds its thread for long, or waits with `.wait()`, does not
//! keep anybody from saying that the rest is at rest.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::guard;
use crate::ordered::Ordered;
use crate::seam::{Overseer, Tag};
use crate::sync::lock;
use crate::wait::{Pause, WatchWaits, watch_waits};

#[derive(Default)]
pub(crate) struct Rest {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    members: Ordered<u64, Member>,
    turns: Ordered<u64, Turn>,
    made: u64,
    /// Threads that wait for rest.
    waiting: usize,
}

/// A system.
struct Member {
    queued: usize,
    /// A turn that has taken longer is not waited for.
    patience: Duration,
    overseer: Arc<OnceLock<Weak<dyn Overseer>>>,
}

/// What a thread is at.
struct Turn {
    member: u64,
    task: Option<Tag>,
    since: Instant,
    /// It waits for something.
    pause: Option<Pause>,
}

/// One system's part in it.
#[derive(Clone)]
pub(super) struct Presence {
    rest: Arc<Rest>,
    pub(super) member: u64,
    overseer: Arc<OnceLock<Weak<dyn Overseer>>>,
}

impl Rest {
    pub(super) fn join(self: &Arc<Rest>, patience: Duration) -> Presence {
        let overseer = Arc::default();
        let mut state = lock(&self.state);
        let number = state.number();
        let member = Member {
            queued: 0,
            patience,
            overseer: Arc::clone(&overseer),
        };
        state.members.insert(number, member);
        Presence {
            rest: Arc::clone(self),
            member: number,
            overseer,
        }
    }

    /// Whether nobody is at work.
    pub(super) fn is_quiet(&self) -> bool {
        lock(&self.state).is_quiet(Instant::now())
    }

    /// Waits until nobody is at work. If that takes longer than `limit`, it
    /// says who is.
    pub(super) fn settle(&self, limit: Duration) -> Result<(), String> {
        let begun = Instant::now();
        let mut state = lock(&self.state);
        state.waiting += 1;
        let settled = loop {
            let now = Instant::now();
            if state.is_quiet(now) {
                break Ok(());
            }
            let left = limit.saturating_sub(now.saturating_duration_since(begun));
            if left.is_zero() {
                break Err(state.at_work());
            }
            state = self.pause(state, left);
        };
        state.waiting -= 1;
        drop(state);
        settled.map_err(|at_work| text(&at_work))
    }

    fn pause<'a>(&self, state: MutexGuard<'a, State>, left: Duration) -> MutexGuard<'a, State> {
        let left = state.next_patience(Instant::now()).min(left);
        let waited = self.changed.wait_timeout(state, left);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn notify(&self, state: &State) {
        if state.waiting > 0 {
            self.changed.notify_all();
        }
    }
}

impl State {
    fn number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    fn is_quiet(&self, now: Instant) -> bool {
        self.queued() == 0 && self.turns.iter().all(|(_, turn)| self.rests(turn, now))
    }

    /// How many tasks and jobs wait for a thread.
    fn queued(&self) -> usize {
        let mut queued = 0;
        for (_, member) in self.members.iter() {
            queued += member.queued;
        }
        queued
    }

    fn rests(&self, turn: &Turn, now: Instant) -> bool {
        match &turn.pause {
            // One that was woken is at work again, however long it has waited.
            Some(pause) => !pause.is_over() || self.patience_of(turn, now).is_none(),
            None => self
                .patience_of(turn, now)
                .is_none_or(|left| left.is_zero()),
        }
    }

    /// How much longer a turn is waited for. None: its system has ended.
    fn patience_of(&self, turn: &Turn, now: Instant) -> Option<Duration> {
        let member = self.members.get(&turn.member)?;
        let taken = now.saturating_duration_since(turn.since);
        Some(member.patience.saturating_sub(taken))
    }

    /// When the next turn may be waited for no longer.
    fn next_patience(&self, now: Instant) -> Duration {
        let mut next = Duration::MAX;
        for (_, turn) in self.turns.iter() {
            match self.patience_of(turn, now) {
                Some(left) if !left.is_zero() => next = next.min(left),
                _ => {}
            }
        }
        next
    }

    fn at_work(&self) -> Vec<AtWork> {
        let now = Instant::now();
        let mut all = self.turns.pick(|turn| {
            let member = self.members.get(&turn.member)?;
            let overseer = member.overseer.get().cloned();
            (!self.rests(turn, now)).then_some(AtWork::Turn(turn.task, overseer))
        });
        all.push(AtWork::Queued(self.queued()));
        all
    }
}

enum AtWork {
    Turn(Option<Tag>, Option<Weak<dyn Overseer>>),
    Queued(usize),
}

/// Who is at work, for people; made without the lock.
fn text(at_work: &[AtWork]) -> String {
    let mut text = String::new();
    for one in at_work {
        if !text.is_empty() {
            text.push_str("; ");
        }
        let one = match one {
            AtWork::Turn(Some(task), overseer) => {
                let overseer = overseer.as_ref().and_then(Weak::upgrade);
                let named = task.actor().zip(overseer);
                let named = named.and_then(|(actor, overseer)| overseer.describe(actor));
                let other = || "a task beside the actors".to_owned();
                format!("{} is at work", named.unwrap_or_else(other))
            }
            AtWork::Turn(None, _) => "blocking work goes on".to_owned(),
            AtWork::Queued(0) => "nothing waits for a worker".to_owned(),
            AtWork::Queued(1) => "1 task waits for a worker".to_owned(),
            AtWork::Queued(queued) => format!("{queued} tasks wait for a worker"),
        };
        text.push_str(&one);
    }
    text
}

impl Presence {
    /// A task or a job is queued.
    pub(super) fn queued(&self) {
        if let Some(member) = lock(&self.rest.state).members.get_mut(&self.member) {
            member.queued += 1;
        }
    }

    /// One that was queued is dropped.
    fn unqueued(&self) {
        let mut state = lock(&self.rest.state);
        if let Some(member) = state.members.get_mut(&self.member) {
            member.queued = member.queued.saturating_sub(1);
        }
        self.rest.notify(&state);
    }

    /// One that was queued begins, on this thread, until what this returns is
    /// dropped. None: a job.
    pub(super) fn begin(&self, task: Option<Tag>) -> Busy {
        let mut state = lock(&self.rest.state);
        if let Some(member) = state.members.get_mut(&self.member) {
            member.queued = member.queued.saturating_sub(1);
        }
        let number = state.number();
        let turn = Turn {
            member: self.member,
            task,
            since: Instant::now(),
            pause: None,
        };
        state.turns.insert(number, turn);
        drop(state);
        let here = Here {
            rest: Arc::clone(&self.rest),
            turn: number,
        };
        let before = watch_waits(Some(Arc::new(here)));
        Busy {
            rest: Arc::clone(&self.rest),
            turn: number,
            before,
        }
    }

    /// A job that counts as queued until it begins or is dropped.
    pub(super) fn job(&self) -> QueuedJob {
        self.queued();
        QueuedJob {
            presence: self.clone(),
            begun: false,
        }
    }

    pub(super) fn report_to(&self, overseer: Weak<dyn Overseer>) {
        // The first one stays.
        let _ = self.overseer.set(overseer);
    }

    /// Its system ends: nobody waits for it any more.
    pub(super) fn leave(&self) {
        let mut state = lock(&self.rest.state);
        state.members.remove(&self.member);
        self.rest.notify(&state);
    }
}

/// A turn that goes on.
pub(super) struct Busy {
    rest: Arc<Rest>,
    turn: u64,
    before: Option<Arc<dyn WatchWaits>>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        drop(watch_waits(self.before.take()));
        let mut state = lock(&self.rest.state);
        state.turns.remove(&self.turn);
        self.rest.notify(&state);
    }
}

pub(super) struct QueuedJob {
    presence: Presence,
    begun: bool,
}

impl QueuedJob {
    pub(super) fn begin(mut self) -> Busy {
        self.begun = true;
        self.presence.begin(None)
    }
}

impl Drop for QueuedJob {
    fn drop(&mut self) {
        if !self.begun {
            guard::quietly(|| self.presence.unqueued());
        }
    }
}

/// A turn, for the waits on its thread.
struct Here {
    rest: Arc<Rest>,
    turn: u64,
}

impl Here {
    fn set(&self, pause: Option<Pause>) {
        let mut state = lock(&self.rest.state);
        if let Some(turn) = state.turns.get_mut(&self.turn) {
            if pause.is_none() {
                // The time that it has waited is not time for which it held its
                // thread.
                turn.since = Instant::now();
            }
            turn.pause = pause;
        }
        self.rest.notify(&state);
    }
}

impl WatchWaits for Here {
    fn waits(&self, pause: Pause) {
        self.set(Some(pause));
    }

    fn goes_on(&self) {
        self.set(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(10);

    #[test]
    fn quiet_when_what_was_queued_has_had_its_turn() {
        let rest = Arc::new(Rest::default());
        let presence = rest.join(Duration::MAX);
        assert!(rest.is_quiet());
        presence.queued();
        assert!(!rest.is_quiet());
        let turn = presence.begin(Some(Tag::BESIDE));
        presence.queued();
        drop(turn);
        let told = rest.settle(PATIENCE);
        assert_eq!(told, Err("1 task waits for a worker".to_owned()));
        drop(presence.begin(Some(Tag::BESIDE)));
        assert_eq!(rest.settle(LONG), Ok(()));
    }

    #[test]
    fn who_holds_a_thread_for_long_is_not_waited_for() {
        let rest = Arc::new(Rest::default());
        let (presence, other) = (rest.join(PATIENCE), rest.join(Duration::MAX));
        presence.queued();
        let turn = presence.begin(None);
        assert!(!rest.is_quiet());
        assert_eq!(rest.settle(LONG), Ok(()));
        other.queued();
        assert!(!rest.is_quiet());
        other.leave();
        assert!(rest.is_quiet());
        drop(turn);
    }

    #[test]
    fn a_job_that_is_dropped_does_not_wait() {
        let rest = Arc::new(Rest::default());
        let presence = rest.join(PATIENCE);
        let job = presence.job();
        assert!(!rest.is_quiet());
        drop(job);
        assert!(rest.is_quiet());
        let turn = presence.job().begin();
        assert!(!rest.is_quiet());
        drop(turn);
        assert!(rest.is_quiet());
    }

    #[test]
    fn who_was_woken_is_at_work_however_long_it_has_waited() {
        let rest = Arc::new(Rest::default());
        let presence = rest.join(PATIENCE);
        presence.queued();
        let turn = presence.begin(None);
        // It has held its thread for longer than anybody waits.
        assert_eq!(rest.settle(LONG), Ok(()));
        let here = Here {
            rest: Arc::clone(&rest),
            turn: lock(&rest.state).turns.first_key().unwrap(),
        };
        here.goes_on();
        assert!(!rest.is_quiet(), "its time begins anew");
        drop(turn);
        assert!(rest.is_quiet());
    }
}
