//! The live actors of a system, as a list.

use std::fmt;
use std::time::Duration;

use crate::label::ActorLabel;
use crate::stats::Stats;

/// The actors that were alive when it was made, in the order in which they
/// were spawned: see [`System::actors`](crate::System::actors). It prints as a
/// table.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor] enum Lamp { On }
/// struct Bulb;
/// #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let hall = Lamp::builder(Bulb).name("hall").spawn(&system)?;
/// let other = Lamp::spawn(&system, Bulb);
///
/// let actors = system.actors();
/// println!("{actors}");
/// assert_eq!(actors.len(), 2);
/// for actor in &actors {
///     assert_eq!(actor.label().protocol(), "Lamp");
///     assert_eq!(actor.stats().failed(), 0);
/// }
/// # system.shutdown().wait() }
/// ```
#[derive(Clone, Debug)]
pub struct Actors(Vec<ActorInfo>);

/// One of the [`Actors`].
#[derive(Clone, Debug)]
pub struct ActorInfo {
    pub(crate) label: ActorLabel,
    pub(crate) stats: Stats,
}

impl ActorInfo {
    /// Its protocol, number and name.
    #[must_use]
    pub fn label(&self) -> &ActorLabel {
        &self.label
    }

    /// What has become of its messages, and its age.
    #[must_use]
    pub fn stats(&self) -> &Stats {
        &self.stats
    }
}

impl Actors {
    pub(crate) fn new(actors: Vec<ActorInfo>) -> Actors {
        Actors(actors)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, ActorInfo> {
        self.0.iter()
    }
}

impl IntoIterator for Actors {
    type Item = ActorInfo;
    type IntoIter = std::vec::IntoIter<ActorInfo>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Actors {
    type Item = &'a ActorInfo;
    type IntoIter = std::slice::Iter<'a, ActorInfo>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

const HEAD: [&str; 8] = [
    "PROTOCOL", "ID", "NAME", "AGE", "QUEUED", "HANDLED", "FAILED", "DROPPED",
];
/// Texts stand on the left of their columns, numbers on the right.
const ON_THE_LEFT: [bool; 8] = [true, false, true, false, false, false, false, false];

impl fmt::Display for Actors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![HEAD.map(str::to_owned)];
        for actor in self {
            rows.push(row(actor));
        }
        let mut widths = [0; 8];
        for row in &rows {
            for (column, text) in row.iter().enumerate() {
                widths[column] = text.chars().count().max(widths[column]);
            }
        }
        for row in &rows {
            for (column, text) in row.iter().enumerate() {
                let gap = if column == 0 { "" } else { "  " };
                let width = widths[column];
                if ON_THE_LEFT[column] {
                    write!(f, "{gap}{text:<width$}")?;
                } else {
                    write!(f, "{gap}{text:>width$}")?;
                }
            }
            f.write_str("\n")?;
        }
        Ok(())
    }
}

fn row(actor: &ActorInfo) -> [String; 8] {
    let ActorInfo { label, stats } = actor;
    let name = label.name().unwrap_or("-");
    [
        label.protocol().to_owned(),
        label.id().to_string(),
        name.escape_debug().to_string(),
        age(stats.age),
        stats.queued.to_string(),
        stats.handled.to_string(),
        stats.failed.to_string(),
        stats.dropped.to_string(),
    ]
}

/// A duration for people: its two largest units.
fn age(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        0..60 => format!("{}.{}s", seconds, age.subsec_millis() / 100),
        60..3_600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{}h{:02}m", seconds / 3_600, seconds / 60 % 60),
        _ => format!("{}d{:02}h", seconds / 86_400, seconds / 3_600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::ActorId;

    #[test]
    fn ages_for_people() {
        let text = |seconds| age(Duration::from_secs_f64(seconds));
        assert_eq!(text(0.04), "0.0s");
        assert_eq!(text(59.97), "59.9s");
        assert_eq!(text(60.0), "1m00s");
        assert_eq!(text(3_599.0), "59m59s");
        assert_eq!(text(7_265.0), "2h01m");
        assert_eq!(text(90_000.0), "1d01h");
    }

    #[test]
    fn a_table_with_straight_columns() {
        let info = |protocol, id, name: Option<&str>, handled| ActorInfo {
            label: ActorLabel::new(protocol, ActorId::new(id), name.map(Into::into)),
            stats: Stats {
                queued: 0,
                handled,
                failed: 1,
                dropped: 0,
                skipped: 0,
                returned: 0,
                age: Duration::from_millis(1_250),
            },
        };
        let actors = Actors::new(vec![
            info("Counter", 1, Some("größe\n"), 12_345_678),
            info("Lamp", 12, None, 7),
        ]);
        let expected = "\
PROTOCOL   ID  NAME      AGE  QUEUED   HANDLED  FAILED  DROPPED
Counter    #1  größe\\n  1.2s       0  12345678       1        0
Lamp      #12  -        1.2s       0         7       1        0
";
        assert_eq!(actors.to_string(), expected);
    }
}
