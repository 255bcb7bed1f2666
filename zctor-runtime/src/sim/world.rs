//! What there is in a simulation: who is ready, who is held up, the time, what
//! is to go wrong, and what was decided.

use std::time::Duration;

use super::fault::{Fault, What as Harm};
use super::faults::{Blow, Dice};
use super::replay::Replay;
use super::schedule::Picker;
use super::setup::{Limits, Setup};
use super::stalled::Why;
use super::trace::{TraceEntry, What};
use super::tracing::Tracing;
use crate::alarms::Alarms;
use crate::label::ActorId;
use crate::ordered::Ordered;
use crate::seam::{Addressed, Fate, Runnable, Tag};

/// The number of no actor: under it stands what happens to none.
const NOBODY: ActorId = ActorId::NONE;

/// Everything that is behind the lock of the machine.
pub(super) struct World {
    /// In the order in which they became ready.
    pub(super) ready: Vec<Ready>,
    pub(super) caller_is_ready: bool,
    /// Held up on purpose, each until a time.
    pub(super) held: Vec<(Duration, Runnable)>,
    pub(super) alarms: Alarms,
    pub(super) elapsed: Duration,
    pub(super) steps: u64,
    pub(super) steps_at_this_instant: u32,
    pub(super) limits: Limits,
    pub(super) decider: Decider,
    /// What has been decided so far.
    pub(super) taken: Option<Replay>,
    /// What the scenario has asked for itself, as it will when it is repeated.
    pub(super) asked: Vec<Fault>,
    /// Actors draw from a generator of their own, so that one which draws more
    /// does not change the order.
    pub(super) drawn: fastrand::Rng,
    pub(super) actors: Ordered<u64, Counts>,
    /// Whose code is running.
    pub(super) running: Option<Tag>,
    pub(super) trace: Option<Tracing>,
}

pub(super) enum Ready {
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
pub(super) enum Decider {
    Drawn(Box<Drawn>),
    Given(Ordered<u64, usize>),
}

pub(super) struct Drawn {
    pub(super) picker: Picker,
    pub(super) dice: Dice,
}

#[derive(Default)]
pub(super) struct Counts {
    pub(super) handled: u64,
    pub(super) sent: u64,
    /// What is to happen to it, and has not yet.
    pub(super) faults: Vec<Fault>,
}

impl World {
    pub(super) fn new(setup: Setup) -> World {
        let mut order = fastrand::Rng::with_seed(setup.seed);
        let drawn = order.fork();
        let mut faults = Vec::new();
        let decider = match setup.replay {
            None => Decider::Drawn(Box::new(Drawn {
                dice: Dice::new(setup.faults, order.fork()),
                picker: Picker::new(setup.schedule, order),
            })),
            Some(replay) => {
                faults = replay.faults;
                Decider::Given(replay.order)
            }
        };
        let mut world = World {
            ready: Vec::new(),
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
            actors: Ordered::new(),
            running: None,
            trace: setup.traces.then(Tracing::default),
        };
        faults.into_iter().for_each(|fault| world.expect(fault));
        world
    }

    /// Has a fault come to pass at its moment.
    pub(super) fn expect(&mut self, fault: Fault) {
        let actor = fault.target().unwrap_or(NOBODY);
        self.counts(actor).faults.push(fault);
    }

    pub(super) fn counts(&mut self, actor: ActorId) -> &mut Counts {
        self.actors.get_or_insert_with(actor.get(), Counts::default)
    }

    pub(super) fn move_clock(&mut self, elapsed: Duration) {
        self.elapsed = self.elapsed.max(elapsed);
        self.steps_at_this_instant = 0;
    }

    pub(super) fn over(&self) -> Option<Why> {
        let Limits { time, steps } = self.limits;
        let steps = steps.filter(|&limit| self.steps >= limit).map(Why::Steps);
        let time = time.filter(|&limit| self.elapsed > limit).map(Why::Time);
        steps.or(time)
    }

    pub(super) fn forget_caller(&mut self) {
        self.caller_is_ready = false;
        let is_caller = |ready: &Ready| matches!(ready, Ready::Caller);
        if let Some(place) = self.ready.iter().position(is_caller) {
            self.ready.remove(place);
        }
    }

    /// Takes who runs next out of those who are ready.
    pub(super) fn next(&mut self, caller: bool) -> Option<Ready> {
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
        Some(self.ready.remove(place))
    }

    pub(super) fn take_note(&mut self, fault: &Fault) {
        if let Some(taken) = &mut self.taken
            && !self.asked.contains(fault)
            && !taken.faults.contains(fault)
        {
            taken.faults.push(fault.clone());
        }
    }

    /// A fault comes to pass.
    pub(super) fn note_fault(&mut self, fault: &Fault) {
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

    pub(super) fn release_held(&mut self) {
        let now = self.elapsed;
        while let Some(place) = self.held.iter().position(|(until, _)| *until <= now) {
            let (_, task) = self.held.remove(place);
            self.ready.push(Ready::Task(task));
        }
    }

    /// Takes the fault of an actor that comes to pass now.
    pub(super) fn fault_of(
        &mut self,
        actor: ActorId,
        now: &dyn Fn(&Harm) -> bool,
    ) -> Option<Fault> {
        let faults = &mut self.actors.get_mut(&actor.get())?.faults;
        let place = faults.iter().position(|fault| now(&fault.0))?;
        Some(faults.remove(place))
    }

    /// Whether, and how long, this one is held up before it goes on.
    pub(super) fn hold_of(&mut self, task: &Runnable) -> Option<(Duration, Fault)> {
        let actor = task.metadata().actor()?;
        let next = self
            .actors
            .get(&actor.get())
            .map_or(0, |counts| counts.handled)
            + 1;
        let now = |harm: &Harm| matches!(harm, Harm::Hold { message, .. } if *message == next);
        let fault = self.fault_of(actor, &now)?;
        match fault.0 {
            Harm::Hold { so_long, .. } => Some((so_long, fault)),
            _ => None,
        }
    }

    pub(super) fn jump_by(&mut self) -> Option<Fault> {
        let now = self.steps;
        let given = self.fault_of(
            NOBODY,
            &|harm| matches!(harm, Harm::Jump { step, .. } if *step == now),
        );
        given.or_else(|| match &mut self.decider {
            Decider::Drawn(drawn) => drawn.dice.at_step().map(|by| Fault::jump(now, by)),
            Decider::Given(_) => None,
        })
    }

    /// What happens to an actor with its messages from `first` to `last`.
    pub(super) fn blow_at(&mut self, message: &Addressed, first: u64, last: u64) -> Option<Fault> {
        let actor = message.to;
        let given = self.fault_of(actor, &|harm| match harm {
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
                self.expect(Fault::hold(actor, last + 1, so_long));
                None
            }
            Blow::Lose | Blow::Delay(_) => None,
        }
    }

    /// What becomes of a message that is sent.
    pub(super) fn fate_of(&mut self, message: &Addressed) -> Fate {
        let counts = self.counts(message.to);
        counts.sent += 1;
        let number = counts.sent;
        if message.ask {
            return Fate::Queue;
        }
        let now = |harm: &Harm| match harm {
            Harm::Lose { message, .. } | Harm::Delay { message, .. } => *message == number,
            _ => false,
        };
        let fault = self.fault_of(message.to, &now).or_else(|| {
            let Decider::Drawn(drawn) = &mut self.decider else {
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
        self.note_fault(&fault);
        match fault.0 {
            Harm::Lose { .. } => Fate::Lose,
            Harm::Delay { by, .. } => {
                let sender = self.running.and_then(Tag::on_behalf);
                Fate::Delay(by, sender.map_or(Tag::BESIDE, Tag::beside))
            }
            _ => Fate::Queue,
        }
    }

    /// An actor has ended.
    pub(super) fn forget(&mut self, actor: ActorId) -> Option<Counts> {
        if let Some(tracing) = &mut self.trace {
            tracing.forget(actor);
        }
        if let Decider::Drawn(drawn) = &mut self.decider {
            for tag in Tag::all_of(actor) {
                drawn.picker.forget(tag.number());
            }
        }
        self.actors.remove(&actor.get())
    }
}
