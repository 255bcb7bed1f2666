//! A context without an actor: handlers are called in it, one by one.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context as Cx, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use super::answered::Answered;
use super::handled::{Handled, SetTimer};
use crate::any_port::Asking;
use crate::cell::Cell;
use crate::context::Context;
use crate::exit::ExitReason;
use crate::failure::Failure;
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::hub::Hub;
use crate::inbox::{Inbox, Next};
use crate::protocol::{Kind, Protocol, Thread};
use crate::sim::Still;
use crate::system::DEFAULT_LIMIT;
use crate::timers::Taken;
use crate::wait::as_worker;

/// The random numbers that handlers draw are the same each time.
const SEED: u64 = 0;

/// A cell that has no task, in a system that nobody runs.
pub(super) struct Bench<P: Protocol> {
    still: Still,
    ctx: Context<P>,
    handle: Handle<P>,
    /// When the last handler was called.
    called: Instant,
}

impl<P: Protocol> Bench<P> {
    pub(super) fn new() -> Bench<P> {
        let still = Still::new(SEED);
        let seam = still.seam();
        let called = seam.now();
        let hub = Arc::new(Hub::new("test", seam, DEFAULT_LIMIT).with_quiet(true));
        let cell = Cell::<P>::new(hub, None, P::MAILBOX);
        Bench {
            still,
            ctx: Context::new(Arc::clone(&cell)),
            handle: Handle::first(cell),
            called,
        }
    }

    pub(super) fn move_to(&self, elapsed: Duration) {
        self.still.move_to(elapsed);
    }

    /// Calls a handler. Its time is that of the bench: it goes on when there is
    /// nothing else to wait for.
    pub(super) async fn call<S>(&mut self, state: &mut S, message: P) -> Handled<P>
    where
        P: HandledBy<S>,
    {
        self.called = self.still.seam().now();
        let mut asking = Asking::default();
        let envelope = message.seal_with(&mut asking);
        let kind = P::kind(&envelope);
        let ctx = &mut self.ctx;
        ctx.cell().at_message(kind);
        let failure = {
            let handler = pin!(P::dispatch(state, envelope, ctx));
            let inside = Inside {
                handler,
                may_block: P::THREAD == Thread::Dedicated,
                still: &self.still,
            };
            inside.await.err()
        };
        let failure = failure.or_else(|| ctx.take_failure());
        let stopping = self.handle.cell().mailbox.is_closed();
        let mut sent = Vec::new();
        if let Some((_, own)) = ctx.parts_if_any() {
            while let Some(envelope) = own.sent.pop() {
                sent.push(P::open(envelope));
            }
        }
        Handled {
            kind,
            answered: Answered::new(asking),
            failure,
            sent,
            timers: Vec::new(),
            stopping,
        }
    }

    /// The last call: all that would come later is taken too.
    pub(super) fn end(mut self, handled: &mut Handled<P>) {
        let cell = Arc::clone(self.handle.cell());
        let called = self.called;
        if let Some((_, own)) = self.ctx.parts_if_any() {
            let mut timers = own.timers.take_all(&cell);
            timers.sort_by_key(|timer| timer.at);
            let timer = |timer: Taken<P>| SetTimer {
                after: timer.at.saturating_duration_since(called),
                every: timer.every,
                name: timer.name,
                message: timer.message,
            };
            handled.timers = timers.into_iter().map(timer).collect();
        }
        self.take_mail(handled);
    }

    /// What came through handles.
    pub(super) fn take_mail(&mut self, handled: &mut Handled<P>) {
        let sent = &mut handled.sent;
        let mailbox = &self.handle.cell().mailbox;
        let mut inbox = Inbox::new(mailbox);
        loop {
            match inbox.next_high().map_or_else(|| inbox.next(), Next::Item) {
                Next::Item(envelope) => sent.push(P::open(envelope)),
                Next::Behind => {}
                Next::Nothing | Next::Closed => break,
            }
        }
    }
}

impl<P: Protocol> Drop for Bench<P> {
    fn drop(&mut self) {
        let cell = self.handle.cell();
        cell.any().end_unstarted(ExitReason::Normal);
        // What handlers have spawned there goes as well.
        cell.hub.seam.terminate(false);
    }
}

/// A handler that is polled as on a worker thread, or on one of its own.
struct Inside<'a, F> {
    handler: Pin<&'a mut F>,
    may_block: bool,
    still: &'a Still,
}

impl<F: Future<Output = Result<(), Failure>>> Future for Inside<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Cx<'_>) -> Poll<F::Output> {
        let woken = Arc::new(Woken {
            woken: AtomicBool::new(false),
            outer: cx.waker().clone(),
        });
        let waker = Waker::from(Arc::clone(&woken));
        let may_block = self.may_block;
        let mut inner = Cx::from_waker(&waker);
        loop {
            let handler = self.handler.as_mut();
            let polled = match may_block {
                true => handler.poll(&mut inner),
                false => as_worker(|| handler.poll(&mut inner)),
            };
            if let Poll::Ready(done) = polled {
                return Poll::Ready(done);
            }
            while !woken.woken.swap(false, SeqCst) {
                if !self.still.jump() {
                    return Poll::Pending;
                }
            }
        }
    }
}

struct Woken {
    woken: AtomicBool,
    outer: Waker,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, SeqCst);
        self.outer.wake_by_ref();
    }
}

/// The only poll of a future that must not wait.
pub(super) fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut cx = Cx::from_waker(Waker::noop());
    match pin!(future).poll(&mut cx) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}

/// What is said of a handler that has to wait.
pub(super) fn has_to_wait<P: Protocol>(kind: P::Kind, instead: &str) -> String {
    format!(
        "the handler of `{}::{}` has to wait for something outside of it: call it with `{instead}`",
        P::NAME,
        kind.name()
    )
}
