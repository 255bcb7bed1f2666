//! Pools that grow and shrink.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{self, Poll};

use super::pool::ActorPool;
use crate::exit::ExitReason;
use crate::label::ActorLabel;
use crate::spawn::Spawn;
use crate::supervision::calls::Call;
use crate::supervision::child_error::ChildError;
use crate::supervision::desk::What;
use crate::supervision::name::ChildName;
use crate::wait::{WaitInHandler, wait};

impl<P: Spawn> ActorPool<P> {
    /// Changes the number of workers while the pool runs. It is lazy: awaited,
    /// or waited for with `.wait()`. Several resizes are carried out in their
    /// order.
    ///
    /// **More:** the new ones are started, one after the other, and are chosen as
    /// soon as they have started. It is done when all have.
    ///
    /// **Fewer:** the last ones are not chosen any more, and are stopped, all at
    /// once: each handles what is queued, runs `on_stop`, and ends for good. It is
    /// done when all have ended; after the limit for that (see
    /// [`shutdown`](crate::ActorPoolBuilder::shutdown)) they are killed. No
    /// message is lost in silence: who still has the handle of a worker that was
    /// stopped gets the usual error with the message in it, and what a worker did
    /// not come to (since it was killed, crashed meanwhile, or waited for a
    /// restart) is dropped and counted, asks are answered with `Stopped`.
    ///
    /// A worker that awaits a resize by which it ends waits for itself, until it
    /// is killed. While a resize goes on, restarts wait.
    ///
    /// # Errors
    /// If it is to have no workers, one does not start (then it and those behind
    /// it are not there, and those before it are), or the pool has ended.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// use zctor::ResizeError;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let lamps = Lamp::pool(&system, 2, |_index| Bulb);
    /// lamps.resize(8).wait()?;
    /// assert_eq!(lamps.len(), 8);
    /// lamps.resize(1).wait()?;
    /// assert_eq!(lamps.len(), 1);
    /// let error = lamps.resize(0).wait().unwrap_err();
    /// assert!(matches!(error, ResizeError::NoWorkers { .. }));
    /// # system.shutdown().wait() }
    /// ```
    pub fn resize(&self, size: usize) -> Resize {
        let pool = self.actor().label();
        let call = (size > 0).then(|| {
            let what = What::Resize(size, ChildName::from("worker"));
            self.actor().call(move |_, _| Ok(what))
        });
        Resize { pool, call }
    }
}

/// A change of the number of workers: see [`ActorPool::resize`].
///
/// # Cancel safety
/// Dropped before it was polled, nothing happens. Later it is carried out in
/// any case.
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Resize {
    pool: ActorLabel,
    /// None if there is nothing to call for.
    call: Option<Call>,
}

impl Resize {
    /// Waits on this thread.
    ///
    /// # Errors
    /// As the [resize](ActorPool::resize) itself; and at once, with nothing done,
    /// in a handler on a shared worker thread.
    pub fn wait(self) -> Result<(), ResizeError> {
        wait(self).unwrap_or_else(|refused| Err(ResizeError::WaitInHandler(refused)))
    }
}

impl Future for Resize {
    type Output = Result<(), ResizeError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let Resize { pool, call } = &mut *self;
        let Some(call) = call else {
            return Poll::Ready(Err(ResizeError::NoWorkers { pool: pool.clone() }));
        };
        let answer = task::ready!(call.poll(cx));
        Poll::Ready(answer.map(drop).map_err(|error| match error {
            ChildError::NotStarted {
                supervisor,
                child,
                actor,
                reason,
            } => ResizeError::NotStarted {
                pool: supervisor,
                worker: child,
                actor,
                reason,
            },
            _ => ResizeError::Stopped { pool: pool.clone() },
        }))
    }
}

impl fmt::Debug for Resize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resize({})", self.pool)
    }
}

/// Why a pool has not as many workers as it was asked to have.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ResizeError {
    /// It was to have none.
    NoWorkers {
        /// The pool.
        pool: ActorLabel,
    },
    /// A new worker did not start.
    NotStarted {
        /// The pool.
        pool: ActorLabel,
        /// The worker, by its index: `worker[3]`.
        worker: ChildName,
        /// The actor that was to be the worker.
        actor: ActorLabel,
        /// How it ended.
        reason: Box<ExitReason>,
    },
    /// The pool has ended.
    Stopped {
        /// The pool.
        pool: ActorLabel,
    },
    /// `.wait()` was called in a handler on a shared worker thread.
    WaitInHandler(WaitInHandler),
}

impl fmt::Display for ResizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ResizeError::NoWorkers { pool } => {
                write!(f, "{pool} cannot do without workers: stop it instead")
            }
            ResizeError::NotStarted {
                pool,
                worker,
                actor,
                reason,
            } => write!(
                f,
                "the `{worker}` of {pool}, {}, did not start: {reason}",
                actor.short()
            ),
            ResizeError::Stopped { pool } => write!(f, "{pool} has stopped"),
            ResizeError::WaitInHandler(refused) => refused.fmt(f),
        }
    }
}

impl std::error::Error for ResizeError {}
