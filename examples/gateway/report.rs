//! What became of the requests, in numbers.

use std::fmt;
use std::time::{Duration, Instant};

use zctor::CircuitChange;

use crate::load::{Answer, Sample};

const STATUSES: [u16; 5] = [200, 429, 502, 503, 504];

/// What happens to the upstream, and how much the clients want of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Healthy,
    /// The clients make no pauses.
    Rush,
    Killed,
    /// It was restarted, and the circuit is not closed yet.
    Restarted,
    Recovered,
}

/// All of a phase: its requests are those that were begun in it.
pub(crate) struct Chapter {
    pub(crate) phase: Phase,
    pub(crate) length: Duration,
    samples: Vec<Sample>,
    /// And when, from the beginning of the load.
    changes: Vec<(Duration, CircuitChange)>,
}

/// Divides the story: `phases` with their beginnings, and its end.
pub(crate) fn chapters(
    phases: &[(Phase, Instant)],
    end: Instant,
    samples: &[Sample],
    changes: &[(Instant, CircuitChange)],
) -> Vec<Chapter> {
    let ends = phases.iter().skip(1).map(|(_, begun)| *begun).chain([end]);
    let chapter = |(&(phase, begun), over): (&(Phase, Instant), Instant)| {
        let time = begun..over;
        let samples = samples.iter().filter(|sample| time.contains(&sample.begun));
        let changes = changes.iter().filter(|(at, _)| time.contains(at));
        Chapter {
            phase,
            length: over - begun,
            samples: samples.copied().collect(),
            changes: changes.map(|(at, it)| (*at - phases[0].1, *it)).collect(),
        }
    };
    phases.iter().zip(ends).map(chapter).collect()
}

impl Chapter {
    pub(crate) fn requests(&self) -> usize {
        self.samples.len()
    }

    pub(crate) fn answers(&self) -> impl Iterator<Item = Answer> {
        self.samples.iter().filter_map(|sample| sample.answer)
    }

    pub(crate) fn count(&self, status: u16) -> usize {
        self.answers()
            .filter(|answer| answer.status == status)
            .count()
    }

    pub(crate) fn changes(&self) -> impl Iterator<Item = CircuitChange> {
        self.changes.iter().map(|(_, change)| *change)
    }

    /// How long the answers of a status took.
    pub(crate) fn latency_of(&self, status: u16) -> Latency {
        let of_it = |sample: &&Sample| sample.answer.is_some_and(|it| it.status == status);
        Latency::of(self.samples.iter().filter(of_it))
    }
}

/// From the shortest to the longest.
pub(crate) struct Latency(Vec<Duration>);

impl Latency {
    fn of<'a>(samples: impl Iterator<Item = &'a Sample>) -> Latency {
        let mut times: Vec<Duration> = samples.map(|sample| sample.took).collect();
        times.sort_unstable();
        Latency(times)
    }

    /// So much of a hundred requests took at most. Zero of none.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100);
        let time = self.0.get(rank.saturating_sub(1));
        time.copied().unwrap_or_default()
    }
}

/// The head of the table that the chapters are the rows of.
pub(crate) fn head() -> String {
    let statuses = STATUSES.map(|status| format!("{status:>6}")).concat();
    format!(
        "{:<10} {:>7} {:>9} {:>7}   {:>8} {:>8} {:>8} {:>8}  {statuses}",
        "", "time", "requests", "per s", "p50 ms", "p90", "p99", "max"
    )
}

impl fmt::Display for Chapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, seconds) = (format!("{:?}", self.phase), self.length.as_secs_f64());
        let requests = self.requests();
        let rate = requests as f64 / seconds;
        write!(f, "{name:<10} {seconds:>5.2} s {requests:>9} {rate:>7.0}  ")?;
        let latency = Latency::of(self.samples.iter());
        for percent in [50, 90, 99, 100] {
            let millis = latency.percentile(percent).as_secs_f64() * 1e3;
            write!(f, " {millis:>8.2}")?;
        }
        f.write_str("  ")?;
        for status in STATUSES {
            write!(f, "{:>6}", self.count(status))?;
        }
        for (at, change) in &self.changes {
            let at = at.as_secs_f64();
            write!(f, "\n{:>16.2} s: the circuit went {change}", at)?;
        }
        Ok(())
    }
}
