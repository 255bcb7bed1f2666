//! Random schedules of crashes, failing starts and commands, run through the
//! planner in a world of its own, and through a second model of OTP's
//! supervisor; and written for OTP itself.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::time::Duration;

use super::plan::{Action, ChildRules, Down, Event, Refused, Rules};
use super::planner::Planner;
use super::{bond::Key, declared::*};
use crate::exit::ExitKind;

#[derive(Clone, Debug)]
pub(super) struct Schedule {
    pub(super) strategy: Strategy,
    pub(super) max_restarts: u32,
    pub(super) within: u64,
    pub(super) auto_shutdown: AutoShutdown,
    /// Those that are declared come first.
    pub(super) children: Vec<Child>,
    pub(super) declared: usize,
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Child {
    pub(super) restart: Restart,
    pub(super) significant: bool,
    /// So many of its first starts fail.
    pub(super) fails: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// It ends, if it runs.
    Exit(usize, ExitKind),
    /// Its next starts fail.
    Fail(usize, u32),
    Terminate(usize),
    Restart(usize),
    Delete(usize),
    /// The first of those that are not declared and were not started.
    Start,
    /// Time goes by.
    Sleep(u64),
}

/// A small generator of numbers: SplitMix64 (Steele, Lea and Flood, 2014).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

pub(super) fn schedule(seed: u64, sleeps: bool) -> Schedule {
    let mut random = Random(seed);
    let auto_shutdown = random.one_of(&[
        AutoShutdown::Never,
        AutoShutdown::Never,
        AutoShutdown::AnySignificant,
        AutoShutdown::AllSignificant,
    ]);
    let declared = 1 + random.below(5);
    let children = (0..declared + 3).map(|_| {
        let restart = random.one_of(&[
            Restart::Permanent,
            Restart::Permanent,
            Restart::Transient,
            Restart::Temporary,
        ]);
        let may = auto_shutdown != AutoShutdown::Never && restart != Restart::Permanent;
        Child {
            restart,
            significant: may && random.below(2) == 0,
            fails: u32::from(random.below(40) == 0),
        }
    });
    let children: Vec<Child> = children.collect();
    let steps = (0..random.below(30)).map(|_| {
        let child = random.below(children.len());
        match random.below(20) {
            0 | 1 => Step::Fail(child, 1 + random.below(3) as u32),
            2 | 3 => Step::Terminate(child),
            4 | 5 => Step::Restart(child),
            6 => Step::Delete(child),
            7 | 8 => Step::Start,
            9 | 10 if sleeps => Step::Sleep(1 + random.below(12) as u64),
            _ => Step::Exit(
                child,
                random.one_of(&[
                    ExitKind::Normal,
                    ExitKind::Shutdown,
                    ExitKind::Error,
                    ExitKind::Error,
                    ExitKind::Killed,
                ]),
            ),
        }
    });
    let steps = steps.collect();
    Schedule {
        strategy: random.one_of(&[
            Strategy::OneForOne,
            Strategy::OneForAll,
            Strategy::RestForOne,
        ]),
        max_restarts: random.below(7) as u32,
        within: if sleeps { 10 } else { 3600 },
        auto_shutdown,
        children,
        declared,
        steps,
    }
}

/// What happens to a schedule that the planner plans for.
pub(super) fn of_the_planner(schedule: &Schedule) -> Vec<String> {
    World::run(schedule)
}

/// One in which everything is done at once.
struct World<'a> {
    planner: Planner,
    schedule: &'a Schedule,
    fails: Vec<u32>,
    /// The incarnations that run.
    running: BTreeMap<Key, u64>,
    waiting: VecDeque<Event>,
    started: usize,
    now: Duration,
    log: Vec<String>,
    down: bool,
}

impl World<'_> {
    fn run(schedule: &Schedule) -> Vec<String> {
        let rules = Rules {
            strategy: schedule.strategy,
            max_restarts: schedule.max_restarts,
            within: Duration::from_secs(schedule.within),
            auto_shutdown: schedule.auto_shutdown,
            backoff: None,
        };
        let declared = schedule.children[..schedule.declared].iter().enumerate();
        let mut world = World {
            planner: Planner::new(
                rules,
                declared.map(|(key, child)| (key as Key, child.rules())),
            ),
            schedule,
            fails: schedule.children.iter().map(|child| child.fails).collect(),
            running: BTreeMap::new(),
            waiting: VecDeque::from([Event::Start]),
            started: schedule.declared,
            now: Duration::ZERO,
            log: Vec::new(),
            down: false,
        };
        world.settle();
        for step in &schedule.steps {
            if world.down {
                break;
            }
            world.step(*step);
            world.settle();
        }
        world.log
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Exit(child, kind) => {
                let child = child as Key;
                if let Some(incarnation) = self.running.remove(&child) {
                    self.waiting.push_back(Event::Exited {
                        child,
                        incarnation,
                        kind,
                    });
                }
            }
            Step::Fail(child, times) => self.fails[child] = times,
            Step::Sleep(seconds) => self.now += Duration::from_secs(seconds),
            Step::Terminate(child) => self.waiting.push_back(Event::Terminate(child as Key)),
            Step::Restart(child) => self.waiting.push_back(Event::Restart(child as Key)),
            Step::Delete(child) => self.waiting.push_back(Event::Delete(child as Key)),
            Step::Start => {
                if let Some(child) = self.schedule.children.get(self.started) {
                    self.waiting.push_back(Event::Add {
                        child: self.started as Key,
                        rules: child.rules(),
                    });
                    self.started += 1;
                }
            }
        }
    }

    fn settle(&mut self) {
        while let Some(event) = self.waiting.pop_front() {
            let mut plan = VecDeque::from(self.planner.handle(event, self.now));
            while let Some(action) = plan.pop_front() {
                if let Some(failed) = self.act(action) {
                    plan = self
                        .planner
                        .handle(Event::StartFailed(failed), self.now)
                        .into();
                }
            }
        }
    }

    fn act(&mut self, action: Action) -> Option<Key> {
        match action {
            Action::Start { child, incarnation } => {
                let fails = &mut self.fails[child as usize];
                if *fails > 0 {
                    *fails -= 1;
                    self.log.push(format!("fail {child}"));
                    return Some(child);
                }
                self.log.push(format!("start {child}"));
                let before = self.running.insert(child, incarnation);
                assert_eq!(before, None, "never two");
            }
            Action::Stop { children, .. } => {
                for child in children {
                    assert!(self.running.remove(&child).is_some(), "it runs");
                    self.log.push(format!("stop {child}"));
                }
            }
            Action::Release(child) | Action::Forget(child) => {
                assert!(!self.running.contains_key(&child), "it has ended");
            }
            Action::Retry { child, token, .. } => {
                self.waiting.push_back(Event::Due { child, token });
            }
            Action::Up => self.log.push("up".into()),
            Action::Answer(answer) => self.log.push(format!("answer {}", said(answer))),
            Action::Down(down) => {
                for child in std::mem::take(&mut self.running).into_keys().rev() {
                    self.log.push(format!("stop {child}"));
                }
                let how = match down {
                    Down::StartFailed(child) => format!("start_failed {child}"),
                    Down::GaveUp(_) | Down::AutoShutdown(_) => "shutdown".into(),
                };
                self.log.push(format!("down {how}"));
                self.down = true;
                self.waiting.clear();
            }
        }
        None
    }
}

fn said(answer: Result<(), Refused>) -> &'static str {
    match answer {
        Ok(()) => "ok",
        Err(Refused::NotFound) => "not_found",
        Err(Refused::Running) => "running",
        Err(Refused::Restarting) => "restarting",
        Err(Refused::StartFailed) => "failed",
    }
}

impl Child {
    fn rules(&self) -> ChildRules {
        ChildRules {
            restart: self.restart,
            significant: self.significant,
            kind: None,
        }
    }
}

/// Writes schedules for `scripts/compare-with-otp`, and what the planner makes
/// of them. The format is described there.
#[test]
#[ignore = "it writes files for scripts/compare-with-otp"]
fn write_schedules_for_otp() {
    let directory = std::env::var("ZCTOR_OTP_DIR").expect("ZCTOR_OTP_DIR names a directory");
    let count = std::env::var("ZCTOR_OTP_COUNT").map_or(500, |count| count.parse().unwrap());
    let (mut schedules, mut logs) = (String::new(), String::new());
    for seed in 0..count {
        let schedule = schedule(seed, false);
        writeln!(schedules, "schedule {seed}").unwrap();
        schedule.write(&mut schedules);
        writeln!(logs, "schedule {seed}").unwrap();
        for line in of_the_planner(&schedule) {
            writeln!(logs, "{line}").unwrap();
        }
    }
    std::fs::write(format!("{directory}/schedules.txt"), schedules).unwrap();
    std::fs::write(format!("{directory}/planner.log"), logs).unwrap();
}

impl Schedule {
    fn write(&self, to: &mut String) {
        let Schedule {
            strategy,
            max_restarts,
            within,
            auto_shutdown,
            ..
        } = self;
        writeln!(
            to,
            "supervisor {strategy} {max_restarts} {within} {auto_shutdown}"
        )
        .unwrap();
        for (at, child) in self.children.iter().enumerate() {
            let what = if at < self.declared { "child" } else { "later" };
            let Child {
                restart,
                significant,
                fails,
            } = child;
            writeln!(to, "{what} {at} {restart} {significant} {fails}").unwrap();
        }
        for step in &self.steps {
            match step {
                Step::Exit(child, kind) => {
                    let kind = match kind {
                        ExitKind::Normal => "normal",
                        ExitKind::Shutdown => "shutdown",
                        ExitKind::Error => "error",
                        ExitKind::Killed => "killed",
                    };
                    writeln!(to, "exit {child} {kind}")
                }
                Step::Fail(child, times) => writeln!(to, "fail {child} {times}"),
                Step::Terminate(child) => writeln!(to, "terminate {child}"),
                Step::Restart(child) => writeln!(to, "restart {child}"),
                Step::Delete(child) => writeln!(to, "delete {child}"),
                Step::Start => writeln!(to, "start"),
                Step::Sleep(_) => Ok(()),
            }
            .unwrap();
        }
        writeln!(to, "end").unwrap();
    }
}
