//! Who handles the messages of an actor: a user's state, or something of ours
//! that speaks any protocol, as probes do.

use std::future::{Future, ready};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::protocol::Protocol;
use crate::supervision::arguments::Arguments;
use crate::supervision::made::Made;

/// What an incarnation runs. It is a trait of its own, because nothing of ours
/// can be `HandledBy` for each protocol beside the states of users.
pub(crate) trait Role<P: Protocol>: Send + 'static {
    /// Whether `ready` is more than its default.
    const HOLDS: bool = false;
    /// Whether it gets each message by itself, as it comes: no batches are
    /// collected for it, and the clock sends it nothing.
    const WHOLE: bool = false;

    fn ready(&self, _next: P::Kind) -> bool {
        true
    }

    fn on_start<'a>(
        &'a mut self,
        _ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        ready(Ok(()))
    }

    fn on_restart<'a>(
        &'a mut self,
        _previous: Exit,
        _ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        ready(Ok(()))
    }

    /// Calls the factory of a child.
    fn child(
        &mut self,
        _supervisor: &Handle<P>,
        _name: &'static str,
        _index: usize,
        _arguments: Option<Arguments>,
    ) -> Made {
        Made::none()
    }

    fn on_stop<'a>(
        &'a mut self,
        _ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        ready(Ok(()))
    }

    /// Sees a message that is to be collected for a batch.
    fn collects(&mut self, envelope: P::Envelope, _ctx: &Context<P>) -> P::Envelope {
        envelope
    }

    fn dispatch_batch<'a>(
        &'a mut self,
        _batch: P::Batch,
        _ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        ready(Ok(()))
    }

    fn dispatch<'a>(
        &'a mut self,
        envelope: P::Envelope,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a;
}

/// The role of a user's state.
pub(crate) struct Plain<S>(pub(crate) S);

impl<P, S> Role<P> for Plain<S>
where
    P: HandledBy<S>,
    S: Send + 'static,
{
    const HOLDS: bool = P::HOLDS;

    #[inline]
    fn ready(&self, next: P::Kind) -> bool {
        P::ready(&self.0, next)
    }

    #[inline]
    fn on_start<'a>(
        &'a mut self,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        P::on_start(&mut self.0, ctx)
    }

    #[inline]
    fn on_restart<'a>(
        &'a mut self,
        previous: Exit,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        P::on_restart(&mut self.0, previous, ctx)
    }

    #[inline]
    fn child(
        &mut self,
        supervisor: &Handle<P>,
        name: &'static str,
        index: usize,
        arguments: Option<Arguments>,
    ) -> Made {
        P::child(&mut self.0, supervisor, name, index, arguments)
    }

    #[inline]
    fn on_stop<'a>(
        &'a mut self,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        P::on_stop(&mut self.0, ctx)
    }

    #[inline]
    fn dispatch_batch<'a>(
        &'a mut self,
        batch: P::Batch,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        P::dispatch_batch(&mut self.0, batch, ctx)
    }

    #[inline]
    fn dispatch<'a>(
        &'a mut self,
        envelope: P::Envelope,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        P::dispatch(&mut self.0, envelope, ctx)
    }
}
