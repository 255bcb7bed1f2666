//! What is told of a run that fails.

use std::fmt;

use super::replay::Replay;
use super::trace::Trace;

/// So many lines of a trace are shown; the last ones.
const LINES: usize = 200;

/// The variable that has a test repeat one run.
pub(super) const REPLAY: &str = "ZCTOR_SIM_REPLAY";
/// The variable that has a test run one seed.
pub(super) const SEED: &str = "ZCTOR_SIM_SEED";

/// A run that fails: what [`Explorer::run`](crate::sim::Explorer::run) returns.
/// Shown as text, it has everything that is known of it.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::sim::Explorer;
///
/// #[actor] enum Desk { Reserve }
/// #[derive(Default)] struct Seats(u32);
/// #[handlers] impl DeskActor for Seats {
///     fn reserve(&mut self) { self.0 += 1 }
/// }
///
/// let found = Explorer::new(0..100)
///     .run(|system| async move {
///         let desk = Desk::spawn(&system, Seats::default());
///         desk.reserve().unwrap();
///         if desk.stats().handled() == 0 {
///             return Err("looked too early");
///         }
///         Ok(())
///     })
///     .unwrap_err();
/// assert_eq!(found.failure(), "looked too early");
/// assert_eq!(found.replay().to_string(), format!("{}", found.seed()));
/// ```
#[derive(Debug, Clone)]
pub struct Found {
    pub(super) seed: u64,
    pub(super) failure: Failure,
    pub(super) replay: Replay,
    pub(super) shortest: Failure,
    pub(super) steady: Steady,
    pub(super) trace: Trace,
    pub(super) test: Option<String>,
}

/// Whether a run fails in the same way whenever it is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steady {
    Always,
    Sometimes,
    /// It did not fail again.
    Never,
}

/// How a run failed.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) text: String,
    /// Where in the source.
    pub(super) place: Option<String>,
    pub(super) steps: u64,
}

impl Failure {
    /// Whether this is the same mistake.
    pub(super) fn is_like(&self, other: &Failure) -> bool {
        match (&self.place, &other.place) {
            (None, None) => self.kind() == other.kind(),
            (here, there) => here == there,
        }
    }

    /// The text without what differs from run to run: numbers, with their units.
    fn kind(&self) -> String {
        let (mut kind, mut letters) = (String::new(), 0);
        for word in self.text.split_whitespace() {
            if word.chars().any(char::is_numeric) {
                continue;
            }
            for letter in word.chars() {
                if letter.is_alphabetic() && letters < 40 {
                    kind.push(letter);
                    letters += 1;
                }
            }
        }
        kind
    }
}

impl Found {
    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What failed: the text of the panic, or of the error.
    #[must_use]
    pub fn failure(&self) -> &str {
        &self.shortest.text
    }

    /// How the shortest run that was found can be repeated.
    #[must_use]
    pub fn replay(&self) -> &Replay {
        &self.replay
    }

    /// What happens in the shortest run that was found.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.place {
            Some(place) => write!(f, "\n  at {place}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seed, steps) = (self.seed, self.failure.steps);
        if self.steady == Steady::Never {
            return self.write_unsteady(f);
        }
        writeln!(f, "seed {seed} fails after {steps} steps: {}", self.failure)?;
        let order = self.replay.out_of_turn();
        let faults = self.replay.faults();
        write!(
            f,
            "\nThe shortest run that was found fails after {} steps",
            self.shortest.steps
        )?;
        match (order, faults.len()) {
            (0, 0) => f.write_str(", with everybody in turn")?,
            (0, _) => f.write_str(", with everybody in turn and")?,
            (1, _) => f.write_str(", with one choice out of turn")?,
            (order, _) => write!(f, ", with {order} choices out of turn")?,
        }
        match faults.len() {
            0 => {}
            1 if order == 0 => f.write_str(" one fault")?,
            1 => f.write_str(" and one fault")?,
            many if order == 0 => write!(f, " {many} faults")?,
            many => write!(f, " and {many} faults")?,
        }
        if self.shortest.text == self.failure.text {
            f.write_str(", in the same way")?;
        } else {
            write!(f, ": {}", self.shortest)?;
        }
        f.write_str(if faults.is_empty() { "\n" } else { ":\n" })?;
        for fault in faults {
            match fault.target().and_then(|actor| self.trace.label(actor)) {
                Some(label) => writeln!(f, "  - {label} {}", fault.deed())?,
                None => writeln!(f, "  - {fault}")?,
            }
        }
        write!(f, "\n{}", self.trace.tail(LINES))?;
        if self.steady != Steady::Always {
            write!(f, "\nIt is not the same each time: {UNSTEADY}")?;
        }
        let (with, again) = self.again();
        writeln!(
            f,
            "\nTo repeat it{with}:\n  {REPLAY}='{}'{again}",
            self.replay
        )?;
        writeln!(
            f,
            "To repeat the whole run of the seed{with}:\n  {SEED}={seed}{again}"
        )
    }
}

impl Found {
    /// Of a run that nothing more is known of.
    fn write_unsteady(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seed, steps) = (self.seed, self.failure.steps);
        writeln!(
            f,
            "seed {seed} failed after {steps} steps: {}",
            self.failure
        )?;
        write!(f, "\nIt did not fail when it was run again: {UNSTEADY}")?;
        let (with, again) = self.again();
        writeln!(f, "\nTo run the seed again{with}:\n  {SEED}={seed}{again}")
    }

    /// How the variable is to be set, and the command, if it is known: on the
    /// main thread it is not said which test this is.
    fn again(&self) -> (&'static str, String) {
        match &self.test {
            Some(test) => ("", format!(" cargo test {test} -- --exact")),
            None => (", set this in the environment", String::new()),
        }
    }
}

const UNSTEADY: &str = "something in it depends on more than the seed, such as a clock,\na \
                        thread, another system, or the order of a `HashMap`.\n";

impl std::error::Error for Found {}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(text: &str) -> Failure {
        Failure {
            text: text.to_owned(),
            place: None,
            steps: 1,
        }
    }

    #[test]
    fn the_same_mistake_at_another_time_is_alike() {
        let stalled = |at, alive| {
            failure(&format!(
                "the simulation stalled at {at}: nothing can run and no timer is set; {alive}"
            ))
        };
        let at_once = stalled("0ns", "alive: Lamp#1");
        assert!(at_once.is_like(&stalled("1.5ms", "no actor is alive")));
        assert!(!at_once.is_like(&failure(
            "the simulation has not come to its end after 10 steps, at 0ns; no actor is alive"
        )));
        assert!(!failure("paid twice").is_like(&failure("paid late")));
    }
}
