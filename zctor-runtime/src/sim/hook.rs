//! Panics of a run that is one of many: kept, in the place of being printed.

use std::cell::RefCell;
use std::fmt;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use crate::exit::Cause;
use crate::guard;

/// A panic, and where it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Panic {
    pub(crate) text: String,
    pub(crate) place: Option<String>,
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.place {
            Some(place) => write!(f, "\n  at {place}"),
            None => Ok(()),
        }
    }
}

thread_local! {
    /// The last panic of this thread, while they are kept.
    static KEPT: RefCell<Option<Option<Panic>>> = const { RefCell::new(None) };
}

/// Runs `work`, whose panics are not printed. Returns the one with which it
/// ended, if it did not come to its end.
pub(crate) fn keeping_panics<T>(work: impl FnOnce() -> T) -> Result<T, Panic> {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !keep(info) {
                before(info);
            }
        }));
    });
    let outer = KEPT.replace(Some(None));
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(work));
    let last = KEPT.replace(outer).flatten();
    outcome.map_err(|payload| {
        let text = Cause::text_of(&*payload);
        // It is the user's, and its drop may panic.
        guard::quietly(|| drop(payload));
        // Another panic may have come later, and been caught; one that is
        // resumed, or for which somebody has set a hook of theirs, is not kept.
        let place = last.filter(|last| last.text == text);
        Panic {
            text,
            place: place.and_then(|last| last.place),
        }
    })
}

/// False if the panic is to be printed.
fn keep(info: &PanicHookInfo<'_>) -> bool {
    let kept = KEPT.try_with(|kept| {
        let Ok(mut kept) = kept.try_borrow_mut() else {
            return false;
        };
        let Some(kept) = &mut *kept else {
            return false;
        };
        *kept = Some(Panic {
            text: Cause::text_of(info.payload()),
            place: info.location().map(ToString::to_string),
        });
        true
    });
    kept.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_panic_that_ends_it_is_kept() {
        let outcome = keeping_panics(|| {
            let _ = panic::catch_unwind(|| panic!("first"));
            panic!("second {}", 2);
        });
        let kept: Panic = outcome.unwrap_err();
        assert_eq!(kept.text, "second 2");
        assert!(kept.place.unwrap().contains("hook.rs"));
        assert_eq!(keeping_panics(|| 7), Ok(7));
    }

    #[test]
    fn one_that_is_resumed_is_not_taken_for_another() {
        let outcome = keeping_panics(|| {
            let _ = panic::catch_unwind(|| panic!("caught"));
            panic::resume_unwind(Box::new("resumed"));
        });
        let resumed = Panic {
            text: "resumed".to_owned(),
            place: None,
        };
        let outcome: Result<(), Panic> = outcome;
        assert_eq!(outcome, Err(resumed));
    }
}
