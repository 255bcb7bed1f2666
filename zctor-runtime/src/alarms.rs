//! Alarms in the order in which they ring.

use std::time::Instant;

use crate::ordered::Ordered;
use crate::seam::{AlarmId, Bell};

/// The alarms that are set. It knows no clock: it is told the time.
#[derive(Default)]
pub(crate) struct Alarms {
    set: Ordered<AlarmId, Bell>,
    made: u64,
}

impl Alarms {
    pub(crate) fn set(&mut self, at: Instant, bell: Bell) -> AlarmId {
        self.made += 1;
        let id = AlarmId {
            at,
            number: self.made,
        };
        self.set.insert(id, bell);
        id
    }

    pub(crate) fn cancel(&mut self, id: AlarmId) -> Option<Bell> {
        self.set.remove(&id)
    }

    /// Takes the first alarm that is due at `now`.
    pub(crate) fn due(&mut self, now: Instant) -> Option<(AlarmId, Bell)> {
        let first = self.set.first_key().filter(|id| id.at <= now)?;
        Some((first, self.set.remove(&first)?))
    }

    /// When the next one is due.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.set.first_key().map(|id| id.at)
    }

    /// Takes all of them.
    pub(crate) fn clear(&mut self) -> Vec<(AlarmId, Bell)> {
        self.set.take_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;
    use std::time::Duration;

    #[test]
    fn in_order_of_time_then_of_setting() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut alarms = Alarms::default();
        let bell = || Bell::Wake(Waker::noop().clone());
        let late = alarms.set(at(20), bell());
        let first = alarms.set(at(10), bell());
        let second = alarms.set(at(10), bell());
        let gone = alarms.set(at(5), bell());
        assert!(alarms.cancel(gone).is_some() && alarms.cancel(gone).is_none());
        assert_eq!(alarms.next(), Some(at(10)));
        assert!(alarms.due(at(9)).is_none());
        let rung: Vec<_> = std::iter::from_fn(|| alarms.due(at(30)))
            .map(|(id, _)| id)
            .collect();
        assert_eq!(rung, [first, second, late]);
        assert_eq!(alarms.next(), None);
    }
}
