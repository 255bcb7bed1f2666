//! Why a handler crashed, for whoever has asked: the port of an ask goes while the panic passes, and the
//! panic says why only when it has been caught.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use crate::exit::Crash;
use crate::guard;
use crate::sync::lock;

/// What one caller waits to be told.
#[derive(Debug, Default)]
pub(crate) struct Inquiry(Mutex<State>);

#[derive(Debug)]
enum State {
    Open(Option<Waker>),
    /// None: nobody knows, as a handler has caught the panic itself.
    Closed(Option<Crash>),
}

impl Default for State {
    fn default() -> Self {
        State::Open(None)
    }
}

impl Inquiry {
    pub(crate) fn poll(&self, cx: &Context<'_>) -> Poll<Option<Crash>> {
        let waker = cx.waker().clone();
        let mut state = lock(&self.0);
        let before = match &mut *state {
            State::Closed(crash) => return Poll::Ready(crash.clone()),
            State::Open(before) => before.replace(waker),
        };
        drop(state);
        drop(before);
        Poll::Pending
    }

    fn close(&self, crash: Option<Crash>) {
        let before = std::mem::replace(&mut *lock(&self.0), State::Closed(crash));
        if let State::Open(Some(waker)) = before {
            guard::wake(waker);
        }
    }
}

/// Those that an actor has to tell when its poll is over; at the latest when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Untold(Vec<Arc<Inquiry>>);

impl Untold {
    pub(crate) const fn none() -> Untold {
        Untold(Vec::new())
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self) -> Arc<Inquiry> {
        let inquiry = Arc::<Inquiry>::default();
        self.0.push(Arc::clone(&inquiry));
        inquiry
    }

    pub(crate) fn tell(mut self, crash: &Crash) {
        if self.0.is_empty() {
            return;
        }
        let crash = crash.briefly();
        for inquiry in self.0.drain(..) {
            inquiry.close(Some(crash.clone()));
        }
    }
}

impl Drop for Untold {
    fn drop(&mut self) {
        for inquiry in self.0.drain(..) {
            inquiry.close(None);
        }
    }
}
