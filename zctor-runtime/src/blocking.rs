//! Work that blocks, beside the actors.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::exit::Cause;
use crate::guard;
use crate::seam::Seam;
use crate::wait::{WaitInHandler, wait};

/// Work that runs on a thread where it may block: see
/// [`System::spawn_blocking`](crate::System::spawn_blocking).
///
/// # Errors
/// [`BlockingError`], if the work panicked or was not begun.
///
/// # Cancel safety
/// Dropped, the work goes on, and what it returns is dropped.
///
/// ```
/// use zctor::prelude::*;
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let lines = system.spawn_blocking(|| std::fs::read_to_string("Cargo.toml").map(|t| t.lines().count()));
/// assert!(lines.wait()?? > 10);
/// # system.shutdown().wait() }
/// ```
#[must_use = "the work runs in any case; await what it returns, or wait for it with `.wait()`"]
pub struct Blocking<T>(Option<oneshot::AsyncReceiver<Result<T, String>>>);

impl<T> Unpin for Blocking<T> {}

impl<T: Send + 'static> Blocking<T> {
    pub(crate) fn start(seam: &dyn Seam, work: impl FnOnce() -> T + Send + 'static) -> Self {
        let (sender, receiver) = oneshot::async_channel();
        seam.run_blocking(Box::new(move || {
            let result = catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
                let text = Cause::text_of(&*payload);
                // The payload is the user's: its drop may panic as well.
                guard::quietly(|| drop(payload));
                text
            });
            // Nobody may want it any more.
            let _ = sender.send(result);
        }));
        Blocking(Some(receiver))
    }

    /// Waits on this thread.
    ///
    /// # Errors
    /// If the work panicked or was not done, or this is called in a handler on
    /// a shared worker thread.
    pub fn wait(mut self) -> Result<T, BlockingError> {
        wait(&mut self).unwrap_or_else(|refused| Err(BlockingError::WaitInHandler(refused)))
    }
}

impl<T> Future for Blocking<T> {
    type Output = Result<T, BlockingError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Once the outcome was given there is nothing more to come.
        let Some(receiver) = &mut self.0 else {
            return Poll::Pending;
        };
        let outcome = ready!(Pin::new(receiver).poll(cx));
        self.0 = None;
        Poll::Ready(match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(text)) => Err(BlockingError::Panicked(text)),
            Err(_) => Err(BlockingError::NotDone),
        })
    }
}

impl<T> fmt::Debug for Blocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blocking")
    }
}

/// Why blocking work has no result.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::BlockingError;
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let work: zctor::Blocking<()> = system.spawn_blocking(|| panic!("no disk"));
/// assert_eq!(work.wait(), Err(BlockingError::Panicked("no disk".to_owned())));
/// # system.shutdown().wait() }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockingError {
    /// It panicked, with this text.
    Panicked(String),
    /// It was not begun: its system has ended, or the operating system gave
    /// no thread.
    NotDone,
    /// `.wait()` was called in a handler on a shared worker thread.
    WaitInHandler(WaitInHandler),
}

impl fmt::Display for BlockingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BlockingError::Panicked(text) => write!(f, "the blocking work panicked: {text}"),
            BlockingError::NotDone => f.write_str(
                "the blocking work was not begun: its system has ended, or there is no thread for it",
            ),
            BlockingError::WaitInHandler(refused) => refused.fmt(f),
        }
    }
}

impl std::error::Error for BlockingError {}
