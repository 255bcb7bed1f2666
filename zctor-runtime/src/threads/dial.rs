//! A clock that stands still until it is moved, and the alarms of the systems
//! that go by it.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::rest::{Presence, Rest};
use crate::alarms::Alarms;
use crate::ordered::Ordered;
use crate::seam::{AlarmId, Bell};
use crate::sync::lock;

/// How long, in real time, it is waited for rest.
pub(crate) const SETTLE_LIMIT: Duration = Duration::from_secs(10);

/// No clock goes further: some 584 years.
pub(crate) const FURTHEST: Duration = Duration::from_nanos(u64::MAX);

pub(crate) struct Dial {
    began: Instant,
    /// Nanoseconds since then. Written under the lock of the alarms.
    elapsed: AtomicU64,
    /// By system.
    alarms: Mutex<Ordered<u64, Alarms>>,
    rest: Arc<Rest>,
    /// Held by whoever moves it.
    turn: Mutex<()>,
}

impl Dial {
    pub(crate) fn new() -> Dial {
        Dial {
            began: Instant::now(),
            elapsed: AtomicU64::new(0),
            alarms: Mutex::default(),
            rest: Arc::default(),
            turn: Mutex::default(),
        }
    }

    pub(super) fn join(&self, patience: Duration) -> Presence {
        let presence = self.rest.join(patience);
        lock(&self.alarms).insert(presence.member, Alarms::default());
        presence
    }

    /// A system has ended: its alarms are the caller's to ring.
    pub(super) fn leave(&self, member: u64) -> Vec<(AlarmId, Bell)> {
        let alarms = lock(&self.alarms).remove(&member);
        alarms.map_or_else(Vec::new, |mut alarms| alarms.clear())
    }

    #[inline]
    pub(crate) fn now(&self) -> Instant {
        self.began + self.elapsed()
    }

    #[inline]
    pub(crate) fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.elapsed.load(Acquire))
    }

    /// Sets an alarm. One that is due already comes back, for the caller to
    /// ring.
    pub(super) fn set(&self, member: u64, at: Instant, bell: Bell) -> (AlarmId, Option<Bell>) {
        let mut all = lock(&self.alarms);
        let mut none = Alarms::default();
        let joined = all.get_mut(&member);
        let gone = joined.is_none();
        let alarms = joined.unwrap_or(&mut none);
        let id = alarms.set(at, bell);
        let due = (gone || at <= self.now()).then(|| alarms.cancel(id));
        (id, due.flatten())
    }

    pub(super) fn cancel(&self, member: u64, id: AlarmId) -> Option<Bell> {
        lock(&self.alarms).get_mut(&member)?.cancel(id)
    }

    /// When the next alarm is due.
    pub(crate) fn next(&self) -> Option<Instant> {
        next(&lock(&self.alarms))
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.rest.is_quiet()
    }

    /// Waits until nobody is at work; or says who is.
    pub(crate) fn settle(&self) -> Result<(), String> {
        self.rest.settle(SETTLE_LIMIT)
    }

    /// Moves it, from alarm to alarm, and waits for rest before and after each.
    pub(crate) fn advance(&self, by: Duration) -> Result<(), String> {
        let _turn = lock(&self.turn);
        let until = self.elapsed().saturating_add(by).min(FURTHEST);
        loop {
            self.settle()?;
            let mut all = lock(&self.alarms);
            let at = next(&all).filter(|&at| at <= self.began + until);
            let Some(at) = at else {
                self.show(until);
                return Ok(());
            };
            self.show(at.saturating_duration_since(self.began));
            let first = take_due(&mut all, at);
            drop(all);
            self.ring(first, at);
        }
    }

    /// Moves it to the next alarm: how far that was.
    pub(crate) fn advance_to_next(&self) -> Result<Option<Duration>, String> {
        let _turn = lock(&self.turn);
        self.settle()?;
        let before = self.elapsed();
        let mut all = lock(&self.alarms);
        let Some(at) = next(&all) else {
            return Ok(None);
        };
        self.show(at.saturating_duration_since(self.began));
        let first = take_due(&mut all, at);
        drop(all);
        self.ring(first, at);
        self.settle()?;
        Ok(Some(self.elapsed().saturating_sub(before)))
    }

    /// Shows a time, which is never an earlier one.
    fn show(&self, elapsed: Duration) {
        let nanos = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        let shown = self.elapsed.load(Acquire);
        self.elapsed.store(nanos.max(shown), Release);
    }

    fn ring(&self, first: Option<(AlarmId, Bell)>, at: Instant) {
        let mut due = first;
        while let Some((id, bell)) = due {
            bell.strike(id);
            due = take_due(&mut lock(&self.alarms), at);
        }
    }
}

/// When the first alarm is due, and whose it is.
fn first(all: &Ordered<u64, Alarms>) -> Option<(Instant, u64)> {
    let mut first = None;
    for (id, alarms) in all.iter() {
        if let Some(at) = alarms.next()
            && first.is_none_or(|(before, _)| at < before)
        {
            first = Some((at, id));
        }
    }
    first
}

fn next(all: &Ordered<u64, Alarms>) -> Option<Instant> {
    let (at, _) = first(all)?;
    Some(at)
}

/// Takes the first alarm that is due.
fn take_due(all: &mut Ordered<u64, Alarms>, now: Instant) -> Option<(AlarmId, Bell)> {
    let (_, id) = first(all)?;
    all.get_mut(&id)?.due(now)
}

impl fmt::Debug for Dial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dial")
            .field("elapsed", &self.elapsed())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seam::Ring;

    struct Rung(Mutex<Vec<(u64, Duration)>>, Arc<Dial>);

    impl Ring for Rung {
        fn ring(&self, alarm: AlarmId) {
            lock(&self.0).push((alarm.number, self.1.elapsed()));
        }
    }

    #[test]
    fn alarms_of_all_systems_ring_in_one_order_each_at_its_time() {
        let dial = Arc::new(Dial::new());
        let rung = Arc::new(Rung(Mutex::default(), Arc::clone(&dial)));
        let (one, two) = (dial.join(Duration::MAX), dial.join(Duration::MAX));
        let at = |seconds| dial.now() + Duration::from_secs(seconds);
        let bell = || Bell::Ring(Arc::clone(&rung) as Arc<dyn Ring>);
        assert!(dial.set(one.member, at(0), bell()).1.is_some(), "due");
        let (gone, _) = dial.set(one.member, at(1), bell());
        assert!(dial.set(two.member, at(9), bell()).1.is_none());
        assert!(dial.set(one.member, at(5), bell()).1.is_none());
        assert!(dial.set(two.member, at(3), bell()).1.is_none());
        assert!(dial.cancel(one.member, gone).is_some());
        assert_eq!(dial.next(), Some(at(3)));
        assert_eq!(dial.advance(Duration::from_secs(6)), Ok(()));
        let seconds = Duration::from_secs;
        assert_eq!(*lock(&rung.0), [(2, seconds(3)), (3, seconds(5))]);
        assert_eq!(dial.elapsed(), seconds(6));
        assert_eq!(dial.advance_to_next(), Ok(Some(seconds(3))));
        assert_eq!(dial.advance_to_next(), Ok(None));
        assert_eq!(dial.elapsed(), seconds(9));
        assert_eq!(dial.advance(Duration::MAX), Ok(()));
        assert_eq!(dial.elapsed(), FURTHEST);
        assert!(dial.set(9, at(0), bell()).1.is_some(), "it has left");
    }
}
