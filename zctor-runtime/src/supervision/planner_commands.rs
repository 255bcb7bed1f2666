//! What the planner makes of commands: OTP's `restart_child` and the like.

use std::time::Duration;

use super::bond::Key;
use super::declared::Restart;
use super::plan::{Action, Refused};
use super::planner::{Planner, Purpose, State};

impl Planner {
    pub(super) fn command_restart(&mut self, key: Key, now: Duration, plan: &mut Vec<Action>) {
        let refused = match self.state(key) {
            None => Refused::NotFound,
            Some(State::Running) => Refused::Running,
            Some(State::Restarting { .. }) => Refused::Restarting,
            Some(State::Stopped) => {
                self.purpose = Purpose::Command;
                self.start(&[key], now, plan);
                plan.push(Action::Answer(Ok(())));
                return;
            }
        };
        plan.push(Action::Answer(Err(refused)));
    }

    pub(super) fn command_terminate(&mut self, key: Key, plan: &mut Vec<Action>) {
        let Some(child) = self.children.get_mut(&key) else {
            plan.push(Action::Answer(Err(Refused::NotFound)));
            return;
        };
        let (rules, state) = (child.rules, child.state);
        child.state = State::Stopped;
        match state {
            State::Running => plan.push(Action::Stop {
                children: vec![key],
                keep: false,
            }),
            State::Restarting { .. } => plan.push(Action::Release(key)),
            State::Stopped => {}
        }
        if rules.restart == Restart::Temporary {
            self.children.remove(&key);
            plan.push(Action::Forget(key));
        }
        plan.push(Action::Answer(Ok(())));
    }

    pub(super) fn command_delete(&mut self, key: Key, plan: &mut Vec<Action>) {
        let refused = match self.state(key) {
            None => Refused::NotFound,
            Some(State::Running) => Refused::Running,
            Some(State::Restarting { .. }) => Refused::Restarting,
            Some(State::Stopped) => {
                self.children.remove(&key);
                plan.push(Action::Forget(key));
                plan.push(Action::Answer(Ok(())));
                return;
            }
        };
        plan.push(Action::Answer(Err(refused)));
    }
}
