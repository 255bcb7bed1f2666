//! Durations as text: `5s`, `1.5h`, `1m 30s`.

use std::time::Duration;

/// Why a text is not a duration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    Empty,
    Negative,
    /// A number without a unit.
    NoUnit(String),
    /// A number with a unit that we do not know.
    UnknownUnit {
        number: String,
        unit: String,
    },
    /// Not a number where one was expected.
    NotANumber(String),
    /// More than a `Duration` holds.
    TooLong,
}

/// The units, each with its length in nanoseconds.
const UNITS: &[(&str, u128)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Other names of the units, with ours.
const ALIASES: &[(&[&str], &str)] = &[
    (
        &["nanos", "nano", "nanosecond", "nanoseconds", "nsec"],
        "ns",
    ),
    (
        &[
            "micros",
            "micro",
            "microsecond",
            "microseconds",
            "usec",
            "µs",
            "μs",
        ],
        "us",
    ),
    (
        &[
            "millis",
            "milli",
            "millisecond",
            "milliseconds",
            "msec",
            "msecs",
        ],
        "ms",
    ),
    (&["sec", "secs", "second", "seconds"], "s"),
    (&["min", "mins", "minute", "minutes"], "m"),
    (&["hr", "hrs", "hour", "hours"], "h"),
];

/// The names of all units.
pub(crate) fn units() -> Vec<&'static str> {
    let mut names = Vec::new();
    for (name, _) in UNITS {
        names.push(*name);
    }
    names
}

/// Our name of a unit that is written in another way.
pub(crate) fn unit_meant(unit: &str) -> Option<&'static str> {
    let unit = unit.to_lowercase();
    for (name, _) in UNITS {
        if *name == unit {
            return Some(name);
        }
    }
    for (names, ours) in ALIASES {
        if names.contains(&unit.as_str()) {
            return Some(ours);
        }
    }
    None
}

/// Reads a duration: one or more numbers, each with its unit.
pub(crate) fn duration(text: &str) -> Result<Duration, Mistake> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(Mistake::Empty);
    }
    if rest.starts_with('-') {
        return Err(Mistake::Negative);
    }
    let mut nanos: u128 = 0;
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| c.is_ascii_digit() || c == '.' || c == '_');
        let (unit, after) = split(after.trim_start(), char::is_alphabetic);
        let number = number.replace("_", "");
        if number.is_empty() {
            return Err(Mistake::NotANumber(rest.to_owned()));
        }
        if unit.is_empty() {
            return Err(if after.is_empty() {
                Mistake::NoUnit(number)
            } else {
                Mistake::NotANumber(rest.to_owned())
            });
        }
        let Some((_, length)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(Mistake::UnknownUnit {
                number,
                unit: unit.to_owned(),
            });
        };
        let part = scaled(&number, *length).ok_or_else(|| Mistake::NotANumber(number.clone()))?;
        nanos = nanos.checked_add(part).ok_or(Mistake::TooLong)?;
        rest = after.trim_start();
    }
    let seconds = u64::try_from(nanos / 1_000_000_000).map_err(|_| Mistake::TooLong)?;
    let below = u32::try_from(nanos % 1_000_000_000).map_err(|_| Mistake::TooLong)?;
    Ok(Duration::new(seconds, below))
}

/// The number times the length, exactly, in nanoseconds.
fn scaled(number: &str, length: u128) -> Option<u128> {
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    if part.is_empty() || part.len() > 18 || part.contains('.') {
        return None;
    }
    let whole: u128 = if whole.is_empty() {
        return None;
    } else {
        whole.parse().ok()?
    };
    let digits: u128 = part.parse().ok()?;
    let places = 10u128.checked_pow(u32::try_from(part.len()).ok()?)?;
    whole
        .checked_mul(length)?
        .checked_add(digits.checked_mul(length)? / places)
}

fn split(text: &str, take: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !take(c)).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_are_durations() {
        for (text, nanos) in [
            ("5s", 5_000_000_000),
            ("100ms", 100_000_000),
            ("1m 30s", 90_000_000_000),
            ("1m30s", 90_000_000_000),
            ("0.5ms", 500_000),
            ("1.25h", 4_500_000_000_000),
            (" 7 us ", 7_000),
            ("1_000ns", 1_000),
            ("0s", 0),
        ] {
            assert_eq!(duration(text).map(|d| d.as_nanos()), Ok(nanos), "{text}");
        }
    }

    #[test]
    fn mistakes_are_told_apart() {
        assert_eq!(duration(""), Err(Mistake::Empty));
        assert_eq!(duration("-5s"), Err(Mistake::Negative));
        assert_eq!(duration("5"), Err(Mistake::NoUnit("5".into())));
        assert_eq!(
            duration("5sec"),
            Err(Mistake::UnknownUnit {
                number: "5".into(),
                unit: "sec".into()
            })
        );
        assert_eq!(
            duration("five s"),
            Err(Mistake::NotANumber("five s".into()))
        );
        assert_eq!(duration("1.2.3s"), Err(Mistake::NotANumber("1.2.3".into())));
        assert_eq!(duration("5s!"), Err(Mistake::NotANumber("!".into())));
        assert_eq!(duration("99999999999999999999h"), Err(Mistake::TooLong));
    }

    #[test]
    fn units_of_other_names_are_understood() {
        assert_eq!(unit_meant("Minutes"), Some("m"));
        assert_eq!(unit_meant("S"), Some("s"));
        assert_eq!(unit_meant("days"), None);
    }
}
