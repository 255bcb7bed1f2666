//! The handle of a pool.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::crowd::Crowd;
use super::kind::PoolOf;
use crate::handle::Handle;
use crate::milestones::{Started, Stopped};
use crate::spawn::Spawn;
use crate::stats::Stats;
use crate::supervision::info::ChildInfo;
use crate::supervision::tree::Tree;

/// Many actors of one protocol behind one handle, supervised: what
/// [`Counter::pool(&system, n, factory)`](crate::SpawnPool::pool) gives.
///
/// Each message goes to one of them, in the way that suits it:
///
/// | | chooses |
/// |---|---|
/// | [`next`](ActorPool::next) | one after the other |
/// | [`least_loaded`](ActorPool::least_loaded) | the one with the fewest messages |
/// | [`random`](ActorPool::random) | any of them |
/// | [`by_key`](ActorPool::by_key) | always the same for the same key |
/// | [`broadcast`](ActorPool::broadcast) | all of them |
///
/// The first four give the handle of a worker, so every typed method is there:
/// `pool.next().add(5)?`, `pool.by_key(&user).get().await?`.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor]
/// #[derive(Clone)]
/// enum Counter { Add { by: i64 }, #[reply(i64)] Get }
/// #[derive(Default)]
/// struct Tally(i64);
/// #[handlers]
/// impl CounterActor for Tally {
///     fn add(&mut self, by: i64) { self.0 += by }
///     fn get(&self) -> i64 { self.0 }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let pool = Counter::pool(&system, 4, |_index| Tally::default());
/// for by in 0..100 {
///     pool.next().add(by)?;
/// }
/// let mut sum = 0;
/// for worker in pool.workers() {
///     sum += worker.get().wait()?;
/// }
/// assert_eq!(sum, 4950);
/// # system.shutdown().wait() }
/// ```
///
/// # Who is chosen
///
/// A worker that has ended for good is not, nor one that somebody has just
/// stopped and that is about to be restarted (but by [`by_key`](ActorPool::by_key)
/// it is, as the key is its own): its share goes to all others. If no worker takes
/// messages, since the pool has ended, one of them is chosen and says so: its
/// methods give the error that they always give. Between the choice and the
/// message anything may happen, so that error can come from any worker;
/// [`tell`](ActorPool::tell) tries the others.
///
/// A choice costs about what a tell costs, but for `least_loaded`, which costs as
/// much for every eight workers. A handle can be kept for many messages: to
/// choose again for each only spreads them more evenly.
///
/// Each worker has a mailbox of its own, and so it has its own circuit breakers
/// and rate limits: four workers let four times as much through.
///
/// # Supervision
///
/// A pool is a supervisor with the strategy `one_for_one`, and its workers are
/// permanent children: one that crashes, is killed or stops is restarted with the
/// same handle and what was queued behind, of another state from the factory,
/// which is called with its index. After more than 3 restarts within 60 seconds
/// (or what the [builder](crate::SpawnPool::pool_builder) says) the pool gives
/// up: all its workers are stopped, and [`stopped`](ActorPool::stopped) says why.
///
/// # Life
///
/// A clone is the same pool. The pool lives as long as one of its handles does, or
/// [`detach`](ActorPool::detach) was called; then all workers handle what is
/// queued, within their limit (5 seconds unless the builder says otherwise), and
/// stop. (One that is stopped before its workers have started starts them first,
/// as any actor handles what it was sent before.) Handles of workers do not keep
/// a pool alive.
pub struct ActorPool<P: Spawn> {
    keeper: Handle<PoolOf<P>>,
    crowd: Arc<Crowd<P>>,
}

impl<P: Spawn> From<Handle<PoolOf<P>>> for ActorPool<P> {
    fn from(keeper: Handle<PoolOf<P>>) -> Self {
        let crowd = keeper.cell().roster().and_then(|roster| {
            let crowd = roster.crowd.get_or_init(|| Arc::new(Crowd::<P>::default()));
            Arc::clone(crowd).downcast().ok()
        });
        ActorPool {
            crowd: crowd.unwrap_or_default(),
            keeper,
        }
    }
}

impl<P: Spawn> ActorPool<P> {
    /// How many workers it has. Those that a [`resize`](ActorPool::resize) adds
    /// are counted when they have started, and those that it stops not any more.
    #[must_use]
    pub fn len(&self) -> usize {
        self.look(<[Handle<P>]>::len)
    }

    /// Whether it has no workers, which is never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The workers as they are now, in the order of their indices.
    pub fn workers(&self) -> impl ExactSizeIterator<Item = P::Handle> + use<P> {
        self.all().into_iter().map(P::Handle::from)
    }

    /// What has become of the messages of all workers together, also of those
    /// that are gone; and the age of the pool. (What is returned by a worker that
    /// is gone is not counted here, but by its own handle.)
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On, #[reply(())] Ping }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} fn ping(&self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamps = Lamp::pool(&system, 2, |_index| Bulb);
    /// for _ in 0..10 {
    ///     lamps.next().on()?;
    /// }
    /// for lamp in lamps.workers() {
    ///     lamp.ping().wait()?;
    /// }
    /// assert_eq!(lamps.stats().handled(), 12);
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        let sum = self.keeper.cell().roster().map(|roster| roster.sum());
        Stats {
            age: self.keeper.stats().age,
            ..sum.unwrap_or(Stats::NONE)
        }
    }

    /// Waits until all its first workers have started. Messages can be sent
    /// before.
    pub fn started(&self) -> Started<PoolOf<P>> {
        self.keeper.started()
    }

    /// Waits until the pool and all its workers have ended for good, and tells
    /// why: [`ShutdownFor`](crate::ExitReason::ShutdownFor) with
    /// [`GaveUp`](crate::ShutdownReason::GaveUp), if its workers had to be
    /// restarted too often. Does not keep the pool alive.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb {
    /// #     fn on(&mut self) -> Result<(), Failure> { Err(Failure::msg("burnt out")) }
    /// # }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamps = Lamp::pool_builder(|_index| Bulb).size(2).max_restarts(0).spawn(&system)?;
    /// lamps.next().on()?; // crashes
    /// let reason = lamps.stopped().wait()?;
    /// assert!(reason.to_string().contains("gave up"), "{reason}");
    /// # system.shutdown().wait() }
    /// ```
    pub fn stopped(&self) -> Stopped<PoolOf<P>> {
        self.keeper.stopped()
    }

    /// Stops the pool, as if its last handle was dropped.
    pub fn stop(&self) {
        self.keeper.stop();
    }

    /// Whether the pool has not ended.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.keeper.is_alive()
    }

    /// Lets the pool live without handles, until it is stopped, gives up, or its
    /// system shuts down.
    pub fn detach(&self) {
        self.keeper.detach();
    }

    /// The handle of the supervisor that keeps the workers: for what can be done
    /// with every actor, such as `ctx.monitor(pool.actor(), …)`, `name()`,
    /// `kill()` and `downgrade()`, whose
    /// [`upgrade`](crate::WeakHandle::upgrade) gives the pool again.
    #[must_use]
    pub fn actor(&self) -> &Handle<PoolOf<P>> {
        &self.keeper
    }

    /// What has become of each worker, with its restarts and its incarnation: as
    /// [`Handle::which_children`].
    #[must_use]
    pub fn which_children(&self) -> Vec<ChildInfo> {
        self.keeper.children()
    }

    /// The pool and its workers, as [`Handle::running_tree`].
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamps = Lamp::pool(&system, 2, |_index| Bulb);
    /// lamps.started().wait()?;
    /// assert_eq!(lamps.running_tree().to_string(), "\
    /// ActorPool#1: running, one_for_one, max 3 restarts within 60s
    /// ├── worker[0]: Lamp#2, running, permanent, shutdown 5s
    /// └── worker[1]: Lamp#3, running, permanent, shutdown 5s");
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn running_tree(&self) -> Tree {
        self.keeper.tree_now()
    }

    /// The number of a turn that nobody else has.
    pub(super) fn turn(&self) -> usize {
        self.crowd.turn()
    }

    /// The same for choices that are no turns.
    pub(super) fn tie(&self) -> usize {
        self.crowd.tie()
    }

    fn look<R: Default>(&self, look: impl FnOnce(&[Handle<P>]) -> R) -> R {
        let roster = self.keeper.cell().roster();
        roster.map_or_else(R::default, |roster| self.crowd.look(roster, look))
    }

    pub(super) fn all(&self) -> Vec<Handle<P>> {
        self.look(<[Handle<P>]>::to_vec)
    }

    pub(super) fn choose(
        &self,
        choose: impl FnOnce(&[Handle<P>]) -> Option<&Handle<P>>,
    ) -> Handle<P> {
        let chosen = self.look(|workers| choose(workers).cloned());
        chosen.unwrap_or_else(|| panic!("{} has no workers", self.keeper.label()))
    }
}

impl<P: Spawn> Clone for ActorPool<P> {
    fn clone(&self) -> Self {
        ActorPool {
            keeper: self.keeper.clone(),
            crowd: Arc::clone(&self.crowd),
        }
    }
}

impl<P: Spawn> PartialEq for ActorPool<P> {
    fn eq(&self, other: &Self) -> bool {
        self.keeper == other.keeper
    }
}

impl<P: Spawn> Eq for ActorPool<P> {}

impl<P: Spawn> Hash for ActorPool<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.keeper.hash(state);
    }
}

impl<P: Spawn> fmt::Debug for ActorPool<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActorPool")
            .field("actor", &self.keeper.label())
            .field("protocol", &P::NAME)
            .field("workers", &self.len())
            .finish()
    }
}
