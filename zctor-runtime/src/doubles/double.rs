//! Actors whose answers are scripted.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::script::{Pages, Playing, Script};
use crate::child::{Child, Seed, Source};
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::protocol::{Kind, Protocol};
use crate::seam::{Deadline, Seam, time_of_waiting};
use crate::spawn::{State, spawn_role};
use crate::system::System;
use crate::wait::wait;
use crate::waiters::Ticket;

/// How long a double waits for what is expected, if nothing else is said.
const LIMIT: Duration = Duration::from_secs(3);

/// What is inside of a generated double, such as `CounterDouble`.
///
/// `#[actor(double)]` makes it from the enum `Counter`: an actor of that
/// protocol, whose answers a test scripts. For each message it has two methods,
/// which take a closure of the parameters that the handler has (without the
/// context) and with the result that it has:
///
/// - `on_get(|| 42)` answers each such message, also if none comes;
/// - `expect_get(|| 42)` answers one of them, which has to come. Called more than
///   once, the closures take turns in their order; they go before that of `on_get`.
///
/// A message that nothing was scripted for crashes the double, so its caller
/// gets [`AskError::Crashed`](crate::AskError::Crashed), and fails the test: when
/// the double is dropped, or by `double.verify()`, which see. The text names the
/// messages that came unexpected, and those that were expected in vain.
///
/// A supervisor whose factories return `double.child()` shares the double in an
/// `Arc`; where the last of these is dropped is not for the test to say, so call
/// `verify` there.
///
/// It takes each message as it comes, makes no ticks, and gives the handler of a
/// `#[batch]` batches of one.
///
/// To have it in tests alone, write `#[cfg_attr(test, actor(double))]` and
/// `#[cfg_attr(not(test), actor)]`, or declare it with a feature likewise.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor(double)]
/// enum Stock {
///     #[reply(u32, error = String)]
///     Take { pieces: u32 },
///     Refill,
/// }
///
/// #[actor] enum Shop { #[reply(String)] Buy }
/// struct Till { stock: StockHandle }
/// #[handlers] impl ShopActor for Till {
///     async fn buy(&mut self) -> Result<String, Failure> {
///         match self.stock.take(1).await {
///             Ok(left) => Ok(format!("{left} left")),
///             Err(AskError::Failed(why)) => { self.stock.refill()?; Ok(why) }
///             Err(error) => Err(error.into()),
///         }
///     }
/// }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let stock = StockDouble::new(&system);
/// stock
///     .expect_take(|pieces| { assert_eq!(pieces, 1); Ok(9) })
///     .expect_take(|_| Err("sold out".to_owned()))
///     .expect_refill(|| {});
/// let shop = Shop::spawn(&system, Till { stock: stock.handle() });
/// assert_eq!(shop.buy().wait()?, "9 left");
/// assert_eq!(shop.buy().wait()?, "sold out");
/// stock.verify().wait();
/// # system.shutdown().wait() }
/// ```
pub struct Double<P: Protocol> {
    handle: Handle<P>,
    pages: Arc<Pages>,
}

impl<P: HandledBy<Script<P>>> Double<P> {
    #[doc(hidden)]
    #[must_use]
    pub fn new(system: &System) -> Double<P> {
        let pages = Pages::new::<P>();
        let handle = spawn_role(system, Playing(pages.script()));
        Double { handle, pages }
    }

    #[doc(hidden)]
    pub fn child(&self) -> Child<P> {
        let pages = Arc::clone(&self.pages);
        let seed = move || Box::new(State(Playing(pages.script()))) as Box<dyn Seed<P>>;
        Child::new(Source::Again(Box::new(seed)))
    }
}

impl<P: Protocol> Double<P> {
    #[doc(hidden)]
    #[must_use]
    pub fn handle(&self) -> P::Handle
    where
        P::Handle: From<Handle<P>>,
    {
        P::Handle::from(self.handle.clone())
    }

    #[doc(hidden)]
    pub fn on<F: Send + 'static>(&self, kind: P::Kind, script: F) {
        self.pages.every(kind.index(), Box::new(script));
    }

    #[doc(hidden)]
    pub fn expect<F: Send + 'static>(&self, kind: P::Kind, script: F) {
        self.pages.expect(kind.index(), Box::new(script));
    }

    #[doc(hidden)]
    pub fn verify(&self) -> Verify {
        Verify {
            pages: Arc::clone(&self.pages),
            seam: time_of_waiting(&self.handle.cell().hub.seam),
            limit: LIMIT,
            deadline: None,
            ticket: None,
        }
    }
}

impl<P: Protocol> Drop for Double<P> {
    fn drop(&mut self) {
        // What was queued before is handled.
        self.handle.stop();
        if std::thread::panicking() {
            return;
        }
        let seam = time_of_waiting(&self.handle.cell().hub.seam);
        let mut limit = Deadline::new(Arc::clone(&seam), seam.now().checked_add(LIMIT));
        let mut stopped = self.handle.stopped();
        let end = poll_fn(|cx| match Pin::new(&mut stopped).poll(cx) {
            Poll::Ready(_) => Poll::Ready(()),
            Poll::Pending => limit.poll_passed(cx),
        });
        // Refused on a worker, which must not wait.
        let _ = wait(end);
        if let Some(complaint) = self.pages.complaint() {
            panic!("{complaint}");
        }
    }
}

impl<P: Protocol> fmt::Debug for Double<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Double({})", self.handle.label())
    }
}

/// The check whether what a double expects has come: what the method `verify` of
/// generated doubles, such as `CounterDouble`, returns. It waits until all that
/// was expected has come, or something has come that was not: a future, and
/// plain code waits for it with [`wait`](Verify::wait). Its time limit is 3
/// seconds by the clock of the double's system (real ones, if that is a
/// `zctor::test::TestClock`), and counts from the first poll.
///
/// # Panics
/// If a message came that nothing was scripted for, a script has panicked, or
/// something that is expected has not come in time.
///
/// # Cancel safety
/// Dropping it changes nothing.
///
/// ```should_panic
/// use zctor::prelude::*;
/// use zctor::sim::Sim;
///
/// #[actor(double)] enum Lamp { On, Off }
///
/// let sim = Sim::new(1);
/// let lamp = LampDouble::new(sim.system());
/// lamp.on_on(|| {}).expect_off(|| {});
/// lamp.handle().on().unwrap();
/// // the double of `Lamp` is not content:
/// //   `Off` was expected once more by `expect_off`
/// lamp.verify().wait();
/// ```
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Verify {
    pages: Arc<Pages>,
    seam: Arc<dyn Seam>,
    limit: Duration,
    deadline: Option<Deadline>,
    ticket: Option<Ticket>,
}

impl Verify {
    /// Another time limit. With zero all must have come already.
    pub fn timeout(mut self, limit: Duration) -> Verify {
        self.limit = limit;
        self
    }

    /// Waits on this thread. In a simulation this runs it.
    ///
    /// # Panics
    /// As the future; and in a handler on a shared worker thread.
    #[track_caller]
    pub fn wait(mut self) {
        match wait(poll_fn(|cx| self.poll_complaint(cx))) {
            Ok(None) => {}
            Ok(Some(complaint)) => panic!("{complaint}"),
            Err(refused) => panic!("{refused}"),
        }
    }

    fn poll_complaint(&mut self, cx: &mut Context<'_>) -> Poll<Option<String>> {
        let settled = self.pages.poll_settled(&mut self.ticket, cx).is_ready();
        if settled || self.limit.is_zero() {
            return Poll::Ready(self.pages.complaint());
        }
        let (seam, limit) = (&self.seam, &self.limit);
        let deadline = self.deadline.get_or_insert_with(|| {
            let at = seam.now().checked_add(*limit);
            Deadline::new(Arc::clone(seam), at)
        });
        let over = deadline.poll_passed(cx);
        over.map(|()| self.pages.complaint())
    }
}

impl Future for Verify {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_complaint(cx).map(|complaint| {
            if let Some(complaint) = complaint {
                panic!("{complaint}");
            }
        })
    }
}

impl Drop for Verify {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.pages.leave(ticket);
        }
    }
}

impl fmt::Debug for Verify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
