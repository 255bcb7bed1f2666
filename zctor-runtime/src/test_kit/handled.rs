//! What a handler has done that was called directly.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use super::answered::Answered;
use crate::any_port::Came;
use crate::failure::Failure;
use crate::protocol::{Fault, Kind, Protocol};
use crate::timers::TimerName;

/// What a handler has done that was called directly: see
/// [`Direct::handle`](crate::test_kit::Direct::handle).
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::test::Direct;
///
/// #[derive(Debug, PartialEq)]
/// #[actor]
/// enum Egg { #[reply(u32)] Boil { minutes: u64 }, #[internal] Done }
/// #[derive(Default)] struct Pot { boiled: u32 }
/// #[handlers]
/// impl EggActor for Pot {
///     fn boil(&mut self, minutes: u64, ctx: &mut Context<Egg>) -> Result<u32, Failure> {
///         if minutes == 0 { return Err(Failure::msg("it stays raw")) }
///         ctx.send_after(Duration::from_secs(60 * minutes), Egg::Done);
///         Ok(self.boiled)
///     }
///     fn done(&mut self, ctx: &mut Context<Egg>) { self.boiled += 1; ctx.stop() }
/// }
///
/// let mut pot = Pot::default();
/// let mut handled = Egg::handle(&mut pot, Egg::Boil { minutes: 4 });
/// assert_eq!(handled.reply::<u32>(), 0);
/// assert_eq!(handled.timers()[0].after(), Duration::from_secs(240));
/// assert_eq!(handled.timers()[0].message(), &Egg::Done);
/// assert!(!handled.is_stopping());
///
/// let failed = Egg::handle(&mut pot, Egg::Boil { minutes: 0 });
/// assert_eq!(failed.failure().unwrap().to_string(), "it stays raw");
///
/// assert!(Egg::handle(&mut pot, Egg::Done).is_stopping());
/// assert_eq!(pot.boiled, 1);
/// ```
#[must_use = "it says what the handler has done"]
pub struct Handled<P: Protocol> {
    pub(super) kind: P::Kind,
    pub(super) answered: Answered,
    pub(super) failure: Option<Failure>,
    pub(super) sent: Vec<P>,
    pub(super) timers: Vec<SetTimer<P>>,
    pub(super) stopping: bool,
}

impl<P: Protocol> Handled<P> {
    /// Which message it was.
    #[must_use]
    pub fn kind(&self) -> P::Kind {
        self.kind
    }

    /// Takes the reply. One that is deferred may have been sent meanwhile, by
    /// whoever has the [`Reply`](crate::Reply).
    ///
    /// # Panics
    /// If there is none (yet), or it is of another type: the text says so, with
    /// what there is.
    #[track_caller]
    pub fn reply<T: Any>(&mut self) -> T {
        match self.answered.take_reply(&self.text()) {
            Ok(Some(reply)) => reply,
            Ok(None) => panic!("{} has no reply: {}", self.text(), self.why_none()),
            Err(text) => panic!("{text}"),
        }
    }

    /// The same if there may be none: nothing before a deferred one is sent,
    /// after it was taken, and when the handler has failed.
    ///
    /// # Panics
    /// If it is of another type.
    #[track_caller]
    pub fn try_reply<T: Any>(&mut self) -> Option<T> {
        match self.answered.take_reply(&self.text()) {
            Ok(reply) => reply,
            Err(text) => panic!("{text}"),
        }
    }

    /// Takes the error of `#[reply(T, error = E)]` that the ask was answered
    /// with.
    ///
    /// # Panics
    /// If it was not answered with an error, or with one of another type.
    #[track_caller]
    pub fn error<E: Any>(&mut self) -> E {
        match self.answered.take_error(&self.text()) {
            Ok(Some(error)) => error,
            Ok(None) => {
                let what = match self.answered.seen() {
                    Some(Came::Reply(_)) => "it was answered with a reply",
                    _ => self.why_none(),
                };
                panic!("{} has no error: {what}", self.text())
            }
            Err(text) => panic!("{text}"),
        }
    }

    /// Why its actor would have crashed: the error that the handler has
    /// returned, or that it has given to
    /// [`Context::fail`](crate::Context::fail). A handler that panics panics.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// What the state has sent to itself, with
    /// [`Context::send`](crate::Context::send) or through a handle, in this
    /// order. Replies that asks of these wait for are `NoReply`.
    #[must_use]
    pub fn sent(&self) -> &[P] {
        &self.sent
    }

    /// The same, taken out: to handle them next, for instance.
    pub fn take_sent(&mut self) -> Vec<P> {
        std::mem::take(&mut self.sent)
    }

    /// The timers that were set, and not cancelled, by when they go off. None
    /// after a message of a recording: those stay with the context there.
    #[must_use]
    pub fn timers(&self) -> &[SetTimer<P>] {
        &self.timers
    }

    /// The same, taken out.
    pub fn take_timers(&mut self) -> Vec<SetTimer<P>> {
        std::mem::take(&mut self.timers)
    }

    /// Whether the actor would stop now.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping
    }

    fn text(&self) -> String {
        format!("`{}::{}`", P::NAME, self.kind.name())
    }

    fn why_none(&self) -> &'static str {
        match self.answered.seen() {
            _ if !self.answered.is_ask() => "it is no ask",
            None => "its reply is deferred, and was not sent yet",
            Some(Came::Failed(_)) => "it was answered with its error, which `error()` takes",
            Some(Came::Fault(Fault::Crashed)) => "its handler has failed, which `failure()` tells",
            _ => "it was taken, or dropped without an answer",
        }
    }
}

impl<P: Protocol> fmt::Debug for Handled<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handled")
            .field("message", &self.kind)
            .field("failure", &self.failure)
            .field("sent", &self.sent.len())
            .field("timers", &self.timers.len())
            .field("stopping", &self.stopping)
            .finish_non_exhaustive()
    }
}

/// A timer that a handler has set: see [`Handled::timers`].
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::test::Direct;
///
/// #[derive(Debug, PartialEq)]
/// #[actor] enum Clock { Wind, #[internal] Tick }
/// struct Works;
/// #[handlers]
/// impl ClockActor for Works {
///     fn wind(&mut self, ctx: &mut Context<Clock>) {
///         ctx.timer("tick").every(Duration::from_secs(1), || Clock::Tick);
///     }
///     fn tick(&mut self) {}
/// }
///
/// let mut handled = Clock::handle(&mut Works, Clock::Wind);
/// let tick = handled.take_timers().remove(0);
/// assert_eq!(tick.every(), Some(Duration::from_secs(1)));
/// assert_eq!(tick.name(), Some("tick".into()));
/// let _ = Clock::handle(&mut Works, tick.into_message());
/// ```
#[derive(Debug)]
pub struct SetTimer<P> {
    pub(super) after: Duration,
    pub(super) every: Option<Duration>,
    pub(super) name: Option<TimerName>,
    pub(super) message: P,
}

impl<P> SetTimer<P> {
    /// How long from the call of the handler until it goes off.
    #[must_use]
    pub fn after(&self) -> Duration {
        self.after
    }

    /// Its period, if it goes off again and again.
    #[must_use]
    pub fn every(&self) -> Option<Duration> {
        self.every
    }

    /// The name that it was set under, with [`Context::timer`](crate::Context::timer).
    #[must_use]
    pub fn name(&self) -> Option<TimerName> {
        self.name
    }

    /// What it sends.
    #[must_use]
    pub fn message(&self) -> &P {
        &self.message
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_message(self) -> P {
        self.message
    }
}
