//! The arithmetic of a rate: the generic cell rate algorithm, as a virtual
//! schedule (ATM Forum, Traffic Management 4.0, 1996, section 4.4.2). It is pure:
//! the time is given to it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use super::rate::Rate;

/// A bucket of permits.
#[derive(Debug)]
pub(super) struct Bucket {
    /// How long one permit takes to come.
    interval: Duration,
    /// How long a full bucket takes to fill.
    whole: Duration,
    /// When it will be full again: the theoretical arrival time of the standard.
    /// In the past, or none, of one that is full.
    full: Option<Instant>,
    /// The latest time that was given: threads may come with times that they
    /// have read before.
    now: Option<Instant>,
    /// The times of permits that were reserved and given back; of the first one
    /// first.
    freed: BinaryHeap<Reverse<Instant>>,
    /// The time of the permit that was reserved last.
    last: Option<Instant>,
}

impl Bucket {
    /// A full one, of a rate that was checked.
    pub(super) fn new(rate: Rate) -> Bucket {
        let interval = rate.interval();
        Bucket {
            interval,
            whole: interval.saturating_mul(rate.burst),
            full: None,
            now: None,
            freed: BinaryHeap::new(),
            last: None,
        }
    }

    /// Takes a permit.
    ///
    /// # Errors
    /// How long there is none.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let now = self.latest(now);
        self.take_at(now)
            .map_err(|at| at.saturating_duration_since(now))
    }

    /// Takes the next permit that is not taken yet, and says when it is there.
    pub(super) fn reserve(&mut self, now: Instant) -> Instant {
        let now = self.latest(now);
        while let Some(Reverse(at)) = self.freed.pop() {
            // One that was there and not used is lost, as in a full bucket.
            if at >= now {
                return at;
            }
        }
        let at = match self.take_at(now) {
            Ok(()) => now,
            // At that time there is one.
            Err(at) => match self.take_at(at) {
                Ok(()) => at,
                Err(later) => later,
            },
        };
        self.last = Some(at);
        at
    }

    /// Gives a permit back that was reserved for this time and not used.
    pub(super) fn give_back(&mut self, now: Instant, at: Instant) {
        let now = self.latest(now);
        if at < now {
            return;
        }
        if self.last == Some(at) {
            self.last = None;
            self.full = self.full.and_then(|full| full.checked_sub(self.interval));
        } else {
            self.freed.push(Reverse(at));
        }
    }

    fn latest(&mut self, now: Instant) -> Instant {
        *self
            .now
            .insert(self.now.map_or(now, |latest| latest.max(now)))
    }

    /// Takes a permit, or says when there will be one.
    fn take_at(&mut self, at: Instant) -> Result<(), Instant> {
        let full = self.full.map_or(at, |full| full.max(at)) + self.interval;
        if full > at + self.whole {
            return Err(full - self.whole);
        }
        self.full = Some(full);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(rate: Rate) -> impl FnMut(u64) -> Result<(), Duration> {
        let (mut bucket, start) = (Bucket::new(rate), Instant::now());
        move |ms| bucket.take(start + Duration::from_millis(ms))
    }

    #[test]
    fn a_burst_and_then_one_each_interval() {
        let ms = Duration::from_millis;
        let mut take = bucket(Rate::new(100, ms(1_000)));
        (0..100).for_each(|_| assert_eq!(take(5), Ok(())));
        assert_eq!(take(5), Err(ms(10)));
        assert_eq!(take(12), Err(ms(3)));
        assert_eq!(take(15), Ok(()));
        assert_eq!(take(15), Err(ms(10)));
        (0..100).for_each(|_| assert_eq!(take(9_000), Ok(())));
        assert!(take(9_000).is_err(), "no more than it holds");
        assert_eq!(take(0), Err(ms(10)), "time does not go back");
    }

    #[test]
    fn reserved_permits_come_one_after_the_other() {
        let ms = Duration::from_millis;
        let start = Instant::now();
        let mut bucket = Bucket::new(Rate::new(10, ms(1_000)).burst(2));
        let mut reserve = || bucket.reserve(start) - start;
        let times: Vec<_> = (0..5).map(|_| reserve()).collect();
        assert_eq!(times, [0, 0, 100, 200, 300].map(ms));
        // The last one is as if it had never been.
        bucket.give_back(start, start + ms(300));
        assert_eq!(bucket.reserve(start) - start, ms(300));
        // Another is there for the next who comes in time.
        bucket.give_back(start, start + ms(100));
        bucket.give_back(start, start + ms(200));
        assert_eq!(bucket.reserve(start + ms(150)) - start, ms(200));
        assert_eq!(bucket.reserve(start + ms(150)) - start, ms(400));
        assert!(bucket.take(start + ms(450)).is_err());
        assert!(bucket.take(start + ms(500)).is_ok());
    }

    /// Many come, and go away before their time: no permit is lost, and none
    /// is given twice.
    #[test]
    fn those_who_go_away_hold_nobody_up() {
        let ms = Duration::from_millis;
        let start = Instant::now();
        let mut bucket = Bucket::new(Rate::new(10, ms(1_000)).burst(1));
        let (mut waiting, mut used) = (Vec::new(), Vec::new());
        for tick in 0..10_000 {
            let now = start + ms(tick);
            if tick % 10 == 0 {
                waiting.push((now, bucket.reserve(now)));
            }
            waiting.retain(|(came, at)| {
                if *at <= now {
                    used.push(*at);
                    return false;
                }
                let patient = *came + ms(500) > now;
                if !patient {
                    bucket.give_back(now, *at);
                }
                patient
            });
        }
        assert!(used.len() >= 95, "{}", used.len());
        assert!(used.windows(2).all(|two| two[1] - two[0] >= ms(100)));
    }

    #[test]
    fn a_burst_of_one_is_even() {
        let mut take = bucket(Rate::new(10, Duration::from_secs(1)).burst(1));
        let passed: Vec<u64> = (0..500).filter(|at| take(*at).is_ok()).collect();
        assert_eq!(passed, [0, 100, 200, 300, 400]);
    }

    /// In any stretch of time: the bucket, and what came in meanwhile.
    #[test]
    fn it_lets_through_what_its_rate_says() {
        for seed in 0..200 {
            let mut random = fastrand::Rng::with_seed(seed);
            let (count, burst) = (random.u32(1..50), random.u32(1..50));
            let rate = Rate::new(count, Duration::from_secs(1)).burst(burst);
            let mut take = bucket(rate);
            let (mut now, mut passed) = (0, Vec::new());
            for _ in 0..3_000 {
                now += random.u64(..3) * random.u64(..20);
                if take(now).is_ok() {
                    passed.push(now);
                }
            }
            let interval = rate.interval().as_nanos();
            for (first, from) in passed.iter().enumerate() {
                for (last, to) in passed.iter().enumerate().skip(first).take(120) {
                    let time = u128::from(to - from) * 1_000_000;
                    let most = u128::from(burst) + time / interval + 1;
                    assert!((last - first + 1) as u128 <= most, "seed {seed}");
                }
            }
        }
    }
}
