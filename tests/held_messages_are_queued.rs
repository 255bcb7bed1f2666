//! Messages that are not ready are still queued: they take places, policies
//! know them, the actor sleeps on them and wakes, and every end drops them.

#[path = "support/doors.rs"]
mod doors;
mod support;

use doors::{doors, doors_protocol, expect, take};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;
use std::time::Duration;
use support::{eventually, within};
use zctor::ExitReason;
use zctor::prelude::*;

doors_protocol!(Free, FreeActor, FreeKind);
doors_protocol!(
    Rejecting,
    RejectingActor,
    RejectingKind,
    mailbox = 3,
    overflow = reject
);
doors_protocol!(
    Waiting,
    WaitingActor,
    WaitingKind,
    mailbox = 3,
    overflow = wait
);
doors_protocol!(
    Newest,
    NewestActor,
    NewestKind,
    mailbox = 3,
    overflow = drop_newest
);
doors_protocol!(
    Oldest,
    OldestActor,
    OldestKind,
    mailbox = 3,
    overflow = drop_oldest
);

#[test]
fn held_messages_take_places() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, asked, log) = doors();
        let actor = Rejecting::spawn(&system, state);
        for number in 0..3 {
            actor.a(number).unwrap();
        }
        eventually("they are held", || asked[0].load(SeqCst) > 0);
        assert!(actor.a(3).unwrap_err().is_full());
        assert!(actor.b(3).unwrap_err().is_full());
        assert_eq!(actor.queued(), 3);
        actor.open(0).unwrap();
        expect(&log, "open");
        assert_eq!(take(&log, 3), [("a", 0), ("a", 1), ("a", 2)]);
        eventually("there is room", || actor.queued() == 0);
        actor.b(4).unwrap();
        actor.open(1).unwrap();
        let mut rest = take(&log, 2);
        rest.sort_unstable();
        assert_eq!(rest, [("b", 4), ("open", 0)]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_sender_waits_until_held_messages_are_handled() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, asked, log) = doors();
        let actor = Waiting::spawn(&system, state);
        for number in 0..3 {
            actor.a(number).wait().unwrap();
        }
        eventually("they are held", || asked[0].load(SeqCst) > 0);
        let waiting: Vec<_> = (3..6)
            .map(|number| {
                let actor = actor.clone();
                let teller = thread::spawn(move || actor.a(number).wait());
                thread::sleep(Duration::from_millis(5));
                teller
            })
            .collect();
        assert!(waiting.iter().all(|teller| !teller.is_finished()));
        actor.open(0).unwrap();
        expect(&log, "open");
        let mut handled = take(&log, 6);
        handled.sort_unstable();
        let expected: Vec<_> = (0..6).map(|number| ("a", number)).collect();
        assert_eq!(handled, expected);
        for teller in waiting {
            teller.join().unwrap().unwrap();
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn policies_know_held_messages() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, asked, log) = doors();
        let newest = Newest::spawn(&system, state);
        for number in 0..3 {
            newest.a(number).unwrap();
        }
        eventually("they are held", || asked[0].load(SeqCst) > 0);
        newest.b(3).unwrap();
        assert_eq!(newest.dropped(), 1);
        newest.open(0).unwrap();
        expect(&log, "open");
        assert_eq!(take(&log, 3), [("a", 0), ("a", 1), ("a", 2)]);

        let (state, asked, log) = doors();
        let oldest = Oldest::spawn(&system, state);
        let evicted = oldest.ask(0).send();
        oldest.a(1).unwrap();
        oldest.a(2).unwrap();
        eventually("they are held", || asked[0].load(SeqCst) > 0);
        for number in 3..5 {
            oldest.b(number).unwrap();
        }
        assert!(matches!(evicted.wait(), Err(AskError::Full { .. })));
        assert_eq!(oldest.dropped(), 2);
        assert_eq!(oldest.queued(), 3);
        oldest.open(1).unwrap();
        expect(&log, "open");
        assert_eq!(take(&log, 2), [("b", 3), ("b", 4)]);
        oldest.open(0).unwrap();
        expect(&log, "open");
        assert_eq!(take(&log, 1), [("a", 2)], "a 1 was the second oldest");
        eventually("nothing is counted", || oldest.queued() == 0);
        system.shutdown().wait().unwrap();
    });
}

/// An actor that rests on a mailbox full of held messages is woken by the one
/// that takes the place of the oldest, again and again.
#[test]
fn what_takes_a_held_message_s_place_is_not_overlooked() {
    within(120, || {
        let system = System::new().unwrap();
        let (state, _, log) = doors();
        let actor = Oldest::spawn(&system, state);
        actor.open(1).unwrap();
        expect(&log, "open");
        for round in 0..20_000 {
            actor.a(round).unwrap();
            actor.a(round).unwrap();
            actor.a(round).unwrap();
            actor.b(round).unwrap();
            assert_eq!(take(&log, 1), [("b", round)]);
        }
        assert!(actor.dropped() >= 20_000);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn an_actor_that_holds_messages_is_woken() {
    within(120, || {
        let system = System::new().unwrap();
        let (state, _, log) = doors();
        let free = Free::spawn(&system, state);
        let (state, _, small_log) = doors();
        let small = Rejecting::spawn(&system, state);
        free.open(2).unwrap();
        small.open(2).unwrap();
        free.a(0).unwrap();
        small.a(0).unwrap();
        for round in 0..20_000 {
            assert_eq!(free.ask(round).wait().unwrap(), round);
            assert_eq!(small.ask(round).wait().unwrap(), round);
        }
        eventually("the last one is counted out", || {
            (free.queued(), small.queued()) == (1, 1)
        });
        drop((log, small_log));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn at_a_stop_it_is_offered_until_nothing_is_ready() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, _, log) = doors();
        let actor = Free::spawn(&system, state);
        for number in 0..10 {
            actor.a(number).unwrap();
            actor.b(number).unwrap();
        }
        let asks: Vec<_> = (0..3).map(|number| actor.ask(number).send()).collect();
        actor.open(1).unwrap();
        actor.stop();
        assert!(actor.stopped().wait().unwrap().is_orderly());
        expect(&log, "open");
        let expected: Vec<_> = (0..10).map(|number| ("b", number)).collect();
        assert_eq!(take(&log, 10), expected);
        assert!(log.recv().is_err(), "the rest is not handled");
        assert_eq!(actor.dropped(), 13);
        assert_eq!(actor.queued(), 0);
        for ask in asks {
            assert!(matches!(ask.wait(), Err(AskError::Stopped { .. })));
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn the_last_handle_that_goes_ends_it_likewise() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, _, log) = doors();
        let actor = Oldest::spawn(&system, state);
        let stopped = actor.stopped();
        actor.a(1).unwrap();
        actor.b(2).unwrap();
        actor.open(1).unwrap();
        drop(actor);
        assert!(stopped.wait().unwrap().is_orderly());
        expect(&log, "open");
        assert_eq!(take(&log, 1), [("b", 2)]);
        assert!(log.recv().is_err());
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_kill_drops_what_is_held() {
    within(20, || {
        let system = System::new().unwrap();
        macro_rules! check {
            ($name:ident) => {
                let (state, asked, _log) = doors();
                let actor = $name::spawn(&system, state);
                assert!(actor.tell($name::A(1)).is_ok());
                assert!(actor.tell($name::A(2)).is_ok());
                let ask = actor.ask(3).send();
                eventually("they are held", || asked[2].load(SeqCst) > 0);
                actor.kill();
                assert!(matches!(
                    actor.stopped().wait().unwrap(),
                    ExitReason::Killed
                ));
                assert!(matches!(ask.wait(), Err(AskError::Stopped { .. })));
                assert_eq!(actor.dropped(), 3);
                assert_eq!(actor.queued(), 0);
            };
        }
        check!(Free);
        check!(Waiting);
        check!(Rejecting);
        check!(Oldest);
        system.shutdown().wait().unwrap();
    });
}

/// Senders, opening and closing doors, and an end at any time: each message is
/// handled or dropped, once.
#[test]
fn nothing_is_lost_under_stress() {
    struct Counted(Arc<AtomicU32>);
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, SeqCst);
        }
    }
    #[derive(Default)]
    struct Sluice {
        open: bool,
        handled: Arc<AtomicU32>,
    }
    macro_rules! sluice {
        ($name:ident, $actor:ident, $kind:ident $(, $option:ident = $value:expr)*) => {
            #[actor($($option = $value),*)]
            enum $name {
                Drop(Counted),
                #[priority(high)]
                Spray(Counted),
                Turn,
            }
            #[handlers]
            impl $actor for Sluice {
                fn ready(&self, next: $kind) -> bool {
                    self.open || next == $kind::Turn
                }
                fn drop(&mut self, _value: Counted) {
                    self.handled.fetch_add(1, SeqCst);
                }
                fn spray(&mut self, _value: Counted) {
                    self.handled.fetch_add(1, SeqCst);
                }
                fn turn(&mut self) {
                    self.open = !self.open;
                }
            }
        };
    }
    sluice!(Open, OpenActor, OpenKind);
    sluice!(
        Small,
        SmallActor,
        SmallKind,
        mailbox = 8,
        overflow = drop_oldest
    );
    sluice!(LockFree, LockFreeActor, LockFreeKind, mailbox = lock_free);
    sluice!(
        Ring,
        RingActor,
        RingKind,
        mailbox = lock_free(8),
        overflow = drop_oldest
    );
    within(120, || {
        let system = System::new().unwrap();
        macro_rules! check {
            ($name:ident) => {
                for round in 0..40 {
                    let (drops, handled) = (Arc::new(AtomicU32::new(0)), Arc::default());
                    let state = Sluice {
                        open: false,
                        handled: Arc::clone(&handled),
                    };
                    let actor = $name::spawn(&system, state);
                    // What was sent, and how much of that was refused.
                    let (sent, refused): (u32, u32) = thread::scope(|scope| {
                        let senders: Vec<_> = (0..4)
                            .map(|_| {
                                let (actor, drops) = (&actor, &drops);
                                scope.spawn(move || {
                                    let mut refused = 0;
                                    for number in 0..500 {
                                        let one = Counted(Arc::clone(drops));
                                        let told = match number % 5 {
                                            0 => actor.spray(one).is_ok(),
                                            _ => actor.drop(one).is_ok(),
                                        };
                                        refused += u32::from(!told);
                                        if number % 50 == 0 {
                                            let _ = actor.turn();
                                        }
                                    }
                                    (500, refused)
                                })
                            })
                            .collect();
                        if round % 2 == 0 {
                            thread::sleep(Duration::from_micros(200));
                            actor.kill();
                        }
                        senders.into_iter().fold((0, 0), |sum, one| {
                            let one = one.join().unwrap();
                            (sum.0 + one.0, sum.1 + one.1)
                        })
                    });
                    actor.stop();
                    actor.stopped().wait().unwrap();
                    assert_eq!(drops.load(SeqCst), sent, "each is dropped once");
                    assert_eq!(actor.queued(), 0);
                    // Those that turn it are counted as dropped as well.
                    let handled: u32 = handled.load(SeqCst);
                    let lost = u64::from(sent - refused - handled);
                    assert!(actor.dropped() >= lost && actor.dropped() <= lost + 40);
                }
            };
        }
        check!(Open);
        check!(Small);
        check!(LockFree);
        check!(Ring);
        system.shutdown().wait().unwrap();
    });
}
