//! What doubles answer, and the state that does.

use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context as Cx, Poll};

use crate::context::Context;
use crate::failure::Failure;
use crate::handled_by::HandledBy;
use crate::protocol::{Kind, Protocol, Variant};
use crate::role::Role;
use crate::sync::lock;
use crate::waiters::{Ticket, Waiters};

/// The state of a double: it does what was scripted. Generated code implements
/// the trait of its actor for it.
#[doc(hidden)]
pub struct Script<P: Protocol> {
    pages: Arc<Pages>,
    protocol: PhantomData<fn() -> P>,
}

/// A closure that a user has given, whatever its type.
type Page = Box<dyn Any + Send>;

/// What was scripted for each variant, and what has become of it.
pub(super) struct Pages {
    name: &'static str,
    variants: &'static [Variant],
    inner: Mutex<Inner>,
    /// What is done every time has come back.
    back: Condvar,
}

struct Inner {
    rows: Vec<Row>,
    waiters: Waiters,
}

#[derive(Default)]
struct Row {
    expected: VecDeque<Page>,
    every: Option<Page>,
    /// It is being done, by another actor of this double.
    lent: bool,
    /// So many are being done.
    running: u32,
    /// Messages that nothing was scripted for.
    unexpected: u64,
    panicked: bool,
}

impl Pages {
    pub(super) fn new<P: Protocol>() -> Arc<Pages> {
        let rows = P::VARIANTS.iter().map(|_| Row::default()).collect();
        let waiters = Waiters::new();
        Arc::new(Pages {
            name: P::NAME,
            variants: P::VARIANTS,
            inner: Mutex::new(Inner { rows, waiters }),
            back: Condvar::new(),
        })
    }

    pub(super) fn script<P: Protocol>(self: &Arc<Self>) -> Script<P> {
        Script {
            pages: Arc::clone(self),
            protocol: PhantomData,
        }
    }

    pub(super) fn every(&self, row: usize, page: Page) {
        let mut inner = lock(&self.inner);
        let before = inner
            .rows
            .get_mut(row)
            .and_then(|row| row.every.replace(page));
        drop(inner);
        drop(before);
    }

    pub(super) fn expect(&self, row: usize, page: Page) {
        if let Some(row) = lock(&self.inner).rows.get_mut(row) {
            row.expected.push_back(page);
        }
    }

    /// What is to be done, and whether it is to be done again.
    fn turn(&self, row: usize) -> Option<(Page, bool)> {
        let mut inner = lock(&self.inner);
        loop {
            let row = inner.rows.get_mut(row)?;
            let page = row.expected.pop_front().map(|page| (page, false));
            let page = page.or_else(|| Some((row.every.take()?, true)));
            if let Some((page, every)) = page {
                row.running += 1;
                row.lent |= every;
                return Some((page, every));
            }
            if !row.lent {
                row.unexpected += 1;
                return None;
            }
            inner = self
                .back
                .wait(inner)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Something was done, or, if it was not even begun, there was nothing.
    fn done(&self, row: usize, begun: bool, every: bool, again: Option<Page>, panicked: bool) {
        let mut inner = lock(&self.inner);
        let mut left = again;
        if let Some(row) = inner.rows.get_mut(row) {
            row.panicked |= panicked;
            row.running -= u32::from(begun);
            row.lent &= !every;
            // It may have been scripted anew meanwhile.
            if row.every.is_none() {
                row.every = left.take();
            }
        }
        let woken = inner.waiters.all();
        drop(inner);
        self.back.notify_all();
        drop(left);
        woken.wake();
    }

    fn text(&self, row: usize) -> (&'static str, &'static str) {
        let variant = self.variants.get(row);
        variant.map_or(("?", "?"), |variant| (variant.name(), variant.method()))
    }

    /// Ready when nothing more can change: nothing is expected any more, or
    /// something has gone wrong.
    pub(super) fn poll_settled(&self, ticket: &mut Option<Ticket>, cx: &Cx<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut inner = lock(&self.inner);
        let wrong = |row: &Row| row.unexpected > 0 || row.panicked;
        let open = |row: &Row| !row.expected.is_empty() || row.running > 0;
        if inner.rows.iter().any(wrong) || !inner.rows.iter().any(open) {
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

    /// What is wrong, if anything is.
    pub(super) fn complaint(&self) -> Option<String> {
        let inner = lock(&self.inner);
        let mut text = String::new();
        for (number, row) in inner.rows.iter().enumerate() {
            let (name, method) = self.text(number);
            if row.unexpected > 0 {
                let times = times(row.unexpected);
                text += &format!(
                    "\n  `{name}` has come {times} when nothing was scripted for it: \
                     script it with `on_{method}` or `expect_{method}`"
                );
            }
            if row.panicked {
                text += &format!("\n  what was scripted for `{name}` has panicked");
            }
            if !row.expected.is_empty() {
                let times = times(row.expected.len() as u64);
                text += &format!("\n  `{name}` was expected {times} more by `expect_{method}`");
            }
        }
        (!text.is_empty()).then(|| format!("the double of `{}` is not content:{text}", self.name))
    }
}

fn times(number: u64) -> String {
    match number {
        1 => "once".to_owned(),
        number => format!("{number} times"),
    }
}

impl<P: Protocol> Script<P> {
    /// Does what was scripted for a message.
    ///
    /// # Errors
    /// If nothing was: the double crashes.
    pub fn play<F: Send + 'static, T>(
        &self,
        kind: P::Kind,
        call: impl FnOnce(&mut F) -> T,
    ) -> Result<T, Failure> {
        let row = kind.index();
        let mut page = self.pages.turn(row).and_then(|(page, again)| {
            Some(Turning {
                pages: &self.pages,
                row,
                script: Some(page.downcast::<F>().ok()?),
                again,
                finished: false,
            })
        });
        let Some(turning) = &mut page else {
            self.pages.done(row, false, false, None, false);
            let (name, method) = self.pages.text(row);
            return Err(Failure::msg(format!(
                "nothing was scripted for `{}::{name}`: script it with `on_{method}` or `expect_{method}`",
                P::NAME
            )));
        };
        let Some(script) = &mut turning.script else {
            return Err(Failure::msg("the script is gone"));
        };
        let value = call(script);
        turning.finished = true;
        Ok(value)
    }
}

/// What is being done: put back if it is to be done again, also by one that
/// panics.
struct Turning<'a, F: Send + 'static> {
    pages: &'a Pages,
    row: usize,
    script: Option<Box<F>>,
    again: bool,
    finished: bool,
}

impl<F: Send + 'static> Drop for Turning<'_, F> {
    fn drop(&mut self) {
        let script = self.script.take().filter(|_| self.again);
        let page = script.map(|script| script as Page);
        self.pages
            .done(self.row, true, self.again, page, !self.finished);
    }
}

impl<P: Protocol> fmt::Debug for Script<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Script({})", P::NAME)
    }
}

/// A double in its actor: it gets each message by itself.
pub(super) struct Playing<P: Protocol>(pub(super) Script<P>);

impl<P: HandledBy<Script<P>>> Role<P> for Playing<P> {
    const WHOLE: bool = true;

    async fn dispatch(
        &mut self,
        envelope: P::Envelope,
        ctx: &mut Context<P>,
    ) -> Result<(), Failure> {
        P::dispatch(&mut self.0, envelope, ctx).await
    }
}
