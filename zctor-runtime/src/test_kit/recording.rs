//! The messages of a live actor, kept to be handled again.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::bench::{Bench, at_once, has_to_wait};
use super::handled::Handled;
use crate::handled_by::HandledBy;
use crate::protocol::{Kind, Protocol, with_kind};
use crate::sync::lock;

/// The messages that an actor handles, in their order, with copies of their
/// fields: to be looked at, and to be handled once more by another state.
///
/// [`ActorBuilder::record`](crate::ActorBuilder::record) and
/// [`child`](Recording::child) let an actor be recorded. What it has sent to
/// itself, and its timers, are recorded as well. An actor that is not recorded
/// is neither larger nor slower for it. A clone is the same recording, and
/// several actors may share one.
///
/// Where an actor has `#[batch]`, its messages stand where they were collected:
/// those that passed an open batch, of high priority or its own, stand behind
/// what they passed.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::test::Recording;
///
/// #[derive(Clone, Debug, PartialEq)]
/// #[actor]
/// enum Counter { Add(i64), #[reply(i64)] Get }
/// #[derive(Default)] struct Tally(i64);
/// #[handlers]
/// impl CounterActor for Tally {
///     fn add(&mut self, by: i64) { self.0 += by }
///     fn get(&self) -> i64 { self.0 }
/// }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let recording = Recording::new();
/// let counter = Counter::builder(Tally::default()).record(&recording).spawn(&system)?;
/// counter.add(5)?;
/// counter.get().wait()?;
/// assert_eq!(recording.messages()[0].message(), &Counter::Add(5));
///
/// let mut again = Tally::default();
/// let mut handled = recording.replay(&mut again);
/// assert_eq!(handled[1].reply::<i64>(), 5);
/// # system.shutdown().wait() }
/// ```
pub struct Recording<P: Protocol>(Arc<Mutex<Inner<P>>>);

struct Inner<P: Protocol> {
    began: Option<Instant>,
    all: VecDeque<Recorded<P>>,
    most: usize,
}

/// A message of a [`Recording`].
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::sim::Sim;
/// use zctor::test::Recording;
///
/// #[derive(Clone, Debug, PartialEq)]
/// #[actor] enum Lamp { On, Off }
/// struct Bulb;
/// #[handlers] impl LampActor for Bulb { fn on(&mut self) {} fn off(&mut self) {} }
///
/// let sim = Sim::new(1);
/// let recording = Recording::new();
/// let lamp = Lamp::builder(Bulb).record(&recording).spawn(sim.system()).unwrap();
/// lamp.on().unwrap();
/// sim.advance(Duration::from_secs(60));
/// lamp.off().unwrap();
/// sim.run_until_idle();
/// let off = &recording.messages()[1];
/// assert_eq!((off.message(), off.kind()), (&Lamp::Off, LampKind::Off));
/// assert_eq!((off.at(), off.incarnation()), (Duration::from_secs(60), 1));
/// ```
#[derive(Clone)]
pub struct Recorded<P: Protocol> {
    message: P,
    kind: P::Kind,
    at: Duration,
    incarnation: u64,
}

impl<P: Protocol> Recorded<P> {
    /// The message.
    #[must_use]
    pub fn message(&self) -> &P {
        &self.message
    }

    /// Which message it is.
    #[must_use]
    pub fn kind(&self) -> P::Kind {
        self.kind
    }

    /// When the actor came to it, since the first start that was recorded.
    #[must_use]
    pub fn at(&self) -> Duration {
        self.at
    }

    /// Which state of the actor handled it: 1, and one more after each restart.
    #[must_use]
    pub fn incarnation(&self) -> u64 {
        self.incarnation
    }
}

impl<P: Protocol + fmt::Debug> fmt::Debug for Recorded<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("message", &self.message)
            .field("at", &self.at)
            .field("incarnation", &self.incarnation)
            .finish()
    }
}

impl<P: Protocol> Recording<P> {
    /// One that keeps all messages.
    #[must_use]
    pub fn new() -> Recording<P> {
        Recording::latest(usize::MAX)
    }

    /// One that keeps the latest messages only, so many of them.
    #[must_use]
    pub fn latest(most: usize) -> Recording<P> {
        Recording(Arc::new(Mutex::new(Inner {
            began: None,
            all: VecDeque::new(),
            most,
        })))
    }

    /// What was recorded by now.
    #[must_use]
    pub fn messages(&self) -> Vec<Recorded<P>>
    where
        P: Clone,
    {
        let inner = lock(&self.0);
        inner.all.iter().cloned().collect()
    }

    /// Forgets what was recorded.
    pub fn clear(&self) {
        let forgotten = std::mem::take(&mut lock(&self.0).all);
        drop(forgotten);
    }

    pub(super) fn begin(&self, now: Instant) {
        lock(&self.0).began.get_or_insert(now);
    }

    pub(super) fn push(&self, message: P, kind: P::Kind, now: Instant, incarnation: u64) {
        let mut inner = lock(&self.0);
        let began = *inner.began.get_or_insert(now);
        inner.all.push_back(Recorded {
            message,
            kind,
            at: now.saturating_duration_since(began),
            incarnation,
        });
        let over = match inner.all.len() > inner.most {
            true => inner.all.pop_front(),
            false => None,
        };
        drop(inner);
        drop(over);
    }

    /// Has `state` handle all messages once more, in their order, and gives what
    /// it has done with each.
    ///
    /// They are handled as [`Direct::handle`](crate::test_kit::Direct::handle) does
    /// it, but in one context, the clock of which shows the time of each message.
    /// What the state sends to itself is not handled: that was recorded. The
    /// hooks `on_start` and `on_restart` are not called, also between
    /// incarnations; to replay one state alone, choose its messages by
    /// [`Recorded::incarnation`]. After a message whose handler fails the rest is
    /// handled all the same.
    ///
    /// # Panics
    /// If a handler has to wait for something outside of it, or panics.
    #[track_caller]
    pub fn replay<S>(&self, state: &mut S) -> Vec<Handled<P>>
    where
        P: HandledBy<S> + Clone,
        S: Send + 'static,
    {
        let mut bench = Bench::new();
        let mut all = Vec::new();
        for recorded in self.messages() {
            bench.move_to(recorded.at);
            let (message, kind) = with_kind(recorded.message);
            let Some(mut handled) = at_once(bench.call(state, message)) else {
                panic!(
                    "{}",
                    has_to_wait::<P>(kind, "recording.replay_async(&mut state).await")
                );
            };
            bench.take_mail(&mut handled);
            all.push(handled);
        }
        all
    }

    /// The same of handlers that wait: see
    /// [`Direct::handle_async`](crate::test_kit::Direct::handle_async).
    ///
    /// # Panics
    /// If a handler panics.
    pub async fn replay_async<S>(&self, state: &mut S) -> Vec<Handled<P>>
    where
        P: HandledBy<S> + Clone,
        S: Send + 'static,
    {
        let mut bench = Bench::new();
        let mut all = Vec::new();
        for recorded in self.messages() {
            bench.move_to(recorded.at);
            let mut handled = bench.call(state, recorded.message).await;
            bench.take_mail(&mut handled);
            all.push(handled);
        }
        all
    }
}

impl<P: Protocol> Default for Recording<P> {
    fn default() -> Self {
        Recording::new()
    }
}

impl<P: Protocol> Clone for Recording<P> {
    fn clone(&self) -> Self {
        Recording(Arc::clone(&self.0))
    }
}

impl<P: Protocol> fmt::Debug for Recording<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = lock(&self.0);
        let kinds = inner.all.iter().map(|recorded| recorded.kind.name());
        f.debug_list().entries(kinds).finish()
    }
}
