//! Actors of any protocol that keep what they get.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::expectation::{Expect, Quiet};
use super::got::Got;
use super::log::{GoesOn, Keeping, Log, Wanted};
use crate::child::{Child, Seed, Source};
use crate::handle::Handle;
use crate::protocol::Protocol;
use crate::spawn::{State, spawn_role};
use crate::system::System;

/// How long a probe waits if nothing else is said.
const LIMIT: Duration = Duration::from_secs(3);

/// An actor of any protocol that keeps the messages it gets, for a test to
/// expect, answer, and pass on.
///
/// What is asked waits until the test answers it: [`Got::reply`]. A probe takes
/// messages as soon as they come, in their order, and skips asks whose callers
/// have gone by then, as every actor does; it collects no batches and sends
/// itself no ticks. Supervisors cannot be probes, but their children can:
/// [`child`](Probe::child).
///
/// A clone is the same probe. When the last one is dropped its actor is stopped:
/// what it had not handled ends with `Stopped`, and asks that were not answered
/// with `NoReply`.
///
/// In a simulation the time limits are in virtual time, and take none of the
/// test's.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::sim::Sim;
/// use zctor::test::Probe;
///
/// #[actor]
/// enum Stock { #[reply(u32)] Take { pieces: u32 } }
///
/// #[actor]
/// enum Shop { #[reply(String)] Buy }
/// struct Counter { stock: StockHandle }
/// #[handlers]
/// impl ShopActor for Counter {
///     async fn buy(&mut self) -> Result<String, Failure> {
///         let left = self.stock.take(1).await?;
///         Ok(format!("{left} left"))
///     }
/// }
///
/// let sim = Sim::new(1);
/// let stock = Probe::<Stock>::new(sim.system());
/// let shop = Shop::spawn(sim.system(), Counter { stock: stock.handle() });
///
/// let bought = shop.buy().send();
/// let take = stock.expect(StockKind::Take).wait();
/// assert!(matches!(take.message(), Stock::Take { pieces: 1 }));
/// take.reply(6u32);
/// assert_eq!(bought.wait().unwrap(), "6 left");
/// stock.expect_none(Duration::from_secs(60)).wait();
/// ```
pub struct Probe<P: Protocol> {
    actor: Arc<Owner<P>>,
    limit: Duration,
}

/// Stops the actor when the last probe is gone.
struct Owner<P: Protocol> {
    handle: Handle<P>,
    log: Arc<Log<P>>,
}

impl<P: Protocol> Drop for Owner<P> {
    fn drop(&mut self) {
        self.handle.stop();
        self.log.close();
    }
}

impl<P: Protocol> Probe<P> {
    /// Spawns one. On a system that is shutting down it is dead from the start,
    /// as any actor.
    #[must_use]
    pub fn new(system: &System) -> Probe<P> {
        const {
            assert!(
                P::SUPERVISES.is_none(),
                "a supervisor cannot be a probe: let its children be some, with `Probe::child`"
            );
        }
        let log = Log::new(&system.hub().seam);
        let handle = spawn_role(system, Keeping(Arc::clone(&log)));
        Probe {
            actor: Arc::new(Owner { handle, log }),
            limit: LIMIT,
        }
    }

    /// Spawns one in front of an actor, in the system of that: each message goes
    /// on to `actor`, with the reply that its sender waits for, and the probe
    /// keeps a copy, which cannot be answered any more. It waits for room where
    /// the mailbox of `actor` has none, and keeps `actor` alive.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::sim::Sim;
    /// use zctor::test::Probe;
    ///
    /// #[derive(Clone, Debug, PartialEq)]
    /// #[actor] enum Counter { Add(i64), #[reply(i64)] Get }
    /// #[derive(Default)] struct Tally(i64);
    /// #[handlers] impl CounterActor for Tally {
    ///     fn add(&mut self, by: i64) { self.0 += by }
    ///     fn get(&self) -> i64 { self.0 }
    /// }
    ///
    /// let sim = Sim::new(1);
    /// let counter = Counter::spawn(sim.system(), Tally::default());
    /// let spy = Probe::spy(&counter);
    /// spy.handle().add(5).unwrap();
    /// assert_eq!(spy.handle().get().wait().unwrap(), 5);
    /// assert_eq!(spy.next().wait().message(), &Counter::Add(5));
    /// assert_eq!(spy.received(), [CounterKind::Add, CounterKind::Get]);
    /// ```
    #[must_use]
    pub fn spy(actor: &Handle<P>) -> Probe<P>
    where
        P: Clone,
    {
        let probe = Probe::new(&System::of(&actor.cell().hub));
        let to = actor.clone();
        let copy = Some(P::clone as fn(&P) -> P);
        probe.actor.log.go_on(Some(GoesOn { to, copy }));
        probe
    }

    /// The same probe with another time limit for what it expects: by default it
    /// is 3 seconds.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Probe<P> {
        self.limit = limit;
        self
    }

    /// A handle of its actor.
    #[must_use]
    pub fn handle(&self) -> P::Handle
    where
        P::Handle: From<Handle<P>>,
    {
        P::Handle::from(self.actor.handle.clone())
    }

    /// The same for any protocol, as for generic code.
    #[must_use]
    pub fn actor(&self) -> &Handle<P> {
        &self.actor.handle
    }

    /// A child that this probe plays: what it gets is kept here as well. For the
    /// factories of supervisors, and for
    /// [`spawn_child`](crate::Context::spawn_child). It can be restarted.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::sim::Sim;
    /// use zctor::test::Probe;
    ///
    /// #[actor] enum Stock { Take(u32) }
    /// #[supervisor] enum Shop { #[child] Stock(Stock) }
    /// struct Premises { stock: Probe<Stock> }
    /// impl ShopChildren for Premises {
    ///     fn stock(&mut self, _: &ShopHandle) -> Child<Stock> { self.stock.child() }
    /// }
    ///
    /// let sim = Sim::new(1);
    /// let stock = Probe::new(sim.system());
    /// let shop = Shop::start(sim.system(), Premises { stock: stock.clone() }).wait().unwrap();
    /// shop.stock().take(3).unwrap();
    /// assert!(matches!(stock.next().wait().message(), Stock::Take(3)));
    /// ```
    pub fn child(&self) -> Child<P> {
        let log = Arc::clone(&self.actor.log);
        let seed = move || Box::new(State(Keeping(Arc::clone(&log)))) as Box<dyn Seed<P>>;
        Child::new(Source::Again(Box::new(seed)))
    }

    /// The next message, whatever it is.
    #[track_caller]
    pub fn next(&self) -> Expect<P> {
        self.wanted(Wanted::Any)
    }

    /// The next message, which must be of this kind.
    ///
    /// ```should_panic
    /// use zctor::prelude::*;
    /// use zctor::sim::Sim;
    /// use zctor::test::Probe;
    ///
    /// #[actor] enum Lamp { On, Off }
    ///
    /// let sim = Sim::new(1);
    /// let probe = Probe::<Lamp>::new(sim.system());
    /// probe.handle().on().unwrap();
    /// // the probe Lamp#1 expected `Lamp::Off`, and the next message is `On`
    /// // what has come, since the probe was made:
    /// //   `On` after 0ns, not taken yet
    /// let _ = probe.expect(LampKind::Off).wait();
    /// ```
    #[track_caller]
    pub fn expect(&self, kind: P::Kind) -> Expect<P> {
        self.wanted(Wanted::Next(kind))
    }

    /// The next message of this kind. Others that come before it stay where they
    /// are, to be taken later.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::sim::Sim;
    /// use zctor::test::Probe;
    ///
    /// #[actor] enum Lamp { On, Off }
    ///
    /// let sim = Sim::new(1);
    /// let probe = Probe::<Lamp>::new(sim.system());
    /// probe.handle().on().unwrap();
    /// probe.handle().off().unwrap();
    /// let _ = probe.find(LampKind::Off).wait();
    /// let _ = probe.expect(LampKind::On).wait();
    /// ```
    #[track_caller]
    pub fn find(&self, kind: P::Kind) -> Expect<P> {
        self.wanted(Wanted::First(kind))
    }

    /// That nothing comes for a while, and nothing is there that was not taken.
    /// Where the time is that of a [`TestClock`](super::TestClock), move it, and
    /// then expect nothing within [`Duration::ZERO`]: other limits are in real
    /// time there.
    #[track_caller]
    pub fn expect_none(&self, within: Duration) -> Quiet<P> {
        let probe = self.actor.handle.label();
        Quiet::new(&self.actor.log, probe, within, Location::caller())
    }

    /// The next message, if it has come already.
    #[must_use]
    pub fn try_next(&self) -> Option<Got<P>> {
        self.actor.log.take()
    }

    /// The kinds of all messages that have come, taken or not, in their order.
    #[must_use]
    pub fn received(&self) -> Vec<P::Kind> {
        self.actor.log.kinds()
    }

    /// From now on each message goes on to `actor`, with the reply that its
    /// sender waits for. What it was is still in [`received`](Probe::received),
    /// but there is nothing to expect; for that see [`spy`](Probe::spy). A
    /// message that `actor` does not take ends as one that was sent to it would.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::sim::Sim;
    /// use zctor::test::Probe;
    ///
    /// #[actor] enum Oracle { #[reply(u32)] Answer }
    /// struct Deep;
    /// #[handlers] impl OracleActor for Deep { fn answer(&self) -> u32 { 42 } }
    ///
    /// let sim = Sim::new(1);
    /// let probe = Probe::<Oracle>::new(sim.system());
    /// probe.pass_to(&Oracle::spawn(sim.system(), Deep));
    /// assert_eq!(probe.handle().answer().wait().unwrap(), 42);
    /// assert_eq!(probe.received(), [OracleKind::Answer]);
    /// ```
    pub fn pass_to(&self, actor: &Handle<P>) {
        let to = actor.clone();
        self.actor.log.go_on(Some(GoesOn { to, copy: None }));
    }

    /// From now on it keeps its messages again, after
    /// [`pass_to`](Probe::pass_to) or [`spy`](Probe::spy).
    pub fn keep(&self) {
        self.actor.log.go_on(None);
    }

    #[track_caller]
    fn wanted(&self, wanted: Wanted<P::Kind>) -> Expect<P> {
        let probe = self.actor.handle.label();
        let here = Location::caller();
        Expect::new(&self.actor.log, probe, wanted, self.limit, here)
    }
}

impl<P: Protocol> Clone for Probe<P> {
    fn clone(&self) -> Self {
        Probe {
            actor: Arc::clone(&self.actor),
            limit: self.limit,
        }
    }
}

impl<P: Protocol> fmt::Debug for Probe<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe")
            .field("actor", &self.actor.handle.label())
            .field("received", &self.received())
            .finish_non_exhaustive()
    }
}
