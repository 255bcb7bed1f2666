//! What a handler can do besides changing its state.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cell::Cell;
use crate::handle::Handle;
use crate::inbox::Next;
use crate::label::{ActorId, ActorLabel};
use crate::offer::offer;
use crate::own_mail::OwnMail;
use crate::protocol::{Fault, Protocol};
use crate::seam::AlarmId;
use crate::stats::Stats;
use crate::system::System;
use crate::tell_error::{TellError, Undelivered};

/// An actor's access to itself and its system: the last parameter of a
/// handler or hook that wants it.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Egg { Boil, #[internal] Done }
/// struct Pot;
/// #[handlers]
/// impl EggActor for Pot {
///     fn boil(&mut self, ctx: &mut Context<Egg>) {
///         ctx.send_after(Duration::from_millis(5), Egg::Done);
///     }
///     fn done(&mut self, ctx: &mut Context<Egg>) { ctx.stop() }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let egg = Egg::spawn(&system, Pot);
/// egg.boil()?;
/// egg.stopped().wait()?;
/// # system.shutdown().wait() }
/// ```
pub struct Context<P: Protocol> {
    cell: Arc<Cell<P>>,
    /// Most actors send nothing to themselves.
    own: Option<Box<Own<P>>>,
}

/// Names a timer of an actor, for [`Context::cancel`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerKey(AlarmId);

/// What one incarnation sends to itself. It never enters the mailbox, so it
/// takes no place there, and no overflow policy can drop it.
///
/// An alarm brings only its id; what it means is looked up here when its turn
/// comes. So a timer that was cancelled does nothing even if it has gone off
/// already, and one of an earlier incarnation is not known.
///
/// The maps have an order, so that the drops of what is in them have one too.
struct Own<P: Protocol> {
    sent: OwnMail<P>,
    set: BTreeMap<AlarmId, Timer<P>>,
    /// The alarm of a repeating timer that has fired before; the alarm of any
    /// other one is its key.
    current: BTreeMap<TimerKey, AlarmId>,
    /// Gone off, not handled yet.
    due: VecDeque<AlarmId>,
}

enum Timer<P: Protocol> {
    Once(P),
    Every(Repeat<P>),
    /// Gone off, but its message was not ready. The alarm stays in `due`, and
    /// the next one is set when this message is handled.
    Unready(P::Envelope, Option<Repeat<P>>),
}

struct Repeat<P> {
    key: TimerKey,
    period: Duration,
    next: Instant,
    make: Box<dyn FnMut() -> P + Send>,
}

impl<P: Protocol> Context<P> {
    pub(crate) fn new(cell: Arc<Cell<P>>) -> Context<P> {
        Context { cell, own: None }
    }

    pub(crate) fn cell(&self) -> &Arc<Cell<P>> {
        &self.cell
    }

    /// A handle to this actor. It keeps the actor alive like any other.
    #[must_use]
    pub fn handle(&self) -> P::Handle
    where
        P::Handle: From<Handle<P>>,
    {
        P::Handle::from(Handle::new(&self.cell))
    }

    /// The system that this actor lives in. This value does not keep it
    /// running.
    #[must_use]
    pub fn system(&self) -> System {
        System::of(&self.cell.hub)
    }

    /// This actor's number.
    #[must_use]
    pub fn id(&self) -> ActorId {
        self.cell.id
    }

    /// The name that this actor was spawned under, if any.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.cell.name().map(|name| &**name)
    }

    /// This actor's protocol, number and name, as errors show them.
    #[must_use]
    pub fn label(&self) -> ActorLabel {
        self.cell.label()
    }

    /// What has become of this actor's messages, and its age. The one in hand
    /// counts as handled.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.cell.stats()
    }

    /// The time on the system's clock. Use this and not `Instant::now`, so
    /// that the actor also runs in simulated time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.cell.hub.seam.now()
    }

    /// A random number from the system's source.
    #[must_use]
    pub fn random(&self) -> u64 {
        self.cell.hub.seam.random()
    }

    /// Stops this actor: what is queued now is handled, then `on_stop` runs.
    pub fn stop(&self) {
        self.cell.stop();
    }

    /// Sends `message` to this actor: this is how an actor goes on with work of
    /// its own, such as `#[internal]` variants, bit by bit.
    ///
    /// It is outside the mailbox's capacity, and takes turns with the mail:
    /// after each such message one from the mailbox is handled, if any waits.
    /// What was sent before a stop is still handled. `#[priority(high)]` makes
    /// no difference here; the hook `ready` is asked as for mail.
    ///
    /// # Errors
    /// If the actor was stopped: the message is given back.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor(mailbox = 1)]
    /// enum Countdown { Count(u32) }
    /// struct Rocket;
    /// #[handlers]
    /// impl CountdownActor for Rocket {
    ///     fn count(&mut self, value: u32, ctx: &mut Context<Countdown>) -> Result<(), Failure> {
    ///         match value.checked_sub(1) {
    ///             Some(less) => ctx.send(Countdown::Count(less))?,
    ///             None => ctx.stop(),
    ///         }
    ///         Ok(())
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let countdown = Countdown::spawn(&system, Rocket);
    /// countdown.count(10).wait()?;
    /// assert!(countdown.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn send(&mut self, message: P) -> Result<(), TellError<P>> {
        let envelope = message.seal();
        if self.cell.mailbox.is_closed() {
            self.cell.count_returned();
            let stopped = Undelivered::Stopped;
            return Err(TellError::new(self.label(), envelope, stopped));
        }
        self.own_mut().sent.push(envelope);
        Ok(())
    }

    /// Sends `message` to this actor after `delay`. It does not count against
    /// the mailbox's capacity, and does not keep the actor alive.
    pub fn send_after(&mut self, delay: Duration, message: P) -> TimerKey {
        let at = self.instant_after(delay);
        let alarm = self.cell.set_alarm(at);
        self.own_mut().set.insert(alarm, Timer::Once(message));
        TimerKey(alarm)
    }

    /// Sends what `make` makes to this actor, first after one `period`, then
    /// every period.
    ///
    /// At most one tick waits at a time: when handlers are slower than the
    /// period, the ticks that were missed are left out and the next one comes
    /// at a whole number of periods after the first.
    ///
    /// # Panics
    /// If `period` is zero.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Clock { #[internal] Tick }
    /// #[derive(Default)]
    /// struct Hand { ticks: u32 }
    /// #[handlers]
    /// impl ClockActor for Hand {
    ///     fn on_start(&mut self, ctx: &mut Context<Clock>) {
    ///         ctx.send_every(Duration::from_millis(2), || Clock::Tick);
    ///     }
    ///     fn tick(&mut self, ctx: &mut Context<Clock>) {
    ///         self.ticks += 1;
    ///         if self.ticks == 3 { ctx.stop() }
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// let clock = Clock::spawn(&system, Hand::default());
    /// clock.stopped().wait()?;
    /// # system.shutdown().wait() }
    /// ```
    pub fn send_every(
        &mut self,
        period: Duration,
        make: impl FnMut() -> P + Send + 'static,
    ) -> TimerKey {
        assert!(!period.is_zero(), "the period of `send_every` is zero");
        let next = self.instant_after(period);
        let alarm = self.cell.set_alarm(next);
        let key = TimerKey(alarm);
        let timer = Timer::Every(Repeat {
            key,
            period,
            next,
            make: Box::new(make),
        });
        self.own_mut().set.insert(alarm, timer);
        key
    }

    /// Takes a timer back. It does not fire after this, also if its message
    /// was waiting already. False if it had fired for the last time, or was
    /// cancelled before.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Egg { Boil }
    /// struct Pot;
    /// #[handlers]
    /// impl EggActor for Pot {
    ///     fn boil(&mut self, ctx: &mut Context<Egg>) {
    ///         let timer = ctx.send_after(Duration::from_secs(240), Egg::Boil);
    ///         assert!(ctx.cancel(timer));
    ///         assert!(!ctx.cancel(timer));
    ///         ctx.stop();
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// # let egg = Egg::spawn(&system, Pot);
    /// # egg.boil()?;
    /// # assert!(egg.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn cancel(&mut self, timer: TimerKey) -> bool {
        let Some(timers) = &mut self.own else {
            return false;
        };
        let alarm = timers.current.remove(&timer).unwrap_or(timer.0);
        let cancelled = timers.set.remove(&alarm).is_some();
        self.cell.hub.seam.cancel_alarm(alarm);
        cancelled
    }

    /// A time beyond the clock's range is a hundred years from now.
    fn instant_after(&self, delay: Duration) -> Instant {
        const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 100);
        let now = self.now();
        now.checked_add(delay).unwrap_or_else(|| now + FAR)
    }

    fn own_mut(&mut self) -> &mut Own<P> {
        self.own.get_or_insert_with(|| {
            Box::new(Own {
                sent: OwnMail::new(),
                set: BTreeMap::new(),
                current: BTreeMap::new(),
                due: VecDeque::new(),
            })
        })
    }

    /// Whether it may have a message of its own: cheap.
    #[inline]
    pub(crate) fn has_own(&self) -> bool {
        self.own.is_some()
    }

    /// The message of the next timer that is due, if timers count, or else the
    /// next one that the actor has sent to itself.
    pub(crate) fn next_own(&mut self, timers: bool) -> Option<P::Envelope> {
        let own = self.own.as_mut()?;
        if timers && let Some(message) = own.next_due(&self.cell) {
            return Some(message.seal());
        }
        own.sent.pop()
    }

    /// The same, of those that are ready.
    pub(crate) fn next_own_ready(
        &mut self,
        timers: bool,
        mut ready: impl FnMut(P::Kind) -> bool,
    ) -> Option<P::Envelope> {
        let own = self.own.as_mut()?;
        if timers && let Some(envelope) = own.next_due_ready(&self.cell, &mut ready) {
            return Some(envelope);
        }
        match offer(&mut own.sent, ready) {
            Next::Item(envelope) => Some(envelope),
            _ => None,
        }
    }
}

impl<P: Protocol> Own<P> {
    fn next_due(&mut self, cell: &Arc<Cell<P>>) -> Option<P> {
        self.due.extend(cell.take_rung().into_iter().flatten());
        while let Some(alarm) = self.due.pop_front() {
            match self.set.remove(&alarm) {
                None => {}
                Some(Timer::Once(message)) => return Some(message),
                Some(Timer::Every(mut repeat)) => {
                    cell.at_timer();
                    let message = (repeat.make)();
                    self.repeat(repeat, cell);
                    return Some(message);
                }
                Some(Timer::Unready(envelope, repeat)) => {
                    repeat
                        .into_iter()
                        .for_each(|repeat| self.repeat(repeat, cell));
                    return Some(P::open(envelope));
                }
            }
        }
        None
    }

    /// The same, of those that are ready. The others stay due, so that they
    /// can be cancelled, and at most one tick of each waits.
    fn next_due_ready(
        &mut self,
        cell: &Arc<Cell<P>>,
        ready: &mut impl FnMut(P::Kind) -> bool,
    ) -> Option<P::Envelope> {
        self.due.extend(cell.take_rung().into_iter().flatten());
        let mut at = 0;
        while let Some(alarm) = self.due.get(at).copied() {
            let (envelope, repeat) = match self.set.remove(&alarm) {
                None => {
                    self.due.remove(at);
                    continue;
                }
                Some(Timer::Once(message)) => (message.seal(), None),
                Some(Timer::Every(mut repeat)) => {
                    cell.at_timer();
                    ((repeat.make)().seal(), Some(repeat))
                }
                Some(Timer::Unready(envelope, repeat)) => (envelope, repeat),
            };
            if ready(P::kind(&envelope)) {
                self.due.remove(at);
                repeat
                    .into_iter()
                    .for_each(|repeat| self.repeat(repeat, cell));
                return Some(envelope);
            }
            self.set.insert(alarm, Timer::Unready(envelope, repeat));
            at += 1;
        }
        None
    }

    /// Sets the alarm of the next tick.
    fn repeat(&mut self, mut repeat: Repeat<P>, cell: &Arc<Cell<P>>) {
        repeat.next = next_tick(repeat.next, repeat.period, cell.hub.seam.now());
        let alarm = cell.set_alarm(repeat.next);
        self.current.insert(repeat.key, alarm);
        self.set.insert(alarm, Timer::Every(repeat));
    }
}

/// The first tick after `now` that is a whole number of periods after `last`.
fn next_tick(last: Instant, period: Duration, now: Instant) -> Instant {
    let missed = now.saturating_duration_since(last).as_nanos() / period.as_nanos();
    let ahead = u32::try_from(missed)
        .ok()
        .and_then(|missed| missed.checked_add(1));
    ahead
        .and_then(|periods| period.checked_mul(periods))
        .and_then(|ahead| last.checked_add(ahead))
        .unwrap_or(now + period)
}

impl<P: Protocol> Drop for Context<P> {
    fn drop(&mut self) {
        let Some(own) = self.own.take() else { return };
        let Own { mut sent, set, .. } = *own;
        for (alarm, timer) in set {
            self.cell.hub.seam.cancel_alarm(alarm);
            match timer {
                Timer::Unready(envelope, _) => self.cell.discard(envelope, Fault::Stopped),
                timer => drop(timer),
            }
        }
        while let Some(envelope) = sent.pop() {
            self.cell.discard(envelope, Fault::Stopped);
        }
    }
}

impl<P: Protocol> fmt::Debug for Context<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Context({})", self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_ticks_are_left_out() {
        let start = Instant::now();
        let ms = Duration::from_millis;
        let tick = |late| next_tick(start, ms(10), start + ms(late)) - start;
        assert_eq!(tick(0), ms(10));
        assert_eq!(tick(9), ms(10));
        assert_eq!(tick(10), ms(20));
        assert_eq!(tick(35), ms(40));
    }

    #[test]
    fn a_tick_long_overdue_comes_one_period_from_now() {
        let start = Instant::now();
        let now = start + Duration::from_secs(100);
        assert_eq!(
            next_tick(start, Duration::from_nanos(1), now),
            now + Duration::from_nanos(1)
        );
    }
}
