//! The seam of a simulated system: one thread, virtual time, and an order of
//! execution that a seed decides.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::{Duration, Instant};

use super::fault::{Fault, What as Harm};
use super::invariants::{Finding, Invariant};
use super::replay::Replay;
use super::setup::{Limits, Setup};
use super::stalled::{Stalled, Why};
use super::trace::{Sender, Trace, TraceEntry, What};
use super::world::{Ready, World};
use crate::event_log::ReaderId;
use crate::guard;
use crate::hub::Hub;
use crate::label::{ActorId, ActorLabel};
use crate::seam::{Addressed, AlarmId, Bell, Fate, Runnable, Seam, Tag};
use crate::sync::lock;
use crate::wait::as_worker;

/// So many steps at one instant, and the clock goes on all the same: a task
/// that is always ready must not hold off every time limit for ever.
const STEPS_AT_ONE_INSTANT: u32 = 1_000_000;

/// The clock is not moved further than that on purpose: there are no later
/// instants.
const FAR: Duration = Duration::from_nanos(u64::MAX);

/// What a handler panics with that was told to.
pub(super) const ON_PURPOSE: &str = "on purpose, as the simulation was told to";

/// Where the panics of broken invariants are: nowhere in the user's code.
pub(super) const FILE: &str = file!();

pub(super) struct Machine {
    /// When virtual time begins. The only look at a real clock: instants are
    /// compared with each other, and nothing depends on where they begin.
    epoch: Instant,
    world: Mutex<World>,
    /// Looked at without the lock: they are the user's.
    invariants: Mutex<Vec<Invariant>>,
    terminated: AtomicBool,
    /// The system that it runs, and who reads its events if there is a trace.
    hub: OnceLock<(Weak<Hub>, Option<ReaderId>)>,
}

impl Machine {
    pub(super) fn new(setup: Setup) -> Arc<Machine> {
        Arc::new(Machine {
            epoch: Instant::now(),
            world: Mutex::new(World::new(setup)),
            invariants: Mutex::default(),
            terminated: AtomicBool::new(false),
            hub: OnceLock::new(),
        })
    }

    /// Names the system that it runs.
    pub(super) fn runs(&self, hub: &Arc<Hub>) {
        let traced = lock(&self.world).trace.is_some();
        let reader = traced.then(|| hub.events.add_reader(usize::MAX));
        let _ = self.hub.set((Arc::downgrade(hub), reader));
    }

    fn hub(&self) -> Option<Arc<Hub>> {
        let (hub, _) = self.hub.get()?;
        hub.upgrade()
    }

    fn reader(&self) -> Option<ReaderId> {
        let (_, reader) = self.hub.get()?;
        *reader
    }

    pub(super) fn elapsed(&self) -> Duration {
        lock(&self.world).elapsed
    }

    /// The time after so long.
    pub(super) fn after(&self, duration: Duration) -> Duration {
        let now = self.elapsed();
        now.saturating_add(duration).min(FAR.max(now))
    }

    pub(super) fn steps(&self) -> u64 {
        lock(&self.world).steps
    }

    pub(super) fn inject(&self, fault: Fault) {
        let mut world = lock(&self.world);
        if world.taken.is_some() {
            world.asked.push(fault.clone());
        }
        world.expect(fault);
    }

    pub(super) fn demand(&self, invariant: Invariant) {
        lock(&self.invariants).push(invariant);
    }

    /// What was decided so far.
    pub(super) fn taken(&self) -> Option<Replay> {
        lock(&self.world).taken.clone()
    }

    pub(super) fn trace(&self) -> Trace {
        self.trace_events();
        let world = lock(&self.world);
        let tracing = world.trace.as_ref();
        tracing
            .map(|tracing| tracing.trace.clone())
            .unwrap_or_default()
            .named()
    }

    /// From now on there is no limit, and nothing must hold: it is to end.
    pub(super) fn let_go(&self) {
        let invariants = std::mem::take(&mut *lock(&self.invariants));
        guard::quietly(|| drop(invariants));
        let mut world = lock(&self.world);
        world.limits = Limits::default();
        world.forget_caller();
    }

    pub(super) fn forget_caller(&self) {
        lock(&self.world).forget_caller();
    }

    pub(super) fn stalled(&self) -> Option<Stalled> {
        let (why, elapsed) = {
            let world = lock(&self.world);
            (world.over().unwrap_or(Why::Nothing), world.elapsed)
        };
        Some(Stalled::new(why, elapsed, &*self.hub()?))
    }

    /// Runs one of the tasks that are ready. With `caller`, something of the
    /// caller's is ready too, and may be what is chosen.
    pub(super) fn choose(&self, caller: bool) -> Choice {
        let mut world = lock(&self.world);
        if caller && !world.caller_is_ready {
            world.ready.push(Ready::Caller);
            world.caller_is_ready = true;
        }
        world.release_held();
        if world.over().is_some() {
            return Choice::Nothing;
        }
        let Some(chosen) = world.next(caller) else {
            return Choice::Nothing;
        };
        world.steps += 1;
        world.steps_at_this_instant += 1;
        let stuck = world.steps_at_this_instant >= STEPS_AT_ONE_INSTANT;
        let jump = world.jump_by();
        let mut held = false;
        let chosen = match chosen {
            Ready::Caller => {
                world.caller_is_ready = false;
                None
            }
            Ready::Task(task) => match world.hold_of(&task) {
                Some((so_long, fault)) => {
                    world.note_fault(&fault);
                    let until = world.elapsed.saturating_add(so_long);
                    world.held.push((until, task));
                    held = true;
                    None
                }
                None => Some(task),
            },
        };
        world.running = chosen.as_ref().map(|task| *task.metadata());
        drop(world);
        if stuck {
            self.jump(None);
        }
        if let Some(fault) = jump
            && let Harm::Jump { by, .. } = fault.0
        {
            lock(&self.world).note_fault(&fault);
            self.move_clock(self.after(by));
            self.ring();
        }
        let Some(task) = chosen else {
            return if held { Choice::Ran } else { Choice::Caller };
        };
        // An actor catches its own panics; this is for what it cannot catch.
        guard::quietly(|| as_worker(|| task.run()));
        lock(&self.world).running = None;
        self.look();
        Choice::Ran
    }

    /// Moves the clock to the next alarm, but not beyond `limit`, and rings
    /// what is due. False if there is no alarm until then.
    pub(super) fn jump(&self, limit: Option<Duration>) -> bool {
        let mut world = lock(&self.world);
        let alarm = world.alarms.next();
        let mut due = alarm.map(|at| at.saturating_duration_since(self.epoch));
        for (until, _) in &world.held {
            due = Some(due.map_or(*until, |due| due.min(*until)));
        }
        let Some(due) = due else { return false };
        if limit.is_some_and(|limit| due > limit) {
            return false;
        }
        world.move_clock(due);
        if world.over().is_some() {
            return false;
        }
        drop(world);
        self.ring();
        self.look();
        true
    }

    /// Rings what is due.
    fn ring(&self) {
        loop {
            let due = {
                let mut world = lock(&self.world);
                let now = self.epoch + world.elapsed;
                world.alarms.due(now)
            };
            let Some((id, bell)) = due else { return };
            as_worker(|| bell.strike(id));
        }
    }

    /// Sets the clock to `elapsed`, if that is ahead.
    pub(super) fn move_clock(&self, elapsed: Duration) {
        lock(&self.world).move_clock(elapsed);
    }

    /// Looks at what must hold.
    ///
    /// # Panics
    /// If it does not.
    #[inline]
    pub(super) fn look(&self) {
        self.trace_events();
        if !lock(&self.invariants).is_empty() {
            self.look_at_all();
        }
    }

    fn look_at_all(&self) {
        let (now, step) = {
            let world = lock(&self.world);
            (world.elapsed, world.steps)
        };
        let mut broken = None;
        let mut invariants = std::mem::take(&mut *lock(&self.invariants));
        invariants.retain_mut(|invariant| {
            if broken.is_some() {
                return true;
            }
            match invariant.look(now, step) {
                Finding::Stays => true,
                Finding::Done => false,
                Finding::Broken(text) => {
                    broken = Some(text);
                    false
                }
            }
        });
        // One may have been added meanwhile.
        lock(&self.invariants).append(&mut invariants);
        if let Some(text) = broken {
            panic!("{text}");
        }
    }

    /// Goes on until what must hold at some time has held.
    ///
    /// # Errors
    /// If a limit is passed before.
    ///
    /// # Panics
    /// If it never does.
    pub(super) fn see_it_through(&self) -> Result<(), Stalled> {
        self.look();
        let open = || lock(&self.invariants).iter().any(Invariant::is_open);
        while open() {
            if self.choose(false) == Choice::Nothing && !self.jump(None) {
                let over = lock(&self.world).over();
                if over.is_some()
                    && let Some(stalled) = self.stalled()
                {
                    return Err(stalled);
                }
                let never = {
                    let invariants = lock(&self.invariants);
                    let first = invariants.iter().find(|invariant| invariant.is_open());
                    first.map(Invariant::never)
                };
                if let Some(never) = never {
                    panic!("{never}");
                }
            }
        }
        Ok(())
    }

    /// Takes what has happened into the trace.
    fn trace_events(&self) {
        let (Some(reader), Some(hub)) = (self.reader(), self.hub()) else {
            return;
        };
        while let std::task::Poll::Ready(Some(event)) = hub.events.read(reader, None) {
            let mut world = lock(&self.world);
            let step = world.steps;
            if let Some(tracing) = &mut world.trace {
                tracing.trace.push_event(step, event);
            }
        }
    }

    fn label(&self, actor: ActorId) -> Option<ActorLabel> {
        Some(self.hub()?.registry.find(actor)?.label())
    }

    fn is_traced(&self) -> bool {
        self.reader().is_some()
    }

    fn drop_tasks(&self) {
        loop {
            let task = {
                let mut world = lock(&self.world);
                world.caller_is_ready = false;
                match world.held.pop() {
                    Some((_, task)) => Some(Ready::Task(task)),
                    None if world.ready.is_empty() => None,
                    None => Some(world.ready.remove(0)),
                }
            };
            let Some(task) = task else { return };
            guard::quietly(|| as_worker(|| drop(task)));
        }
    }
}

/// What [`Machine::choose`] has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// A task, which has run.
    Ran,
    /// What is the caller's.
    Caller,
    /// Nothing is ready, or it has gone on for too long.
    Nothing,
}

impl Seam for Machine {
    fn now(&self) -> Instant {
        self.epoch + self.elapsed()
    }

    fn random(&self) -> u64 {
        lock(&self.world).drawn.u64(0..=u64::MAX)
    }

    /// One that yielded is chosen like any other: it may come too early or too
    /// late, as on a machine with many threads.
    fn schedule(&self, task: Runnable, _yielded: bool) {
        if self.is_terminated() {
            return drop(task);
        }
        lock(&self.world).ready.push(Ready::Task(task));
        if self.is_terminated() {
            self.drop_tasks();
        }
    }

    fn set_alarm(&self, at: Instant, bell: Bell) -> AlarmId {
        let id = lock(&self.world).alarms.set(at, bell);
        if self.is_terminated() {
            let bell = lock(&self.world).alarms.cancel(id);
            if let Some(bell) = bell {
                bell.strike(id);
            }
        }
        id
    }

    fn cancel_alarm(&self, id: AlarmId) {
        let cancelled = lock(&self.world).alarms.cancel(id);
        // Dropped without the lock: it may own anything.
        drop(cancelled);
    }

    fn terminate(&self, _join: bool) {
        self.terminated.store(true, SeqCst);
        self.drop_tasks();
        // Those who wait for a time see that the clock has stopped.
        let left = lock(&self.world).alarms.clear();
        for (id, bell) in left {
            bell.strike(id);
        }
    }

    fn is_terminated(&self) -> bool {
        self.terminated.load(SeqCst)
    }

    fn at_send(&self, message: &Addressed) -> Fate {
        lock(&self.world).fate_of(message)
    }

    fn at_queued(&self, message: &Addressed) {
        let sender = self.is_traced().then(|| {
            let running = lock(&self.world).running;
            match running.and_then(Tag::on_behalf) {
                Some(actor) if actor == message.to => Sender::Itself,
                Some(actor) => self.label(actor).map_or(Sender::Outside, Sender::Actor),
                None => Sender::Outside,
            }
        });
        if let Some(sender) = sender
            && let Some(tracing) = &mut lock(&self.world).trace
        {
            tracing.queued(message, sender);
        }
    }

    fn at_refused(&self, message: &Addressed) {
        if let Some(counts) = lock(&self.world).actors.get_mut(&message.to.get()) {
            counts.sent -= 1;
        }
        self.at_dropped(message, true);
    }

    fn at_dropped(&self, message: &Addressed, newest: bool) {
        if let Some(tracing) = &mut lock(&self.world).trace {
            tracing.dropped(message, newest);
        }
    }

    fn at_end(&self, actor: ActorId) {
        let forgotten = lock(&self.world).forget(actor);
        drop(forgotten);
    }

    fn at_message(&self, message: &Addressed, incarnation: u64, batch: u64) {
        // What happened before the message comes first.
        self.trace_events();
        let label = if self.is_traced() {
            self.label(message.to)
        } else {
            None
        };
        let mut world = lock(&self.world);
        let counts = world.counts(message.to);
        let first = counts.handled + 1;
        counts.handled += batch;
        let last = counts.handled;
        let fault = world.blow_at(message, first, last);
        let (at, step) = (world.elapsed, world.steps);
        if let Some(tracing) = &mut world.trace {
            for (from, count) in tracing.take_senders(message, batch) {
                tracing.trace.push(TraceEntry {
                    at,
                    step,
                    actor: label.clone(),
                    incarnation,
                    what: What::Message {
                        message: message.message,
                        from,
                        count,
                    },
                });
            }
        }
        if let Some(fault) = &fault {
            world.note_fault(fault);
        }
        drop(world);
        match fault.map(|fault| fault.0) {
            Some(Harm::Panic { .. }) => panic!("{ON_PURPOSE}"),
            Some(Harm::Kill { .. }) => {
                let actor = self.hub().and_then(|hub| hub.registry.find(message.to));
                if let Some(actor) = actor {
                    actor.kill();
                }
            }
            _ => {}
        }
    }
}
