//! The timers of an actor. An alarm brings only its id; what it means is looked
//! up here when its turn comes. So a timer that was cancelled does nothing even
//! if it has gone off already, and one of an earlier incarnation is not known.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cell::Cell;
use crate::guard;
use crate::ordered::Ordered;
use crate::protocol::{Fault, Protocol, with_kind};
use crate::seam::AlarmId;

/// Names a timer of an actor, for [`Context::cancel`](crate::Context::cancel).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerKey(AlarmId);

/// The key of a timer of which there is one at a time: a text, a number, or
/// both, such as `("retry", order)`. See [`Context::timer`](crate::Context::timer).
///
/// ```
/// use zctor::TimerName;
///
/// assert_eq!(TimerName::from(("retry", 7)).to_string(), "retry 7");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerName {
    text: &'static str,
    number: Option<u64>,
}

impl From<&'static str> for TimerName {
    fn from(text: &'static str) -> Self {
        TimerName { text, number: None }
    }
}

impl From<u64> for TimerName {
    fn from(number: u64) -> Self {
        TimerName::from(("", number))
    }
}

impl From<(&'static str, u64)> for TimerName {
    fn from((text, number): (&'static str, u64)) -> Self {
        let number = Some(number);
        TimerName { text, number }
    }
}

impl fmt::Display for TimerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.text, self.number) {
            (text, None) => f.write_str(text),
            ("", Some(number)) => write!(f, "{number}"),
            (text, Some(number)) => write!(f, "{text} {number}"),
        }
    }
}

/// The maps have an order, so that the drops of what is in them have one too.
pub(crate) struct Timers<P> {
    set: Ordered<AlarmId, Timer<P>>,
    /// The alarm of a repeating timer that has fired before; the alarm of any
    /// other one is its key.
    current: Ordered<AlarmId, AlarmId>,
    named: BTreeMap<TimerName, TimerKey>,
    quiet: Option<Quiet<P>>,
}

/// A timer that was taken back.
#[cfg_attr(not(feature = "test"), allow(dead_code))]
pub(crate) struct Taken<P> {
    pub(crate) at: Instant,
    pub(crate) every: Option<Duration>,
    pub(crate) name: Option<TimerName>,
    pub(crate) message: P,
}

struct Timer<P> {
    name: Option<TimerName>,
    what: What<P>,
}

enum What<P> {
    Once(P),
    Every(Repeat<P>),
    /// Gone off, with a message that was not ready. The alarm stays due, and
    /// the next one is set when this message is handled.
    Made(P, Repeat<P>),
}

struct Repeat<P> {
    key: TimerKey,
    period: Duration,
    next: Instant,
    make: Box<dyn FnMut() -> P + Send>,
}

/// A receive timeout. Its alarm is not moved at each message: when it rings too
/// early it is set again.
struct Quiet<P> {
    alarm: AlarmId,
    limit: Duration,
    /// When something was handled last.
    since: Instant,
    make: Box<dyn FnMut() -> P + Send>,
}

impl<P: Protocol> Timers<P> {
    pub(crate) fn new() -> Timers<P> {
        Timers {
            set: Ordered::new(),
            current: Ordered::new(),
            named: BTreeMap::new(),
            quiet: None,
        }
    }

    pub(crate) fn after(
        &mut self,
        cell: &Arc<Cell<P>>,
        delay: Duration,
        message: P,
        name: Option<TimerName>,
    ) -> TimerKey {
        let alarm = cell.set_alarm(later(cell.hub.seam.now(), delay));
        self.insert(cell, alarm, What::Once(message), name)
    }

    pub(crate) fn every(
        &mut self,
        cell: &Arc<Cell<P>>,
        period: Duration,
        make: Box<dyn FnMut() -> P + Send>,
        name: Option<TimerName>,
    ) -> TimerKey {
        let next = later(cell.hub.seam.now(), period);
        let alarm = cell.set_alarm(next);
        let repeat = Repeat {
            key: TimerKey(alarm),
            period,
            next,
            make,
        };
        self.insert(cell, alarm, What::Every(repeat), name)
    }

    /// One of the same name is taken back.
    fn insert(
        &mut self,
        cell: &Cell<P>,
        alarm: AlarmId,
        what: What<P>,
        name: Option<TimerName>,
    ) -> TimerKey {
        let key = TimerKey(alarm);
        if let Some(name) = name {
            self.cancel_named(cell, name);
            self.named.insert(name, key);
        }
        self.set.insert(alarm, Timer { name, what });
        key
    }

    /// False if it had fired for the last time, or was cancelled before.
    pub(crate) fn cancel(&mut self, cell: &Cell<P>, key: TimerKey) -> bool {
        let alarm = self.current.remove(&key.0).unwrap_or(key.0);
        let Some(timer) = self.set.remove(&alarm) else {
            return false;
        };
        timer.name.map(|name| self.named.remove(&name));
        cell.hub.seam.cancel_alarm(alarm);
        guard::quietly(|| drop(timer));
        true
    }

    pub(crate) fn cancel_named(&mut self, cell: &Cell<P>, name: TimerName) -> bool {
        let key = self.named.get(&name).copied();
        key.is_some_and(|key| self.cancel(cell, key))
    }

    pub(crate) fn is_set(&self, name: TimerName) -> bool {
        self.named.contains_key(&name)
    }

    /// The message of a timer whose turn has come.
    pub(crate) fn ring(&mut self, cell: &Arc<Cell<P>>, alarm: AlarmId) -> Option<P> {
        let Some(Timer { name, what }) = self.set.remove(&alarm) else {
            return self.ring_quiet(cell, alarm);
        };
        match what {
            What::Once(message) => {
                name.map(|name| self.named.remove(&name));
                Some(message)
            }
            What::Every(mut repeat) => {
                cell.at_timer();
                let message = (repeat.make)();
                self.again(cell, name, repeat);
                Some(message)
            }
            What::Made(message, repeat) => {
                self.again(cell, name, repeat);
                Some(message)
            }
        }
    }

    /// Sets the alarm of the next tick.
    fn again(&mut self, cell: &Arc<Cell<P>>, name: Option<TimerName>, mut repeat: Repeat<P>) {
        repeat.next = next_tick(repeat.next, repeat.period, cell.hub.seam.now());
        let alarm = cell.set_alarm(repeat.next);
        self.current.insert(repeat.key.0, alarm);
        let what = What::Every(repeat);
        self.set.insert(alarm, Timer { name, what });
    }

    /// The kind of the message that [`ring`](Timers::ring) will give. It stays
    /// here until then, so it can be cancelled, and no other tick comes.
    pub(crate) fn kind_of(&mut self, cell: &Cell<P>, alarm: AlarmId) -> Option<P::Kind> {
        let Timer { name, what } = self.set.remove(&alarm)?;
        let (what, kind) = match what {
            What::Once(message) => {
                let (message, kind) = with_kind(message);
                (What::Once(message), kind)
            }
            What::Every(mut repeat) => {
                cell.at_timer();
                let (message, kind) = with_kind((repeat.make)());
                (What::Made(message, repeat), kind)
            }
            What::Made(message, repeat) => {
                let (message, kind) = with_kind(message);
                (What::Made(message, repeat), kind)
            }
        };
        self.set.insert(alarm, Timer { name, what });
        Some(kind)
    }

    pub(crate) fn set_quiet(
        &mut self,
        cell: &Arc<Cell<P>>,
        limit: Duration,
        make: Box<dyn FnMut() -> P + Send>,
    ) {
        self.clear_quiet(cell);
        let since = cell.hub.seam.now();
        self.quiet = Some(Quiet {
            alarm: cell.set_alarm(later(since, limit)),
            limit,
            since,
            make,
        });
    }

    /// False if there was none.
    pub(crate) fn clear_quiet(&mut self, cell: &Cell<P>) -> bool {
        let Some(quiet) = self.quiet.take() else {
            return false;
        };
        cell.hub.seam.cancel_alarm(quiet.alarm);
        true
    }

    /// Something was handled just now.
    pub(crate) fn not_quiet(&mut self, cell: &Cell<P>) {
        if let Some(quiet) = &mut self.quiet {
            quiet.since = cell.hub.seam.now();
        }
    }

    fn ring_quiet(&mut self, cell: &Arc<Cell<P>>, alarm: AlarmId) -> Option<P> {
        let quiet = self.quiet.as_mut().filter(|quiet| quiet.alarm == alarm)?;
        let now = cell.hub.seam.now();
        let over = now.saturating_duration_since(quiet.since) >= quiet.limit;
        if over {
            quiet.since = now;
        }
        quiet.alarm = cell.set_alarm(later(quiet.since, quiet.limit));
        over.then(|| {
            cell.at_timer();
            (quiet.make)()
        })
    }

    /// Takes all of them back, to look at what they are.
    #[cfg_attr(not(feature = "test"), allow(dead_code))]
    pub(crate) fn take_all(&mut self, cell: &Cell<P>) -> Vec<Taken<P>> {
        let mut all = Vec::new();
        for (alarm, Timer { name, what }) in self.set.take_all() {
            cell.hub.seam.cancel_alarm(alarm);
            let (every, message) = match what {
                What::Once(message) => (None, message),
                What::Made(message, repeat) => (Some(repeat.period), message),
                What::Every(mut repeat) => (Some(repeat.period), (repeat.make)()),
            };
            let at = alarm.at;
            all.push(Taken {
                at,
                every,
                name,
                message,
            });
        }
        self.named.clear();
        self.current = Ordered::new();
        all
    }

    /// Takes all of them back.
    pub(crate) fn clear(&mut self, cell: &Cell<P>) {
        self.clear_quiet(cell);
        for (alarm, timer) in self.set.take_all() {
            cell.hub.seam.cancel_alarm(alarm);
            match timer.what {
                What::Made(message, _) => cell.discard(message.seal(), Fault::Stopped),
                what => {
                    guard::quietly(|| drop(what));
                }
            }
        }
    }
}

/// A time beyond the clock's range is a hundred years from now.
fn later(now: Instant, delay: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 100);
    now.checked_add(delay).unwrap_or_else(|| now + FAR)
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
