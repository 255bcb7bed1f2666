//! What a message has to pass before it may go to the mailbox: its rate limit,
//! and of an ask its circuit breaker.

use std::pin::Pin;
use std::task::{Context, Poll};

use crate::ask_error::AskError;
use crate::breaker::circuit::{CircuitBreaker, GuardedCall};
use crate::breaker::machine::Outcome;
use crate::breaker::state::CircuitOpen;
use crate::guard;
use crate::limit::limited::Limited;
use crate::limit::limiter::{Acquire, RateLimiter};

/// A rate limit that one message has to pass.
pub(crate) struct Throttle {
    limiter: RateLimiter,
    stage: Stage,
}

enum Stage {
    /// What has no permit is refused.
    Rejects,
    /// What has no permit waits for one.
    Waits,
    Waiting(Box<Acquire>),
    Passed,
}

impl Throttle {
    pub(crate) fn new(limiter: &RateLimiter, waits: bool) -> Throttle {
        Throttle {
            limiter: limiter.clone(),
            stage: if waits { Stage::Waits } else { Stage::Rejects },
        }
    }

    /// Passes now or not at all.
    pub(crate) fn try_now(&mut self) -> Result<(), Limited> {
        if let Stage::Passed = self.stage {
            return Ok(());
        }
        // One that waits already leaves its place in the line for this.
        self.stage = Stage::Rejects;
        self.limiter.try_acquire()?;
        self.stage = Stage::Passed;
        Ok(())
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Limited>> {
        if let Stage::Waits = self.stage {
            self.stage = Stage::Waiting(Box::new(self.limiter.acquire()));
        }
        let Stage::Waiting(acquire) = &mut self.stage else {
            return Poll::Ready(self.try_now());
        };
        let polled = Pin::new(&mut **acquire).poll(cx);
        if let Poll::Ready(Ok(())) = polled {
            self.stage = Stage::Passed;
        }
        polled
    }
}

/// What one ask has to pass, and is then to report to.
pub(crate) struct Guard<E> {
    circuit: Option<Circuit<E>>,
    throttle: Option<Throttle>,
}

struct Circuit<E> {
    breaker: CircuitBreaker,
    ignores: Ignores<E>,
    call: Option<GuardedCall>,
}

impl<E> Circuit<E> {
    /// Asks the user's predicate, which does no harm if it panics.
    fn ignores<T>(&self, result: &Result<T, AskError<E>>) -> bool {
        let ignored = || match result {
            Ok(_) => false,
            Err(error) => (self.ignores)(error),
        };
        guard::quietly(ignored).unwrap_or(false)
    }
}

impl<E> Drop for Circuit<E> {
    fn drop(&mut self) {
        // The caller has gone, by a panic of its own or otherwise.
        if let Some(call) = self.call.take() {
            call.ignore();
        }
    }
}

/// Says which errors are of no account to a circuit breaker.
pub(crate) type Ignores<E> = fn(&AskError<E>) -> bool;

/// Why an ask was not let through.
pub(crate) enum Turned {
    Open(CircuitOpen),
    Limited(Limited),
}

impl<E> Guard<E> {
    pub(crate) fn new(
        breaker: Option<&CircuitBreaker>,
        ignores: Ignores<E>,
        throttle: Option<Throttle>,
    ) -> Guard<E> {
        let circuit = breaker.map(|breaker| Circuit {
            breaker: breaker.clone(),
            ignores,
            call: None,
        });
        Guard { circuit, throttle }
    }

    /// Passes now or not at all.
    pub(crate) fn try_now(&mut self) -> Result<(), Turned> {
        self.look()?;
        if let Some(throttle) = &mut self.throttle {
            throttle.try_now().map_err(Turned::Limited)?;
        }
        self.begin()
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Turned>> {
        // Nobody waits for a permit before a breaker that is open.
        self.look()?;
        if let Some(throttle) = &mut self.throttle {
            match throttle.poll(cx) {
                Poll::Ready(passed) => passed.map_err(Turned::Limited)?,
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(self.begin())
    }

    fn look(&self) -> Result<(), Turned> {
        match &self.circuit {
            Some(circuit) if circuit.call.is_none() => {
                circuit.breaker.turns_away().map_err(Turned::Open)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self) -> Result<(), Turned> {
        if let Some(circuit) = &mut self.circuit
            && circuit.call.is_none()
        {
            circuit.call = Some(circuit.breaker.begin().map_err(Turned::Open)?);
        }
        Ok(())
    }

    /// What the ask came to.
    pub(crate) fn report<T>(&mut self, result: &Result<T, AskError<E>>) {
        let Some(circuit) = &mut self.circuit else {
            return;
        };
        let Some(call) = circuit.call.take() else {
            return;
        };
        call.end(match result {
            Ok(_) => Outcome::Success,
            Err(
                AskError::Failed(_)
                | AskError::Crashed { .. }
                | AskError::Timeout { .. }
                | AskError::NoReply { .. },
            ) if !circuit.ignores(result) => Outcome::Failure,
            Err(_) => Outcome::Ignored,
        });
    }
}
