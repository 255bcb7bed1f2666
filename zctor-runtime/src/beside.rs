//! What a handler can have going on beside the mailbox.

use std::future::Future;

use futures_core::Stream;

use crate::blocking::BlockingError;
use crate::context::Context;
use crate::inbound::Tag;
use crate::protocol::Protocol;

/// Names a future or a stream that was given to an actor, for
/// [`Context::abort`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PipeKey(Tag);

impl<P: Protocol> Context<P> {
    /// Runs `future` beside the mailbox, while this actor goes on with other
    /// messages. What it returns comes back as the message that `done` makes of
    /// it.
    ///
    /// It runs on the system's workers, so it awaits and does not block. It is
    /// aborted when this actor ends, and does not keep it alive; its message is
    /// outside the mailbox's capacity.
    ///
    /// If the future panics, so does this actor, when the turn of the result has
    /// come: whoever waits for a result must not wait for ever.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor] enum Store { #[reply(u32)] Price(u32) }
    /// struct Shelf;
    /// #[handlers] impl StoreActor for Shelf { fn price(&self, value: u32) -> u32 { 3 * value } }
    ///
    /// #[actor]
    /// enum Buyer { Look(u32), #[internal] Priced(Option<u32>) }
    /// struct Purse { store: StoreHandle }
    /// #[handlers]
    /// impl BuyerActor for Purse {
    ///     fn look(&mut self, value: u32, ctx: &mut Context<Buyer>) {
    ///         let price = self.store.price(value);
    ///         ctx.pipe(async { price.await.ok() }, Buyer::Priced);
    ///     }
    ///     fn priced(&mut self, value: Option<u32>, ctx: &mut Context<Buyer>) {
    ///         assert_eq!(value, Some(21));
    ///         ctx.stop();
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let store = Store::spawn(&system, Shelf);
    /// let buyer = Buyer::spawn(&system, Purse { store });
    /// buyer.look(7)?;
    /// assert!(buyer.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    #[doc(alias = "pipe_to_self")]
    pub fn pipe<F>(
        &mut self,
        future: F,
        done: impl FnOnce(F::Output) -> P + Send + 'static,
    ) -> PipeKey
    where
        F: Future + Send + 'static,
    {
        let (cell, own) = self.parts();
        let tag = own.tag(cell);
        own.pipes.pipe(cell, tag, future, done);
        PipeKey(tag)
    }

    /// Runs `work` on a thread where it may block, while this actor goes on with
    /// other messages. What it returns comes back as the message that `done`
    /// makes of it, or the [`BlockingError`] that says that it panicked or was
    /// not begun. It is [`pipe`](Context::pipe) with
    /// [`System::spawn_blocking`](crate::System::spawn_blocking).
    ///
    /// Work that has begun goes on to its end, also when it is aborted or this
    /// actor has ended: then only its result is dropped.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::BlockingError;
    ///
    /// #[actor]
    /// enum Reader { Open(&'static str), #[internal] Read(Result<usize, BlockingError>) }
    /// struct Desk;
    /// #[handlers]
    /// impl ReaderActor for Desk {
    ///     fn open(&mut self, value: &'static str, ctx: &mut Context<Reader>) {
    ///         let read = move || std::fs::read_to_string(value).map_or(0, |text| text.len());
    ///         ctx.spawn_blocking(read, Reader::Read);
    ///     }
    ///     fn read(&mut self, value: Result<usize, BlockingError>, ctx: &mut Context<Reader>) {
    ///         assert!(value.unwrap() > 0);
    ///         ctx.stop();
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let reader = Reader::spawn(&system, Desk);
    /// reader.open("Cargo.toml")?;
    /// assert!(reader.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn spawn_blocking<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
        done: impl FnOnce(Result<T, BlockingError>) -> P + Send + 'static,
    ) -> PipeKey {
        let blocking = self.system().spawn_blocking(work);
        self.pipe(blocking, done)
    }

    /// Takes each item of `stream` as the message that `each` makes of it, in
    /// order.
    ///
    /// At most 16 items wait at a time: the stream is polled on only when some
    /// of them have been handled. They are outside the mailbox's capacity. The
    /// stream is dropped at its end, when it is aborted, and when this actor
    /// ends; it does not keep the actor alive. If it panics, so does this actor,
    /// as with [`pipe`](Context::pipe).
    ///
    /// ```
    /// use std::pin::Pin;
    /// use std::task::{Context as TaskContext, Poll};
    /// use zctor::prelude::*;
    ///
    /// struct Numbers(std::ops::Range<u32>);
    /// impl zctor::Stream for Numbers {
    ///     type Item = u32;
    ///     fn poll_next(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<Option<u32>> {
    ///         Poll::Ready(self.0.next())
    ///     }
    /// }
    ///
    /// #[actor]
    /// enum Sum { #[internal] Add(u32), #[internal] Complete }
    /// struct Total(u32);
    /// #[handlers]
    /// impl SumActor for Total {
    ///     fn on_start(&mut self, ctx: &mut Context<Sum>) {
    ///         ctx.attach_then(Numbers(0..100), Sum::Add, Sum::Complete);
    ///     }
    ///     fn add(&mut self, value: u32) { self.0 += value }
    ///     fn complete(&mut self, ctx: &mut Context<Sum>) {
    ///         assert_eq!(self.0, 4950);
    ///         ctx.stop();
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let sum = Sum::spawn(&system, Total(0));
    /// assert!(sum.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn attach<S>(
        &mut self,
        stream: S,
        each: impl FnMut(S::Item) -> P + Send + 'static,
    ) -> PipeKey
    where
        S: Stream + Send + 'static,
    {
        self.attach_stream(stream, each, None)
    }

    /// The same, with a message that comes behind the last item.
    pub fn attach_then<S>(
        &mut self,
        stream: S,
        each: impl FnMut(S::Item) -> P + Send + 'static,
        end: P,
    ) -> PipeKey
    where
        S: Stream + Send + 'static,
    {
        self.attach_stream(stream, each, Some(end))
    }

    fn attach_stream<S>(
        &mut self,
        stream: S,
        each: impl FnMut(S::Item) -> P + Send + 'static,
        end: Option<P>,
    ) -> PipeKey
    where
        S: Stream + Send + 'static,
    {
        let (cell, own) = self.parts();
        let tag = own.tag(cell);
        own.pipes.attach(cell, tag, stream, each, end);
        PipeKey(tag)
    }

    /// Drops a future given to [`pipe`](Context::pipe), or a stream given to
    /// [`attach`](Context::attach), soon. Nothing comes of it after this, also
    /// if a message was waiting already. False if it was over before.
    pub fn abort(&mut self, pipe: PipeKey) -> bool {
        self.parts_if_any()
            .is_some_and(|(_, own)| own.pipes.abort(pipe.0))
    }
}
