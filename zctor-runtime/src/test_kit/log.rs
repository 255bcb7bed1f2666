//! What probes share with their actors: what has come, and who waits for it.

use std::collections::VecDeque;
use std::fmt::Write;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Context as Cx, Poll};
use std::time::{Duration, Instant};

use super::got::Got;
use crate::any_port::Apart;
use crate::context::Context;
use crate::delivery::{Delivery, NotQueued};
use crate::failure::Failure;
use crate::handle::Handle;
use crate::mailbox::Refused;
use crate::protocol::{Fault, Kind, Protocol};
use crate::role::Role;
use crate::seam::Seam;
use crate::sync::lock;
use crate::waiters::{Ticket, Waiters};

pub(super) struct Log<P: Protocol> {
    pub(super) seam: Arc<dyn Seam>,
    began: Instant,
    inner: Mutex<Inner<P>>,
}

struct Inner<P: Protocol> {
    /// All that has come.
    seen: Vec<Seen<P::Kind>>,
    /// What nobody has taken yet.
    waiting: VecDeque<Got<P>>,
    goes_on: Option<GoesOn<P>>,
    waiters: Waiters,
    closed: bool,
}

struct Seen<K> {
    kind: K,
    at: Duration,
    /// It is not kept, or was taken.
    gone: Option<&'static str>,
}

/// Where messages go on to, with a copy for the probe or without.
pub(super) struct GoesOn<P: Protocol> {
    pub(super) to: Handle<P>,
    pub(super) copy: Option<fn(&P) -> P>,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted<K> {
    /// The next message.
    Any,
    /// The next message, of this kind.
    Next(K),
    /// The next message of this kind.
    First(K),
}

/// What was found.
pub(super) enum Found<P: Protocol> {
    Got(Box<Got<P>>),
    /// The next message is of another kind.
    Other,
}

impl<P: Protocol> Log<P> {
    pub(super) fn new(seam: &Arc<dyn Seam>) -> Arc<Log<P>> {
        Arc::new(Log {
            seam: Arc::clone(seam),
            began: seam.now(),
            inner: Mutex::new(Inner {
                seen: Vec::new(),
                waiting: VecDeque::new(),
                goes_on: None,
                waiters: Waiters::new(),
                closed: false,
            }),
        })
    }

    /// Keeps a message. One that is to go on comes back.
    fn put(&self, envelope: P::Envelope, ctx: &Context<P>) -> Option<Delivery<P>> {
        let kind = P::kind(&envelope);
        let at = self.seam.now().saturating_duration_since(self.began);
        let mut inner = lock(&self.inner);
        if inner.closed {
            drop(inner);
            ctx.cell().discard(envelope, Fault::Stopped);
            return None;
        }
        let (to, copy) = match &inner.goes_on {
            None => (None, None),
            Some(goes_on) => (Some(goes_on.to.clone()), goes_on.copy),
        };
        drop(inner);
        // The user's code: clones.
        let mut got = None;
        let mut delivery = None;
        let mut port = Apart::default();
        match (to, copy) {
            (Some(to), None) => delivery = Some(Delivery::new(&to, envelope)),
            (to, copy) => {
                let message = P::open_with(envelope, &mut port);
                // As other actors do.
                if port.0.as_ref().is_some_and(|port| port.is_withdrawn()) {
                    ctx.cell().count_skipped();
                    return None;
                }
                match to.zip(copy) {
                    None => got = Some(message),
                    Some((to, copy)) => {
                        got = Some(copy(&message));
                        let envelope = message.seal_with(&mut port);
                        delivery = Some(Delivery::new(&to, envelope));
                        port = Apart::default();
                    }
                }
            }
        }
        inner = lock(&self.inner);
        let number = inner.seen.len();
        let gone = got.is_none().then_some("passed on");
        inner.seen.push(Seen { kind, at, gone });
        if let Some(message) = got {
            inner.waiting.push_back(Got {
                number,
                message,
                kind,
                port,
                at,
                by: ctx.label(),
                passed_on: delivery.is_some(),
            });
        }
        let woken = inner.waiters.all();
        drop(inner);
        woken.wake();
        delivery
    }

    /// Takes what is wanted if it has come; else `cx` is woken when more comes.
    pub(super) fn poll_take(
        &self,
        wanted: Wanted<P::Kind>,
        ticket: &mut Option<Ticket>,
        cx: &Cx<'_>,
    ) -> Poll<Found<P>> {
        let waker = cx.waker().clone();
        let mut inner = lock(&self.inner);
        if let Some(found) = inner.take(wanted) {
            return Poll::Ready(found);
        }
        let old = inner.waiters.register(ticket, waker);
        drop(inner);
        drop(old);
        Poll::Pending
    }

    /// Takes the next message, if one has come.
    pub(super) fn take(&self) -> Option<Got<P>> {
        match lock(&self.inner).take(Wanted::Any)? {
            Found::Got(got) => Some(*got),
            Found::Other => None,
        }
    }

    /// Ready when a message waits to be taken.
    pub(super) fn poll_any(&self, ticket: &mut Option<Ticket>, cx: &Cx<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut inner = lock(&self.inner);
        if !inner.waiting.is_empty() {
            return Poll::Ready(());
        }
        let old = inner.waiters.register(ticket, waker);
        drop(inner);
        drop(old);
        Poll::Pending
    }

    pub(super) fn leave(&self, ticket: Ticket) {
        let waker = lock(&self.inner).waiters.leave(ticket);
        drop(waker);
    }

    pub(super) fn go_on(&self, goes_on: Option<GoesOn<P>>) {
        let before = std::mem::replace(&mut lock(&self.inner).goes_on, goes_on);
        drop(before);
    }

    pub(super) fn kinds(&self) -> Vec<P::Kind> {
        let inner = lock(&self.inner);
        inner.seen.iter().map(|seen| seen.kind).collect()
    }

    /// Keeps nothing from now on.
    pub(super) fn close(&self) {
        let mut inner = lock(&self.inner);
        inner.closed = true;
        let left = (std::mem::take(&mut inner.waiting), inner.goes_on.take());
        drop(inner);
        drop(left);
    }

    /// All that has come, in words.
    pub(super) fn describe(&self) -> String {
        let inner = lock(&self.inner);
        if inner.seen.is_empty() {
            return "nothing has come at all".to_owned();
        }
        let mut text = "what has come, since the probe was made:".to_owned();
        let skipped = inner.seen.len().saturating_sub(MOST);
        if skipped > 0 {
            let _ = write!(text, "\n  ({skipped} earlier ones)");
        }
        for seen in inner.seen.iter().skip(skipped) {
            let (kind, at) = (seen.kind.name(), seen.at);
            let gone = seen.gone.unwrap_or("not taken yet");
            let _ = write!(text, "\n  `{kind}` after {at:?}, {gone}");
        }
        text
    }

    /// What the next one is that nobody has taken.
    pub(super) fn next_kind(&self) -> Option<P::Kind> {
        lock(&self.inner).waiting.front().map(|got| got.kind)
    }
}

/// So many messages are told of.
const MOST: usize = 50;

impl<P: Protocol> Inner<P> {
    fn take(&mut self, wanted: Wanted<P::Kind>) -> Option<Found<P>> {
        let place = match wanted {
            Wanted::Any => 0,
            Wanted::Next(kind) => {
                if self.waiting.front()?.kind != kind {
                    return Some(Found::Other);
                }
                0
            }
            Wanted::First(kind) => self.waiting.iter().position(|got| got.kind == kind)?,
        };
        let got = self.waiting.remove(place)?;
        if let Some(seen) = self.seen.get_mut(got.number) {
            seen.gone = Some("taken");
        }
        Some(Found::Got(Box::new(got)))
    }
}

/// What the actor of a probe does: nothing but to keep its messages.
pub(super) struct Keeping<P: Protocol>(pub(super) Arc<Log<P>>);

impl<P: Protocol> Role<P> for Keeping<P> {
    const WHOLE: bool = true;

    async fn dispatch(
        &mut self,
        envelope: P::Envelope,
        ctx: &mut Context<P>,
    ) -> Result<(), Failure> {
        let Some(mut delivery) = self.0.put(envelope, ctx) else {
            return Ok(());
        };
        match poll_fn(|cx| delivery.poll(cx)).await {
            Ok(()) => {}
            Err(NotQueued::Refused(Refused::Closed(envelope))) => {
                ctx.cell().discard(envelope, Fault::Stopped);
            }
            Err(NotQueued::Refused(Refused::Full(envelope)) | NotQueued::Deadlock(envelope, _)) => {
                ctx.cell().discard(envelope, Fault::Full);
            }
        }
        Ok(())
    }
}
