//! What a handler gives that does not wait.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that is ready, with what a `fn` has returned.
#[derive(Debug)]
#[rustfmt::skip]
pub enum Ready<T> { // an answer goes to the thread of its caller: `Arc` can, and `Rc` cannot
    /// What was returned.
    Given(T),
    /// It was taken.
    Taken,
}

/// See `Ready`.
#[inline]
pub const fn ready<T>(given: T) -> Ready<T> {
    Ready::Given(given)
}

impl<T> Unpin for Ready<T> {}

impl<T> Future for Ready<T> {
    type Output = T;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        match mem::replace(&mut *self, Ready::Taken) {
            Ready::Given(given) => Poll::Ready(given),
            Ready::Taken => Poll::Pending,
        }
    }
}
