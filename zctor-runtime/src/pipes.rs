//! What an actor has going on beside its mailbox: futures whose results come
//! back as messages, and streams whose items do.

use std::any::Any;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use futures_core::Stream;

use crate::cell::Cell;
use crate::guard;
use crate::inbound::{Inbound, Tag};
use crate::ordered::Ordered;
use crate::protocol::{Protocol, with_kind};
use crate::seam::{Beside, Tag as Task, spawn_beside};
use crate::sync::lock;

/// So many items of a stream wait at a time.
const WINDOW: usize = 16;

/// Those of one incarnation. Dropping a task aborts it.
pub(crate) struct Pipes<P> {
    running: Ordered<Tag, Running<P>>,
}

struct Running<P> {
    #[expect(dead_code, reason = "dropped to abort it")]
    task: Beside,
    results: Arc<Results<P>>,
    /// To be sent at the end of a stream.
    then: Option<P>,
}

impl<P: Protocol> Pipes<P> {
    pub(crate) fn new() -> Pipes<P> {
        Pipes {
            running: Ordered::new(),
        }
    }

    pub(crate) fn pipe<F, M>(&mut self, cell: &Arc<Cell<P>>, tag: Tag, future: F, make: M)
    where
        F: Future + Send + 'static,
        M: FnOnce(F::Output) -> P + Send + 'static,
    {
        let (seam, cell) = (Arc::clone(&cell.hub.seam), Arc::clone(cell));
        let results = Arc::new(Results::new());
        let out = Arc::clone(&results);
        let task = spawn_beside(seam, Task::beside(cell.id), async move {
            let done = caught(async move { make(future.await) }).await;
            let what = match done {
                Ok(message) => out.put(message).map(|_| Inbound::Piped(tag)),
                Err(panic) => Some(Inbound::Broken(tag, panic)),
            };
            what.into_iter().for_each(|what| cell.arrive(what));
        });
        let then = None;
        let running = Running {
            task,
            results,
            then,
        };
        self.running.insert(tag, running);
    }

    pub(crate) fn attach<S, M>(
        &mut self,
        cell: &Arc<Cell<P>>,
        tag: Tag,
        stream: S,
        mut make: M,
        then: Option<P>,
    ) where
        S: Stream + Send + 'static,
        M: FnMut(S::Item) -> P + Send + 'static,
    {
        let (seam, cell) = (Arc::clone(&cell.hub.seam), Arc::clone(cell));
        let results = Arc::new(Results::new());
        let out = Arc::clone(&results);
        let task = spawn_beside(seam, Task::beside(cell.id), async move {
            let items = async {
                let mut stream = pin!(stream);
                while let Some(message) = poll_fn(|cx| {
                    let next = stream.as_mut().poll_next(cx);
                    next.map(|item| item.map(&mut make))
                })
                .await
                {
                    let Some(number) = out.put(message) else {
                        return;
                    };
                    out.flow.waiting.fetch_add(1, SeqCst);
                    cell.arrive(Inbound::Item(tag, number));
                    out.flow.room().await;
                }
            };
            let end = caught(items).await;
            cell.arrive(match end {
                Ok(()) => Inbound::Finished(tag),
                Err(panic) => Inbound::Broken(tag, panic),
            });
        });
        let running = Running {
            task,
            results,
            then,
        };
        self.running.insert(tag, running);
    }

    /// False if there is none of this name.
    pub(crate) fn abort(&mut self, tag: Tag) -> bool {
        let Some(aborted) = self.running.remove(&tag) else {
            return false;
        };
        // Messages that do not come any more are dropped here.
        aborted.results.close();
        guard::quietly(|| drop(aborted));
        true
    }

    /// Those that are left at the end.
    pub(crate) fn close(&mut self) {
        for (_, running) in self.running.take_all() {
            running.results.close();
            guard::quietly(|| drop(running));
        }
    }

    /// The kind of a result that waits.
    pub(crate) fn kind_of(&self, tag: Tag, number: u64) -> Option<P::Kind> {
        self.running.get(&tag)?.results.kind_of(number)
    }

    /// The kind of what is to be sent at the end of a stream.
    pub(crate) fn kind_of_end(&mut self, tag: Tag) -> Option<P::Kind> {
        let then = &mut self.running.get_mut(&tag)?.then;
        let (message, kind) = with_kind(then.take()?);
        *then = Some(message);
        Some(kind)
    }

    /// What came of a pipe, whose turn has come. None if it was aborted.
    pub(crate) fn take_piped(&mut self, tag: Tag) -> Option<P> {
        let running = self.running.remove(&tag)?;
        let message = running.results.take(PIPED);
        guard::quietly(|| drop(running));
        message
    }

    /// An item of a stream, whose turn has come. None if it was aborted.
    pub(crate) fn take_item(&self, tag: Tag, number: u64) -> Option<P> {
        let results = &self.running.get(&tag)?.results;
        results.flow.taken();
        results.take(number)
    }

    /// An item that is left at the end, when no more are wanted.
    pub(crate) fn take_left(&self, tag: Tag, number: u64) -> Option<P> {
        self.running.get(&tag)?.results.take(number)
    }

    /// The turn of the end of a stream has come.
    pub(crate) fn finish(&mut self, tag: Tag) -> Option<P> {
        let mut running = self.running.remove(&tag)?;
        let then = running.then.take();
        guard::quietly(|| drop(running));
        then
    }
}

/// The number of the only result of a pipe.
pub(crate) const PIPED: u64 = 0;

/// What has come of a pipe or a stream, and was not handled yet.
struct Results<P> {
    waiting: Mutex<Waiting<P>>,
    flow: Flow,
}

struct Waiting<P> {
    messages: VecDeque<(u64, P)>,
    next: u64,
    /// It was aborted.
    closed: bool,
}

impl<P: Protocol> Results<P> {
    fn new() -> Results<P> {
        Results {
            waiting: Mutex::new(Waiting {
                messages: VecDeque::new(),
                next: PIPED,
                closed: false,
            }),
            flow: Flow::default(),
        }
    }

    /// Its number, if anybody waits for it.
    fn put(&self, message: P) -> Option<u64> {
        let mut waiting = lock(&self.waiting);
        if waiting.closed {
            drop(waiting);
            guard::quietly(|| drop(message));
            return None;
        }
        let number = waiting.next;
        waiting.next += 1;
        waiting.messages.push_back((number, message));
        Some(number)
    }

    fn take(&self, number: u64) -> Option<P> {
        let mut waiting = lock(&self.waiting);
        let place = waiting.place(number)?;
        let (_, message) = waiting.messages.remove(place)?;
        Some(message)
    }

    fn kind_of(&self, number: u64) -> Option<P::Kind> {
        let mut waiting = lock(&self.waiting);
        let place = waiting.place(number)?;
        let (number, message) = waiting.messages.remove(place)?;
        let (message, kind) = with_kind(message);
        waiting.messages.insert(place, (number, message));
        Some(kind)
    }

    fn close(&self) {
        let mut waiting = lock(&self.waiting);
        waiting.closed = true;
        let messages = std::mem::take(&mut waiting.messages);
        drop(waiting);
        for message in messages {
            guard::quietly(|| drop(message));
        }
    }
}

impl<P> Waiting<P> {
    fn place(&self, number: u64) -> Option<usize> {
        self.messages.iter().position(|(other, _)| *other == number)
    }
}

/// How many items of a stream wait: the stream goes on when half of a window
/// has been handled.
#[derive(Default)]
struct Flow {
    waiting: AtomicUsize,
    waker: Mutex<Option<Waker>>,
}

impl Flow {
    fn taken(&self) {
        if self.waiting.fetch_sub(1, SeqCst) == WINDOW / 2 + 1 {
            let waker = lock(&self.waker).take();
            waker.into_iter().for_each(guard::wake);
        }
    }

    /// Waits until there is room for an item.
    async fn room(&self) {
        let has_room = || self.waiting.load(SeqCst) < WINDOW;
        poll_fn(|cx| {
            if has_room() {
                return Poll::Ready(());
            }
            let replaced = lock(&self.waker).replace(cx.waker().clone());
            drop(replaced);
            // Half of them may have been taken since the first look.
            if has_room() {
                return Poll::Ready(());
            }
            Poll::Pending
        })
        .await;
    }
}

/// The result of a future, or its panic.
async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(polled) => polled.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        },
    )
    .await
}
