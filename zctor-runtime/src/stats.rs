//! How much an actor has done.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// What became of the messages of an actor: see
/// [`Handle::stats`](crate::Handle::stats).
///
/// No message is lost silently: whenever the actor is idle, or has ended, and
/// nobody is sending, `sent = handled + dropped + returned + queued`, where
/// `sent` is what its senders count. In between, messages on their way may be
/// counted in two places: those that the actor fetched together with the one
/// in hand are still counted as queued when they are handled. One that an actor
/// is just taking out of a mailbox with a capacity may be counted in none.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor(mailbox = 2, overflow = reject)]
/// enum Lamp { On, #[reply(())] Wait }
/// struct Bulb;
/// #[handlers]
/// impl LampActor for Bulb {
///     fn on(&mut self) {}
///     fn wait(&self) {}
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let lamp = Lamp::spawn(&system, Bulb);
/// lamp.on()?;
/// lamp.wait().wait()?;
/// lamp.stop();
/// assert!(lamp.on().is_err());
/// lamp.stopped().wait()?;
///
/// let stats = lamp.stats();
/// assert_eq!((stats.handled(), stats.returned(), stats.sent()), (2, 1, 3));
/// assert_eq!(stats.to_string(), "0 queued, 2 handled, 1 returned");
/// # system.shutdown().wait() }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Stats {
    pub(crate) queued: u64,
    pub(crate) handled: u64,
    pub(crate) failed: u64,
    pub(crate) dropped: u64,
    pub(crate) skipped: u64,
    pub(crate) returned: u64,
    pub(crate) age: Duration,
}

/// `3 queued, 120 handled`, and what else is not zero.
impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} queued, {} handled", self.queued, self.handled)?;
        for (count, what) in [
            (self.failed, "failed"),
            (self.dropped, "dropped"),
            (self.skipped, "skipped"),
            (self.returned, "returned"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

impl Stats {
    pub(crate) const NONE: Stats = Stats {
        queued: 0,
        handled: 0,
        failed: 0,
        dropped: 0,
        skipped: 0,
        returned: 0,
        age: Duration::ZERO,
    };

    /// The counts of both, and the greater age.
    pub(crate) fn add(&mut self, other: &Stats) {
        self.queued += other.queued;
        self.handled += other.handled;
        self.failed += other.failed;
        self.dropped += other.dropped;
        self.skipped += other.skipped;
        self.returned += other.returned;
        self.age = self.age.max(other.age);
    }

    /// How many messages wait in its mailbox.
    #[must_use]
    pub fn queued(&self) -> u64 {
        self.queued
    }

    /// How many messages have had their turn: their handlers were called, or
    /// they were asks that were [`skipped`](Stats::skipped). A message whose
    /// handler failed, or was killed, counts.
    #[must_use]
    pub fn handled(&self) -> u64 {
        self.handled
    }

    /// How many of those failed: their handlers panicked or returned an error
    /// that crashed the actor, or they were asks whose handlers returned the
    /// error of `#[reply(T, error = E)]`. (What a deferred reply says later is
    /// not counted.)
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// How many messages were accepted and then dropped: by an overflow
    /// policy, or because the actor ended before it came to them.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How many asks were skipped when their turn came, because their callers
    /// had gone. They count as handled.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// How many messages were not accepted, which their senders were told: the
    /// mailbox was full, or the actor took no more, or the time of an ask was
    /// over before there was room, or a rate limit or a circuit breaker has
    /// turned it away. (What is dropped before it was queued, such
    /// as a tell that is not awaited to its end, was not sent.)
    #[must_use]
    pub fn returned(&self) -> u64 {
        self.returned
    }

    /// How many messages were sent: handled, dropped, returned or queued.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.handled + self.dropped + self.returned + self.queued
    }

    /// How long ago the actor was spawned, on the system's clock.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.age
    }
}

/// Counts of what is rare, made when the first of it happens.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) failed: Count,
    pub(crate) dropped: Count,
    pub(crate) skipped: Count,
    pub(crate) returned: Count,
}

#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    /// Takes one back that was added.
    pub(crate) fn take_one(&self) {
        self.0.fetch_sub(1, Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}
