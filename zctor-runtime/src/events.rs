//! Reading the events of a system.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::event::Event;
use crate::event_log::{EventLog, ReaderId};
use crate::wait::{WaitInHandler, wait};

/// How many events are kept for a reader unless it says otherwise.
const CAPACITY: usize = 1024;

/// The events of a system from now on, in order: see
/// [`System::events`](crate::System::events).
///
/// Actors never wait for a reader. One that has not read the last 1024 events
/// (or as many as [`capacity`](Events::capacity) says) loses the oldest, and
/// gets an [`EventKind::Missed`](crate::EventKind::Missed) in their place.
///
/// The events end when the system has shut down. A reader does not keep it
/// running.
///
/// ```
/// use zctor::prelude::*;
///
/// # #[actor] enum Lamp { On }
/// # struct Bulb;
/// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let mut events = system.events();
/// let reader = std::thread::spawn(move || {
///     let mut lines = Vec::new();
///     while let Ok(Some(event)) = events.next().wait() {
///         lines.push(event.to_string());
///     }
///     lines
/// });
/// let lamp = Lamp::spawn(&system, Bulb);
/// lamp.stop();
/// system.shutdown().wait()?;
/// let lines = reader.join().unwrap();
/// assert!(lines[0].ends_with("Lamp#1 started"));
/// # Ok(()) }
/// ```
#[must_use = "events are kept for it until it is dropped"]
pub struct Events {
    log: Arc<EventLog>,
    id: ReaderId,
}

impl Events {
    pub(crate) fn new(log: &Arc<EventLog>) -> Events {
        Events {
            log: Arc::clone(log),
            id: log.add_reader(CAPACITY),
        }
    }

    /// How many events are kept for this reader: at least one.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::EventKind;
    ///
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let mut events = system.events().capacity(1);
    /// let lamp = Lamp::spawn(&system, Bulb);
    /// lamp.stop();
    /// lamp.stopped().wait()?;
    /// let missed = events.try_next().unwrap();
    /// assert!(matches!(missed.kind(), EventKind::Missed(1)));
    /// let stopped = events.try_next().unwrap();
    /// assert!(matches!(stopped.kind(), EventKind::Stopped(_)));
    /// # system.shutdown().wait() }
    /// ```
    pub fn capacity(self, events: usize) -> Events {
        self.log.set_capacity(self.id, events.max(1));
        self
    }

    /// Waits for the next event. None when the system has shut down and all
    /// events are read.
    ///
    /// # Cancel safety
    /// Dropped before it is ready, it has taken no event.
    #[expect(
        clippy::should_implement_trait,
        reason = "it is the `next` of a stream, and an iterator would block"
    )]
    pub fn next(&mut self) -> NextEvent<'_> {
        NextEvent(self)
    }

    /// The next event, if there is one now.
    pub fn try_next(&mut self) -> Option<Event> {
        match self.log.read(self.id, None) {
            Poll::Ready(event) => event,
            Poll::Pending => None,
        }
    }

    /// The events that are there now, one after the other.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let mut events = system.events();
    /// Lamp::spawn(&system, Bulb).started().wait()?;
    /// for event in events.try_iter() {
    ///     println!("{event}");
    /// }
    /// # system.shutdown().wait() }
    /// ```
    pub fn try_iter(&mut self) -> impl Iterator<Item = Event> {
        std::iter::from_fn(|| self.try_next())
    }

    /// As [`next`](Events::next), for streams that are made from it.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        self.log.read(self.id, Some(cx.waker()))
    }
}

/// They can be attached to an actor.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::Event;
///
/// #[actor] enum Watch { #[internal] Seen(Event), #[reply(usize)] Count }
/// #[derive(Default)] struct Log(Vec<String>);
/// #[handlers]
/// impl WatchActor for Log {
///     fn on_start(&mut self, ctx: &mut Context<Watch>) {
///         let events = ctx.system().events();
///         ctx.attach(events, Watch::Seen);
///     }
///     fn seen(&mut self, value: Event) { self.0.push(value.to_string()) }
///     fn count(&self) -> usize { self.0.len() }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let watch = Watch::spawn(&system, Log::default());
/// while watch.count().wait()? == 0 {}
/// # system.shutdown().wait() }
/// ```
impl Stream for Events {
    type Item = Event;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        Events::poll_next(self.get_mut(), cx)
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.log.remove_reader(self.id);
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events")
    }
}

/// Waits for the next event: see [`Events::next`].
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
#[derive(Debug)]
pub struct NextEvent<'a>(&'a mut Events);

impl NextEvent<'_> {
    /// Waits on this thread.
    ///
    /// # Errors
    /// If it is called in a handler on a shared worker thread.
    pub fn wait(self) -> Result<Option<Event>, WaitInHandler> {
        wait(self)
    }
}

impl Future for NextEvent<'_> {
    type Output = Option<Event>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        self.0.poll_next(cx)
    }
}
