//! The life of one state: start, messages, stop.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};

use pin_project_lite::pin_project;

use crate::batch::collecting::{Collecting, Collects, Origin, Work};
use crate::cell::{Cell, Core};
use crate::context::Context;
use crate::exit::{ExitKind, Place, ShutdownReason};
use crate::failure::Failure;
use crate::inbox::{Inbox, Next};
use crate::mailbox::Lane;
use crate::observe;
use crate::offer::{Refusals, Source, offer};
use crate::port;
use crate::protocol::{Kind, Protocol, QueueOf, any_batch, any_high, any_latest};
use crate::role::Role;
use crate::shelf::Place as At;
use crate::stage::{Boxed, End};
use crate::supervision::engine::{Engine, Why};

/// So many messages in a row, then other actors have a turn.
const TURN: u8 = 128;

/// How long, in turns of a loop, an actor stays away from a queue that grows.
const BEHIND_SPINS: u32 = 64;

fn kind(end: &End, core: &Core) -> ExitKind {
    match end {
        End::Orderly => core.orderly_reason().kind(),
        End::Shutdown(_) => ExitKind::Shutdown,
        End::Failed(_) => ExitKind::Error,
    }
}

pub(crate) fn boxed<P, S>(cell: &Arc<Cell<P>>, state: S) -> Boxed
where
    P: Protocol,
    S: Role<P>,
{
    Box::pin(run::<P, S>(state, Arc::clone(cell)))
}

/// Runs `state` until the actor is told to stop and has handled its mail.
///
/// A block and not an `async fn`: what a block captures is stored once.
#[expect(
    clippy::manual_async_fn,
    reason = "an async fn stores its parameters twice"
)]
pub(crate) fn run<P, S>(mut state: S, cell: Arc<Cell<P>>) -> impl Future<Output = End> + Send
where
    P: Protocol,
    S: Role<P>,
{
    async move {
        let end = 'life: {
            let mut ctx = Context::new(Arc::clone(&cell));
            if let Some(previous) = cell.previous() {
                cell.at_restart();
                if let Err(failure) = state.on_restart(previous, &mut ctx).await {
                    break 'life End::failed(Place::Restart, failure);
                }
                cell.at_start();
            }
            if let Err(failure) = state.on_start(&mut ctx).await {
                break 'life End::failed(Place::Start, failure);
            }
            if let Some(failure) = ctx.take_failure() {
                break 'life End::failed(Place::Start, failure);
            }
            if const { !S::WHOLE && !P::EVERY.is_empty() } {
                ctx.start_ticks();
            }
            let mut turn = Turn::<P> {
                inbox: Inbox::new(&cell.mailbox),
                refusals: Refusals::new(),
                batches: if const { collects::<P, S>() } {
                    Some(Box::new(Box::new(Collecting::new(&cell))))
                } else {
                    None
                },
                left: TURN,
                own_last: false,
                rested: false,
                collecting: false,
                from: Origin::Mail,
                alone: false,
            };
            if const { P::SUPERVISES.is_some() } {
                Engine::install(&*cell);
            } else {
                cell.set_started();
            }
            loop {
                if turn.left == 0 {
                    turn.left = TURN;
                    yield_now().await;
                }
                // In a scope of its own: what is taken apart is kept as long as
                // it is in scope, and with it room in every actor.
                let work = {
                    match poll_fn(|cx| turn.poll_next(&mut state, &mut ctx, cx)).await {
                        Some(work) => work,
                        None => break,
                    }
                };
                let handled = handle::<P, S>(work, &mut state, &mut ctx, &mut turn.left).await;
                if let Err(failure) = handled {
                    break 'life End::failed(cell.place(), failure);
                }
            }
            drop(turn);
            let down = if const { P::SUPERVISES.is_some() } {
                match Engine::why(&*cell) {
                    Some(Why::NotStarted(failure)) => {
                        break 'life End::failed(Place::Children, failure);
                    }
                    Some(Why::Shutdown(why)) => Some(why),
                    None => None,
                }
            } else {
                None
            };
            if let Some(failure) = ctx.take_failure() {
                break 'life End::failed(cell.place(), failure);
            }
            cell.at_stop();
            let stopped = state.on_stop(&mut ctx).await;
            match (stopped.err().or_else(|| ctx.take_failure()), down) {
                (None, None) => match ctx.take_leaving() {
                    Some(reason) => End::Shutdown(Box::new(ShutdownReason::Said(reason))),
                    None => End::Orderly,
                },
                (None, Some(why)) => End::Shutdown(why),
                (Some(failure), _) => End::failed(Place::Stop, failure),
            }
        };
        // Before the state goes, and with it the replies that it keeps: whoever
        // waits for them is told that it has gone, also if another one follows.
        if cell.may_go_on_after(kind(&end, &cell)) {
            port::ended_with(cell.id, || drop(state));
        } else {
            cell.set_ending();
        }
        end
    }
}

/// Whether batches are collected.
const fn collects<P: Protocol, S: Role<P>>() -> bool {
    !S::WHOLE && any_batch(P::VARIANTS)
}

/// Begins to handle `work`. (A function, for the same reason as the scope
/// where it is called.)
#[inline]
fn handle<'a, P, S>(
    work: Work<P>,
    state: &'a mut S,
    ctx: &'a mut Context<P>,
    left: &mut u8,
) -> Handling<
    impl Future<Output = Result<(), Failure>> + Send + use<'a, P, S>,
    impl Future<Output = Result<(), Failure>> + Send + use<'a, P, S>,
>
where
    P: Protocol,
    S: Role<P>,
{
    if observe::is_on() {
        // Others may come between any two messages.
        *left = 0;
    }
    match work {
        Work::One(envelope) => {
            let kind = P::kind(&envelope);
            ctx.cell().at_message(kind);
            if observe::is_on() {
                ctx.cell().observe_message(&envelope);
            }
            let one = state.dispatch(envelope, ctx);
            Handling::One { one }
        }
        Work::Batch(batch) => {
            let batch = state.dispatch_batch(batch, ctx);
            Handling::Batch { batch }
        }
    }
}

pin_project! {
    /// What a handler does. One future for both, so that it is stored once.
    #[project = HandlingNow]
    enum Handling<A, B> {
        One { #[pin] one: A },
        Batch { #[pin] batch: B },
    }
}

impl<A, B> Future for Handling<A, B>
where
    A: Future<Output = Result<(), Failure>>,
    B: Future<Output = Result<(), Failure>>,
{
    type Output = Result<(), Failure>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            HandlingNow::One { one } => one.poll(cx),
            HandlingNow::Batch { batch } => batch.poll(cx),
        }
    }
}

struct Turn<'a, P: Protocol> {
    inbox: Inbox<'a, P::Envelope, QueueOf<P>>,
    /// Of an actor that has some.
    /// (In a box of its own, since most have none.)
    batches: Option<Box<Box<dyn Collects<P>>>>,
    /// What was not ready since the last message.
    refusals: Refusals<P::Kind>,
    /// Messages until other actors have a turn.
    left: u8,
    /// The last message was the actor's own, so now the mailbox has a turn: an
    /// actor that keeps itself busy cannot starve it.
    own_last: bool,
    /// The actor has nothing to do but to wait, and whoever sends wakes it.
    rested: bool,
    /// There is a batch that is not handed over yet.
    collecting: bool,
    /// Where the message comes from that was taken last.
    from: Origin,
    /// Nobody holds the actor any more, and what was collected is all there is.
    alone: bool,
}

impl<P: Protocol> Turn<'_, P> {
    /// What is to be handled next. None when the actor is to stop and has
    /// handled everything.
    #[inline]
    fn poll_next<S>(
        &mut self,
        state: &mut S,
        ctx: &mut Context<P>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Option<Work<P>>>
    where
        S: Role<P>,
    {
        if const { collects::<P, S>() }
            && let Some(mut batches) = self.batches.take()
        {
            let polled = self.poll_batched(batches.all(), state, ctx, cx);
            self.batches = Some(batches);
            return polled;
        }
        self.poll_message(state, ctx, cx)
            .map(|next| next.map(Work::One))
    }

    /// The same with batches.
    fn poll_batched<S>(
        &mut self,
        batches: &mut Collecting<P>,
        state: &mut S,
        ctx: &mut Context<P>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Option<Work<P>>>
    where
        S: Role<P>,
    {
        batches.time_has_passed();
        loop {
            // Before anything else, as in `poll_message`.
            if const { P::SUPERVISES.is_some() }
                && Engine::run::<P, S>(state, ctx.cell(), cx).is_ready()
            {
                return Poll::Ready(None);
            }
            if ctx.cell().is_over() {
                // What it has collected is kept for the next state, or dropped.
                return match ctx.cell().is_killed() {
                    true => Poll::Pending,
                    false => Poll::Ready(None),
                };
            }
            let (inbox, refusals) = (&self.inbox, &mut self.refusals);
            let is_ready = |kind| !S::HOLDS || ask(refusals, kind, &*state, ctx.cell());
            let mut work = batches.ready(|| inbox.ahead(), is_ready);
            // Also of one that is not handled, as nobody waits for it any more.
            if let Some(counts) = batches.handed_over() {
                ctx.count_mail(counts.mail);
                ctx.cell().at_batch(counts.kind, counts.all, counts.skipped);
                if observe::is_on() {
                    let (all, skipped) = (counts.all, counts.skipped);
                    ctx.cell().observe_batch(counts.kind, all, skipped);
                }
            }
            if work.is_none() {
                if self.left == 0 {
                    self.left = TURN;
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                self.collecting = batches.is_open();
                match self.poll_message(state, ctx, cx) {
                    Poll::Ready(Some(envelope)) => {
                        let envelope = state.collects(envelope, ctx);
                        work = batches.take_in(envelope, self.from);
                    }
                    // What is not ready now never will be.
                    Poll::Ready(None) if ctx.cell().is_over() || !batches.is_open() => {
                        return Poll::Ready(None);
                    }
                    Poll::Ready(None) => batches.close(),
                    Poll::Pending if std::mem::take(&mut self.alone) => batches.close(),
                    Poll::Pending => {
                        let rested = std::mem::take(&mut self.rested);
                        if rested && batches.is_open() && ctx.has_notices() {
                            batches.close();
                        } else if !rested || batches.poll_due(cx).is_pending() {
                            return Poll::Pending;
                        }
                    }
                }
            }
            if work.is_some() {
                self.handling::<S>();
            }
            if let Some(Work::One(_)) = &work
                && batches.from() != Origin::Own
            {
                ctx.count_mail(1);
            }
            if work.is_some() {
                return Poll::Ready(work);
            }
        }
    }

    /// The next message: the actor's own, or from the mailbox. None when the
    /// actor is to stop and has handled both.
    #[inline]
    fn poll_message<S>(
        &mut self,
        state: &mut S,
        ctx: &mut Context<P>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Option<P::Envelope>>
    where
        S: Role<P>,
    {
        if const { P::SUPERVISES.is_some() }
            && Engine::run::<P, S>(state, ctx.cell(), cx).is_ready()
        {
            return Poll::Ready(None);
        }
        if ctx.cell().is_over() {
            // A kill: `life` ends it at its next look, which the signal has
            // asked for.
            return if ctx.cell().is_killed() {
                Poll::Pending
            } else {
                Poll::Ready(None)
            };
        }
        if const { P::SUPERVISES.is_some() } && ctx.cell().owes_start() {
            // It is too early to look whether it is to stop.
            return Poll::Pending;
        }
        self.left = self.left.saturating_sub(1);
        let mail_first = std::mem::take(&mut self.own_last);
        if !mail_first && let Some(own) = self.own(state, ctx, false) {
            return Poll::Ready(Some(own));
        }
        loop {
            match self.mail(state, ctx) {
                Next::Item(mail) => {
                    // What is collected is counted when it is handed over.
                    if !const { collects::<P, S>() } {
                        ctx.count_mail(1);
                    }
                    return Poll::Ready(Some(mail));
                }
                // Closed by a kill that has come since the look above.
                Next::Closed if ctx.cell().is_killed() => return Poll::Pending,
                Next::Closed => return Poll::Ready(self.own(state, ctx, true)),
                Next::Behind => {
                    for _ in 0..BEHIND_SPINS {
                        std::hint::spin_loop();
                    }
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Next::Nothing => {}
            }
            if let Some(own) = self.own(state, ctx, true) {
                return Poll::Ready(Some(own));
            }
            if !ctx.cell().is_held() {
                if self.collecting {
                    self.alone = true;
                    return Poll::Pending;
                }
                // The last handle is gone, and only this task could make a
                // new one.
                ctx.cell().mailbox.close();
            } else if self.rest::<S>() {
                self.left = TURN;
                self.rested = true;
                return Poll::Pending;
            }
        }
    }

    /// What is not mail. With `no_mail` the mailbox was seen to have none that
    /// is ready.
    #[inline]
    fn own<S>(&mut self, state: &S, ctx: &mut Context<P>, no_mail: bool) -> Option<P::Envelope>
    where
        S: Role<P>,
    {
        // Most actors send nothing to themselves.
        if ctx.has_own() {
            // What was collected is mail that is not handled yet.
            self.next_own(state, ctx, no_mail && !self.collecting)
        } else {
            None
        }
    }

    #[inline(never)]
    fn next_own<S>(&mut self, state: &S, ctx: &mut Context<P>, no_mail: bool) -> Option<P::Envelope>
    where
        S: Role<P>,
    {
        // What comes after a stop is refused, also from outside.
        let outside = !ctx.cell().mailbox.is_closed();
        let envelope = if S::HOLDS {
            let cell = Arc::clone(ctx.cell());
            let refusals = &mut self.refusals;
            let mut ready = |kind| ask(refusals, kind, state, &cell);
            ctx.next_own_ready(outside, no_mail, &mut ready)?
        } else {
            ctx.next_own(outside, no_mail)?
        };
        self.own_last = true;
        self.from = Origin::Own;
        self.handling::<S>();
        Some(envelope)
    }

    /// What others have sent: of high priority first, and of that and the rest
    /// what is ready.
    #[inline]
    fn mail<S>(&mut self, state: &S, ctx: &Context<P>) -> Next<P::Envelope>
    where
        S: Role<P>,
    {
        let next = self.mail_of_lanes(state, ctx);
        if const { any_latest(P::VARIANTS) } {
            next.map(|envelope| ctx.cell().newest(envelope))
        } else {
            next
        }
    }

    #[inline]
    fn mail_of_lanes<S>(&mut self, state: &S, ctx: &Context<P>) -> Next<P::Envelope>
    where
        S: Role<P>,
    {
        if const { any_high(P::VARIANTS) } {
            self.from = Origin::High;
            let next = if S::HOLDS {
                self.ready_mail(Lane::High, state, ctx)
            } else {
                self.inbox.next_high().map_or(Next::Nothing, Next::Item)
            };
            match next {
                Next::Nothing => {}
                next => return next,
            }
        }
        self.from = Origin::Mail;
        if S::HOLDS {
            self.ready_mail(Lane::Ordinary, state, ctx)
        } else {
            self.inbox.next()
        }
    }

    fn ready_mail<S>(&mut self, lane: Lane, state: &S, ctx: &Context<P>) -> Next<P::Envelope>
    where
        S: Role<P>,
    {
        let inbox = &mut self.inbox;
        let left = TURN;
        let mut mail = Mail::<P> { inbox, lane, left };
        let refusals = &mut self.refusals;
        let next = offer(&mut mail, |kind| ask(refusals, kind, state, ctx.cell()));
        if let Next::Item(_) = next {
            self.handling::<S>();
        }
        next
    }

    /// A message is about to be handled, which may change what is ready.
    fn handling<S>(&mut self)
    where
        S: Role<P>,
    {
        if S::HOLDS {
            self.refusals.forget();
        }
    }

    fn rest<S>(&mut self) -> bool
    where
        S: Role<P>,
    {
        if S::HOLDS {
            self.inbox.rest_holding()
        } else {
            self.inbox.rest()
        }
    }
}

/// Asks the state whether messages of this kind are ready, if it was not asked
/// since the last message.
fn ask<P, S>(refusals: &mut Refusals<P::Kind>, kind: P::Kind, state: &S, cell: &Cell<P>) -> bool
where
    P: Protocol,
    S: Role<P>,
{
    refusals.ask(kind, || {
        cell.at_ready(kind);
        state.ready(kind)
    })
}

/// A lane of the mailbox, as `offer` sees it.
struct Mail<'a, 'b, P: Protocol> {
    inbox: &'a mut Inbox<'b, P::Envelope, QueueOf<P>>,
    lane: Lane,
    /// Messages to look at until other actors have a turn.
    left: u8,
}

impl<P: Protocol> Source<P::Kind, P::Envelope> for Mail<'_, '_, P> {
    fn held_after(&self, place: Option<At>) -> Option<(At, P::Kind)> {
        self.inbox.held_after(self.lane, place, P::kind)
    }

    fn release(&mut self, kind: P::Kind) -> Option<P::Envelope> {
        self.inbox.release(self.lane, kind.index())
    }

    fn fetch(&mut self) -> Next<P::Kind> {
        if self.left == 0 {
            return Next::Behind;
        }
        self.left -= 1;
        match self.inbox.fetch(self.lane) {
            Next::Item(envelope) => {
                let kind = P::kind(&envelope);
                self.inbox.hold(self.lane, kind.index(), envelope);
                Next::Item(kind)
            }
            Next::Nothing => Next::Nothing,
            Next::Behind => Next::Behind,
            Next::Closed => Next::Closed,
        }
    }
}

/// Goes to the back of the queue.
async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
