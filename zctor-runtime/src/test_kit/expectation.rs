//! Waiting for what a probe gets, or for nothing.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::got::Got;
use super::log::{Found, Log, Wanted};
use crate::label::ActorLabel;
use crate::protocol::{Kind, Protocol};
use crate::seam::{Deadline, time_of_waiting};
use crate::wait::wait;
use crate::waiters::Ticket;

/// What both kinds of waiting have.
struct Watch<P: Protocol> {
    log: Arc<Log<P>>,
    probe: ActorLabel,
    limit: Duration,
    /// Made when the time begins to count.
    deadline: Option<Deadline>,
    ticket: Option<Ticket>,
    here: &'static Location<'static>,
}

impl<P: Protocol> Watch<P> {
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        if self.limit.is_zero() {
            return true;
        }
        let Watch {
            log,
            limit,
            deadline,
            ..
        } = self;
        let deadline = deadline.get_or_insert_with(|| {
            let seam = time_of_waiting(&log.seam);
            let at = seam.now().checked_add(*limit);
            Deadline::new(seam, at)
        });
        deadline.poll_passed(cx).is_ready()
    }

    fn within(&self) -> String {
        if self.limit.is_zero() {
            "at once".to_owned()
        } else if self.log.seam.is_terminated() {
            "before its system ended".to_owned()
        } else {
            format!("within {:?}", self.limit)
        }
    }
}

impl<P: Protocol> Drop for Watch<P> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.log.leave(ticket);
        }
    }
}

/// A message that a probe is to get: what [`Probe::next`](crate::test_kit::Probe::next)
/// and [`Probe::expect`](crate::test_kit::Probe::expect) return. It is lazy: a future,
/// and plain code waits for it with [`wait`](Expect::wait). Its time limit is 3
/// seconds by the clock of the probe's system (in real time where that is a
/// [`TestClock`](crate::test_kit::TestClock), which stands still meanwhile), unless
/// [`timeout`](Expect::timeout) or [`Probe::timeout`](crate::test_kit::Probe::timeout)
/// say otherwise, and counts from the first poll.
///
/// # Panics
/// When the time is over, or the next message is another than the expected one:
/// the text says what was expected, and lists what has come instead. That is
/// the failure of the test, so the future panics, and not its caller.
///
/// # Cancel safety
/// Dropped, it takes no message.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::test::Probe;
///
/// #[actor] enum Oracle { #[reply(u32)] Answer }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let probe = Probe::<Oracle>::new(&system);
/// let answer = probe.handle().answer().send();
/// zctor::wait(async {
///     let got = probe.expect(OracleKind::Answer).timeout(Duration::from_secs(1)).await;
///     got.reply(42u32);
/// })?;
/// assert_eq!(answer.wait()?, 42);
/// # system.shutdown().wait() }
/// ```
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Expect<P: Protocol> {
    wanted: Wanted<P::Kind>,
    watch: Watch<P>,
}

impl<P: Protocol> Expect<P> {
    pub(super) fn new(
        log: &Arc<Log<P>>,
        probe: ActorLabel,
        wanted: Wanted<P::Kind>,
        limit: Duration,
        here: &'static Location<'static>,
    ) -> Expect<P> {
        let watch = Watch {
            log: Arc::clone(log),
            probe,
            limit,
            deadline: None,
            ticket: None,
            here,
        };
        Expect { wanted, watch }
    }

    /// Another time limit. With zero the message must have come already.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.watch.limit = limit;
        self
    }

    /// Waits on this thread. In a simulation this runs it.
    ///
    /// # Panics
    /// As the future; and in a handler on a shared worker thread.
    #[track_caller]
    pub fn wait(mut self) -> Got<P> {
        let got = wait(std::future::poll_fn(|cx| self.poll_got(cx)));
        match got {
            Ok(Ok(got)) => got,
            Ok(Err(text)) => panic!("{text}"),
            Err(refused) => panic!("{refused}"),
        }
    }

    fn poll_got(&mut self, cx: &mut Context<'_>) -> Poll<Result<Got<P>, String>> {
        let watch = &mut self.watch;
        match watch.log.poll_take(self.wanted, &mut watch.ticket, cx) {
            Poll::Ready(Found::Got(got)) => Poll::Ready(Ok(*got)),
            Poll::Ready(Found::Other) => {
                let other = watch.log.next_kind();
                let other = other.map_or("another", Kind::name);
                Poll::Ready(Err(self.text(&format!("the next message is `{other}`"))))
            }
            Poll::Pending if watch.is_over(cx) => {
                let why = format!("it has not come {}", watch.within());
                Poll::Ready(Err(self.text(&why)))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn text(&self, why: &str) -> String {
        let Watch { probe, log, .. } = &self.watch;
        let wanted = match self.wanted {
            Wanted::Any => "a message".to_owned(),
            Wanted::Next(kind) | Wanted::First(kind) => format!("`{}::{}`", P::NAME, kind.name()),
        };
        format!(
            "the probe {probe} expected {wanted}, and {why}\n{}",
            log.describe()
        )
    }
}

impl<P: Protocol> Unpin for Expect<P> {}

impl<P: Protocol> Future for Expect<P> {
    type Output = Got<P>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Got<P>> {
        self.poll_got(cx).map(|got| match got {
            Ok(got) => got,
            Err(text) => panic!("{text}\nexpected at {}", self.watch.here),
        })
    }
}

impl<P: Protocol> fmt::Debug for Expect<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expect")
            .field("probe", &self.watch.probe)
            .field("wanted", &self.wanted)
            .field("limit", &self.watch.limit)
            .finish_non_exhaustive()
    }
}

/// That a probe gets nothing for a while: what
/// [`Probe::expect_none`](crate::test_kit::Probe::expect_none) returns. A future, and
/// plain code waits for it with [`wait`](Quiet::wait).
///
/// # Panics
/// When a message is there that was not taken: the text lists what has come.
///
/// # Cancel safety
/// Dropping it changes nothing.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::sim::Sim;
/// use zctor::test::Probe;
///
/// #[actor] enum Lamp { On }
///
/// let sim = Sim::new(1);
/// let probe = Probe::<Lamp>::new(sim.system());
/// probe.expect_none(Duration::from_secs(3600)).wait();
/// assert_eq!(sim.elapsed(), Duration::from_secs(3600));
/// ```
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Quiet<P: Protocol>(Watch<P>);

impl<P: Protocol> Quiet<P> {
    pub(super) fn new(
        log: &Arc<Log<P>>,
        probe: ActorLabel,
        within: Duration,
        here: &'static Location<'static>,
    ) -> Quiet<P> {
        Quiet(Watch {
            log: Arc::clone(log),
            probe,
            limit: within,
            deadline: None,
            ticket: None,
            here,
        })
    }

    /// Waits on this thread. In a simulation this runs it.
    ///
    /// # Panics
    /// As the future; and in a handler on a shared worker thread.
    #[track_caller]
    pub fn wait(mut self) {
        let quiet = wait(std::future::poll_fn(|cx| self.poll_quiet(cx)));
        match quiet {
            Ok(Ok(())) => {}
            Ok(Err(text)) => panic!("{text}"),
            Err(refused) => panic!("{refused}"),
        }
    }

    fn poll_quiet(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), String>> {
        let Quiet(watch) = self;
        if watch.log.poll_any(&mut watch.ticket, cx).is_ready() {
            let next = watch.log.next_kind().map_or("another", Kind::name);
            let (probe, within, all) = (&watch.probe, watch.within(), watch.log.describe());
            return Poll::Ready(Err(format!(
                "the probe {probe} expected nothing {within}, and got `{}::{next}`\n{all}",
                P::NAME
            )));
        }
        match watch.is_over(cx) {
            true => Poll::Ready(Ok(())),
            false => Poll::Pending,
        }
    }
}

impl<P: Protocol> Unpin for Quiet<P> {}

impl<P: Protocol> Future for Quiet<P> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_quiet(cx).map(|quiet| match quiet {
            Ok(()) => {}
            Err(text) => panic!("{text}\nexpected at {}", self.0.here),
        })
    }
}

impl<P: Protocol> fmt::Debug for Quiet<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quiet")
            .field("probe", &self.0.probe)
            .field("within", &self.0.limit)
            .finish_non_exhaustive()
    }
}
