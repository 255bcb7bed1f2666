//! The supervisor of the workers of a pool: an actor whose protocol has no
//! messages, and whose children have all one declaration. Their number, and what
//! else its builder says, is put into its roster; the rest is as with any other.

use std::convert::Infallible;
use std::future::{Future, ready};
use std::marker::PhantomData;
use std::time::Duration;

use super::kind::PoolOf;
use super::pool::ActorPool;
use crate::any_port::{PortMaker, PortTaker};
use crate::cell::Cell;
use crate::context::Context;
use crate::failure::Failure;
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::protocol::{Fault, Kind, Locked, Mailbox, Protocol, Variant};
use crate::spawn::Spawn;
use crate::supervision::arguments::Arguments;
use crate::supervision::declared::{AutoShutdown, Patience, Strategy};
use crate::supervision::made::Made;
use crate::supervision::spec::{ChildSpec, Supervision};

impl<P: Spawn> PoolOf<P> {
    const WORKERS: &'static [ChildSpec] =
        &[ChildSpec::of::<P>(P::NAME, "worker").count(1).together()];

    pub(super) const SUPERVISION: Supervision = Supervision::new(
        Strategy::OneForOne,
        3,
        Duration::from_secs(60),
        AutoShutdown::Never,
        Self::WORKERS,
    );
}

#[diagnostic::do_not_recommend]
impl<P: Spawn> Protocol for PoolOf<P> {
    const NAME: &'static str = "ActorPool";
    const VARIANTS: &'static [Variant] = &[];
    const MAILBOX: Mailbox = Mailbox::unbounded();
    const SUPERVISES: Option<&'static Supervision> = Some(&Self::SUPERVISION);
    type Envelope = Self;
    type Queue = Locked;
    type Batch = Infallible;
    type Latest = Infallible;
    type Kind = Infallible;
    type Handle = ActorPool<P>;

    fn seal_with<M: PortMaker>(self, _: &mut M) -> Self {
        self
    }

    fn open_with<T: PortTaker>(envelope: Self, _: &mut T) -> Self {
        envelope
    }

    fn kind(envelope: &Self) -> Infallible {
        envelope.never
    }

    fn refuse(envelope: Self, _: Fault) {
        match envelope.never {}
    }
}

impl Kind for Infallible {
    fn name(self) -> &'static str {
        match self {}
    }

    fn index(self) -> usize {
        match self {}
    }
}

/// What a pool is told when it begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) size: usize,
    pub(super) supervision: Supervision,
    /// How long a worker may take to stop.
    pub(super) limit: Option<Patience>,
}

/// The state of a pool.
pub(super) struct Keeping<P, S, F> {
    pub(super) factory: F,
    plan: Plan,
    workers: PhantomData<fn() -> (P, S)>,
}

impl<P: Spawn, S, F> Keeping<P, S, F> {
    pub(super) fn new(factory: F, plan: Plan) -> Self {
        Keeping {
            factory,
            plan,
            workers: PhantomData,
        }
    }

    /// Before the first worker starts.
    fn prepare(&self, cell: &Cell<PoolOf<P>>) -> Result<(), Failure> {
        let Plan {
            size, supervision, ..
        } = self.plan;
        if size == 0 {
            return Err(Failure::msg("a pool has at least one worker"));
        }
        let Some(roster) = cell.roster() else {
            return Ok(());
        };
        if roster.supervision().capacity != supervision.capacity {
            return Err(Failure::msg(
                "a pool that is a child has mailboxes before its factory is called: give their capacity in `#[actor(mailbox = …)]` of the enum of its workers, not by `.mailbox(…)`",
            ));
        }
        roster.supervise_as(&supervision);
        roster.enlist(size.saturating_sub(roster.size()), true);
        roster.owe_start();
        Ok(())
    }
}

impl<P, S, F> HandledBy<Keeping<P, S, F>> for PoolOf<P>
where
    P: HandledBy<S> + Spawn,
    S: Send + 'static,
    F: FnMut(usize) -> S + Send + 'static,
{
    fn on_start<'a>(
        state: &'a mut Keeping<P, S, F>,
        ctx: &'a mut Context<Self>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        ready(state.prepare(ctx.cell()))
    }

    fn child(
        state: &mut Keeping<P, S, F>,
        _: &Handle<Self>,
        _: &'static str,
        index: usize,
        _: Option<Arguments>,
    ) -> Made {
        let mut worker = <P as Spawn>::child((state.factory)(index));
        worker.limit = state.plan.limit;
        Made::of(worker)
    }

    async fn dispatch(
        _: &mut Keeping<P, S, F>,
        envelope: Self,
        _: &mut Context<Self>,
    ) -> Result<(), Failure> {
        match envelope.never {}
    }
}
