//! The seam of a simulated system: one thread, virtual time, and an order of
//! execution that a seed decides.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::{Duration, Instant};

use super::fault::{Fault, What as Harm};
use super::faults::{Blow, Dice, Faults};
use super::invariants::{Finding, Invariant};
use super::replay::Replay;
use super::schedule::{Picker, Schedule};
use super::stalled::{Stalled, Why};
use super::trace::{Sender, Trace, TraceEntry, What};
use crate::alarms::Alarms;
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

/// How a simulation is to run.
#[derive(Debug, Clone, Default)]
pub(super) struct Setup {
    pub(super) seed: u64,
    pub(super) schedule: Schedule,
    pub(super) faults: Faults,
    /// In the place of what the seed would decide.
    pub(super) replay: Option<Replay>,
    /// Keeps what was decided.
    pub(super) records: bool,
    pub(super) traces: bool,
    pub(super) limits: Limits,
    /// Writes nothing to stderr.
    pub(super) quiet: bool,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    pub(super) time: Option<Duration>,
    pub(super) steps: Option<u64>,
}

pub(super) struct Machine {
    /// When virtual time begins. The only look at a real clock: instants are
    /// compared with each other, and nothing depends on where they begin.
    epoch: Instant,
    world: Mutex<World>,
    /// Looked at without the lock: they are the user's.
    invariants: Mutex<Vec<Invariant>>,
    terminated: AtomicBool,
    hub: OnceLock<Weak<Hub>>,
    reader: OnceLock<ReaderId>,
}

struct World {
    /// In the order in which they became ready.
    ready: VecDeque<Ready>,
    caller_is_ready: bool,
    /// Held up on purpose, each until a time.
    held: Vec<(Duration, Runnable)>,
    alarms: Alarms,
    elapsed: Duration,
    steps: u64,
    steps_at_this_instant: u32,
    limits: Limits,
    decider: Decider,
    /// What has been decided so far.
    taken: Option<Replay>,
    /// What the scenario has asked for itself, as it will when it is repeated.
    asked: Vec<Fault>,
    /// Actors draw from a generator of their own, so that one which draws more
    /// does not change the order.
    drawn: fastrand::Rng,
    actors: BTreeMap<ActorId, Counts>,
    /// Whose code is running.
    running: Option<Tag>,
    trace: Option<Tracing>,
}

enum Ready {
    Task(Runnable),
    /// The future that the simulation is run for.
    Caller,
}

impl Ready {
    fn number(&self) -> u64 {
        match self {
            Ready::Task(task) => task.metadata().number(),
            Ready::Caller => 0,
        }
    }
}

/// Who decides.
enum Decider {
    Drawn(Box<Drawn>),
    Given(BTreeMap<u64, usize>),
}

struct Drawn {
    picker: Picker,
    dice: Dice,
}

#[derive(Default)]
struct Counts {
    handled: u64,
    sent: u64,
    /// What is to happen to it, and has not yet.
    faults: Vec<Fault>,
}

#[derive(Default)]
struct Tracing {
    trace: Trace,
    /// Who sent what is queued, by actor, variant, and key.
    senders: BTreeMap<Queued, VecDeque<Sender>>,
}

impl Tracing {
    /// Who has sent so many of those that are queued, and how many each.
    fn take_senders(&mut self, message: &Addressed, batch: u64) -> Vec<(Sender, u64)> {
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

impl Machine {
    pub(super) fn new(setup: Setup) -> Arc<Machine> {
        let mut order = fastrand::Rng::with_seed(setup.seed);
        let drawn = order.fork();
        let mut actors: BTreeMap<ActorId, Counts> = BTreeMap::new();
        let mut jumps = Vec::new();
        let decider = match setup.replay {
            None => Decider::Drawn(Box::new(Drawn {
                dice: Dice::new(setup.faults, order.fork()),
                picker: Picker::new(setup.schedule, order),
            })),
            Some(replay) => {
                for fault in replay.faults {
                    match fault.target() {
                        Some(actor) => actors.entry(actor).or_default().faults.push(fault),
                        None => jumps.push(fault),
                    }
                }
                Decider::Given(replay.order)
            }
        };
        // Under a number that no actor has.
        actors.entry(NOBODY).or_default().faults = jumps;
        Arc::new(Machine {
            epoch: Instant::now(),
            world: Mutex::new(World {
                ready: VecDeque::new(),
                caller_is_ready: false,
                held: Vec::new(),
                alarms: Alarms::default(),
                elapsed: Duration::ZERO,
                steps: 0,
                steps_at_this_instant: 0,
                limits: setup.limits,
                decider,
                taken: setup.records.then(|| Replay::new(setup.seed)),
                asked: Vec::new(),
                drawn,
                actors,
                running: None,
                trace: setup.traces.then(Tracing::default),
            }),
            invariants: Mutex::default(),
            terminated: AtomicBool::new(false),
            hub: OnceLock::new(),
            reader: OnceLock::new(),
        })
    }

    /// Names the system that it runs.
    pub(super) fn runs(&self, hub: &Arc<Hub>) {
        if lock(&self.world).trace.is_some() {
            let _ = self.reader.set(hub.events.add_reader(usize::MAX));
        }
        let _ = self.hub.set(Arc::downgrade(hub));
    }

    fn hub(&self) -> Option<Arc<Hub>> {
        self.hub.get()?.upgrade()
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
        let actor = fault.target().unwrap_or(NOBODY);
        world.actors.entry(actor).or_default().faults.push(fault);
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
            world.ready.push_back(Ready::Caller);
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
        let alarm = alarm.map(|at| at.saturating_duration_since(self.epoch));
        let released = world.held.iter().map(|(until, _)| *until).min();
        let Some(due) = alarm.into_iter().chain(released).min() else {
            return false;
        };
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
            guard::quietly(|| as_worker(|| bell.strike(id)));
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
        lock(&self.invariants).extend(invariants);
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
        let (Some(&reader), Some(hub)) = (self.reader.get(), self.hub()) else {
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
        self.reader.get().is_some()
    }

    fn drop_tasks(&self) {
        loop {
            let task = {
                let mut world = lock(&self.world);
                world.caller_is_ready = false;
                let held = world.held.pop().map(|(_, task)| Ready::Task(task));
                held.or_else(|| world.ready.pop_front())
            };
            let Some(task) = task else { return };
            guard::quietly(|| as_worker(|| drop(task)));
        }
    }
}

/// The number of no actor.
const NOBODY: ActorId = ActorId::NONE;

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

impl World {
    fn move_clock(&mut self, elapsed: Duration) {
        self.elapsed = self.elapsed.max(elapsed);
        self.steps_at_this_instant = 0;
    }

    fn over(&self) -> Option<Why> {
        let Limits { time, steps } = self.limits;
        let steps = steps.filter(|&limit| self.steps >= limit).map(Why::Steps);
        let time = time.filter(|&limit| self.elapsed > limit).map(Why::Time);
        steps.or(time)
    }

    fn forget_caller(&mut self) {
        self.caller_is_ready = false;
        self.ready.retain(|ready| matches!(ready, Ready::Task(_)));
    }

    /// Takes who runs next out of those who are ready.
    fn next(&mut self, caller: bool) -> Option<Ready> {
        if !caller && self.caller_is_ready {
            self.forget_caller();
        }
        let step = self.steps + 1;
        let place = match self.ready.len() {
            0 => return None,
            1 => 0,
            many => match &mut self.decider {
                Decider::Drawn(drawn) => drawn
                    .picker
                    .pick(step, self.ready.iter().map(Ready::number)),
                Decider::Given(order) => order.get(&step).map_or(0, |&place| place.min(many - 1)),
            },
        };
        if place != 0
            && let Some(taken) = &mut self.taken
        {
            taken.order.insert(step, place);
        }
        self.ready.remove(place)
    }

    fn take_note(&mut self, fault: &Fault) {
        if let Some(taken) = &mut self.taken
            && !self.asked.contains(fault)
            && !taken.faults.contains(fault)
        {
            taken.faults.push(fault.clone());
        }
    }

    /// A fault comes to pass.
    fn note_fault(&mut self, fault: &Fault) {
        self.take_note(fault);
        let (at, step) = (self.elapsed, self.steps);
        if let Some(tracing) = &mut self.trace {
            tracing.trace.push(TraceEntry {
                at,
                step,
                actor: None,
                incarnation: 1,
                what: What::Fault(fault.clone()),
            });
        }
    }

    fn release_held(&mut self) {
        let now = self.elapsed;
        while let Some(place) = self.held.iter().position(|(until, _)| *until <= now) {
            let (_, task) = self.held.remove(place);
            self.ready.push_back(Ready::Task(task));
        }
    }

    /// Takes the fault of an actor that comes to pass now.
    fn fault_of(&mut self, actor: ActorId, now: impl Fn(&Harm) -> bool) -> Option<Fault> {
        let faults = &mut self.actors.get_mut(&actor)?.faults;
        let place = faults.iter().position(|fault| now(&fault.0))?;
        Some(faults.remove(place))
    }

    /// Whether, and how long, this one is held up before it goes on.
    fn hold_of(&mut self, task: &Runnable) -> Option<(Duration, Fault)> {
        let actor = task.metadata().actor()?;
        let next = self.actors.get(&actor).map_or(0, |counts| counts.handled) + 1;
        let now = |harm: &Harm| matches!(harm, Harm::Hold { message, .. } if *message == next);
        let fault = self.fault_of(actor, now)?;
        match fault.0 {
            Harm::Hold { so_long, .. } => Some((so_long, fault)),
            _ => None,
        }
    }

    fn jump_by(&mut self) -> Option<Fault> {
        let now = self.steps;
        let given = self.fault_of(
            NOBODY,
            |harm| matches!(harm, Harm::Jump { step, .. } if *step == now),
        );
        given.or_else(|| match &mut self.decider {
            Decider::Drawn(drawn) => drawn.dice.at_step().map(|by| Fault::jump(now, by)),
            Decider::Given(_) => None,
        })
    }

    /// What happens to an actor with its messages from `first` to `last`.
    fn blow_at(&mut self, message: &Addressed, first: u64, last: u64) -> Option<Fault> {
        let actor = message.to;
        let given = self.fault_of(actor, |harm| match harm {
            Harm::Panic { message, .. } | Harm::Kill { message, .. } => {
                (first..=last).contains(message)
            }
            _ => false,
        });
        if given.is_some() {
            return given;
        }
        let Decider::Drawn(drawn) = &mut self.decider else {
            return None;
        };
        match drawn.dice.at_message(message.protocol)? {
            Blow::Panic => Some(Fault::panic(actor, first)),
            Blow::Kill => Some(Fault::kill(actor, first)),
            Blow::Hold(so_long) => {
                let hold = Fault::hold(actor, last + 1, so_long);
                self.actors.entry(actor).or_default().faults.push(hold);
                None
            }
            Blow::Lose | Blow::Delay(_) => None,
        }
    }
}

impl Seam for Machine {
    fn now(&self) -> Instant {
        self.epoch + self.elapsed()
    }

    fn random(&self) -> u64 {
        lock(&self.world).drawn.u64(..)
    }

    /// One that yielded is chosen like any other: it may come too early or too
    /// late, as on a machine with many threads.
    fn schedule(&self, task: Runnable, _yielded: bool) {
        if self.is_terminated() {
            return drop(task);
        }
        lock(&self.world).ready.push_back(Ready::Task(task));
        if self.is_terminated() {
            self.drop_tasks();
        }
    }

    fn set_alarm(&self, at: Instant, bell: Bell) -> AlarmId {
        let id = lock(&self.world).alarms.set(at, bell);
        if self.is_terminated() {
            let bell = lock(&self.world).alarms.cancel(id);
            guard::quietly(|| bell.map(|bell| bell.strike(id)));
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
            guard::quietly(|| bell.strike(id));
        }
    }

    fn is_terminated(&self) -> bool {
        self.terminated.load(SeqCst)
    }

    fn at_send(&self, message: &Addressed) -> Fate {
        let mut world = lock(&self.world);
        let counts = world.actors.entry(message.to).or_default();
        counts.sent += 1;
        let number = counts.sent;
        if message.ask {
            return Fate::Queue;
        }
        let now = |harm: &Harm| match harm {
            Harm::Lose { message, .. } | Harm::Delay { message, .. } => *message == number,
            _ => false,
        };
        let fault = world.fault_of(message.to, now).or_else(|| {
            let Decider::Drawn(drawn) = &mut world.decider else {
                return None;
            };
            match drawn.dice.at_send(message.protocol)? {
                Blow::Lose => Some(Fault::lose(message.to, number)),
                Blow::Delay(by) => Some(Fault::delay(message.to, number, by)),
                _ => None,
            }
        });
        let Some(fault) = fault else {
            return Fate::Queue;
        };
        world.note_fault(&fault);
        match fault.0 {
            Harm::Lose { .. } => Fate::Lose,
            Harm::Delay { by, .. } => {
                let sender = world.running.and_then(Tag::on_behalf);
                Fate::Delay(by, sender.map_or(Tag::BESIDE, Tag::beside))
            }
            _ => Fate::Queue,
        }
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
            tracing
                .senders
                .entry(queued(message))
                .or_default()
                .push_back(sender);
        }
    }

    fn at_refused(&self, message: &Addressed) {
        if let Some(counts) = lock(&self.world).actors.get_mut(&message.to) {
            counts.sent -= 1;
        }
        self.at_dropped(message, true);
    }

    fn at_dropped(&self, message: &Addressed, newest: bool) {
        let mut world = lock(&self.world);
        let Some(tracing) = &mut world.trace else {
            return;
        };
        if let Some(senders) = tracing.senders.get_mut(&queued(message)) {
            let _ = if newest {
                senders.pop_back()
            } else {
                senders.pop_front()
            };
        }
    }

    fn at_end(&self, actor: ActorId) {
        let mut world = lock(&self.world);
        let counts = world.actors.remove(&actor);
        if let Some(tracing) = &mut world.trace {
            let first = (actor, 0, 0);
            let gone: Vec<Queued> = {
                let those = tracing.senders.range(first..=(actor, usize::MAX, u64::MAX));
                those.map(|(queued, _)| *queued).collect()
            };
            for queued in gone {
                tracing.senders.remove(&queued);
            }
        }
        if let Decider::Drawn(drawn) = &mut world.decider {
            for tag in Tag::all_of(actor) {
                drawn.picker.forget(tag.number());
            }
        }
        drop(counts);
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
        let counts = world.actors.entry(message.to).or_default();
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
