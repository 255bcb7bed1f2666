//! The planner against expectations written by hand.

use super::*;

fn rules(strategy: Strategy) -> Rules {
    Rules {
        strategy,
        max_restarts: 3,
        within: Duration::from_secs(60),
        auto_shutdown: AutoShutdown::Never,
        backoff: None,
    }
}

const PERMANENT: ChildRules = ChildRules {
    restart: Restart::Permanent,
    significant: false,
    kind: None,
};

const TRANSIENT: ChildRules = ChildRules {
    restart: Restart::Transient,
    ..PERMANENT
};

const TEMPORARY: ChildRules = ChildRules {
    restart: Restart::Temporary,
    ..PERMANENT
};

const VISIT: ChildRules = ChildRules {
    kind: Some("visit"),
    ..TEMPORARY
};

/// One that has started its children.
fn up(rules: Rules, children: &[ChildRules]) -> Planner {
    let keyed = children.iter().enumerate();
    let mut planner = Planner::new(rules, keyed.map(|(key, rules)| (key as Key, *rules)));
    let plan = planner.handle(Event::Start, Duration::ZERO);
    let mut expected: Vec<_> = (0..children.len() as Key)
        .map(|key| start(key, 1))
        .collect();
    expected.push(Action::Up);
    assert_eq!(plan, expected);
    planner
}

fn start(child: Key, incarnation: u64) -> Action {
    Action::Start { child, incarnation }
}

fn stop_kept(child: Key) -> Action {
    Action::Stop {
        children: vec![child],
        keep: true,
    }
}

fn exited(child: Key, incarnation: u64, kind: ExitKind) -> Event {
    Event::Exited {
        child,
        incarnation,
        kind,
    }
}

fn crash(planner: &mut Planner, child: Key, incarnation: u64) -> Vec<Action> {
    planner.handle(exited(child, incarnation, ExitKind::Error), Duration::ZERO)
}

#[test]
fn each_kind_of_exit_for_each_way_of_restarting() {
    use ExitKind::{Error, Killed, Normal, Shutdown};
    for (rules, kinds) in [
        (PERMANENT, [true, true, true, true]),
        (TRANSIENT, [false, false, true, true]),
        (TEMPORARY, [false, false, false, false]),
    ] {
        for (kind, restarted) in [Normal, Shutdown, Error, Killed].into_iter().zip(kinds) {
            let mut planner = up(self::rules(Strategy::OneForOne), &[rules]);
            let plan = planner.handle(exited(0, 1, kind), Duration::ZERO);
            let expected = match (restarted, rules.restart) {
                (true, _) => start(0, 2),
                (false, Restart::Temporary) => Action::Forget(0),
                (false, _) => Action::Release(0),
            };
            assert_eq!(plan, [expected], "{:?} {kind:?}", rules.restart);
        }
    }
}

#[test]
fn what_is_old_is_ignored() {
    let mut planner = up(rules(Strategy::OneForOne), &[PERMANENT]);
    assert_eq!(crash(&mut planner, 0, 1), [start(0, 2)]);
    assert_eq!(crash(&mut planner, 0, 1), []);
    assert_eq!(crash(&mut planner, 7, 1), []);
    let due = Event::Due { child: 0, token: 1 };
    assert_eq!(planner.handle(due, Duration::ZERO), []);
}

#[test]
fn groups_stop_in_reverse_and_start_in_order() {
    let four = [PERMANENT, TRANSIENT, TEMPORARY, PERMANENT];
    let mut all = up(rules(Strategy::OneForAll), &four);
    let stop_temporary = Action::Stop {
        children: vec![2],
        keep: false,
    };
    assert_eq!(
        crash(&mut all, 1, 1),
        [
            stop_kept(3),
            stop_temporary.clone(),
            Action::Forget(2),
            stop_kept(0),
            start(0, 2),
            start(1, 2),
            start(3, 2),
        ]
    );
    let mut rest = up(rules(Strategy::RestForOne), &four);
    assert_eq!(
        crash(&mut rest, 1, 1),
        [
            stop_kept(3),
            stop_temporary,
            Action::Forget(2),
            start(1, 2),
            start(3, 2),
        ]
    );
}

#[test]
fn dynamic_ones_of_a_kind_stop_together() {
    let mut planner = up(rules(Strategy::OneForAll), &[PERMANENT, PERMANENT]);
    for child in 2..5 {
        let rules = VISIT;
        let plan = planner.handle(Event::Add { child, rules }, Duration::ZERO);
        assert_eq!(plan, [start(child, 1), Action::Answer(Ok(()))]);
    }
    let visits = Action::Stop {
        children: vec![4, 3, 2],
        keep: false,
    };
    let forgotten = [4, 3, 2].map(Action::Forget);
    let mut expected = vec![visits];
    expected.extend(forgotten);
    expected.extend([stop_kept(1), start(0, 2), start(1, 2)]);
    assert_eq!(crash(&mut planner, 0, 1), expected);
}

#[test]
fn a_pool_grows_by_those_that_start() {
    let now = Duration::ZERO;
    let mut planner = up(rules(Strategy::OneForOne), &[PERMANENT, PERMANENT]);
    let (from, to, rules) = (2, 5, PERMANENT);
    let more = Event::AddAll { from, to, rules };
    let all = [2, 3, 4].map(|key| start(key, 1));
    let answer = Action::Answer(Ok(()));
    assert_eq!(planner.handle(more, now), [&all[..], &[answer]].concat());
    // The one in the middle does not start.
    assert_eq!(
        planner.handle(Event::StartFailed(3), now),
        [
            Action::Forget(4),
            Action::Forget(3),
            Action::Answer(Err(Refused::StartFailed))
        ]
    );
    assert_eq!(crash(&mut planner, 2, 1), [start(2, 2)]);
    assert_eq!(crash(&mut planner, 3, 1), []);
}

#[test]
fn a_pool_shrinks_by_the_last_ones_at_once() {
    let now = Duration::ZERO;
    let backoff = Some(Backoff {
        min: Duration::from_secs(1),
        max: Duration::from_secs(1),
    });
    let rules = Rules {
        backoff,
        ..rules(Strategy::OneForOne)
    };
    let mut planner = up(rules, &[PERMANENT; 5]);
    // One waits for its restart, and needs no stop.
    let _ = crash(&mut planner, 3, 1);
    let stop = Action::Stop {
        children: vec![2, 4],
        keep: false,
    };
    let mut expected = vec![Action::Release(3), stop];
    expected.extend([4, 3, 2].map(Action::Forget));
    let answer = Action::Answer(Ok(()));
    expected.push(answer.clone());
    assert_eq!(planner.handle(Event::RemoveFrom(2), now), expected);
    let due = Event::Due { child: 3, token: 1 };
    assert_eq!(planner.handle(due, now), []);
    assert_eq!(planner.handle(Event::RemoveFrom(2), now), [answer]);
}

#[test]
fn a_failed_restart_is_retried_behind_what_waits_and_charged_then() {
    let mut planner = up(
        rules(Strategy::OneForAll),
        &[PERMANENT, PERMANENT, PERMANENT],
    );
    let _ = crash(&mut planner, 0, 1);
    for (token, incarnation) in [(1, 2), (2, 3)] {
        let failed = planner.handle(Event::StartFailed(1), Duration::ZERO);
        let attempt = None;
        let child = 1;
        assert_eq!(
            failed,
            [Action::Retry {
                child,
                token,
                attempt
            }]
        );
        let due = planner.handle(Event::Due { child, token }, Duration::ZERO);
        // The one that had started is stopped again; the third never was.
        assert_eq!(
            due,
            [
                stop_kept(0),
                start(0, incarnation + 1),
                start(1, incarnation + 1),
                start(2, incarnation + 1),
            ]
        );
    }
    let _ = planner.handle(Event::StartFailed(1), Duration::ZERO);
    let due = Event::Due { child: 1, token: 3 };
    let plan = planner.handle(due, Duration::ZERO);
    assert_eq!(plan, [Action::Down(Down::GaveUp(1))]);
    assert_eq!(crash(&mut planner, 0, 4), [], "it is over");
}

#[test]
fn the_first_start_is_not_retried() {
    let mut planner = up(rules(Strategy::OneForOne), &[PERMANENT, PERMANENT]);
    let plan = planner.handle(Event::StartFailed(1), Duration::ZERO);
    assert_eq!(plan, [Action::Down(Down::StartFailed(1))]);
}

#[test]
fn commands() {
    let answer = |refused| [Action::Answer(Err(refused))];
    let now = Duration::ZERO;
    let mut planner = up(rules(Strategy::OneForOne), &[PERMANENT, TEMPORARY]);
    assert_eq!(
        planner.handle(Event::Restart(0), now),
        answer(Refused::Running)
    );
    assert_eq!(
        planner.handle(Event::Delete(0), now),
        answer(Refused::Running)
    );
    assert_eq!(
        planner.handle(Event::Restart(9), now),
        answer(Refused::NotFound)
    );
    assert_eq!(
        planner.handle(Event::Terminate(9), now),
        answer(Refused::NotFound)
    );
    assert_eq!(
        planner.handle(Event::Delete(9), now),
        answer(Refused::NotFound)
    );
    let stop = |child| Action::Stop {
        children: vec![child],
        keep: false,
    };
    let done = Action::Answer(Ok(()));
    assert_eq!(
        planner.handle(Event::Terminate(0), now),
        [stop(0), done.clone()]
    );
    assert_eq!(
        planner.handle(Event::Terminate(0), now),
        std::slice::from_ref(&done),
        "again"
    );
    assert_eq!(
        planner.handle(Event::Terminate(1), now),
        [stop(1), Action::Forget(1), done.clone()]
    );
    assert_eq!(
        planner.handle(Event::Restart(0), now),
        [start(0, 2), done.clone()]
    );
    assert_eq!(
        planner.handle(Event::StartFailed(0), now),
        [
            Action::Release(0),
            Action::Answer(Err(Refused::StartFailed))
        ],
        "neither retried nor charged"
    );
    assert_eq!(
        planner.handle(Event::Delete(0), now),
        [Action::Forget(0), done]
    );
    let rules = PERMANENT;
    let _ = planner.handle(Event::Add { child: 5, rules }, now);
    assert_eq!(
        planner.handle(Event::StartFailed(5), now),
        [Action::Forget(5), Action::Answer(Err(Refused::StartFailed))]
    );
    assert_eq!(
        planner.handle(Event::Restart(5), now),
        answer(Refused::NotFound)
    );
}

#[test]
fn a_retry_is_void_when_its_child_was_terminated() {
    let now = Duration::ZERO;
    let mut planner = up(rules(Strategy::OneForOne), &[PERMANENT]);
    let _ = crash(&mut planner, 0, 1);
    let _ = planner.handle(Event::StartFailed(0), now);
    assert_eq!(
        planner.handle(Event::Restart(0), now),
        [Action::Answer(Err(Refused::Restarting))]
    );
    assert_eq!(
        planner.handle(Event::Terminate(0), now),
        [Action::Release(0), Action::Answer(Ok(()))]
    );
    assert_eq!(planner.handle(Event::Due { child: 0, token: 1 }, now), []);
}

#[test]
fn a_retry_of_an_earlier_row_is_void() {
    let now = Duration::ZERO;
    let mut planner = up(rules(Strategy::OneForOne), &[PERMANENT]);
    let _ = crash(&mut planner, 0, 1);
    let _ = planner.handle(Event::StartFailed(0), now);
    let _ = planner.handle(Event::Terminate(0), now);
    let _ = planner.handle(Event::Restart(0), now);
    assert_eq!(crash(&mut planner, 0, 3), [start(0, 4)]);
    let _ = planner.handle(Event::StartFailed(0), now);
    let due = |token| Event::Due { child: 0, token };
    assert_eq!(planner.handle(due(1), now), []);
    assert_eq!(planner.handle(due(2), now), [start(0, 5)]);
}

#[test]
fn declared_ones_stop_one_by_one() {
    let mut planner = up(rules(Strategy::OneForAll), &[PERMANENT; 3]);
    let plan = crash(&mut planner, 0, 1);
    assert_eq!(plan[..2], [stop_kept(2), stop_kept(1)]);
}

#[test]
fn significant_children() {
    let vip = ChildRules {
        significant: true,
        ..TRANSIENT
    };
    let ends = |auto_shutdown, children: &[ChildRules], exits: &[(Key, ExitKind)]| {
        let rules = Rules {
            auto_shutdown,
            ..rules(Strategy::OneForOne)
        };
        let mut planner = up(rules, children);
        let mut last = Vec::new();
        for (child, kind) in exits {
            last = planner.handle(exited(*child, 1, *kind), Duration::ZERO);
        }
        matches!(last.last(), Some(Action::Down(Down::AutoShutdown(_))))
    };
    use AutoShutdown::{AllSignificant, AnySignificant};
    use ExitKind::{Error, Normal};
    let three = [vip, PERMANENT, vip];
    assert!(ends(AnySignificant, &three, &[(0, Normal)]));
    assert!(
        !ends(AnySignificant, &three, &[(0, Error)]),
        "it is restarted"
    );
    assert!(!ends(AnySignificant, &[vip, TRANSIENT], &[(1, Normal)]));
    assert!(!ends(AllSignificant, &three, &[(0, Normal)]));
    assert!(ends(AllSignificant, &three, &[(0, Normal), (2, Normal)]));
    let temporary = ChildRules {
        restart: Restart::Temporary,
        ..vip
    };
    assert!(ends(AnySignificant, &[temporary], &[(0, Error)]));
    assert!(!ends(AutoShutdown::Never, &three, &[(0, Normal)]));
}

#[test]
fn with_backoff_the_group_stops_at_once_and_starts_when_it_is_due() {
    let backoff = Some(Backoff {
        min: Duration::from_secs(1),
        max: Duration::from_secs(4),
    });
    let rules = Rules {
        backoff,
        max_restarts: 10,
        ..rules(Strategy::RestForOne)
    };
    let mut planner = up(rules, &[PERMANENT, PERMANENT, PERMANENT]);
    let retry = |token, attempt| Action::Retry {
        child: 1,
        token,
        attempt: Some(attempt),
    };
    assert_eq!(crash(&mut planner, 1, 1), [stop_kept(2), retry(1, 0)]);
    let second = Duration::from_secs(1);
    let due = |token| Event::Due { child: 1, token };
    assert_eq!(planner.handle(due(1), second), [start(1, 2), start(2, 2)]);
    let failed = planner.handle(Event::StartFailed(1), second);
    assert_eq!(failed, [retry(2, 1)], "charged, and longer");
    // One that takes the other along: its restart is no longer its own.
    let plan = planner.handle(exited(0, 1, ExitKind::Killed), 2 * second);
    let of_first = Action::Retry {
        child: 0,
        token: 3,
        attempt: Some(0),
    };
    assert_eq!(plan, [of_first]);
    assert_eq!(planner.handle(due(2), 3 * second), []);
    let due = Event::Due { child: 0, token: 3 };
    assert_eq!(
        planner.handle(due, 3 * second),
        [start(0, 2), start(1, 3), start(2, 3)]
    );
    // Up for longer than `max`: a row of its own. Not so before.
    let plan = planner.handle(exited(2, 3, ExitKind::Error), 6 * second);
    assert_eq!(
        plan[0],
        Action::Retry {
            child: 2,
            token: 4,
            attempt: Some(0)
        }
    );
    let due = Event::Due { child: 2, token: 4 };
    assert_eq!(planner.handle(due, 7 * second), [start(2, 4)]);
    let plan = planner.handle(exited(2, 4, ExitKind::Error), 11 * second);
    assert_eq!(
        plan[0],
        Action::Retry {
            child: 2,
            token: 5,
            attempt: Some(1)
        }
    );
    let due = Event::Due { child: 2, token: 5 };
    assert_eq!(planner.handle(due, 12 * second), [start(2, 5)]);
    let plan = planner.handle(exited(1, 3, ExitKind::Error), 100 * second);
    assert_eq!(plan, [stop_kept(2), retry(6, 0)]);
}

/// Many are no reason to be slow.
#[test]
fn a_hundred_thousand_come_and_go() {
    let mut planner = up(rules(Strategy::OneForOne), &[PERMANENT]);
    let rules = VISIT;
    for child in 1..100_000 {
        let _ = planner.handle(Event::Add { child, rules }, Duration::ZERO);
    }
    for child in 1..100_000 {
        assert_eq!(crash(&mut planner, child, 1), [Action::Forget(child)]);
    }
    assert_eq!(planner.children.len(), 1);
}
