//! Asks of messages that may be handled more than once.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use super::policy::Retry;
use crate::ask::{Ask, Sent};
use crate::ask_error::AskError;
use crate::handle::Handle;
use crate::port::Reply;
use crate::protocol::Protocol;
use crate::seam::{Deadline, Seam};
use crate::wait::wait;

/// An ask of a variant with `#[idempotent]`: it does no harm to handle the
/// message twice, so it may be tried again.
///
/// It is an [`Ask`] in every respect, and it has [`retry`](IdempotentAsk::retry).
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::Retry;
///
/// #[actor]
/// enum Site {
///     #[idempotent]
///     #[reply(String, error = std::io::Error)]
///     Page { path: String },
/// }
/// struct Flaky { calls: u32 }
///
/// #[handlers]
/// impl SiteActor for Flaky {
///     fn page(&mut self, path: String) -> Result<String, std::io::Error> {
///         self.calls += 1;
///         match self.calls {
///             1 | 2 => Err(std::io::ErrorKind::ConnectionReset.into()),
///             _ => Ok(format!("the page {path}")),
///         }
///     }
/// }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let site = Site::spawn(&system, Flaky { calls: 0 });
/// let retry = Retry::times(3).backoff(Duration::from_millis(1), Duration::from_millis(9));
/// let page = site.page("/news".to_owned()).retry(retry).when(|error| {
///     matches!(error, AskError::Failed(_))
/// });
/// assert_eq!(page.wait()?, "the page /news");
/// # system.shutdown().wait() }
/// ```
#[must_use = "it does nothing unless it is awaited, waited for with `.wait()`, or sent with `.send()`"]
pub struct IdempotentAsk<P: Protocol, T, E = Infallible> {
    handle: Handle<P>,
    make: Make<P, T, E>,
    limit: Option<Duration>,
    /// Made when it is first polled.
    ask: Option<Ask<P, T, E>>,
}

type Make<P, T, E> = Box<dyn FnMut(&Handle<P>) -> Ask<P, T, E> + Send>;

// Nothing in it is pinned.
impl<P: Protocol, T, E> Unpin for IdempotentAsk<P, T, E> {}

impl<P: Protocol, T, E> IdempotentAsk<P, T, E> {
    pub(crate) fn new(
        handle: &Handle<P>,
        make: impl FnMut(&Handle<P>) -> Ask<P, T, E> + Send + 'static,
    ) -> Self {
        IdempotentAsk {
            handle: handle.clone(),
            make: Box::new(make),
            limit: None,
            ask: None,
        }
    }

    fn make(&mut self) -> Ask<P, T, E> {
        let ask = (self.make)(&self.handle);
        match self.limit {
            Some(limit) => ask.timeout(limit),
            None => ask,
        }
    }

    /// The same without the right to be retried.
    pub fn once(mut self) -> Ask<P, T, E> {
        self.ask.take().unwrap_or_else(|| self.make())
    }

    /// As [`Ask::timeout`], for each try.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self.ask = self.ask.map(|ask| ask.timeout(limit));
        self
    }

    /// As [`Ask::wait`].
    ///
    /// # Errors
    /// As the ask itself.
    pub fn wait(self) -> Result<T, AskError<E>> {
        self.once().wait()
    }

    /// As [`Ask::send`].
    pub fn send(self) -> Sent<T, E> {
        self.once().send()
    }

    /// As [`Ask::forward`].
    pub fn forward(self, reply: Reply<T, E>)
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        self.once().forward(reply);
    }

    /// Tries again when it fails, by this policy: with `Timeout`, `Crashed`,
    /// `Full`, `NoReply`, `CircuitOpen` or `Limited`.
    /// [`when`](Retrying::when) says it in another way. An actor that has
    /// stopped, a deadlock, and `.wait()` in a handler end it at once.
    ///
    /// A try that timed out may still be handled, and so the message may be
    /// handled several times: that is what `#[idempotent]` promises to be
    /// harmless.
    pub fn retry(self, policy: Retry) -> Retrying<P, T, E> {
        Retrying {
            ask: self,
            policy,
            when: None,
            began: None,
            failed: 0,
            state: State::Before,
        }
    }
}

/// Asks that may be repeated: there to say of the others why they may not.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this ask cannot be retried: its message may not be handled twice",
    label = "not the ask of a variant with `#[idempotent]`",
    note = "if it does no harm to handle the message twice, mark its variant `#[idempotent]`"
)]
pub trait MayBeRepeated {}

impl<P: Protocol, T, E> Ask<P, T, E> {
    #[doc(hidden)]
    pub fn retry(self, policy: Retry) -> Ask<P, T, E>
    where
        Self: MayBeRepeated,
    {
        // Nobody can call it.
        let _ = policy;
        self
    }
}

/// Errors that may be gone with the next try, whatever was asked.
fn is_passing<E>(error: &AskError<E>) -> bool {
    matches!(
        error,
        AskError::Timeout { .. }
            | AskError::Crashed { .. }
            | AskError::Full { .. }
            | AskError::NoReply { .. }
            | AskError::CircuitOpen { .. }
            | AskError::Limited { .. }
    )
}

/// Errors that no other try can change.
fn is_final<E>(error: &AskError<E>) -> bool {
    matches!(
        error,
        AskError::Stopped { .. } | AskError::Deadlock { .. } | AskError::WaitInHandler { .. }
    )
}

impl<P: Protocol, T, E> Future for IdempotentAsk<P, T, E> {
    type Output = Result<T, AskError<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if this.ask.is_none() {
            this.ask = Some(this.make());
        }
        match &mut this.ask {
            Some(ask) => Pin::new(ask).poll(cx),
            None => Poll::Pending,
        }
    }
}

impl<P: Protocol, T, E> fmt::Debug for IdempotentAsk<P, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdempotentAsk({})", self.handle.label())
    }
}

/// An ask that is tried again when it fails: see [`IdempotentAsk::retry`].
///
/// # Cancel safety
/// As that of [`Ask`]; dropped between two tries, nothing is sent any more.
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Retrying<P: Protocol, T, E = Infallible> {
    ask: IdempotentAsk<P, T, E>,
    policy: Retry,
    /// If it is not the usual.
    when: Option<When<E>>,
    /// When the first try began.
    began: Option<Instant>,
    failed: u32,
    state: State<P, T, E>,
}

type When<E> = Box<dyn FnMut(&AskError<E>) -> bool + Send>;

enum State<P: Protocol, T, E> {
    Before,
    Trying(Box<Ask<P, T, E>>),
    Waiting(Deadline),
}

// Nothing in it is pinned.
impl<P: Protocol, T, E> Unpin for Retrying<P, T, E> {}

impl<P: Protocol, T, E> Retrying<P, T, E> {
    /// Tries again only after these errors. Those that no other try can change
    /// end it in any case.
    pub fn when(mut self, again: impl FnMut(&AskError<E>) -> bool + Send + 'static) -> Self {
        self.when = Some(Box::new(again));
        self
    }

    /// Waits for the reply on this thread.
    ///
    /// # Errors
    /// The error of the last try; and at once if this is called in a handler
    /// on a shared worker thread.
    pub fn wait(mut self) -> Result<T, AskError<E>> {
        match wait(&mut self) {
            Ok(answer) => answer,
            // The ask says so itself.
            Err(_) => self.ask.wait(),
        }
    }

    fn try_once(&mut self, now: Instant) -> Box<Ask<P, T, E>> {
        let began = *self.began.get_or_insert(now);
        let ask = Box::new(self.ask.make());
        match self.policy.left(now.saturating_duration_since(began)) {
            Some(left) => Box::new(ask.at_most(left)),
            None => ask,
        }
    }

    /// How long to wait after this error. None to give up.
    fn after(&mut self, error: &AskError<E>, seam: &Arc<dyn Seam>) -> Option<Duration> {
        self.failed += 1;
        let again = match &mut self.when {
            Some(when) => when(error),
            None => is_passing(error),
        };
        if is_final(error) || !again {
            return None;
        }
        let now = seam.now();
        let passed = now.saturating_duration_since(self.began.unwrap_or(now));
        let not_before = error.retry_after();
        self.policy
            .wait(self.failed, passed, not_before, seam.random())
    }
}

impl<P: Protocol, T, E> Future for Retrying<P, T, E> {
    type Output = Result<T, AskError<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let seam = Arc::clone(this.ask.handle.cell().seam());
        loop {
            match &mut this.state {
                State::Before => {
                    let ask = this.try_once(seam.now());
                    this.state = State::Trying(ask);
                }
                State::Trying(ask) => {
                    let error = match ready!(Pin::new(&mut **ask).poll(cx)) {
                        Ok(answer) => return Poll::Ready(Ok(answer)),
                        Err(error) => error,
                    };
                    match this.after(&error, &seam) {
                        // When no clock runs any more, or none so far, there is
                        // no other try.
                        Some(wait) if !seam.is_terminated() => {
                            let Some(at) = seam.now().checked_add(wait) else {
                                return Poll::Ready(Err(error));
                            };
                            let deadline = Deadline::new(Arc::clone(&seam), Some(at));
                            this.state = State::Waiting(deadline);
                        }
                        _ => return Poll::Ready(Err(error)),
                    }
                }
                State::Waiting(deadline) => {
                    ready!(deadline.poll_passed(cx));
                    this.state = State::Before;
                }
            }
        }
    }
}

impl<P: Protocol, T, E> fmt::Debug for Retrying<P, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Retrying({}, {} failed)",
            self.ask.handle.label(),
            self.failed
        )
    }
}
