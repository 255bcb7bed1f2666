//! What an actor has going on beside its mailbox: futures whose results come
//! back as messages, and streams whose items do.

use std::any::Any;
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

enum Running<P> {
    Pipe(#[expect(dead_code, reason = "dropped to abort it")] Beside),
    Stream {
        #[expect(dead_code, reason = "dropped to abort it")]
        task: Beside,
        flow: Arc<Flow>,
        then: Option<P>,
    },
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
        let task = spawn_beside(seam, Task::beside(cell.id), async move {
            let done = caught(async move { make(future.await) }).await;
            cell.arrive(match done {
                Ok(message) => Inbound::Piped(tag, message),
                Err(panic) => Inbound::Broken(tag, panic),
            });
        });
        self.running.insert(tag, Running::Pipe(task));
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
        let flow = Arc::new(Flow::default());
        let inflow = Arc::clone(&flow);
        let task = spawn_beside(seam, Task::beside(cell.id), async move {
            let items = async {
                let mut stream = pin!(stream);
                while let Some(message) = poll_fn(|cx| {
                    let next = stream.as_mut().poll_next(cx);
                    next.map(|item| item.map(&mut make))
                })
                .await
                {
                    inflow.waiting.fetch_add(1, SeqCst);
                    cell.arrive(Inbound::Item(tag, message));
                    inflow.room().await;
                }
            };
            let end = caught(items).await;
            cell.arrive(match end {
                Ok(()) => Inbound::Finished(tag),
                Err(panic) => Inbound::Broken(tag, panic),
            });
        });
        let running = Running::Stream { task, flow, then };
        self.running.insert(tag, running);
    }

    /// False if there is none of this name.
    pub(crate) fn abort(&mut self, tag: Tag) -> bool {
        let aborted = self.running.remove(&tag);
        let known = aborted.is_some();
        // A message that does not come any more is dropped here.
        guard::quietly(|| drop(aborted));
        known
    }

    pub(crate) fn knows(&self, tag: Tag) -> bool {
        self.running.contains_key(&tag)
    }

    /// The kind of what is to be sent at the end of a stream.
    pub(crate) fn kind_of_end(&mut self, tag: Tag) -> Option<P::Kind> {
        match self.running.get_mut(&tag)? {
            Running::Pipe(_) => None,
            Running::Stream { then, .. } => {
                let (message, kind) = with_kind(then.take()?);
                *then = Some(message);
                Some(kind)
            }
        }
    }

    /// The turn of an item of a stream has come. False if it was aborted.
    pub(crate) fn take_item(&self, tag: Tag) -> bool {
        match self.running.get(&tag) {
            Some(Running::Stream { flow, .. }) => {
                flow.taken();
                true
            }
            _ => false,
        }
    }

    /// The turn of the end of a stream has come.
    pub(crate) fn finish(&mut self, tag: Tag) -> Option<P> {
        match self.running.remove(&tag)? {
            Running::Pipe(_) => None,
            Running::Stream { then, .. } => then,
        }
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
