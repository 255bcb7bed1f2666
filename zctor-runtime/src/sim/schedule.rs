//! In which order what is ready runs. Pure: it is given the steps and those who
//! are ready, and draws from a generator of its own.

use crate::ordered::Ordered;

/// Who runs next in a simulation when several could.
///
/// ```
/// use zctor::sim::{Schedule, Sim};
///
/// let sim = Sim::builder(7).schedule(Schedule::pct(3, 1000)).build();
/// # drop(sim);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Schedule {
    /// Any of them, each as likely as the others.
    #[default]
    Random,
    /// The one that has been ready for the longest time.
    RoundRobin,
    /// The one with the highest priority. Priorities are drawn when an actor
    /// first runs; at `depth - 1` steps, drawn beforehand among the first
    /// `steps`, the one that would run falls behind all others, but for those
    /// that have fallen before: which of these come first is drawn as well.
    /// Whoever holds up another for 1000 steps in a row falls behind them all.
    ///
    /// A fault that shows when `depth` steps come in a certain order, in a run
    /// of `n` actors and `k` steps, is found by one seed with a chance of at
    /// least 1 in `n * k^(depth - 1)`, however rare that order is otherwise
    /// (Burckhardt, Kothari, Musuvathi, Nagarakatte: *A Randomized Scheduler
    /// with Probabilistic Guarantees of Finding Bugs*, ASPLOS 2010).
    #[non_exhaustive]
    Pct {
        /// How many steps have to come in a certain order: 1 to 3 mostly.
        depth: u32,
        /// How many steps a run has, about.
        steps: u64,
    },
}

impl Schedule {
    /// [`Schedule::Pct`].
    #[must_use]
    pub const fn pct(depth: u32, steps: u64) -> Schedule {
        Schedule::Pct { depth, steps }
    }
}

/// So often in a row one is passed over that has been ready for the longest time;
/// then the one that would run makes room for it, so that actors which wait by
/// looking again and again do not stop the run.
const IN_A_ROW: u32 = 1000;

/// Priorities that are drawn are from here on; those that have fallen at a
/// change are below, each with its number.
const DRAWN: u64 = 1 << 33;
/// Those that made room are below this.
const FALLEN: u64 = 1 << 32;

/// Chooses by a schedule.
pub(super) struct Picker {
    schedule: Schedule,
    random: fastrand::Rng,
    priorities: Ordered<u64, u64>,
    /// At which step the one that would run gets which priority.
    changes: Vec<(u64, u64)>,
    /// Below all that were given.
    lowest: u64,
    /// Who has been ready for the longest time, and how often it was passed
    /// over.
    passed_over: Option<(u64, u32)>,
}

impl Picker {
    pub(super) fn new(schedule: Schedule, mut random: fastrand::Rng) -> Picker {
        let mut changes = Vec::new();
        if let Schedule::Pct { depth, steps } = schedule {
            for number in 1..depth {
                let at = random.u64(1..=steps.max(1));
                changes.push((at, FALLEN + u64::from(number)));
            }
        }
        Picker {
            schedule,
            random,
            priorities: Ordered::new(),
            changes,
            lowest: FALLEN,
            passed_over: None,
        }
    }

    /// The place of the one that runs at this step, of two or more. They stand
    /// in the order in which they became ready, each with its number.
    pub(super) fn pick(&mut self, step: u64, ready: impl ExactSizeIterator<Item = u64>) -> usize {
        match self.schedule {
            Schedule::Random => self.random.usize(..ready.len()),
            Schedule::RoundRobin => 0,
            Schedule::Pct { .. } => {
                let mut numbers = Vec::with_capacity(ready.len());
                for number in ready {
                    numbers.push(number);
                }
                self.by_priority(step, &numbers)
            }
        }
    }

    /// This one never comes again.
    pub(super) fn forget(&mut self, number: u64) {
        self.priorities.remove(&number);
    }

    fn by_priority(&mut self, step: u64, ready: &[u64]) -> usize {
        let mut chosen = self.highest(ready);
        for change in 0..self.changes.len() {
            let (at, priority) = self.changes[change];
            if at == step {
                self.priorities.insert(ready[chosen], priority);
                chosen = self.highest(ready);
            }
        }
        let first = ready[0];
        let before = self.passed_over.filter(|(number, _)| *number == first);
        let times = before.map_or(1, |(_, times)| times + 1);
        self.passed_over = (chosen != 0).then_some((first, times));
        if chosen != 0 && times > IN_A_ROW {
            self.lowest -= 1;
            self.priorities.insert(ready[chosen], self.lowest);
            self.passed_over = None;
            chosen = self.highest(ready);
        }
        chosen
    }

    fn highest(&mut self, ready: &[u64]) -> usize {
        let mut best = (0, 0);
        for (place, key) in ready.iter().enumerate() {
            let random = &mut self.random;
            let new = || random.u64(DRAWN..=u64::MAX);
            let priority = *self.priorities.get_or_insert_with(*key, new);
            if priority > best.1 {
                best = (place, priority);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker(schedule: Schedule, seed: u64) -> Picker {
        Picker::new(schedule, fastrand::Rng::with_seed(seed))
    }

    #[test]
    fn round_robin_takes_the_first() {
        let mut picker = picker(Schedule::RoundRobin, 3);
        assert_eq!(picker.pick(1, [5, 6].into_iter()), 0);
    }

    #[test]
    fn random_takes_each_about_as_often() {
        let mut picker = picker(Schedule::Random, 3);
        let mut counts = [0_u32; 3];
        for step in 0..3000 {
            counts[picker.pick(step, [1, 2, 3].into_iter())] += 1;
        }
        assert!(counts.iter().all(|&count| count > 900), "{counts:?}");
    }

    #[test]
    fn the_same_one_runs_until_it_falls_behind() {
        for seed in 0..200 {
            let mut picker = picker(Schedule::pct(2, 50), seed);
            let chosen: Vec<_> = (1..=100)
                .map(|step| picker.pick(step, [1, 2, 3].into_iter()))
                .collect();
            let changes = chosen.windows(2).filter(|two| two[0] != two[1]).count();
            assert!(changes <= 1, "{chosen:?}");
        }
    }

    /// Two steps of three in a certain order are found by at least the promised
    /// part of the seeds.
    #[test]
    fn rare_orders_are_found_as_often_as_promised() {
        // A bug that shows if actor 1 is overtaken by actor 2 right after its
        // 40th of 50 steps.
        let found = |seed| {
            let mut picker = picker(Schedule::pct(2, 100), seed);
            let (mut first, mut second) = (0, 0);
            for step in 1..=100 {
                let ready: &[u64] = match (first < 50, second < 50) {
                    (true, true) => &[1, 2],
                    (true, false) => &[1],
                    _ => &[2],
                };
                if ready[picker.pick(step, ready.iter().copied())] == 1 {
                    first += 1;
                } else if first == 40 && second == 0 {
                    return true;
                } else {
                    second += 1;
                }
            }
            false
        };
        let times = (0..20_000).filter(|&seed| found(seed)).count();
        // 1 in 2 * 100.
        assert!(times >= 100, "{times}");
    }

    #[test]
    fn one_that_is_always_ready_does_not_stop_the_others() {
        let mut picker = picker(Schedule::pct(1, 10), 1);
        let mut ready = vec![1, 2];
        let chosen: Vec<_> = (0..5000)
            .map(|step| {
                let place = picker.pick(step, ready.iter().copied());
                // Whoever ran is ready again, behind the others.
                let ran = ready.remove(place);
                ready.push(ran);
                ran
            })
            .collect();
        assert!(chosen.contains(&1) && chosen.contains(&2));
    }

    /// As a pair that ask each other until a third one has run.
    #[test]
    fn a_pair_that_is_always_ready_does_not_stop_the_others() {
        for seed in 0..20 {
            let mut picker = picker(Schedule::pct(1, 10), seed);
            let ran = (0..5000).any(|step| {
                let ready = [3, 1 + step % 2];
                ready[picker.pick(step, ready.into_iter())] == 3
            });
            assert!(ran, "{seed}");
        }
    }

    /// The one that falls first is to run last.
    #[test]
    fn orders_of_three_are_found_in_which_the_later_comes_first() {
        let wanted: Vec<u64> = [[1; 3].as_slice(), &[2; 3], &[3; 5], &[2; 2], &[1; 2]].concat();
        let found = |seed| {
            let mut picker = picker(Schedule::pct(3, 15), seed);
            let mut left = [(1, 5), (2, 5), (3, 5)];
            wanted.iter().zip(1..).all(|(&wanted, step)| {
                let ready: Vec<u64> = left
                    .iter()
                    .filter(|one| one.1 > 0)
                    .map(|one| one.0)
                    .collect();
                let ran = ready[picker.pick(step, ready.iter().copied())];
                left.iter_mut()
                    .filter(|one| one.0 == ran)
                    .for_each(|one| one.1 -= 1);
                ran == wanted
            })
        };
        // Of the priorities 1 in 6, of the steps 1 in 15 * 15.
        let times = (0..20_000).filter(|&seed| found(seed)).count();
        assert!((5..40).contains(&times), "{times}");
    }
}
