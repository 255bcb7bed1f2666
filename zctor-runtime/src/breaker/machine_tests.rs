//! The circuit breaker's decisions, one by one and at random.

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// A breaker and its time.
struct Bench {
    machine: Machine,
    now: Instant,
    changes: Vec<(CircuitState, CircuitState)>,
}

impl Bench {
    fn new(settings: BreakerSettings) -> Bench {
        settings.check().unwrap();
        Bench {
            machine: Machine::new(settings),
            now: Instant::now(),
            changes: Vec::new(),
        }
    }

    fn note(&mut self) {
        let change = self.machine.take_change();
        self.changes
            .extend(change.map(|change| (change.from, change.to)));
    }

    fn begin(&mut self) -> Result<Admitted, Rejected> {
        let call = self.machine.admit(self.now);
        self.note();
        call
    }

    fn end(&mut self, call: Admitted, outcome: Outcome) {
        self.machine.settle(call, outcome, self.now);
        self.note();
    }

    /// A call that ends at once.
    fn call(&mut self, outcome: Outcome) {
        let call = self.begin().unwrap();
        self.end(call, outcome);
    }

    fn calls(&mut self, outcomes: &str) {
        for outcome in outcomes.chars() {
            self.call(match outcome {
                '+' => Outcome::Success,
                '-' => Outcome::Failure,
                _ => Outcome::Ignored,
            });
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    fn state(&self) -> CircuitState {
        self.machine.state()
    }
}

use CircuitState::{Closed as Shut, HalfOpen, Open};

fn of() -> BreakerSettings {
    BreakerSettings::new()
}

#[test]
fn five_failures_in_a_row_open_it() {
    let mut bench = Bench::new(of());
    bench.calls("----+----");
    assert_eq!(bench.state(), Shut);
    bench.calls("-");
    assert_eq!(bench.state(), Open);
    assert_eq!(bench.begin(), Err(Rejected(Some(30 * SECOND))));
    bench.pass(10 * SECOND);
    assert_eq!(bench.begin(), Err(Rejected(Some(20 * SECOND))));
    assert_eq!(bench.changes, [(Shut, Open)]);
}

#[test]
fn ignored_outcomes_neither_count_nor_break_a_row() {
    let mut bench = Bench::new(of().failures(2));
    bench.calls("-..-");
    assert_eq!(bench.state(), Open);
    let mut bench = Bench::new(of().calls(2).rate(100));
    bench.calls("-.");
    assert_eq!(bench.state(), Shut);
    bench.calls("-");
    assert_eq!(bench.state(), Open);
}

#[test]
fn three_successes_after_the_recovery_close_it() {
    let mut bench = Bench::new(of().failures(1));
    bench.calls("-");
    bench.pass(30 * SECOND - Duration::from_nanos(1));
    assert!(bench.begin().is_err());
    bench.pass(Duration::from_nanos(1));
    bench.calls("++");
    assert_eq!(bench.state(), HalfOpen);
    bench.calls("+");
    assert_eq!(bench.state(), Shut);
    assert_eq!(
        bench.changes,
        [(Shut, Open), (Open, HalfOpen), (HalfOpen, Shut)]
    );
}

#[test]
fn one_failure_in_half_open_opens_it_for_another_recovery() {
    let mut bench = Bench::new(of().failures(1));
    bench.calls("-");
    bench.pass(30 * SECOND);
    bench.calls("++-");
    assert_eq!(bench.state(), Open);
    assert_eq!(bench.begin(), Err(Rejected(Some(30 * SECOND))));
}

#[test]
fn half_open_lets_so_many_through_at_a_time() {
    let mut bench = Bench::new(of().failures(1).successes(3).trials(2));
    bench.calls("-");
    bench.pass(30 * SECOND);
    let (first, second) = (bench.begin().unwrap(), bench.begin().unwrap());
    assert_eq!(bench.begin(), Err(Rejected(None)));
    bench.end(first, Outcome::Ignored);
    let third = bench.begin().unwrap();
    assert_eq!(
        bench.begin(),
        Err(Rejected(None)),
        "a call given up gives its place back"
    );
    bench.end(second, Outcome::Success);
    bench.end(third, Outcome::Success);
    let last = bench.begin().unwrap();
    assert_eq!(
        bench.begin(),
        Err(Rejected(None)),
        "no more than can be needed"
    );
    bench.end(last, Outcome::Success);
    assert_eq!(bench.state(), Shut);
}

#[test]
fn what_comes_late_is_of_no_account() {
    let mut bench = Bench::new(of().failures(1));
    let early: Vec<_> = (0..4).map(|_| bench.begin().unwrap()).collect();
    bench.end(early[0], Outcome::Failure);
    bench.end(early[1], Outcome::Success);
    assert_eq!(bench.state(), Open);
    bench.pass(30 * SECOND);
    let trial = bench.begin().unwrap();
    bench.end(early[2], Outcome::Failure);
    assert_eq!(bench.state(), HalfOpen);
    bench.machine.force_close();
    bench.end(trial, Outcome::Failure);
    bench.end(early[3], Outcome::Failure);
    assert_eq!(bench.state(), Shut);
    let counts = bench.machine.counts();
    assert_eq!(
        (counts.succeeded, counts.failed),
        (1, 4),
        "but it is counted"
    );
}

#[test]
fn a_window_opens_at_its_rate_and_not_below() {
    for (outcomes, state) in [
        ("-----++++", Shut),
        ("-----+++++", Open),
        ("----++++++", Shut),
        ("+----++++++-----", Open),
    ] {
        let mut bench = Bench::new(of().calls(10).rate(50));
        bench.calls(&outcomes[..outcomes.len() - 1]);
        assert_eq!(bench.state(), Shut, "{outcomes}");
        bench.calls(&outcomes[outcomes.len() - 1..]);
        assert_eq!(bench.state(), state, "{outcomes}");
    }
}

#[test]
fn a_window_with_fewer_calls_than_the_minimum_decides_nothing() {
    let mut bench = Bench::new(of().calls(100).minimum(4).rate(50));
    bench.calls("---");
    assert_eq!(bench.state(), Shut);
    bench.calls("-");
    assert_eq!(bench.state(), Open);
    let mut bench = Bench::new(of().time(SECOND).minimum(4).rate(50));
    bench.calls("---");
    bench.pass(SECOND);
    bench.calls("---");
    assert_eq!(bench.state(), Shut, "the first three are out of it");
    bench.calls("-");
    assert_eq!(bench.state(), Open);
}

#[test]
fn slow_calls_count() {
    let slowly = |bench: &mut Bench, ms| {
        let call = bench.begin().unwrap();
        bench.pass(Duration::from_millis(ms));
        bench.end(call, Outcome::Success);
    };
    let mut bench = Bench::new(of().failures(2).slow(SECOND));
    slowly(&mut bench, 1_000);
    slowly(&mut bench, 999);
    slowly(&mut bench, 1_000);
    assert_eq!(bench.state(), Shut);
    slowly(&mut bench, 1_000);
    assert_eq!(bench.state(), Open, "without a window they are failures");

    let mut bench = Bench::new(of().calls(4).slow(SECOND).slow_rate(75));
    slowly(&mut bench, 1_000);
    slowly(&mut bench, 1_000);
    bench.calls("++");
    assert_eq!(bench.state(), Shut);
    slowly(&mut bench, 1_000);
    slowly(&mut bench, 1_000);
    slowly(&mut bench, 1_000);
    assert_eq!(
        bench.state(),
        Open,
        "with one they have a share of their own"
    );
    bench.pass(30 * SECOND);
    slowly(&mut bench, 1_000);
    assert_eq!(bench.state(), Open, "and a slow trial is one that failed");
}

#[test]
fn it_is_opened_and_closed_by_hand() {
    let mut bench = Bench::new(of().failures(2));
    bench.calls("-");
    bench.machine.force_open();
    bench.note();
    bench.machine.force_open();
    bench.note();
    bench.pass(1_000_000 * SECOND);
    assert_eq!(bench.begin(), Err(Rejected(None)));
    bench.machine.force_close();
    bench.note();
    bench.machine.force_close();
    bench.note();
    bench.calls("-");
    assert_eq!(bench.state(), Shut, "the count begins anew");
    assert_eq!(
        bench.changes,
        [(Shut, Open), (Open, Shut)],
        "one for each change"
    );
}

#[test]
fn a_recovery_beyond_the_clock_lasts_until_it_is_closed() {
    let mut bench = Bench::new(of().failures(1).recovery(Duration::MAX));
    bench.calls("-");
    bench.pass(1_000_000 * SECOND);
    assert_eq!(bench.begin(), Err(Rejected(None)));
}

/// Whatever happens, in any order: no call is let through while it is open,
/// never more are tried at a time than may be, states follow one another as
/// they are drawn, and every call is counted once.
#[test]
fn it_keeps_its_rules_whatever_happens() {
    for seed in 0..2_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let successes = random.u32(1..5);
        let mut settings = of()
            .failures(random.u32(1..4))
            .recovery(Duration::from_millis(random.u64(1..50)))
            .successes(successes)
            .trials(random.u32(1..=successes));
        match random.u8(..3) {
            0 => settings = settings.calls(random.u32(1..9)).rate(random.u8(1..=100)),
            1 => {
                settings = settings
                    .time(Duration::from_millis(random.u64(1..100)))
                    .minimum(random.u32(1..4))
                    .slow(Duration::from_millis(random.u64(1..20)));
            }
            _ => {}
        }
        let mut bench = Bench::new(settings);
        let mut calls: Vec<(Admitted, CircuitState, u64)> = Vec::new();
        let (mut begun, mut rejected, mut opened_at) = (0, 0, None);
        for _ in 0..400 {
            let before = bench.changes.len();
            match random.u8(..10) {
                0..4 => match bench.begin() {
                    Ok(call) => {
                        begun += 1;
                        assert_ne!(bench.state(), Open);
                        calls.push((call, bench.state(), bench.machine.term));
                    }
                    Err(_) => rejected += 1,
                },
                4..8 if !calls.is_empty() => {
                    let (call, ..) = calls.swap_remove(random.usize(..calls.len()));
                    let outcomes = [Outcome::Success, Outcome::Failure, Outcome::Ignored];
                    bench.end(call, outcomes[random.usize(..3)]);
                }
                8 => bench.pass(Duration::from_millis(random.u64(..30))),
                9 if random.u8(..10) == 0 => {
                    bench.machine.force_close();
                    bench.note();
                }
                _ => {}
            }
            assert!(bench.changes.len() <= before + 1, "one change a step");
            if bench.changes.len() > before {
                match bench.changes[before] {
                    (_, Open) => opened_at = Some(bench.now),
                    (Open, HalfOpen) => {
                        assert!(bench.now >= opened_at.unwrap() + settings.recovery);
                    }
                    _ => {}
                }
            }
            let term = bench.machine.term;
            let trying = calls
                .iter()
                .filter(|call| call.2 == term && call.1 == HalfOpen);
            assert!(trying.count() <= settings.trials as usize, "seed {seed}");
        }
        for pair in bench.changes.windows(2) {
            assert_eq!(pair[0].1, pair[1].0, "no change is left out");
        }
        let counts = bench.machine.counts();
        let ended = counts.succeeded + counts.failed + counts.ignored;
        assert_eq!(ended + calls.len() as u64, begun);
        assert_eq!(counts.rejected, rejected);
    }
}
