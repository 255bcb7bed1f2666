//! The arithmetic of a rate, by the crate `gcra`: the generic cell rate
//! algorithm of the ATM Forum (Traffic Management 4.0, 1996). It is pure: the
//! time is given to it.

use std::time::{Duration, Instant};

use gcra::{GcraError, GcraState, RateLimit};

use super::rate::Rate;

/// A bucket of permits.
#[derive(Debug)]
pub(super) struct Bucket {
    limit: RateLimit,
    state: GcraState,
    /// The latest time that was given: threads may come with times that they
    /// have read before.
    now: Option<Instant>,
}

impl Bucket {
    /// A full one, of a rate that was checked.
    pub(super) fn new(rate: Rate) -> Bucket {
        let whole = rate.interval().saturating_mul(rate.burst);
        Bucket {
            limit: RateLimit::new(rate.burst, whole),
            state: GcraState::default(),
            now: None,
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
        match self.take_at(now) {
            Ok(()) => now,
            // At that time there is one.
            Err(at) => match self.take_at(at) {
                Ok(()) => at,
                Err(later) => later,
            },
        }
    }

    /// Gives a permit back that was reserved and not used. Those who have
    /// reserved later ones keep theirs; the next who comes is earlier for it.
    pub(super) fn give_back(&mut self, now: Instant) {
        let now = self.latest(now);
        // It knows no error.
        let _ = self.state.revert_at(&self.limit, now, 1);
    }

    fn latest(&mut self, now: Instant) -> Instant {
        *self
            .now
            .insert(self.now.map_or(now, |latest| latest.max(now)))
    }

    fn take_at(&mut self, at: Instant) -> Result<(), Instant> {
        let taken = self.state.check_and_modify_at(&self.limit, at, 1);
        taken.map_err(|error| match error {
            GcraError::DeniedUntil { next_allowed_at } => next_allowed_at,
            // Of more than there can be; one is not.
            GcraError::DeniedIndefinitely { .. } => at,
        })
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
        bucket.give_back(start);
        assert_eq!(bucket.reserve(start) - start, ms(300));
        assert!(bucket.take(start + ms(350)).is_err());
        assert!(bucket.take(start + ms(400)).is_ok());
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
