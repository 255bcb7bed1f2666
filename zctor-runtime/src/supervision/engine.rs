//! A supervisor at work: it carries out what the planner decides.
//!
//! It is a part of the supervisor's incarnation, and is polled with it. What
//! its children report, and what it is told to do, comes to its desk. One plan
//! is carried out at a time, step by step; the supervisor handles its own
//! messages meanwhile.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context as Cx, Poll};

use super::backoff::delay;
use super::bond::{Happened, Key, Report};
use super::child_error::ChildError;
use super::desk::{Command, Note, What};
use super::info::ChildState;
use super::made::Made;
use super::name::ChildName;
use super::planner::{Action, ChildRules, Down, Event, Planner, Refused, Rules};
use super::roster::{Origin, Roster};
use super::subordinate::NotBegun;
use crate::cell::Cell;
use crate::children::Closing;
use crate::event::EventKind;
use crate::exit::{Cause, Crash, ExitReason, Place, ShutdownReason};
use crate::failure::Failure;
use crate::guard;
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::label::ActorLabel;
use crate::protocol::Protocol;
use crate::registry::Refusal;
use crate::seam::Deadline;

pub(crate) struct Engine {
    roster: Arc<Roster>,
    planner: Planner,
    plan: VecDeque<Action>,
    step: Step,
    inputs: VecDeque<Input>,
    retries: Vec<Retry>,
    /// What is to be answered when the plan says so.
    command: Option<Command>,
    /// The child that ended last, or did not start.
    last: Option<Last>,
    /// It is over, and for this reason.
    why: Option<Why>,
}

/// What the plan waits for.
enum Step {
    Next,
    Start { child: Key, term: u64 },
    Stop(Closing),
}

/// What waits for its turn.
enum Input {
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
struct Last {
    name: ChildName,
    actor: ActorLabel,
    reason: ExitReason,
}

struct Retry {
    child: Key,
    token: u64,
    deadline: Deadline,
}

/// What came of some work.
enum Work {
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
        P: HandledBy<S>,
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
                Work::Up => cell.set_started(),
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
        let supervision = roster.supervision;
        let rules = Rules {
            strategy: supervision.strategy,
            max_restarts: supervision.max_restarts,
            within: supervision.within,
            auto_shutdown: supervision.auto_shutdown,
            backoff: supervision.backoff,
        };
        let children = roster.with(|rows| {
            let rows = rows.all.iter();
            rows.map(|(key, row)| (*key, rules_of(row)))
                .collect::<Vec<_>>()
        });
        let mut engine = Engine {
            planner: Planner::new(rules, children.into_iter()),
            plan: VecDeque::new(),
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
        P: HandledBy<S>,
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
            if let Some(action) = self.plan.pop_front() {
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

    fn plan(&mut self, event: Event) {
        let now = self.roster.hub.events.since_start();
        self.plan = self.planner.handle(event, now).into();
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
        let key = match &command.what {
            What::Start(key, _) => Some(*key),
            What::Restart(name) | What::Terminate(name) | What::Delete(name) => {
                self.roster.find(name)
            }
        };
        let event = key.and_then(|key| match &command.what {
            What::Restart(_) => Some(Event::Restart(key)),
            What::Terminate(_) => Some(Event::Terminate(key)),
            What::Delete(_) => Some(Event::Delete(key)),
            What::Start(..) => {
                let rules = self.roster.row(key, |row| rules_of(row))?;
                Some(Event::Add { child: key, rules })
            }
        });
        match event {
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

    // ---- what is done

    fn act<P, S>(&mut self, action: Action, state: &mut S, cell: &Arc<Cell<P>>) -> Option<Work>
    where
        P: HandledBy<S>,
    {
        match action {
            Action::Start { child, incarnation } => {
                if let Err(reason) = self.start(child, incarnation, state, cell) {
                    self.start_failed(child, reason);
                }
            }
            Action::Stop { children, keep } => self.stop(&children, keep),
            Action::Release(child) => self.release(child),
            Action::Forget(child) => {
                self.release(child);
                self.roster.forget(child);
            }
            Action::Retry {
                child,
                token,
                attempt,
            } => self.retry(child, token, attempt),
            Action::Up => return Some(Work::Up),
            Action::Answer(result) => self.answer(result, cell),
            Action::Down(down) => {
                self.why = Some(self.down(down, cell));
                return Some(Work::Down);
            }
        }
        None
    }

    fn start<P, S>(
        &mut self,
        child: Key,
        planned: u64,
        state: &mut S,
        cell: &Arc<Cell<P>>,
    ) -> Result<(), ExitReason>
    where
        P: HandledBy<S>,
    {
        let made = self.make(child, state, cell)?;
        let term = self.roster.next_term();
        let now = self.roster.hub.seam.now();
        let actor = self.roster.row(child, |row| {
            row.planned = planned;
            row.term = term;
            row.state = ChildState::Running;
            if row.starts > 0 {
                row.last_restart = Some(now);
            }
            row.starts += 1;
            if let Some(limit) = made.limit {
                row.patience = limit;
            }
            Arc::clone(&row.actor)
        });
        let gone = || ExitReason::Shutdown;
        let mut actor = actor.ok_or_else(gone)?;
        if actor.has_ended() || !actor.is_settled() {
            actor = self.roster.replace(child).ok_or_else(gone)?;
        }
        self.step = Step::Start { child, term };
        let label = actor.label();
        actor.begin(made.child, term).map_err(|refused| {
            self.step = Step::Next;
            not_begun(label, refused)
        })
    }

    /// What the next incarnation of a child is made of.
    fn make<P, S>(
        &mut self,
        child: Key,
        state: &mut S,
        cell: &Arc<Cell<P>>,
    ) -> Result<Made, ExitReason>
    where
        P: HandledBy<S>,
    {
        // The user's code, without the lock.
        let Some(mut origin) = self.roster.row(child, |row| row.origin.take()).flatten() else {
            return Err(ExitReason::Shutdown);
        };
        let name = match &origin {
            Origin::Declared(name, _) | Origin::Dynamic(name, _) => name,
            Origin::Given(_) => "…",
        };
        let supervisor = Handle::new(cell);
        let made = catch_unwind(AssertUnwindSafe(|| match &mut origin {
            Origin::Declared(name, index) => Some(P::child(state, &supervisor, name, *index, None)),
            Origin::Dynamic(name, arguments) => {
                let arguments = Some(arguments.give()?);
                Some(P::child(state, &supervisor, name, 0, arguments))
            }
            Origin::Given(supply) => supply.give(),
        }));
        self.roster.row(child, |row| row.origin = Some(origin));
        let made = made.map_err(|payload| {
            let cause = Cause::panic(&*payload);
            guard::quietly(|| drop(payload));
            let crash = Crash::new(cell.label(), Place::Factory(name), cause);
            cell.record_crash(&crash);
            ExitReason::Crashed(crash)
        })?;
        // None: it was made of one state, which is used up.
        made.ok_or(ExitReason::Shutdown)
    }

    fn start_failed(&mut self, child: Key, reason: ExitReason) {
        self.step = Step::Next;
        self.remember(child, reason);
        self.plan(Event::StartFailed(child));
    }

    fn stop(&mut self, children: &[Key], keep: bool) {
        let state = match keep {
            true => ChildState::Restarting,
            false => ChildState::Stopped,
        };
        for child in children {
            self.roster.row(*child, |row| row.state = state);
        }
        let batch = self.roster.entries(children, keep);
        let seam = &self.roster.hub.seam;
        if let Some(closing) = Closing::new(VecDeque::from([batch]), seam) {
            self.step = Step::Stop(closing);
        }
    }

    /// What has ended, and is not restarted for now, ends for good.
    fn release(&mut self, child: Key) {
        self.roster
            .row(child, |row| row.state = ChildState::Stopped);
        let mut batch = self.roster.entries(&[child], false);
        batch.retain(|entry| !entry.child.has_ended());
        if !batch.is_empty() {
            let seam = &self.roster.hub.seam;
            let closing = Closing::new(VecDeque::from([batch]), seam);
            self.step = closing.map_or(Step::Next, Step::Stop);
        }
    }

    fn retry(&mut self, child: Key, token: u64, attempt: Option<u32>) {
        self.roster
            .row(child, |row| row.state = ChildState::Restarting);
        let backoff = self.roster.supervision.backoff;
        let (Some(attempt), Some(backoff)) = (attempt, backoff) else {
            self.inputs.push_back(Input::Due { child, token });
            return;
        };
        let seam = &self.roster.hub.seam;
        let delay = delay(backoff, attempt, seam.random());
        let deadline = Deadline::new(Arc::clone(seam), seam.now().checked_add(delay));
        self.retries.push(Retry {
            child,
            token,
            deadline,
        });
    }

    fn answer<P: Protocol>(&mut self, result: Result<(), Refused>, cell: &Cell<P>) {
        let Some(command) = self.command.take() else {
            return;
        };
        let (supervisor, roster) = (cell.label(), &self.roster);
        let child = command.what.name().clone();
        let answer = match result {
            Ok(()) => Ok(match &command.what {
                What::Start(key, _) => roster.row(*key, |row| Arc::clone(&row.actor).into_any()),
                _ => None,
            }),
            Err(Refused::NotFound) => Err(ChildError::NotFound { supervisor, child }),
            Err(Refused::Running) => Err(ChildError::Running { supervisor, child }),
            Err(Refused::Restarting) => Err(ChildError::Restarting { supervisor, child }),
            Err(Refused::StartFailed) => {
                let (child, actor, reason) = self.failure(child, &supervisor);
                Err(ChildError::NotStarted {
                    supervisor,
                    child,
                    actor,
                    reason: Box::new(reason),
                })
            }
        };
        command.answer(answer);
    }

    fn remember(&mut self, child: Key, reason: ExitReason) {
        let who = self
            .roster
            .row(child, |row| (row.name.clone(), row.actor.label()));
        self.last = who.map(|(name, actor)| Last {
            name,
            actor,
            reason,
        });
    }

    /// Which child did not start, and how it ended.
    fn failure(
        &self,
        name: ChildName,
        supervisor: &ActorLabel,
    ) -> (ChildName, ActorLabel, ExitReason) {
        match &self.last {
            Some(last) => (last.name.clone(), last.actor.clone(), last.reason.clone()),
            None => (name, supervisor.clone(), ExitReason::Shutdown),
        }
    }

    fn down<P: Protocol>(&self, down: Down, cell: &Cell<P>) -> Why {
        let supervisor = cell.label();
        let (child, actor, reason) = self.failure(ChildName::from("?"), &supervisor);
        let last = Box::new(reason);
        let supervision = self.roster.supervision;
        let why = match down {
            Down::StartFailed(_) => {
                return Why::NotStarted(Failure::from(ChildError::NotStarted {
                    supervisor,
                    child,
                    actor,
                    reason: last,
                }));
            }
            Down::GaveUp(_) => ShutdownReason::GaveUp {
                child,
                last,
                max_restarts: supervision.max_restarts,
                within: supervision.within,
            },
            Down::AutoShutdown(_) => ShutdownReason::AutoShutdown { child, last },
        };
        if let Down::GaveUp(_) = down {
            cell.hub.report_gave_up(&supervisor, &why);
        }
        Why::Shutdown(Box::new(why))
    }
}

fn rules_of(row: &super::roster::Row) -> ChildRules {
    ChildRules {
        restart: row.restart,
        significant: row.significant,
        kind: row.kind,
    }
}

/// How it ended, as far as its supervisor is concerned.
fn not_begun(actor: ActorLabel, refused: NotBegun) -> ExitReason {
    let text = match refused {
        NotBegun::Refused(Refusal::Closed) => return ExitReason::Shutdown,
        NotBegun::Refused(Refusal::Ended) => return ExitReason::Killed,
        NotBegun::Refused(Refusal::NameTaken(holder)) => {
            format!("its name is taken by actor {holder}")
        }
        NotBegun::Refused(Refusal::NoThread(error)) => {
            format!("it cannot have a thread of its own: {error}")
        }
        NotBegun::Mailbox => {
            "a declared child has its mailbox before its factory is called: give its capacity in `#[actor(mailbox = …)]` of its enum, not by `.mailbox(…)`"
                .to_owned()
        }
        NotBegun::Mistaken => "its factory made something else".to_owned(),
    };
    let cause = Cause::Error(Failure::msg(text));
    ExitReason::Crashed(Crash::new(actor, Place::Start, cause))
}
