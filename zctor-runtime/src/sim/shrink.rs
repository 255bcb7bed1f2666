//! Fewer decisions that fail in the same way. Pure: it is given what runs them.

use std::cell::Cell;

use super::replay::Replay;

/// A run that fails, and how long it took.
#[derive(Debug, Clone)]
pub(super) struct Failing<T> {
    /// What was decided, as far as it came.
    pub(super) replay: Replay,
    pub(super) steps: u64,
    pub(super) about: T,
}

impl<T> Failing<T> {
    /// Fewer decisions are better, and then fewer steps.
    fn size(&self) -> (usize, u64) {
        (self.replay.len(), self.steps)
    }
}

/// How much may be spent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    /// How many runs.
    pub(super) tries: u32,
    /// No run begins when so many steps were taken in them.
    pub(super) steps: u64,
}

impl Budget {
    fn is_spent(self) -> bool {
        self.tries == 0 || self.steps == 0
    }

    /// After a run.
    fn less(self, steps: u64) -> Budget {
        Budget {
            tries: self.tries.saturating_sub(1),
            steps: self.steps.saturating_sub(steps),
        }
    }
}

/// A fault is tried alone at so many messages.
const FIRST: u64 = 20;

/// Leaves decisions out as long as `fails` says that the rest still fails in
/// the same way: first half of them, then quarters, down to one at a time (Zeller, Hildebrandt: *Simplifying and Isolating
/// Failure-Inducing Input*, 2002). Without a decision the one runs that has
/// been ready for the longest time, and nothing goes wrong. `fails` also says how
/// many steps it took.
pub(super) fn shrink<T>(
    mut best: Failing<T>,
    budget: Budget,
    mut fails: impl FnMut(Replay) -> (Option<Failing<T>>, u64),
) -> Failing<T> {
    let budget = Cell::new(budget);
    let is_spent = || budget.get().is_spent();
    let mut fails = |replay| {
        let (failing, steps) = fails(replay);
        budget.set(budget.get().less(steps));
        failing
    };
    let mut attempt = |best: &mut Failing<T>, replay: Replay| {
        if is_spent() || replay == best.replay {
            return false;
        }
        match fails(replay) {
            Some(smaller) if smaller.size() < best.size() => {
                *best = smaller;
                true
            }
            _ => false,
        }
    };
    let nothing = best.replay.filtered(|_| false);
    attempt(&mut best, nothing);
    // One fault alone comes at another message than behind others.
    'alone: for fault in &best.replay.faults.clone() {
        let last = fault.message().unwrap_or(0).min(FIRST);
        for number in 1..=last {
            let mut alone = best.replay.filtered(|_| false);
            alone.faults = vec![fault.at_message(number)];
            if attempt(&mut best, alone) {
                break 'alone;
            }
        }
    }
    let mut chunk = best.replay.len().div_ceil(2);
    while chunk > 0 {
        let mut start = 0;
        let mut better = false;
        while start < best.replay.len() && !is_spent() {
            let without = |place| !(start..start + chunk).contains(&place);
            let replay = best.replay.filtered(without);
            if attempt(&mut best, replay) {
                better = true;
            } else {
                start += chunk;
            }
        }
        // What goes may let go of others, that were looked at before.
        if chunk > 1 || !better {
            chunk /= 2;
        }
    }
    // A smaller place is nearer to the turn that it would have.
    for step in best.replay.order.keys() {
        for place in 1.. {
            match best.replay.order.get(&step) {
                Some(&now) if place < now => {}
                _ => break,
            }
            let mut replay = best.replay.clone();
            replay.order.insert(step, place);
            let before = best.replay.clone();
            if is_spent() {
                break;
            }
            if let Some(nearer) = fails(replay)
                && nearer.size() <= best.size()
                && nearer.replay != before
            {
                best = nearer;
                break;
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::fault::Fault;
    use super::*;
    use crate::label::ActorId;

    fn failing(replay: Replay) -> Failing<()> {
        Failing {
            steps: 10,
            replay,
            about: (),
        }
    }

    fn tries(tries: u32) -> Budget {
        Budget {
            tries,
            steps: u64::MAX,
        }
    }

    #[test]
    fn what_does_not_matter_goes() {
        let all: String = (1..100).map(|step| format!(" {step}:3")).collect();
        let all: Replay = format!("7{all} panic(#1,2) kill(#2,2)").parse().unwrap();
        let needs = |replay: &Replay| {
            let order = &replay.order;
            order.get(&17).is_some() && order.get(&60).is_some() && replay.faults().len() > 1
        };
        let mut runs = 0;
        let best = shrink(failing(all), tries(1000), |replay| {
            runs += 1;
            (needs(&replay).then(|| failing(replay)), 10)
        });
        assert_eq!(
            best.replay.to_string(),
            "7 17:1 60:1 panic(#1,2) kill(#2,2)"
        );
        assert!(runs < 100, "{runs}");
    }

    #[test]
    fn a_fault_alone_comes_earlier() {
        let all: Replay = "7 3:1 panic(#1,2) kill(#1,5)".parse().unwrap();
        let best = shrink(failing(all.clone()), tries(1000), |replay| {
            let faults = replay.faults();
            let fails = replay == all || faults == [Fault::kill(ActorId::new(1), 4)];
            (fails.then(|| failing(replay)), 10)
        });
        assert_eq!(best.replay.to_string(), "7 kill(#1,4)");
    }

    #[test]
    fn what_fails_anyway_needs_one_run() {
        let all: Replay = "7 1:1 2:1 3:1".parse().unwrap();
        let mut runs = 0;
        let best = shrink(failing(all), tries(1000), |replay| {
            runs += 1;
            (Some(failing(replay)), 10)
        });
        assert_eq!((best.replay.len(), runs), (0, 1));
    }

    #[test]
    fn there_is_an_end_to_trying() {
        let all: String = (1..100).map(|step| format!(" {step}:3")).collect();
        let all: Replay = format!("7{all}").parse().unwrap();
        let mut runs = 0;
        let best = shrink(failing(all), tries(20), |replay| {
            runs += 1;
            ((replay.len() > 30).then(|| failing(replay)), 10)
        });
        assert_eq!(runs, 20);
        assert!((31..99).contains(&best.replay.len()));
    }

    /// Also where there are very many decisions.
    #[test]
    fn there_is_an_end_to_steps() {
        let mut all = Replay::new(7);
        for step in 1..100_000 {
            all.order.insert(step, 1);
        }
        let mut runs = 0;
        let budget = Budget {
            steps: 45,
            ..tries(1000)
        };
        let best = shrink(failing(all.clone()), budget, |_| {
            runs += 1;
            (None, 10)
        });
        assert_eq!((best.replay, runs), (all, 5));
    }
}
