//! What was decided in a run, as a text that repeats it.

use std::fmt;
use std::str::FromStr;

use super::fault::Fault;
use crate::ordered::Ordered;

/// Everything that decides how a simulation runs: its seed, who ran out of
/// turn, and what went wrong on purpose. [`explore`](crate::sim::explore) makes
/// it of a run that fails; it is shown as a text, and read from one.
///
/// At a step that is not named the one that has been ready for the longest time
/// runs. `3:1` says that at step 3 the second one ran.
///
/// ```
/// use zctor::sim::{Replay, Sim};
///
/// let replay: Replay = "42 3:1 17:2 panic(#4,2)".parse()?;
/// assert_eq!(replay.seed(), 42);
/// assert_eq!(replay.to_string(), "42 3:1 17:2 panic(#4,2)");
/// let sim = Sim::builder(replay.seed()).replay(replay).build();
/// # drop(sim);
/// # Ok::<(), zctor::sim::InvalidReplay>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replay {
    pub(super) seed: u64,
    /// By step, who ran of those who were ready. Those that had their turn
    /// anyway are not in it.
    pub(super) order: Ordered<u64, usize>,
    pub(super) faults: Vec<Fault>,
}

impl Replay {
    pub(super) fn new(seed: u64) -> Replay {
        Replay {
            seed,
            ..Replay::default()
        }
    }

    /// The seed, which also decides what actors draw at random.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What goes wrong on purpose, but for what the scenario
    /// [asks for](crate::sim::SimSystem::inject) itself.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// How many ran out of turn.
    #[must_use]
    pub fn out_of_turn(&self) -> usize {
        self.order.len()
    }

    pub(super) fn len(&self) -> usize {
        self.order.len() + self.faults.len()
    }

    /// The same without those decisions for which `keep` says no, which it is
    /// asked in one order.
    pub(super) fn filtered(&self, mut keep: impl FnMut(usize) -> bool) -> Replay {
        let mut place = 0;
        let mut next = || {
            place += 1;
            keep(place - 1)
        };
        let mut order = Ordered::new();
        for (step, who) in self.order.iter() {
            if next() {
                order.insert(step, *who);
            }
        }
        let faults = self.faults.iter().filter(|_| next()).cloned().collect();
        Replay {
            seed: self.seed,
            order,
            faults,
        }
    }
}

impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.seed)?;
        for (step, who) in self.order.iter() {
            write!(f, " {step}:{who}")?;
        }
        for fault in &self.faults {
            write!(f, " {}", fault.code())?;
        }
        Ok(())
    }
}

/// The error of a text that is no [`Replay`].
///
/// ```
/// use zctor::sim::Replay;
///
/// let error = "42 3-1".parse::<Replay>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`3-1` is no decision of a simulation: expected `step:place`, such as `3:1`, or a fault, \
///      such as `panic(#4,2)`",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidReplay {
    part: String,
    first: bool,
}

impl fmt::Display for InvalidReplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = &self.part;
        if self.first {
            return write!(f, "`{part}` is no seed: a replay begins with a number");
        }
        write!(
            f,
            "`{part}` is no decision of a simulation: expected `step:place`, such as `3:1`, or a \
             fault, such as `panic(#4,2)`"
        )
    }
}

impl std::error::Error for InvalidReplay {}

impl FromStr for Replay {
    type Err = InvalidReplay;

    fn from_str(text: &str) -> Result<Replay, InvalidReplay> {
        let invalid = |part: &str, first| InvalidReplay {
            part: part.to_owned(),
            first,
        };
        let mut parts = text.split_whitespace();
        let seed = parts.next().unwrap_or_default();
        let seed = seed.parse().map_err(|_| invalid(seed, true))?;
        let mut replay = Replay::new(seed);
        for part in parts {
            let turn = part
                .split_once(':')
                .and_then(|(step, who)| Some((step.parse().ok()?, who.parse().ok()?)));
            match (turn, Fault::from_code(part)) {
                (Some((step, who)), _) => {
                    replay.order.insert(step, who);
                }
                (None, Some(fault)) => replay.faults.push(fault),
                (None, None) => return Err(invalid(part, false)),
            }
        }
        Ok(replay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let text = "18446744073709551615 1:1 20:3 panic(#1,2) kill(#3,1) hold(#2,5,3000ns) \
                    lose(#9,1) delay(#9,2,1ns) jump(40,1000000000ns)";
        let replay: Replay = text.parse().unwrap();
        assert_eq!(replay.to_string(), text);
        assert_eq!((replay.out_of_turn(), replay.faults().len()), (2, 6));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let part = |text: &str| text.parse::<Replay>().unwrap_err().part;
        assert_eq!(part(""), "");
        assert_eq!(part("x 1:1"), "x");
        for wrong in [
            "1",
            "1:",
            ":1",
            "1:-1",
            "panic",
            "panic(#1)",
            "panic(1,2)",
            "panic(#1,2,3)",
            "hold(#1,2,3)",
            "jump(#1,2ns)",
            "panic(#1,2",
            "boo(#1,2)",
        ] {
            assert_eq!(part(&format!("7 3:1 {wrong}")), wrong);
        }
    }

    #[test]
    fn decisions_are_left_out_by_their_place() {
        let replay: Replay = "1 3:1 4:2 panic(#1,2)".parse().unwrap();
        assert_eq!(
            replay.filtered(|place| place != 1).to_string(),
            "1 3:1 panic(#1,2)"
        );
        assert_eq!(replay.filtered(|place| place < 2).to_string(), "1 3:1 4:2");
    }
}
