//! What must hold in a run, looked at after every step.

use std::fmt;
use std::time::Duration;

type Holds = Box<dyn FnMut() -> bool + Send>;

/// Something that must hold always, or at some time.
pub(super) struct Invariant {
    name: String,
    holds: Holds,
    /// Until when it must hold once; always, if none.
    until: Option<(Duration, Duration)>,
}

/// What an invariant says when it was looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// It is to be looked at again.
    Stays,
    /// It has held, and that is enough.
    Done,
    Broken(String),
}

impl Invariant {
    pub(super) fn always(name: String, holds: Holds) -> Invariant {
        Invariant {
            name,
            holds,
            until: None,
        }
    }

    /// One that must hold once before `within` has passed from `now` on.
    pub(super) fn eventually(
        name: String,
        now: Duration,
        within: Duration,
        holds: Holds,
    ) -> Invariant {
        Invariant {
            name,
            holds,
            until: Some((now.saturating_add(within), within)),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.until.is_some()
    }

    pub(super) fn look(&mut self, now: Duration, step: u64) -> Finding {
        let holds = (self.holds)();
        match (self.until, holds) {
            (None, true) => Finding::Stays,
            (None, false) => Finding::Broken(format!(
                "`{}` must always hold, and does not at {now:?}, after step {step}",
                self.name
            )),
            (Some(_), true) => Finding::Done,
            (Some((until, within)), false) if now > until => Finding::Broken(format!(
                "`{}` must hold within {within:?}, and did not until {until:?}",
                self.name
            )),
            (Some(_), false) => Finding::Stays,
        }
    }

    /// Nothing can run any more.
    pub(super) fn never(&self) -> String {
        format!(
            "`{}` must hold at some time, and never will: nothing can run and no timer is set",
            self.name
        )
    }
}

impl fmt::Debug for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invariant")
            .field("name", &self.name)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn always_is_broken_once_it_does_not_hold() {
        let mut left = 2;
        let mut invariant = Invariant::always(
            "left".to_owned(),
            Box::new(move || {
                left -= 1;
                left > 0
            }),
        );
        assert_eq!(invariant.look(SECOND, 1), Finding::Stays);
        let Finding::Broken(text) = invariant.look(SECOND, 2) else {
            panic!("it holds");
        };
        assert_eq!(
            text,
            "`left` must always hold, and does not at 1s, after step 2"
        );
    }

    #[test]
    fn eventually_has_until_its_bound() {
        let never = || Box::new(|| false);
        let mut invariant = Invariant::eventually("it".to_owned(), SECOND, SECOND, never());
        assert_eq!(invariant.look(2 * SECOND, 1), Finding::Stays);
        let late = 2 * SECOND + Duration::from_nanos(1);
        assert!(matches!(invariant.look(late, 1), Finding::Broken(_)));
        let mut invariant =
            Invariant::eventually("it".to_owned(), SECOND, SECOND, Box::new(|| true));
        assert_eq!(invariant.look(late, 1), Finding::Done);
    }
}
