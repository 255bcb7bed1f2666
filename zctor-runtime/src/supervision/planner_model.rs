//! A second model of OTP's supervisor, written from its documentation alone
//! (the module `supervisor`, and "Supervisor Behaviour" in the design
//! principles), in another manner than the planner: it does what it decides at
//! once, in a plain list, and retries in a loop.

use super::declared::{AutoShutdown, Restart, Strategy};
use super::planner_schedules::{Schedule, Step, of_the_planner, schedule};
use crate::exit::ExitKind;

pub(super) struct Model<'a> {
    schedule: &'a Schedule,
    /// In start order: number, and whether it is up.
    list: Vec<(usize, bool)>,
    fails: Vec<u32>,
    restarts: Vec<u64>,
    next: usize,
    now: u64,
    log: Vec<String>,
    over: bool,
}

impl Model<'_> {
    pub(super) fn run(schedule: &Schedule) -> Vec<String> {
        let mut model = Model {
            schedule,
            list: (0..schedule.declared).map(|child| (child, false)).collect(),
            fails: schedule.children.iter().map(|child| child.fails).collect(),
            restarts: Vec::new(),
            next: schedule.declared,
            now: 0,
            log: Vec::new(),
            over: false,
        };
        match model.start_from(0) {
            None => model.log.push("up".into()),
            Some(failed) => model.end(&format!("start_failed {failed}")),
        }
        for step in &schedule.steps {
            if !model.over {
                model.step(*step);
            }
        }
        model.log
    }

    fn restart_type(&self, child: usize) -> Restart {
        self.schedule.children[child].restart
    }

    fn place(&self, child: usize) -> Option<usize> {
        self.list.iter().position(|(number, _)| *number == child)
    }

    /// Starts one; false if it does not start.
    fn start(&mut self, child: usize) -> bool {
        let works = self.fails[child] == 0;
        self.fails[child] = self.fails[child].saturating_sub(1);
        let what = if works { "start" } else { "fail" };
        self.log.push(format!("{what} {child}"));
        works
    }

    /// Starts all from a place on that are not up; the one that did not start.
    fn start_from(&mut self, place: usize) -> Option<usize> {
        for at in place..self.list.len() {
            let (child, up) = self.list[at];
            if !up {
                if !self.start(child) {
                    return Some(child);
                }
                self.list[at].1 = true;
            }
        }
        None
    }

    /// Stops all from a place on, the last one first. Temporary ones have no
    /// place afterwards.
    fn stop_from(&mut self, place: usize) {
        let tail = self.list.split_off(place);
        for (child, up) in tail.iter().rev() {
            if *up {
                self.log.push(format!("stop {child}"));
            }
        }
        for (child, _) in tail {
            if self.restart_type(child) != Restart::Temporary {
                self.list.push((child, false));
            }
        }
    }

    fn end(&mut self, how: &str) {
        self.stop_from(0);
        self.log.push(format!("down {how}"));
        self.over = true;
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Sleep(seconds) => self.now += seconds,
            Step::Fail(child, times) => self.fails[child] = times,
            Step::Exit(child, kind) => {
                if let Some(place) = self.place(child)
                    && self.list[place].1
                {
                    self.list[place].1 = false;
                    self.exited(child, kind);
                }
            }
            Step::Start => {
                let child = self.next;
                if child < self.schedule.children.len() {
                    self.next += 1;
                    let started = self.start(child);
                    if started {
                        self.list.push((child, true));
                    }
                    self.answer(if started { "ok" } else { "failed" });
                }
            }
            Step::Terminate(child) => match self.place(child) {
                None => self.answer("not_found"),
                Some(place) => {
                    if std::mem::take(&mut self.list[place].1) {
                        self.log.push(format!("stop {child}"));
                    }
                    if self.restart_type(child) == Restart::Temporary {
                        self.list.remove(place);
                    }
                    self.answer("ok");
                }
            },
            Step::Restart(child) => match self.place(child) {
                None => self.answer("not_found"),
                Some(place) if self.list[place].1 => self.answer("running"),
                Some(place) => {
                    let started = self.start(child);
                    self.list[place].1 = started;
                    self.answer(if started { "ok" } else { "failed" });
                }
            },
            Step::Delete(child) => match self.place(child) {
                None => self.answer("not_found"),
                Some(place) if self.list[place].1 => self.answer("running"),
                Some(place) => {
                    self.list.remove(place);
                    self.answer("ok");
                }
            },
        }
    }

    fn answer(&mut self, what: &str) {
        self.log.push(format!("answer {what}"));
    }

    fn exited(&mut self, child: usize, kind: ExitKind) {
        let abnormal = kind == ExitKind::Error || kind == ExitKind::Killed;
        let again = match self.restart_type(child) {
            Restart::Permanent => true,
            Restart::Transient => abnormal,
            Restart::Temporary => false,
        };
        if again {
            self.restart(child);
            return;
        }
        if self.restart_type(child) == Restart::Temporary {
            self.list.retain(|(number, _)| *number != child);
        }
        if self.schedule.children[child].significant {
            let left = self
                .list
                .iter()
                .any(|(number, up)| *up && self.schedule.children[*number].significant);
            let ends = match self.schedule.auto_shutdown {
                AutoShutdown::Never => false,
                AutoShutdown::AnySignificant => true,
                AutoShutdown::AllSignificant => !left,
            };
            if ends {
                self.end("shutdown");
            }
        }
    }

    /// Until it has worked, or was tried too often.
    fn restart(&mut self, mut child: usize) {
        loop {
            self.restarts.push(self.now);
            let (now, within) = (self.now, self.schedule.within);
            let recent = self.restarts.iter().filter(|then| **then + within >= now);
            if recent.count() > self.schedule.max_restarts as usize {
                return self.end("shutdown");
            }
            let place = match (self.schedule.strategy, self.place(child)) {
                (Strategy::OneForAll, _) | (_, None) => 0,
                (_, Some(place)) => place,
            };
            let failed = match self.schedule.strategy {
                Strategy::OneForOne => {
                    let started = self.start(child);
                    self.list[place].1 = started;
                    (!started).then_some(child)
                }
                Strategy::OneForAll | Strategy::RestForOne => {
                    self.stop_from(place);
                    self.start_from(place)
                }
            };
            match failed {
                None => return,
                Some(failed) => child = failed,
            }
        }
    }
}

/// The same schedule with fewer steps, as long as the two disagree.
fn smallest(mut schedule: Schedule) -> Schedule {
    let disagree = |schedule: &Schedule| of_the_planner(schedule) != Model::run(schedule);
    loop {
        let shorter = (0..schedule.steps.len()).find_map(|at| {
            let mut shorter = schedule.clone();
            shorter.steps.remove(at);
            disagree(&shorter).then_some(shorter)
        });
        match shorter {
            Some(shorter) => schedule = shorter,
            None => return schedule,
        }
    }
}

#[test]
fn the_planner_agrees_with_a_second_model() {
    let mut lines = 0;
    for seed in 0..30_000 {
        let schedule = schedule(seed, true);
        let planned = of_the_planner(&schedule);
        lines += planned.len();
        if planned != Model::run(&schedule) {
            let smallest = smallest(schedule);
            panic!(
                "seed {seed}: {smallest:#?}\nplanner: {:#?}\nmodel: {:#?}",
                of_the_planner(&smallest),
                Model::run(&smallest)
            );
        }
    }
    assert!(lines > 300_000, "the schedules say something: {lines}");
}
