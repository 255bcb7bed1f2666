//! A rate limit, and those who wait for its permits.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use super::bucket::Bucket;
use super::limited::Limited;
use super::line::{Line, Place};
use super::rate::Rate;
use crate::guard;
use crate::seam::{Deadline, Seam};
use crate::sync::lock;

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
    line: Line,
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
                line: Line::default(),
                ended: false,
            }),
        }))
    }

    /// What it limits has ended: from now on all may pass.
    pub(crate) fn end(&self) {
        let mut state = lock(&self.0.state);
        state.ended = true;
        let all = state.line.all();
        drop(state);
        all.into_iter().for_each(guard::wake);
    }

    /// The rate.
    pub fn rate(&self) -> Rate {
        self.0.rate
    }

    /// Takes a permit, if there is one and nobody waits for it.
    ///
    /// # Errors
    /// If there is none.
    pub fn try_acquire(&self) -> Result<(), Limited> {
        let mut state = lock(&self.0.state);
        if state.ended {
            return Ok(());
        }
        if !state.line.is_empty() {
            let retry_after = self.0.rate.interval();
            return Err(Limited { retry_after });
        }
        self.take(&mut state)
    }

    /// Waits for a permit, behind those who wait already.
    ///
    /// # Errors
    /// Only when the system has shut down, and no time passes any more.
    ///
    /// # Cancel safety
    /// Dropped, it leaves the line, and has taken nothing.
    pub fn acquire(&self) -> Acquire {
        Acquire {
            limiter: self.clone(),
            place: None,
            deadline: None,
        }
    }

    fn take(&self, state: &mut State) -> Result<(), Limited> {
        let taken = state.bucket.take(self.0.seam.now());
        taken.map_err(|retry_after| Limited { retry_after })
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
    place: Option<Place>,
    /// Of the first in the line.
    deadline: Option<Deadline>,
}

impl Future for Acquire {
    type Output = Result<(), Limited>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Acquire {
            limiter,
            place,
            deadline,
        } = self.get_mut();
        loop {
            let waker = cx.waker().clone();
            let mut state = lock(&limiter.0.state);
            if state.ended {
                return Poll::Ready(Ok(()));
            }
            let first = match *place {
                Some(place) => state.line.is_first(place),
                None => state.line.is_empty(),
            };
            let limited = match first.then(|| limiter.take(&mut state)) {
                Some(Ok(())) => {
                    drop(state);
                    drop(waker);
                    leave(limiter, place);
                    return Poll::Ready(Ok(()));
                }
                Some(Err(limited)) => Some(limited),
                None => None,
            };
            let old = state.line.wait(place, waker);
            drop(state);
            drop(old);
            let Some(limited) = limited else {
                // Whoever is before it wakes it.
                return Poll::Pending;
            };
            let seam = &limiter.0.seam;
            let at = seam.now().checked_add(limited.retry_after);
            let deadline = deadline.insert(Deadline::new(Arc::clone(seam), at));
            if deadline.poll_passed(cx).is_pending() {
                return Poll::Pending;
            }
            if seam.is_terminated() {
                leave(limiter, place);
                return Poll::Ready(Err(limited));
            }
        }
    }
}

fn leave(limiter: &RateLimiter, place: &mut Option<Place>) {
    let Some(place) = place.take() else {
        return;
    };
    let (mine, next) = lock(&limiter.0.state).line.leave(place);
    drop(mine);
    if let Some(next) = next {
        guard::wake(next);
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        leave(&self.limiter, &mut self.place);
    }
}

impl fmt::Debug for Acquire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Acquire({})", self.limiter.0.rate)
    }
}
