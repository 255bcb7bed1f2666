//! What the planner makes of commands: OTP's `start_child` and the like, and
//! the resizing of pools.

use std::time::Duration;

use super::bond::Key;
use super::declared::Restart;
use super::plan::{Action, ChildRules, Refused};
use super::planner::{Child, Planner, Purpose, State};

impl Planner {
    pub(super) fn command_add(
        &mut self,
        keys: &[Key],
        rules: ChildRules,
        now: Duration,
        plan: &mut Vec<Action>,
    ) {
        self.purpose = Purpose::Add;
        for key in keys {
            self.children.insert(*key, Child::new(rules));
        }
        self.start(keys, now, plan);
        plan.push(Action::Answer(Ok(())));
    }

    pub(super) fn command_remove_from(&mut self, first: Key, plan: &mut Vec<Action>) {
        let gone = self.children.keys_from(first);
        let mut children = Vec::new();
        for key in &gone {
            match self.children.remove(key).map(|child| child.state) {
                Some(State::Running) => children.push(*key),
                Some(State::Restarting { .. }) => plan.push(Action::Release(*key)),
                Some(State::Stopped) | None => {}
            }
        }
        if !children.is_empty() {
            let keep = false;
            plan.push(Action::Stop { children, keep });
        }
        for key in gone.iter().rev() {
            plan.push(Action::Forget(*key));
        }
        plan.push(Action::Answer(Ok(())));
    }

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
