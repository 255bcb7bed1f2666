//! Many runs of one scenario, over all cores.

use std::fmt;
use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::time::Duration;

use super::Sim;
use super::faults::Faults;
use super::hook::{Panic, keeping_panics};
use super::machine::{FILE, ON_PURPOSE};
use super::replay::Replay;
use super::report::{Failure, Found, REPLAY, SEED, Steady};
use super::schedule::Schedule;
use super::setup::{Limits, Setup};
use super::shrink::{Budget, Failing, shrink};
use super::sim_system::SimSystem;
use super::trace::Trace;
use crate::event::EventKind;
use crate::sync::lock;

/// A run that takes more steps has gone astray.
const STEP_LIMIT: u64 = 1_000_000;
/// A failing run is shortened by so many others.
const TRIES: u32 = 2000;
/// And with no more steps than that in all of them, but for the last.
const SHRINK_STEPS: u64 = 3_000_000;

/// Runs a scenario in a simulation, once for each seed, over all cores.
///
/// A scenario that panics, returns an error, breaks what must hold
/// ([`SimSystem::always`]), or never comes to its end, fails. Exploration stops
/// at the first seed that does, looks for the shortest run that fails in the
/// same way, and panics with a report: the failure, who ran out of turn, each
/// message in order, and the command that repeats it.
///
/// With the variable `ZCTOR_SIM_SEED` in the environment, that seed alone is
/// run; with `ZCTOR_SIM_REPLAY`, the run that it holds, which a report gives.
///
/// For faults, other schedules and limits there is [`Explorer`].
///
/// # Panics
/// If a seed fails.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::sim;
///
/// #[actor]
/// enum Counter { Add { by: i64 }, #[reply(i64)] Get }
/// #[derive(Default)]
/// struct Tally(i64);
/// #[handlers]
/// impl CounterActor for Tally {
///     fn add(&mut self, by: i64) { self.0 += by }
///     fn get(&self) -> i64 { self.0 }
/// }
///
/// sim::explore(0..100, |system| async move {
///     let counter = Counter::spawn(&system, Tally::default());
///     counter.add(5).unwrap();
///     assert_eq!(counter.get().await.unwrap(), 5);
/// });
/// ```
#[track_caller]
pub fn explore<F, O>(seeds: impl IntoIterator<Item = u64>, scenario: impl Fn(SimSystem) -> F + Sync)
where
    F: Future<Output = O>,
    O: Outcome,
{
    Explorer::new(seeds).check(scenario);
}

/// What a scenario of [`explore`] returns: nothing, or a `Result` whose error
/// is a failure.
///
/// ```
/// use zctor::sim::Outcome;
///
/// assert_eq!(().failure(), None);
/// assert_eq!(Err::<(), _>("too late").failure().as_deref(), Some("too late"));
/// ```
#[diagnostic::on_unimplemented(
    message = "a scenario cannot return `{Self}`",
    label = "returns `{Self}`",
    note = "a scenario returns nothing, or a `Result` whose error can be shown: \
            `explore(0..100, |system| async move {{ … }})`"
)]
pub trait Outcome {
    /// The text of the failure, if it is one.
    fn failure(self) -> Option<String>;
}

impl Outcome for () {
    fn failure(self) -> Option<String> {
        None
    }
}

impl<T: Outcome, E: fmt::Display> Outcome for Result<T, E> {
    fn failure(self) -> Option<String> {
        match self {
            Ok(value) => value.failure(),
            Err(error) => Some(error.to_string()),
        }
    }
}

/// Runs a scenario for many seeds: [`explore`] with more to say of it.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::sim::{Explorer, Faults, Schedule};
///
/// #[actor]
/// enum Worker { #[reply(u32)] Work(u32) }
/// struct Hands;
/// #[handlers]
/// impl WorkerActor for Hands {
///     fn work(&mut self, piece: u32) -> u32 { piece * 2 }
/// }
///
/// let explored = Explorer::new(0..100)
///     .schedule(Schedule::pct(2, 50))
///     .faults(Faults::new().panic::<Worker>(20))
///     .time_limit(Duration::from_secs(60))
///     .run(|system| async move {
///         let worker = Worker::spawn(&system, Hands);
///         for piece in 0..5 {
///             match worker.work(piece).await {
///                 Ok(done) => assert_eq!(done, piece * 2),
///                 Err(error) => assert!(matches!(error, AskError::Crashed { .. } | AskError::Stopped { .. })),
///             }
///         }
///     })
///     .unwrap_or_else(|found| panic!("{found}"));
/// assert_eq!(explored.runs(), 100);
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing runs before `check` or `run`"]
pub struct Explorer {
    seeds: Vec<u64>,
    setup: Setup,
    threads: Option<NonZeroUsize>,
    crashes: bool,
}

/// What an exploration did that found no failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explored {
    runs: u64,
    steps: u64,
}

impl Explored {
    /// How many seeds were run.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// How many steps they took together.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }
}

impl Explorer {
    /// One that runs these seeds.
    pub fn new(seeds: impl IntoIterator<Item = u64>) -> Explorer {
        Explorer {
            seeds: seeds.into_iter().collect(),
            setup: Setup {
                limits: Limits {
                    time: None,
                    steps: Some(STEP_LIMIT),
                },
                quiet: true,
                ..Setup::default()
            },
            threads: None,
            crashes: false,
        }
    }

    /// Who runs next when several could: [`Schedule::Random`] unless it is said
    /// here.
    pub fn schedule(mut self, schedule: Schedule) -> Explorer {
        self.setup.schedule = schedule;
        self
    }

    /// What goes wrong at random: nothing unless it is said here.
    pub fn faults(mut self, faults: Faults) -> Explorer {
        self.setup.faults = faults;
        self
    }

    /// A run that goes on beyond so much virtual time fails. None does unless
    /// it is said here.
    pub fn time_limit(mut self, limit: Duration) -> Explorer {
        self.setup.limits.time = Some(limit);
        self
    }

    /// A run that takes so many steps fails: 1,000,000 unless it is said here.
    pub fn step_limit(mut self, limit: u64) -> Explorer {
        self.setup.limits.steps = Some(limit);
        self
    }

    /// Over so many threads: one for each core unless it is said here. 0 is
    /// one.
    pub fn threads(mut self, threads: usize) -> Explorer {
        self.threads = Some(NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN));
        self
    }

    /// A run in which an actor crashes fails as well, unless it was made to by
    /// a fault: for actors that check themselves by assertions.
    pub fn fail_on_crash(mut self) -> Explorer {
        self.crashes = true;
        self
    }

    /// Runs all seeds.
    ///
    /// # Panics
    /// With the report if one fails.
    #[track_caller]
    pub fn check<F, O>(self, scenario: impl Fn(SimSystem) -> F + Sync)
    where
        F: Future<Output = O>,
        O: Outcome,
    {
        if let Err(found) = self.run(scenario) {
            panic!("{found}");
        }
    }

    /// Runs all seeds.
    ///
    /// # Errors
    /// The report of the first seed that fails, in the order in which they were
    /// given, however many threads there are.
    ///
    /// # Panics
    /// If what `ZCTOR_SIM_SEED` or `ZCTOR_SIM_REPLAY` holds is no seed, or no
    /// replay.
    pub fn run<F, O>(
        mut self,
        scenario: impl Fn(SimSystem) -> F + Sync,
    ) -> Result<Explored, Box<Found>>
    where
        F: Future<Output = O>,
        O: Outcome,
    {
        if let Some(replay) = asked_for(REPLAY) {
            let replay = match replay.parse::<Replay>() {
                Ok(replay) => replay,
                Err(error) => panic!("{REPLAY}: {error}"),
            };
            return self.repeat(&scenario, replay);
        }
        if let Some(seed) = asked_for(SEED) {
            match seed.trim().parse() {
                Ok(seed) => self.seeds = vec![seed],
                Err(error) => panic!("{SEED}: `{seed}` is no seed: {error}"),
            }
        }
        let steps = AtomicU64::new(0);
        match self.first_failing(&scenario, &steps) {
            None => Ok(Explored {
                runs: self.seeds.len() as u64,
                steps: steps.into_inner(),
            }),
            Some((seed, failure)) => Err(self.report(&scenario, seed, failure)),
        }
    }

    fn first_failing<F, O>(
        &self,
        scenario: &(impl Fn(SimSystem) -> F + Sync),
        steps: &AtomicU64,
    ) -> Option<(u64, Failure)>
    where
        F: Future<Output = O>,
        O: Outcome,
    {
        let next = AtomicUsize::new(0);
        let first = Mutex::new(None::<(usize, Failure)>);
        let work = || {
            loop {
                let place = next.fetch_add(1, Relaxed);
                let Some(&seed) = self.seeds.get(place) else {
                    return;
                };
                // Those before it are still to be run.
                if lock(&first).as_ref().is_some_and(|first| first.0 < place) {
                    return;
                }
                let setup = Setup {
                    seed,
                    ..self.setup.clone()
                };
                let run = self.once(scenario, setup);
                steps.fetch_add(run.steps, Relaxed);
                if let Some(failure) = run.failure {
                    let mut first = lock(&first);
                    if first.as_ref().is_none_or(|first| place < first.0) {
                        *first = Some((place, failure));
                    }
                }
            }
        };
        let threads = self
            .threads
            .or_else(|| std::thread::available_parallelism().ok());
        let threads = threads.map_or(1, NonZeroUsize::get).min(self.seeds.len());
        if threads <= 1 {
            work();
        } else {
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(work);
                }
            });
        }
        let (place, failure) = lock(&first).take()?;
        Some((*self.seeds.get(place)?, failure))
    }

    /// Runs a seed that fails again, and looks for the shortest run.
    fn report<F, O>(
        &self,
        scenario: &(impl Fn(SimSystem) -> F + Sync),
        seed: u64,
        first: Failure,
    ) -> Box<Found>
    where
        F: Future<Output = O>,
        O: Outcome,
    {
        let fails = |setup: Setup| {
            let run = self.once(scenario, setup);
            let failing = |about| Failing {
                replay: run.replay,
                steps: run.steps,
                about,
            };
            (run.failure.map(failing), run.trace, run.steps)
        };
        let setup = Setup {
            seed,
            records: true,
            ..self.setup.clone()
        };
        let (Some(whole), ..) = fails(setup.clone()) else {
            return Box::new(Found::unsteady(seed, first));
        };
        let with = |replay: Replay, traces| Setup {
            replay: Some(replay),
            traces,
            ..setup.clone()
        };
        let failure: Failure = whole.about.clone();
        let budget = Budget {
            tries: TRIES,
            steps: SHRINK_STEPS,
        };
        let best = shrink(whole, budget, |replay| {
            let (failing, _, steps) = fails(with(replay, false));
            let failing = failing.filter(|failing| failing.about.is_like(&failure));
            (failing, steps)
        });
        let (again, trace, _) = fails(with(best.replay.clone(), true));
        let steady = again
            .is_some_and(|again| again.about.is_like(&best.about) && again.steps == best.steps);
        let steady = if steady {
            Steady::Always
        } else {
            Steady::Sometimes
        };
        Box::new(Found {
            seed,
            failure,
            replay: best.replay,
            shortest: best.about,
            steady,
            trace,
            test: test_name(),
        })
    }

    /// Runs what a report gave.
    fn repeat<F, O>(
        &self,
        scenario: &(impl Fn(SimSystem) -> F + Sync),
        replay: Replay,
    ) -> Result<Explored, Box<Found>>
    where
        F: Future<Output = O>,
        O: Outcome,
    {
        let seed = replay.seed();
        let setup = Setup {
            seed,
            replay: Some(replay.clone()),
            traces: true,
            ..self.setup.clone()
        };
        let run = self.once(scenario, setup);
        match run.failure {
            None => Ok(Explored {
                runs: 1,
                steps: run.steps,
            }),
            Some(failure) => Err(Box::new(Found {
                seed,
                shortest: failure.clone(),
                failure,
                replay,
                steady: Steady::Always,
                trace: run.trace,
                test: test_name(),
            })),
        }
    }

    fn once<F, O>(&self, scenario: &(impl Fn(SimSystem) -> F + Sync), setup: Setup) -> Run
    where
        F: Future<Output = O>,
        O: Outcome,
    {
        let mut run = Run {
            failure: None,
            steps: 0,
            replay: Replay::new(setup.seed),
            trace: Trace::default(),
        };
        let outcome = keeping_panics(|| {
            let sim = Sim::of(setup);
            let crashes = self
                .crashes
                .then(|| sim.system().events().capacity(usize::MAX));
            let outcome = keeping_panics(|| sim.run(scenario));
            run.steps = sim.steps();
            run.replay = sim.machine.taken().unwrap_or(run.replay.clone());
            run.trace = sim.trace();
            let crash = crashes.and_then(|mut events| {
                let mut events = events.try_iter();
                events.find_map(|event| match event.kind() {
                    EventKind::Crashed(crash) if !crash.to_string().contains(ON_PURPOSE) => {
                        Some(format!("{} crashed {crash}", crash.actor()))
                    }
                    _ => None,
                })
            });
            (outcome, crash)
        });
        let panicked = |Panic { text, place }| {
            let place = place.filter(|place| !place.starts_with(FILE));
            (text, place)
        };
        let failure = match outcome {
            // What comes of a crash is not what went wrong first.
            Ok((_, Some(crash))) => Some((crash, None)),
            Ok((Err(panic), None)) | Err(panic) => Some(panicked(panic)),
            Ok((Ok(Err(stalled)), None)) => Some((stalled.to_string(), None)),
            Ok((Ok(Ok(outcome)), None)) => outcome.failure().map(|text| (text, None)),
        };
        run.failure = failure.map(|(text, place)| Failure {
            text,
            place,
            steps: run.steps,
        });
        run
    }
}

/// One run.
struct Run {
    failure: Option<Failure>,
    steps: u64,
    /// What was decided, if it was kept.
    replay: Replay,
    /// What happened, if it was kept.
    trace: Trace,
}

impl Found {
    /// A seed that failed, and did not when it was run again.
    fn unsteady(seed: u64, failure: Failure) -> Found {
        Found {
            seed,
            shortest: failure.clone(),
            failure,
            replay: Replay::new(seed),
            steady: Steady::Never,
            trace: Trace::default(),
            test: test_name(),
        }
    }
}

/// The name of the test that is running: its thread has it.
fn test_name() -> Option<String> {
    let thread = std::thread::current();
    thread
        .name()
        .filter(|&name| name != "main")
        .map(str::to_owned)
}

fn asked_for(variable: &str) -> Option<String> {
    std::env::var(variable)
        .ok()
        .filter(|value| !value.chars().all(char::is_whitespace))
}
