//! Messages at random, and a model that says what should come of them.

use std::any::Any;
use std::fmt::{self, Debug, Write};
use std::time::Duration;

use proptest::arbitrary::Arbitrary;
use proptest::collection::vec;
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::answered::Answered;
use crate::any_port::{Asking, Came};
use crate::delivery::Delivery;
use crate::event::EventKind;
use crate::handled_by::HandledBy;
use crate::label::ActorLabel;
use crate::protocol::{Fault, Kind, Protocol};
use crate::sim::{Sim, keeping_panics};
use crate::spawn::spawn;

/// An ask is waited for so long, in virtual time.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);

/// Compares an actor with a model of it, which the test writes: both get the
/// same messages, drawn at random from the protocol, and what the actor answers
/// is compared with what the model would. When they disagree, the shortest
/// sequence of messages is looked for, and told. With the feature `proptest`.
///
/// The enum derives `Arbitrary` (of the crate `proptest-derive`, with
/// `#[proptest(skip)]` on what only the actor itself sends), or a strategy for
/// its messages is given to [`of`](ModelTest::of). The actor runs in a simulation, in virtual
/// time. It must not crash. What is drawn is the same each time; another
/// [`seed`](ModelTest::seed) draws others.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::proptest::prelude::*;
/// use zctor::test::ModelTest;
///
/// #[actor]
/// #[derive(Debug, Clone)]
/// enum Counter { Add { by: i32 }, #[reply(i64)] Get }
/// #[derive(Default)]
/// struct Tally(i64);
/// #[handlers]
/// impl CounterActor for Tally {
///     fn add(&mut self, by: i32) { self.0 += i64::from(by) }
///     fn get(&self) -> i64 { self.0 }
/// }
///
/// // Or `#[derive(proptest_derive::Arbitrary)]` on the enum.
/// let messages = prop_oneof![
///     any::<i32>().prop_map(|by| Counter::Add { by }),
///     Just(Counter::Get),
/// ];
/// ModelTest::of(messages).check(Tally::default, || 0, |sum, message, answer| match message {
///     Counter::Add { by } => *sum += i64::from(*by),
///     Counter::Get => assert_eq!(answer.reply::<i64>(), *sum),
/// });
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is compared before `check` or `run`"]
pub struct ModelTest<P: Debug> {
    messages: BoxedStrategy<P>,
    cases: u32,
    length: usize,
    pauses: Duration,
    patience: Duration,
    seed: u64,
}

/// What came of a message: for the model to be compared with.
pub struct Answer {
    message: String,
    answered: Answered,
    at: Duration,
}

/// An actor and its model that disagree: what [`ModelTest::run`] returns.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::proptest::prelude::*;
/// use zctor::test::ModelTest;
///
/// #[actor]
/// #[derive(Debug, Clone, PartialEq)]
/// enum Stack { Push(u8), #[reply(Option<u8>)] Pop }
/// struct Pile(Vec<u8>);
/// #[handlers]
/// impl StackActor for Pile {
///     fn push(&mut self, value: u8) { self.0.push(value) }
///     // The wrong end, as one sees with two values that differ.
///     fn pop(&mut self) -> Option<u8> {
///         (!self.0.is_empty()).then(|| self.0.remove(0))
///     }
/// }
///
/// let messages = prop_oneof![any::<u8>().prop_map(Stack::Push), Just(Stack::Pop)];
/// let outcome = ModelTest::of(messages).run(
///     || Pile(Vec::new()),
///     Vec::new,
///     |model, message, answer| match message {
///         Stack::Push(value) => model.push(*value),
///         Stack::Pop => assert_eq!(answer.reply::<Option<u8>>(), model.pop()),
///     },
/// );
/// let found = outcome.unwrap_err();
/// assert_eq!(found.messages().len(), 3);
/// assert_eq!(found.messages()[2], Stack::Pop);
/// ```
#[derive(Debug)]
pub struct Disagreement<P> {
    messages: Vec<P>,
    pauses: Vec<Duration>,
    why: String,
}

impl<P: Protocol + Debug + Clone + Arbitrary + 'static> Default for ModelTest<P> {
    fn default() -> ModelTest<P> {
        ModelTest::new()
    }
}

impl<P: Protocol + Debug + Clone + Arbitrary + 'static> ModelTest<P> {
    /// With messages as the enum's `Arbitrary` draws them.
    pub fn new() -> ModelTest<P> {
        ModelTest::of(P::arbitrary())
    }
}

impl<P: Protocol + Debug + Clone> ModelTest<P> {
    /// With messages that `strategy` draws.
    pub fn of(strategy: impl Strategy<Value = P> + 'static) -> ModelTest<P> {
        ModelTest {
            messages: strategy.boxed(),
            cases: 256,
            length: 50,
            pauses: Duration::ZERO,
            patience: PATIENCE,
            seed: 0,
        }
    }

    /// So many sequences: 256 unless it is said here.
    pub fn cases(self, cases: u32) -> ModelTest<P> {
        ModelTest { cases, ..self }
    }

    /// No sequence is longer: 50 messages unless it is said here.
    pub fn length(self, most: usize) -> ModelTest<P> {
        ModelTest {
            length: most,
            ..self
        }
    }

    /// Before each message up to so much virtual time passes: none unless it is
    /// said here. [`Answer::at`] tells the time.
    pub fn pauses(self, up_to: Duration) -> ModelTest<P> {
        ModelTest {
            pauses: up_to,
            ..self
        }
    }

    /// An ask is waited for so long in virtual time, if nothing answers it at
    /// once: a day unless it is said here. What is answered only when a later
    /// message comes is dropped unanswered then.
    pub fn patience(self, patience: Duration) -> ModelTest<P> {
        ModelTest { patience, ..self }
    }

    /// Draws others.
    pub fn seed(self, seed: u64) -> ModelTest<P> {
        ModelTest { seed, ..self }
    }

    /// Compares the actor that `state` makes with the model that `model` makes,
    /// anew for each sequence. `step` gets the model, a message, and what came
    /// of it; it changes the model as the message should, and asserts that the
    /// answer is right.
    ///
    /// # Panics
    /// With the shortest sequence that was found, if they disagree, or if the
    /// actor crashes.
    #[track_caller]
    pub fn check<S, M>(
        self,
        state: impl Fn() -> S,
        model: impl Fn() -> M,
        step: impl Fn(&mut M, &P, &mut Answer),
    ) where
        P: HandledBy<S>,
        S: Send + 'static,
    {
        if let Err(found) = self.run(state, model, step) {
            panic!("{found}");
        }
    }

    /// The same with the outcome as a value.
    ///
    /// # Errors
    /// The shortest sequence that was found, if they disagree, or if the actor
    /// crashes.
    pub fn run<S, M>(
        self,
        state: impl Fn() -> S,
        model: impl Fn() -> M,
        step: impl Fn(&mut M, &P, &mut Answer),
    ) -> Result<(), Box<Disagreement<P>>>
    where
        P: HandledBy<S>,
        S: Send + 'static,
    {
        let config = Config {
            cases: self.cases,
            failure_persistence: None,
            ..Config::default()
        };
        let mut bytes = [0; 32];
        for (byte, seed) in bytes.iter_mut().zip(self.seed.to_le_bytes()) {
            *byte = seed;
        }
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(config, random);
        let nanos = u64::try_from(self.pauses.as_nanos()).unwrap_or(u64::MAX);
        let pause = (0..=nanos).prop_map(Duration::from_nanos);
        let sequences = vec((pause, self.messages), 0..=self.length);
        let outcome = runner.run(&sequences, |sequence| {
            let outcome = keeping_panics(|| one(&sequence, self.patience, &state, &model, &step));
            match outcome {
                Ok(Ok(())) => Ok(()),
                Ok(Err(text)) => Err(TestCaseError::fail(text)),
                Err(panic) => Err(TestCaseError::fail(panic.to_string())),
            }
        });
        match outcome {
            Ok(()) => Ok(()),
            Err(TestError::Abort(why)) => Err(Box::new(Disagreement {
                messages: Vec::new(),
                pauses: Vec::new(),
                why: format!("no messages could be drawn: {why}"),
            })),
            Err(TestError::Fail(why, sequence)) => {
                let (pauses, messages) = sequence.into_iter().unzip();
                let why = why.message().to_owned();
                Err(Box::new(Disagreement {
                    messages,
                    pauses,
                    why,
                }))
            }
        }
    }
}

/// Runs one sequence.
fn one<P, S, M>(
    sequence: &[(Duration, P)],
    patience: Duration,
    state: &impl Fn() -> S,
    model: &impl Fn() -> M,
    step: &impl Fn(&mut M, &P, &mut Answer),
) -> Result<(), String>
where
    P: HandledBy<S> + Debug + Clone,
    S: Send + 'static,
{
    let sim = Sim::new(0);
    let mut events = sim.system().events().capacity(usize::MAX);
    let mut crash = move || {
        events.try_iter().find_map(|event| match event.kind() {
            EventKind::Crashed(crash) => Some(format!("{} crashed {crash}", crash.actor())),
            _ => None,
        })
    };
    let handle = spawn::<P, S>(sim.system(), state());
    let mut model = model();
    sim.run_until_idle();
    if let Some(crash) = crash() {
        return Err(crash);
    }
    for (pause, message) in sequence {
        sim.advance(*pause);
        let mut asking = Asking::default();
        let envelope = message.clone().seal_with(&mut asking);
        let mut answer = Answer::new(&handle.label(), P::kind(&envelope), asking);
        let mut delivery = Delivery::new(&handle, envelope);
        let delivered = sim.block_on(std::future::poll_fn(|cx| delivery.poll(cx)));
        match delivered {
            Ok(Ok(())) => {}
            Ok(Err(_)) => {
                let why = crash().unwrap_or_else(|| "it had ended, or no room".to_owned());
                return Err(format!("{} was not taken: {why}", answer.message));
            }
            Err(stalled) => return Err(format!("{} waits for ever: {stalled}", answer.message)),
        }
        sim.run_until_idle();
        let until = sim.elapsed().saturating_add(patience);
        while answer.is_open() && sim.step(until) {}
        answer.at = sim.elapsed();
        if let Some(crash) = crash() {
            return Err(crash);
        }
        step(&mut model, message, &mut answer);
    }
    handle.stop();
    sim.run_until_idle();
    crash().map_or(Ok(()), Err)
}

impl Answer {
    fn new<K: Kind>(actor: &ActorLabel, kind: K, asking: Asking) -> Answer {
        Answer {
            message: format!("`{}::{}`", actor.protocol(), kind.name()),
            answered: Answered::new(asking),
            at: Duration::ZERO,
        }
    }

    /// An ask that nothing has come of.
    fn is_open(&mut self) -> bool {
        self.answered.is_ask() && self.answered.look().is_none()
    }

    /// The virtual time since the start of the sequence, after the message was
    /// handled.
    #[must_use]
    pub fn at(&self) -> Duration {
        self.at
    }

    /// Takes the reply.
    ///
    /// # Panics
    /// If there is none, or it is of another type: the text says so.
    #[track_caller]
    pub fn reply<T: Any>(&mut self) -> T {
        match self.answered.take_reply(&self.message) {
            Ok(Some(reply)) => reply,
            Ok(None) => panic!("{} has no reply: {}", self.message, self.why_none()),
            Err(text) => panic!("{text}"),
        }
    }

    /// Takes the error of `#[reply(T, error = E)]` that it was answered with.
    ///
    /// # Panics
    /// If there is none, or it is of another type: the text says so.
    #[track_caller]
    pub fn error<E: Any>(&mut self) -> E {
        match self.answered.take_error(&self.message) {
            Ok(Some(error)) => error,
            Ok(None) => panic!("{} has no error: {}", self.message, self.why_none()),
            Err(text) => panic!("{text}"),
        }
    }

    /// Takes what `#[reply(T, error = E)]` was answered with, as the handler
    /// has returned it.
    ///
    /// # Panics
    /// If it was not answered, or with another type.
    #[track_caller]
    pub fn result<T: Any, E: Any>(&mut self) -> Result<T, E> {
        match self.answered.seen() {
            Some(Came::Failed(_)) => Err(self.error()),
            _ => Ok(self.reply()),
        }
    }

    /// Whether it was answered, with a reply or with its error.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(self.answered.seen(), Some(Came::Reply(_) | Came::Failed(_)))
    }

    fn why_none(&self) -> &'static str {
        match self.answered.seen() {
            _ if !self.answered.is_ask() => "it is no ask",
            None | Some(Came::Nothing) => "it was taken, or not answered in time",
            Some(Came::Reply(_)) => "it was answered with a reply, which `reply()` takes",
            Some(Came::Failed(_)) => "it was answered with its error, which `error()` takes",
            Some(Came::Fault(Fault::Crashed)) => "its handler has failed",
            Some(Came::Fault(_)) => "its actor has stopped, or had no room",
            Some(Came::Never) => "its handler has dropped the `Reply`",
        }
    }
}

impl Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("message", &self.message)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl<P> Disagreement<P> {
    /// The shortest sequence that was found.
    #[must_use]
    pub fn messages(&self) -> &[P] {
        &self.messages
    }

    /// How much virtual time passes before each.
    #[must_use]
    pub fn pauses(&self) -> &[Duration] {
        &self.pauses
    }

    /// What is wrong.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl<P: Protocol + Debug> fmt::Display for Disagreement<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.messages.len();
        let after = match count {
            0 => "before any message".to_owned(),
            1 => "after one message".to_owned(),
            _ => format!("after {count} messages"),
        };
        writeln!(
            f,
            "`{}` and its model disagree {after}: {}\n\nThe shortest sequence that was found:",
            P::NAME,
            self.why
        )?;
        for (place, (message, pause)) in self.messages.iter().zip(&self.pauses).enumerate() {
            let mut after = String::new();
            if !pause.is_zero() {
                write!(after, "after {pause:?}, ")?;
            }
            writeln!(f, "  {}. {after}{message:?}", place + 1)?;
        }
        Ok(())
    }
}

impl<P: Protocol + Debug> std::error::Error for Disagreement<P> {}
