//! What becomes of a subscriber that is too slow.

/// What a topic does when a subscriber's mailbox is full, as a topic never
/// waits. (A mailbox whose own policy is to drop messages is never full.)
///
/// ```
/// use zctor::Slow;
///
/// assert_eq!(Slow::default(), Slow::Drop);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Slow {
    /// The value is dropped for this subscriber, and counted by the report of
    /// the publisher and by the subscriber's actor. It gets the next ones if it
    /// has room for them.
    #[default]
    Drop,
    /// The value is dropped and counted likewise, and the subscription ends: the
    /// report says so, and [`EventKind::Unsubscribed`](crate::EventKind::Unsubscribed)
    /// is recorded for the actor. For those who are better off with nothing
    /// than with a gap.
    Unsubscribe,
}
