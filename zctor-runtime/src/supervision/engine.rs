//! A supervisor at work: it carries out what the planner decides.
//!
//! It is a part of the supervisor's incarnation, and is polled with it. What
//! its children report, and what it is told to do, comes to its desk. One plan
//! is carried out at a time, step by step; the supervisor handles its own
//! messages meanwhile.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context as Cx, Poll};
use std::vec;

use super::bond::{Happened, Key, Report};
use super::child_error::ChildError;
use super::desk::{Command, Note, What};
use super::name::ChildName;
use super::plan::{Action, Event, Rules};
use super::planner::Planner;
use super::roster::Roster;
use crate::cell::Cell;
use crate::children::Closing;
use crate::event::EventKind;
use crate::exit::{ExitReason, ShutdownReason};
use crate::failure::Failure;
use crate::label::ActorLabel;
use crate::protocol::Protocol;
use crate::role::Role;
use crate::seam::Deadline;

pub(crate) struct Engine {
    pub(super) roster: Arc<Roster>,
    pub(super) planner: Planner,
    pub(super) plan: vec::IntoIter<Action>,
    pub(super) step: Step,
    pub(super) inputs: VecDeque<Input>,
    pub(super) retries: Vec<Retry>,
    /// What is to be answered when the plan says so.
    pub(super) command: Option<Command>,
    /// The child that ended last, or did not start.
    pub(super) last: Option<Last>,
    /// It is over, and for this reason.
    pub(super) why: Option<Why>,
}

/// What the plan waits for.
pub(super) enum Step {
    Next,
    Start { child: Key, term: u64 },
    Stop(Closing),
}

/// What waits for its turn.
pub(super) enum Input {
    Exited {
        child: Key,
        planned: u64,
        reason: ExitReason,
    },
    Due {
        child: Key,
        token: u64,
    },
    Command(Command),
}

/// A child that has ended, by name: it may be forgotten before it is told of.
pub(super) struct Last {
    pub(super) name: ChildName,
    pub(super) actor: ActorLabel,
    pub(super) reason: ExitReason,
}

pub(super) struct Retry {
    pub(super) child: Key,
    pub(super) token: u64,
    pub(super) deadline: Deadline,
}

/// What came of some work.
pub(super) enum Work {
    /// All that could be done.
    Done,
    /// All children have started for the first time.
    Up,
    /// The supervisor is to end.
    Down,
}

/// Why a supervisor ends.
pub(crate) enum Why {
    NotStarted(Failure),
    Shutdown(Box<ShutdownReason>),
}

impl Engine {
    /// Gives a supervisor that begins, or begins anew, its engine. Between two
    /// polls it rests with the roster: other actors need no room for one.
    pub(crate) fn install<P: Protocol>(cell: &Cell<P>) {
        if let Some(roster) = cell.roster() {
            roster.put_engine(Box::new(Engine::new(roster)));
        }
    }

    /// Does what there is to do. Ready when the supervisor is to end.
    pub(crate) fn run<P, S>(state: &mut S, cell: &Arc<Cell<P>>, cx: &mut Cx<'_>) -> Poll<()>
    where
        P: Protocol,
        S: Role<P>,
    {
        let Some(roster) = cell.roster() else {
            return Poll::Pending;
        };
        let engine = roster
            .take_engine()
            .map(|engine| engine.downcast::<Engine>());
        let Some(Ok(mut engine)) = engine else {
            return Poll::Pending;
        };
        let over = loop {
            match engine.work::<P, S>(state, cell, cx) {
                Work::Done => break false,
                // There may be more to do at once.
                Work::Up => {
                    roster.owe_nothing();
                    cell.set_started();
                }
                Work::Down => break true,
            }
        };
        roster.put_engine(engine);
        if over { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Why the supervisor is to end, if its engine says so. There is no engine
    /// after this.
    pub(crate) fn why<P: Protocol>(cell: &Cell<P>) -> Option<Why> {
        let engine = cell.roster()?.take_engine()?;
        engine.downcast::<Engine>().ok()?.why
    }

    fn new(roster: &Arc<Roster>) -> Engine {
        roster.renew();
        let supervision = roster.supervision();
        let rules = Rules {
            strategy: supervision.strategy,
            max_restarts: supervision.max_restarts,
            within: supervision.within,
            auto_shutdown: supervision.auto_shutdown,
            backoff: supervision.backoff,
        };
        let planner = roster.with(|rows| {
            let children = rows.all.iter();
            Planner::new(rules, children.map(|(key, row)| (key, row.rules())))
        });
        let mut engine = Engine {
            planner,
            plan: Vec::new().into_iter(),
            step: Step::Next,
            inputs: VecDeque::new(),
            retries: Vec::new(),
            command: None,
            last: None,
            why: None,
            roster: Arc::clone(roster),
        };
        // What children of an earlier incarnation have reported is over.
        for note in engine.roster.desk.take() {
            if let Note::Command(command) = note {
                engine.inputs.push_back(Input::Command(command));
            }
        }
        engine.plan(Event::Start);
        engine
    }

    /// Goes on until it has to wait.
    fn work<P, S>(&mut self, state: &mut S, cell: &Arc<Cell<P>>, cx: &mut Cx<'_>) -> Work
    where
        P: Protocol,
        S: Role<P>,
    {
        loop {
            self.take_notes(cell);
            self.take_retries(cx);
            match &mut self.step {
                Step::Next => {}
                Step::Start { .. } => return Work::Done,
                Step::Stop(closing) => {
                    if closing.poll(cx).is_pending() {
                        return Work::Done;
                    }
                    self.step = Step::Next;
                }
            }
            if let Some(action) = self.plan.next() {
                if let Some(work) = self.act(action, state, cell) {
                    return work;
                }
            } else if let Some(input) = self.inputs.pop_front() {
                self.begin(input, cell);
            } else {
                return Work::Done;
            }
        }
    }

    pub(super) fn plan(&mut self, event: Event) {
        let now = self.roster.hub.events.since_start();
        self.plan = self.planner.handle(event, now).into_iter();
    }

    // ---- what comes in

    fn take_notes<P: Protocol>(&mut self, cell: &Cell<P>) {
        for note in self.roster.desk.take() {
            match note {
                Note::Command(command) => self.inputs.push_back(Input::Command(command)),
                Note::Report(report) => self.take_report(report, cell),
            }
        }
    }

    fn take_report<P: Protocol>(&mut self, report: Report, cell: &Cell<P>) {
        let Report { key, term, what } = report;
        let starting =
            matches!(self.step, Step::Start { child, term: of } if child == key && of == term);
        let row = self.roster.row(key, |row| {
            (row.term == term).then(|| (row.planned, row.name.clone(), row.actor.label()))
        });
        let Some((planned, name, actor)) = row.flatten() else {
            // Of an actor that was replaced, or a child that was forgotten.
            return;
        };
        match what {
            Happened::Started if starting => {
                self.step = Step::Next;
                self.roster.list(key);
                cell.record_of_child(|| EventKind::ChildStarted { child: name, actor });
            }
            Happened::Exited(reason) => {
                cell.record_of_child(|| EventKind::ChildExited {
                    child: name,
                    actor,
                    reason: reason.clone(),
                });
                if starting {
                    self.start_failed(key, reason);
                } else {
                    self.inputs.push_back(Input::Exited {
                        child: key,
                        planned,
                        reason,
                    });
                }
            }
            // That was only to wake whoever waits for it.
            Happened::Started | Happened::Ended => {}
        }
    }

    fn take_retries(&mut self, cx: &mut Cx<'_>) {
        let inputs = &mut self.inputs;
        self.retries.retain_mut(|retry| {
            let due = retry.deadline.poll_passed(cx).is_ready();
            if due {
                inputs.push_back(Input::Due {
                    child: retry.child,
                    token: retry.token,
                });
            }
            !due
        });
    }

    /// A new plan, of the next thing that has come in.
    fn begin<P: Protocol>(&mut self, input: Input, cell: &Cell<P>) {
        match input {
            Input::Exited {
                child,
                planned,
                reason,
            } => {
                let kind = reason.kind();
                self.remember(child, reason);
                self.plan(Event::Exited {
                    child,
                    incarnation: planned,
                    kind,
                });
            }
            Input::Due { child, token } => self.plan(Event::Due { child, token }),
            Input::Command(command) => self.obey(command, cell),
        }
    }

    fn obey<P: Protocol>(&mut self, command: Command, cell: &Cell<P>) {
        let roster = &self.roster;
        let event = match &command.what {
            What::Start(key, _) => roster
                .row(*key, |row| row.rules())
                .map(|rules| Event::Add { child: *key, rules }),
            What::Resize(size, _) => Some(roster.resize(*size)),
            What::Restart(name) => roster.find(name).map(Event::Restart),
            What::Terminate(name) => roster.find(name).map(Event::Terminate),
            What::Delete(name) => roster.find(name).map(Event::Delete),
        };
        match event {
            // The plan says when it is answered.
            Some(event) => {
                self.command = Some(command);
                self.plan(event);
            }
            None => {
                let child = command.what.name().clone();
                let supervisor = cell.label();
                command.answer(Err(ChildError::NotFound { supervisor, child }));
            }
        }
    }
}
