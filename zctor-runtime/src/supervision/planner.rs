//! What a supervisor decides: an event in, an ordered list of actions out.
//!
//! It has no clock, no threads and no randomness: the time comes with each
//! event, and whoever carries the actions out waits for each before the next.
//! The semantics are those of Erlang/OTP's `supervisor` (checked against
//! OTP 25), and of backoff, which OTP does not have. Where they differ on
//! purpose, the documentation of `#[supervisor]` says so.

use std::time::Duration;

use super::bond::Key;
use super::declared::{AutoShutdown, Backoff, Restart, Strategy};
use super::plan::{Action, ChildRules, Down, Event, Refused, Rules};
use super::window::Window;
use crate::exit::ExitKind;
use crate::ordered::Ordered;

pub(crate) struct Planner {
    rules: Rules,
    window: Window,
    pub(super) children: Ordered<Key, Child>,
    /// What the plan that is carried out is for, and whom it starts.
    pub(super) purpose: Purpose,
    starts: Vec<Key>,
    tokens: u64,
    down: bool,
}

pub(super) struct Child {
    pub(super) rules: ChildRules,
    pub(super) state: State,
    incarnation: u64,
    /// Of the last retry.
    token: u64,
    /// Restarts in a row.
    attempts: u32,
    /// When it was started last.
    since: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Running,
    /// A retry is to come; the restart may be charged already.
    Restarting {
        charged: bool,
    },
    Stopped,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    First,
    Restarts,
    /// A command: it may be forgotten if it does not start.
    Add,
    Command,
}

impl Planner {
    pub(crate) fn new(rules: Rules, all: impl Iterator<Item = (Key, ChildRules)>) -> Planner {
        let mut children = Ordered::new();
        for (key, rules) in all {
            children.insert(key, Child::new(rules));
        }
        Planner {
            window: Window::new(rules.max_restarts, rules.within),
            rules,
            children,
            purpose: Purpose::First,
            starts: Vec::new(),
            tokens: 0,
            down: false,
        }
    }

    /// The plan that follows from `event`. It is to be carried out before the
    /// next event; if one of its starts fails, that is the next event.
    pub(crate) fn handle(&mut self, event: Event, now: Duration) -> Vec<Action> {
        let mut plan = Vec::new();
        if self.down {
            return plan;
        }
        match event {
            Event::Start => {
                self.purpose = Purpose::First;
                let all = self.children.keys();
                self.start(&all, now, &mut plan);
                plan.push(Action::Up);
            }
            Event::StartFailed(child) => {
                let others = self.not_started(child);
                self.start_failed(child, others, now, &mut plan);
            }
            Event::Exited {
                child,
                incarnation,
                kind,
            } => self.exited(child, incarnation, kind, now, &mut plan),
            Event::Due { child, token } => self.due(child, token, now, &mut plan),
            Event::Add { child, rules } => self.command_add(&[child], rules, now, &mut plan),
            Event::AddAll { from, to, rules } => {
                let children: Vec<Key> = (from..to).collect();
                self.command_add(&children, rules, now, &mut plan);
            }
            Event::RemoveFrom(child) => self.command_remove_from(child, &mut plan),
            Event::Restart(child) => self.command_restart(child, now, &mut plan),
            Event::Terminate(child) => self.command_terminate(child, &mut plan),
            Event::Delete(child) => self.command_delete(child, &mut plan),
        }
        self.down = matches!(plan.last(), Some(Action::Down(_)));
        plan
    }

    // ---- ends

    fn exited(
        &mut self,
        key: Key,
        incarnation: u64,
        kind: ExitKind,
        now: Duration,
        plan: &mut Vec<Action>,
    ) {
        let Some(child) = self.children.get_mut(&key) else {
            return;
        };
        if child.state != State::Running || child.incarnation != incarnation {
            // It was stopped, or started anew, meanwhile.
            return;
        }
        let abnormal = matches!(kind, ExitKind::Error | ExitKind::Killed);
        match child.rules.restart {
            Restart::Permanent => self.restart(key, now, plan),
            Restart::Transient if abnormal => self.restart(key, now, plan),
            Restart::Transient => {
                child.state = State::Stopped;
                let significant = child.rules.significant;
                plan.push(Action::Release(key));
                self.auto_shutdown(key, significant, plan);
            }
            Restart::Temporary => {
                let significant = child.rules.significant;
                self.children.remove(&key);
                plan.push(Action::Forget(key));
                self.auto_shutdown(key, significant, plan);
            }
        }
    }

    fn auto_shutdown(&self, ended: Key, significant: bool, plan: &mut Vec<Action>) {
        let others = || {
            let mut all = self.children.iter();
            all.any(|(_, child)| child.rules.significant && child.state != State::Stopped)
        };
        let down = significant
            && match self.rules.auto_shutdown {
                AutoShutdown::Never => false,
                AutoShutdown::AnySignificant => true,
                AutoShutdown::AllSignificant => !others(),
            };
        if down {
            plan.push(Action::Down(Down::AutoShutdown(ended)));
        }
    }

    // ---- restarts

    /// A child that has ended is to be restarted, and others with it.
    fn restart(&mut self, key: Key, now: Duration, plan: &mut Vec<Action>) {
        if !self.window.charge(now) {
            self.give_up(key, plan);
        } else if let Some(backoff) = self.rules.backoff {
            self.stop_group(key, plan);
            self.retry_later(key, backoff, now, plan);
        } else {
            self.stop_group(key, plan);
            self.start_group(key, now, plan);
        }
    }

    fn give_up(&mut self, key: Key, plan: &mut Vec<Action>) {
        self.set(key, State::Stopped);
        plan.push(Action::Down(Down::GaveUp(key)));
    }

    fn retry_later(&mut self, key: Key, backoff: Backoff, now: Duration, plan: &mut Vec<Action>) {
        self.tokens += 1;
        let token = self.tokens;
        if let Some(child) = self.children.get_mut(&key) {
            if now.saturating_sub(child.since) > backoff.max {
                child.attempts = 0;
            }
            let attempt = Some(child.attempts);
            child.attempts = child.attempts.saturating_add(1);
            child.token = token;
            child.state = State::Restarting { charged: true };
            plan.push(Action::Retry {
                child: key,
                token,
                attempt,
            });
        }
    }

    fn due(&mut self, key: Key, token: u64, now: Duration, plan: &mut Vec<Action>) {
        let Some(child) = self.children.get(&key) else {
            return;
        };
        let State::Restarting { charged } = child.state else {
            return;
        };
        if child.token != token {
            return;
        }
        if !charged && !self.window.charge(now) {
            self.give_up(key, plan);
            return;
        }
        self.stop_group(key, plan);
        self.start_group(key, now, plan);
    }

    /// Those who are restarted with a child, in the order of their starts.
    fn group(&self, key: Key) -> Vec<Key> {
        match self.rules.strategy {
            Strategy::OneForOne => vec![key],
            Strategy::OneForAll => self.children.keys(),
            Strategy::RestForOne => self.children.keys_from(key),
        }
    }

    /// Stops the group of a child that has ended, the last one first. Temporary
    /// ones are forgotten.
    fn stop_group(&mut self, key: Key, plan: &mut Vec<Action>) {
        self.set(key, State::Stopped);
        let mut batch: Vec<Key> = Vec::new();
        let mut last: Option<ChildRules> = None;
        for key in self.group(key).into_iter().rev() {
            let Some(child) = self.children.get_mut(&key) else {
                continue;
            };
            let (rules, state) = (child.rules, child.state);
            child.state = State::Stopped;
            if rules.restart == Restart::Temporary {
                self.children.remove(&key);
            }
            if state != State::Running {
                continue;
            }
            let together = last.is_some_and(|last| {
                rules.kind.is_some() && rules.kind == last.kind && rules.restart == last.restart
            });
            if !together {
                stop(&mut batch, last, plan);
            }
            batch.push(key);
            last = Some(rules);
        }
        stop(&mut batch, last, plan);
    }

    /// Starts the group, also those that had ended, or were stopped, earlier.
    fn start_group(&mut self, key: Key, now: Duration, plan: &mut Vec<Action>) {
        self.purpose = Purpose::Restarts;
        let group = self.group(key);
        self.start(&group, now, plan);
    }

    // ---- starts

    pub(super) fn start(&mut self, keys: &[Key], now: Duration, plan: &mut Vec<Action>) {
        self.starts = keys.to_vec();
        for key in keys {
            if let Some(child) = self.children.get_mut(key) {
                child.state = State::Running;
                child.incarnation += 1;
                child.since = now;
                plan.push(Action::Start {
                    child: *key,
                    incarnation: child.incarnation,
                });
            }
        }
    }

    /// Neither did those that were to start after it, which are returned.
    fn not_started(&mut self, key: Key) -> Vec<Key> {
        let starts = std::mem::take(&mut self.starts);
        let failed = starts.iter().position(|start| *start == key);
        let others = failed.map_or_else(Vec::new, |place| starts[place + 1..].to_vec());
        self.set(key, State::Stopped);
        for other in &others {
            self.set(*other, State::Stopped);
        }
        others
    }

    fn start_failed(&mut self, key: Key, others: Vec<Key>, now: Duration, plan: &mut Vec<Action>) {
        match self.purpose {
            Purpose::First => plan.push(Action::Down(Down::StartFailed(key))),
            Purpose::Add => {
                let mut gone = vec![key];
                gone.extend_from_slice(&others);
                for key in gone.iter().rev() {
                    self.children.remove(key);
                    plan.push(Action::Forget(*key));
                }
                plan.push(Action::Answer(Err(Refused::StartFailed)));
            }
            Purpose::Command => {
                plan.push(Action::Release(key));
                plan.push(Action::Answer(Err(Refused::StartFailed)));
            }
            Purpose::Restarts => match self.rules.backoff {
                Some(_) => self.restart(key, now, plan),
                None => self.retry_soon(key, plan),
            },
        }
    }

    /// After what waits already, as OTP has it; charged then.
    fn retry_soon(&mut self, key: Key, plan: &mut Vec<Action>) {
        self.tokens += 1;
        let token = self.tokens;
        if let Some(child) = self.children.get_mut(&key) {
            child.token = token;
            child.state = State::Restarting { charged: false };
        }
        plan.push(Action::Retry {
            child: key,
            token,
            attempt: None,
        });
    }

    pub(super) fn state(&self, key: Key) -> Option<State> {
        self.children.get(&key).map(|child| child.state)
    }

    fn set(&mut self, key: Key, state: State) {
        if let Some(child) = self.children.get_mut(&key) {
            child.state = state;
        }
    }
}

/// The next batch of a plan.
fn stop(batch: &mut Vec<Key>, rules: Option<ChildRules>, plan: &mut Vec<Action>) {
    let children = std::mem::take(batch);
    let Some(rules) = rules.filter(|_| !children.is_empty()) else {
        return;
    };
    let keep = rules.restart != Restart::Temporary;
    let forgotten = if keep { Vec::new() } else { children.clone() };
    plan.push(Action::Stop { children, keep });
    for child in forgotten {
        plan.push(Action::Forget(child));
    }
}

impl Child {
    pub(super) fn new(rules: ChildRules) -> Child {
        Child {
            rules,
            state: State::Stopped,
            incarnation: 0,
            token: 0,
            attempts: 0,
            since: Duration::ZERO,
        }
    }
}

#[cfg(test)]
#[path = "planner_tests.rs"]
mod tests;
