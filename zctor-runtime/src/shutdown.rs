//! The end of a system.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::event::EventKind;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::label::ActorLabel;
use crate::registry::AnyActor;
use crate::seam::{Deadline, Seam, run_beside};
use crate::wait::{on_actor_thread, wait};

/// Waits until a system has shut down: see
/// [`System::shutdown`](crate::System::shutdown).
///
/// A handler that awaits the end of its own system waits for itself: it is
/// killed when the limit is over.
///
/// # Errors
/// [`ShutdownError`] in a [`Failure`], if actors had to be killed.
///
/// # Cancel safety
/// Dropped before it was polled, nothing happens. Dropped later, the actors
/// have been told to stop, but nothing enforces the limit until the system is
/// shut down again or dropped.
///
/// ```
/// use zctor::prelude::*;
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// system.shutdown().wait()
/// # }
/// ```
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Shutdown(Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>);

impl Shutdown {
    pub(crate) fn new(hub: Arc<Hub>) -> Shutdown {
        Shutdown(Box::pin(async move {
            if !on_actor_thread() {
                return shut_down(hub).await;
            }
            let gone = |_| Err(Failure::msg("the system has ended"));
            in_background(hub).await.unwrap_or_else(gone)
        }))
    }

    /// Waits on this thread.
    ///
    /// # Errors
    /// [`ShutdownError`] in a [`Failure`], if actors had to be killed; and at
    /// once if this is called in a handler on a shared worker thread, in
    /// which case nothing happens.
    pub fn wait(self) -> Result<(), Failure> {
        wait(self)?
    }
}

impl Future for Shutdown {
    type Output = Result<(), Failure>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for Shutdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shutdown")
    }
}

/// A system that shut down, but had actors that did not stop within the
/// limit.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::ShutdownError;
///
/// #[actor]
/// enum Sloth { Sleep }
/// struct Branch;
/// #[handlers]
/// impl SlothActor for Branch {
///     async fn sleep(&mut self) { std::future::pending().await }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::builder().shutdown_limit(Duration::from_millis(10)).build()?;
/// let sloth = Sloth::spawn(&system, Branch);
/// sloth.sleep()?;
/// let failure = system.shutdown().wait().unwrap_err();
/// let error = failure.downcast_ref::<ShutdownError>().unwrap();
/// assert_eq!(error.killed().len(), 1);
/// assert!(error.stuck().is_empty());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct ShutdownError {
    system: Box<str>,
    limit: Duration,
    killed: Vec<ActorLabel>,
    stuck: Vec<ActorLabel>,
}

impl ShutdownError {
    /// The actors that had not stopped within the limit, and were killed.
    #[must_use]
    pub fn killed(&self) -> &[ActorLabel] {
        &self.killed
    }

    /// Those of the killed that block a thread, so that even a kill could not
    /// end them. They count as ended, and their threads are left behind.
    #[must_use]
    pub fn stuck(&self) -> &[ActorLabel] {
        &self.stuck
    }
}

impl fmt::Display for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ShutdownError {
            system,
            limit,
            killed,
            stuck,
        } = self;
        write!(
            f,
            "the system `{system}` did not shut down within {limit:?}; killed: "
        )?;
        list(f, killed)?;
        if !stuck.is_empty() {
            f.write_str("; still blocking a thread: ")?;
            list(f, stuck)?;
        }
        Ok(())
    }
}

fn list(f: &mut fmt::Formatter<'_>, actors: &[ActorLabel]) -> fmt::Result {
    for (place, actor) in actors.iter().enumerate() {
        write!(f, "{}{actor}", if place == 0 { "" } else { ", " })?;
    }
    Ok(())
}

impl std::error::Error for ShutdownError {}

/// Stops all actors at once, waits for them within the limit, kills the rest,
/// and ends the threads.
pub(crate) async fn shut_down(hub: Arc<Hub>) -> Result<(), Failure> {
    hub.registry.close();
    for actor in hub.registry.all() {
        actor.shut_down();
    }
    let limit = hub.shutdown_limit;
    let mut late = Vec::new();
    // Where time stands still, the limit is over by whichever clock is first.
    let real = hub.seam.in_real_time();
    let mut deadlines = vec![within(&hub.seam, limit)];
    deadlines.extend(real.as_ref().map(|real| within(real, limit)));
    let mut in_time = empty_before(&hub, deadlines).await;
    if !in_time {
        late = hub.registry.all();
        late.iter().for_each(|actor| actor.kill());
        // Whoever blocks a thread is given up after the grace. Only then do
        // those who waited for that thread get another, and their own grace.
        let graces = hub.grace.saturating_mul(2);
        let graces = within(real.as_ref().unwrap_or(&hub.seam), graces);
        in_time = empty_before(&hub, vec![graces]).await;
    }
    // A thread that is blocked cannot be joined.
    hub.seam.terminate(in_time);
    // That ended whoever only waited for a thread. The rest hold one, and may
    // have it only since a moment ago.
    hub.seam
        .await_release(&mut || hub.registry.all().iter().all(|actor| actor.is_given_up()));
    for actor in hub.registry.all() {
        actor.give_up();
    }
    let labels = |actors: &[Arc<dyn AnyActor>]| actors.iter().map(|actor| actor.label()).collect();
    let killed: Vec<_> = labels(&late);
    late.retain(|actor| actor.is_given_up());
    let stuck = labels(&late);
    if killed.is_empty() {
        hub.events.close();
        return Ok(());
    }
    let failed = EventKind::ShutdownFailed {
        limit,
        killed: killed.as_slice().into(),
        stuck: stuck.as_slice().into(),
    };
    hub.events.record(None, failed);
    hub.events.close();
    Err(ShutdownError {
        system: hub.name.clone(),
        limit,
        killed,
        stuck,
    }
    .into())
}

/// Shuts down in a task of its own, for callers that may not wait or may not
/// live to see the end. If nobody takes the result, it is reported.
pub(crate) fn in_background(hub: Arc<Hub>) -> oneshot::AsyncReceiver<Result<(), Failure>> {
    let (sender, receiver) = oneshot::async_channel();
    let seam = Arc::clone(&hub.seam);
    run_beside(seam, async move {
        let result = shut_down(Arc::clone(&hub)).await;
        if let Err(unsent) = sender.send(result)
            && let Err(failure) = unsent.into_inner()
        {
            hub.report_failure(&failure);
        }
    });
    receiver
}

fn within(seam: &Arc<dyn Seam>, limit: Duration) -> Deadline {
    Deadline::new(Arc::clone(seam), seam.now().checked_add(limit))
}

/// Whether all actors end before the first of these.
async fn empty_before(hub: &Arc<Hub>, mut deadlines: Vec<Deadline>) -> bool {
    let mut ticket = None;
    poll_fn(|cx| match hub.registry.poll_empty(&mut ticket, cx) {
        Poll::Ready(()) => Poll::Ready(true),
        Poll::Pending => {
            let passed = |deadline: &mut Deadline| deadline.poll_passed(cx).is_ready();
            match deadlines.iter_mut().any(passed) {
                true => Poll::Ready(false),
                false => Poll::Pending,
            }
        }
    })
    .await
}
