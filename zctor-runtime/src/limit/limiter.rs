//! A rate limit, and those who wait for its permits. Each has a permit of its
//! own from the moment that it begins to wait, so none waits for another that
//! is not polled.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use super::bucket::Bucket;
use super::limited::Limited;
use super::rate::Rate;
use crate::seam::{Deadline, Seam};
use crate::sync::lock;
use crate::waiters::{Ticket, Waiters};

/// A rate limit: so many permits in so much time. Clones share them.
///
/// `#[limit(100, per = "1s")]` puts one in front of a message. This is the
/// same thing for anything else.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::{Rate, RateLimiter};
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let twice = Rate::new(2, Duration::from_millis(20));
/// let limiter = RateLimiter::new(twice, &system)?;
/// assert!(limiter.try_acquire().is_ok());
/// assert!(limiter.try_acquire().is_ok());
/// let limited = limiter.try_acquire().unwrap_err();
/// assert!(limited.retry_after() <= Duration::from_millis(10));
/// zctor::wait(limiter.acquire())??;
/// # system.shutdown().wait() }
/// ```
#[derive(Clone)]
pub struct RateLimiter(Arc<Shared>);

struct Shared {
    rate: Rate,
    seam: Arc<dyn Seam>,
    state: Mutex<State>,
}

struct State {
    bucket: Bucket,
    /// Those who wait for the time of their permits, to be told of the end.
    waiters: Waiters,
    ended: bool,
}

impl RateLimiter {
    /// With a rate that makes sense.
    pub(crate) fn checked(rate: Rate, seam: &Arc<dyn Seam>) -> RateLimiter {
        RateLimiter(Arc::new(Shared {
            rate,
            seam: Arc::clone(seam),
            state: Mutex::new(State {
                bucket: Bucket::new(rate),
                waiters: Waiters::new(),
                ended: false,
            }),
        }))
    }

    /// What it limits has ended: from now on all may pass.
    pub(crate) fn end(&self) {
        let mut state = lock(&self.0.state);
        state.ended = true;
        let all = state.waiters.all();
        drop(state);
        all.wake();
    }

    /// The rate.
    pub fn rate(&self) -> Rate {
        self.0.rate
    }

    /// Takes a permit, if there is one that nobody waits for.
    ///
    /// # Errors
    /// If there is none.
    pub fn try_acquire(&self) -> Result<(), Limited> {
        let mut state = lock(&self.0.state);
        if state.ended {
            return Ok(());
        }
        let taken = state.bucket.take(self.0.seam.now());
        taken.map_err(|retry_after| Limited { retry_after })
    }

    /// Takes the next permit that nobody has, and waits until it is there:
    /// first come, first served, from the first poll. If what is limited ends
    /// meanwhile, it is over at once.
    ///
    /// # Errors
    /// Only when the system has shut down, and no time passes any more.
    ///
    /// # Cancel safety
    /// Dropped, it gives its permit back, to whoever comes next; those who wait
    /// already keep the times that they have.
    pub fn acquire(&self) -> Acquire {
        Acquire {
            limiter: self.clone(),
            deadline: None,
            ticket: None,
        }
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RateLimiter({})", self.0.rate)
    }
}

/// A wait for a permit: see [`RateLimiter::acquire`].
#[must_use = "nothing is acquired unless it is awaited"]
pub struct Acquire {
    limiter: RateLimiter,
    /// When its permit is there, once it has one.
    deadline: Option<Deadline>,
    ticket: Option<Ticket>,
}

impl Future for Acquire {
    type Output = Result<(), Limited>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let shared = &this.limiter.0;
        // Wakers are foreign code: they are cloned and dropped without the lock.
        let waker = cx.waker().clone();
        let mut state = lock(&shared.state);
        if state.ended {
            drop(state);
            this.leave();
            return Poll::Ready(Ok(()));
        }
        let deadline = this.deadline.get_or_insert_with(|| {
            let at = state.bucket.reserve(shared.seam.now());
            Deadline::new(Arc::clone(&shared.seam), Some(at))
        });
        let old = state.waiters.register(&mut this.ticket, waker);
        drop(state);
        drop(old);
        ready!(deadline.poll_passed(cx));
        let there = deadline.at().is_none_or(|at| at <= shared.seam.now());
        if !there && shared.seam.is_terminated() {
            let retry_after = shared.rate.interval();
            return Poll::Ready(Err(Limited { retry_after }));
        }
        // It is used, and not given back.
        this.deadline = None;
        this.leave();
        Poll::Ready(Ok(()))
    }
}

impl Acquire {
    fn leave(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            let waker = lock(&self.limiter.0.state).waiters.leave(ticket);
            drop(waker);
        }
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        self.leave();
        if let Some(at) = self.deadline.take().and_then(|deadline| deadline.at()) {
            let shared = &self.limiter.0;
            let now = shared.seam.now();
            lock(&shared.state).bucket.give_back(now, at);
        }
    }
}

impl fmt::Debug for Acquire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Acquire({})", self.limiter.0.rate)
    }
}
