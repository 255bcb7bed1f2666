//! The life of one state: start, messages, stop.

use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::{self, Poll};

use crate::cell::Cell;
use crate::context::Context;
use crate::exit::{Cause, Place};
use crate::failure::Failure;
use crate::handled_by::HandledBy;
use crate::mailbox::{Inbox, Next};
use crate::protocol::{Kind, Protocol};
use crate::waits;

/// So many messages in a row, then other actors have a turn.
const TURN: u32 = 128;

/// How long, in turns of a loop, an actor stays away from a queue that grows.
const BEHIND_SPINS: u32 = 64;

/// How an incarnation ended by itself. (One that panics or is killed does not
/// end by itself: see `life`.)
pub(crate) enum End {
    Orderly,
    Failed(Place, Cause),
}

impl End {
    fn failed(place: Place, failure: Failure) -> End {
        End::Failed(place, Cause::Error(failure))
    }
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
    P: HandledBy<S>,
    S: Send + 'static,
{
    async move {
        let end = 'life: {
            let mut ctx = Context::new(Arc::clone(&cell));
            if let Err(failure) = P::on_start(&mut state, &mut ctx).await {
                break 'life End::failed(Place::Start, failure);
            }
            if let Some(failure) = ctx.take_failure() {
                break 'life End::failed(Place::Start, failure);
            }
            cell.stage.set_started();
            let mut inbox = Inbox::new(&cell.mailbox);
            let mut turn = Turn {
                left: TURN,
                own_last: false,
            };
            loop {
                if turn.left == 0 {
                    turn.left = TURN;
                    yield_now().await;
                }
                let next = poll_fn(|cx| turn.poll_next(&cell, &mut inbox, &mut ctx, cx));
                let Some(envelope) = next.await else { break };
                let kind = P::kind(&envelope);
                cell.at_message(kind);
                let handled = P::dispatch(&mut state, envelope, &mut ctx).await;
                waits::handler_returned();
                if let Err(failure) = handled {
                    break 'life End::failed(Place::Message(kind.name()), failure);
                }
            }
            drop(inbox);
            if let Some(failure) = ctx.take_failure() {
                break 'life End::failed(cell.place(), failure);
            }
            cell.at_stop();
            let stopped = P::on_stop(&mut state, &mut ctx).await;
            match stopped.err().or_else(|| ctx.take_failure()) {
                None => End::Orderly,
                Some(failure) => End::failed(Place::Stop, failure),
            }
        };
        // Before the state goes, and with it the replies that it keeps.
        cell.set_ending();
        end
    }
}

struct Turn {
    /// Messages until other actors have a turn.
    left: u32,
    /// The last message was the actor's own, so now the mailbox has a turn: an
    /// actor that keeps itself busy cannot starve it.
    own_last: bool,
}

impl Turn {
    /// The next message: the actor's own, or from the mailbox. None when the
    /// actor is to stop and has handled both.
    #[inline]
    fn poll_next<P: Protocol>(
        &mut self,
        cell: &Cell<P>,
        inbox: &mut Inbox<'_, P::Envelope>,
        ctx: &mut Context<P>,
        cx: &task::Context<'_>,
    ) -> Poll<Option<P::Envelope>> {
        if cell.is_over() {
            // A kill: `life` ends it at its next look, which the signal has
            // asked for.
            return if cell.has_failed() {
                Poll::Ready(None)
            } else {
                Poll::Pending
            };
        }
        self.left = self.left.saturating_sub(1);
        let mail_first = std::mem::take(&mut self.own_last);
        if !mail_first && let Some(own) = self.own(cell, ctx, false) {
            return Poll::Ready(Some(own));
        }
        loop {
            match inbox.next() {
                Next::Item(envelope) => {
                    ctx.count_mail();
                    return Poll::Ready(Some(envelope));
                }
                // Closed by a kill that has come since the look above.
                Next::Closed if cell.is_killed() => return Poll::Pending,
                Next::Closed => return Poll::Ready(self.own(cell, ctx, true)),
                Next::Behind => {
                    for _ in 0..BEHIND_SPINS {
                        std::hint::spin_loop();
                    }
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Next::Nothing => {}
            }
            if let Some(own) = self.own(cell, ctx, true) {
                return Poll::Ready(Some(own));
            }
            if !cell.is_held() {
                // The last handle is gone, and only this task could make a
                // new one.
                cell.mailbox.close();
            } else if inbox.rest() {
                self.left = TURN;
                return Poll::Pending;
            }
        }
    }

    /// What is not mail. With `no_mail` the mailbox was seen to be empty.
    fn own<P: Protocol>(
        &mut self,
        cell: &Cell<P>,
        ctx: &mut Context<P>,
        no_mail: bool,
    ) -> Option<P::Envelope> {
        if !ctx.has_own() {
            return None;
        }
        // What comes after a stop is refused, also from outside.
        let envelope = ctx.next_own(!cell.mailbox.is_closed(), no_mail)?;
        self.own_last = true;
        Some(envelope)
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
