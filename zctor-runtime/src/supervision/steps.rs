//! The steps of a plan, as the engine takes them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::backoff::delay;
use super::bond::Key;
use super::child_error::ChildError;
use super::desk::What;
use super::engine::{Engine, Input, Last, Retry, Step, Why, Work};
use super::info::ChildState;
use super::made::Made;
use super::name::ChildName;
use super::plan::{Action, Down, Event, Refused};
use super::roster::Origin;
use super::subordinate::NotBegun;
use crate::cell::Cell;
use crate::children::Closing;
use crate::exit::{Cause, Crash, ExitReason, Place, ShutdownReason};
use crate::failure::Failure;
use crate::guard;
use crate::handle::Handle;
use crate::label::ActorLabel;
use crate::protocol::Protocol;
use crate::registry::Refusal;
use crate::role::Role;
use crate::seam::Deadline;

impl Engine {
    pub(super) fn act<P, S>(
        &mut self,
        action: Action,
        state: &mut S,
        cell: &Arc<Cell<P>>,
    ) -> Option<Work>
    where
        P: Protocol,
        S: Role<P>,
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
        P: Protocol,
        S: Role<P>,
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
        P: Protocol,
        S: Role<P>,
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
            Origin::Declared(name, index) => Some(state.child(&supervisor, name, *index, None)),
            Origin::Dynamic(name, arguments) => {
                let arguments = Some(arguments.give()?);
                Some(state.child(&supervisor, name, 0, arguments))
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

    pub(super) fn start_failed(&mut self, child: Key, reason: ExitReason) {
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
        if let Some(closing) = Closing::new(vec![batch], seam) {
            self.step = Step::Stop(closing);
        }
    }

    /// What has ended, and is not restarted for now, ends for good.
    fn release(&mut self, child: Key) {
        self.roster
            .row(child, |row| row.state = ChildState::Stopped);
        let batch = self.roster.entries(&[child], false);
        if !batch.iter().all(|entry| entry.child.has_ended()) {
            let seam = &self.roster.hub.seam;
            let closing = Closing::new(vec![batch], seam);
            self.step = closing.map_or(Step::Next, Step::Stop);
        }
    }

    fn retry(&mut self, child: Key, token: u64, attempt: Option<u32>) {
        self.roster
            .row(child, |row| row.state = ChildState::Restarting);
        let backoff = self.roster.supervision().backoff;
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

    pub(super) fn remember(&mut self, child: Key, reason: ExitReason) {
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
        let supervision = self.roster.supervision();
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
        NotBegun::Refused(Refusal::NoWorkers) => "a pool has at least one worker".to_owned(),
        NotBegun::Mailbox => {
            "a declared child has its mailbox before its factory is called: give its capacity in `#[actor(mailbox = …)]` of its enum, not by `.mailbox(…)`"
                .to_owned()
        }
        NotBegun::Mistaken => "its factory made something else".to_owned(),
    };
    let cause = Cause::Error(Failure::msg(text));
    ExitReason::Crashed(Crash::new(actor, Place::Start, cause))
}
