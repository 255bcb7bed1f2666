//! What became of a published value.

use std::fmt;

/// What became of a value at each of the subscribers that its topic had: see
/// [`Topic::publish`](crate::Topic::publish).
///
/// `subscribers = delivered + dropped + gone`.
///
/// ```
/// use zctor::Topic;
///
/// let nobody = Topic::new().publish("rain");
/// assert_eq!(nobody.subscribers(), 0);
/// assert_eq!(nobody.to_string(), "0 delivered");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    delivered: usize,
    dropped: usize,
    gone: usize,
    unsubscribed: usize,
}

/// What became of it at one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Delivered,
    Dropped,
    /// Dropped, and that one was unsubscribed for it.
    Unsubscribed,
    Gone,
}

impl Published {
    pub(super) fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Delivered => self.delivered += 1,
            Outcome::Dropped => self.dropped += 1,
            Outcome::Unsubscribed => {
                self.dropped += 1;
                self.unsubscribed += 1;
            }
            Outcome::Gone => self.gone += 1,
        }
    }

    /// How many subscribers there were.
    #[must_use]
    pub fn subscribers(&self) -> usize {
        self.delivered + self.dropped + self.gone
    }

    /// In how many mailboxes it was queued. A mailbox whose own policy is to
    /// drop messages takes every value, and its actor counts what it loses.
    #[must_use]
    pub fn delivered(&self) -> usize {
        self.delivered
    }

    /// For how many it was dropped, since their mailboxes were full (or the
    /// functions that make their messages panicked). Each of those actors
    /// counts it among what it [dropped](crate::Handle::dropped).
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// How many did not want it any more: they had stopped or ended, nothing
    /// kept them alive, or they were unsubscribed at that moment.
    #[must_use]
    pub fn gone(&self) -> usize {
        self.gone
    }

    /// How many of those for whom it was dropped are unsubscribed since then,
    /// by [`Slow::Unsubscribe`](crate::Slow::Unsubscribe).
    #[must_use]
    pub fn unsubscribed(&self) -> usize {
        self.unsubscribed
    }
}

/// `3 delivered`, and what else is not zero.
impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} delivered", self.delivered)?;
        for (count, what) in [
            (self.dropped, "dropped"),
            (self.gone, "gone"),
            (self.unsubscribed, "unsubscribed"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_subscriber_is_counted_once() {
        let mut published = Published::default();
        for outcome in [
            Outcome::Delivered,
            Outcome::Delivered,
            Outcome::Dropped,
            Outcome::Unsubscribed,
            Outcome::Gone,
        ] {
            published.count(outcome);
        }
        assert_eq!(published.subscribers(), 5);
        assert_eq!(
            published.to_string(),
            "2 delivered, 2 dropped, 1 gone, 1 unsubscribed"
        );
    }
}
