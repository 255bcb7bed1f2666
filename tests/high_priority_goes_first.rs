//! Messages with `#[priority(high)]` are served before ordinary ones, outside
//! the mailbox's capacity and policy, and are as little lost as others.

mod support;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};
use support::{Gate, eventually, within};
use zctor::ExitReason;
use zctor::prelude::*;

/// Passes its gate before each ordinary number, and reports all of them.
struct Desk {
    gate: Gate,
    handled: Sender<u32>,
}

fn desk() -> (Desk, Gate, Receiver<u32>) {
    let (handled, numbers) = channel();
    let gate = Gate::default();
    (
        Desk {
            gate: gate.clone(),
            handled,
        },
        gate,
        numbers,
    )
}

macro_rules! protocol {
    ($name:ident, $actor:ident $(, $option:ident = $value:tt)*) => {
        #[actor($($option = $value),*)]
        enum $name {
            Number(u32),
            #[priority(high)]
            Urgent(u32),
            #[reply(u32)]
            #[priority(high)]
            UrgentAsk(u32),
            #[reply(u32)]
            Ask(u32),
        }

        #[handlers]
        impl $actor for Desk {
            fn number(&mut self, value: u32) {
                self.gate.pass();
                let _ = self.handled.send(value);
            }
            fn urgent(&mut self, value: u32) {
                let _ = self.handled.send(value);
            }
            fn urgent_ask(&mut self, value: u32) -> u32 {
                let _ = self.handled.send(value);
                value
            }
            fn ask(&mut self, value: u32) -> u32 {
                value
            }
        }
    };
}

protocol!(Free, FreeActor);
protocol!(Waiting, WaitingActor, mailbox = 2, overflow = wait);
protocol!(Rejecting, RejectingActor, mailbox = 2, overflow = reject);
protocol!(Newest, NewestActor, mailbox = 2, overflow = drop_newest);
protocol!(Oldest, OldestActor, mailbox = 2, overflow = drop_oldest);

#[test]
fn they_go_before_what_waits_already() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, gate, numbers) = desk();
        let actor = Free::spawn(&system, state);
        actor.number(0).unwrap();
        gate.await_arrival();
        for number in 1..=1000 {
            actor.number(number).unwrap();
        }
        actor.urgent(10_001).unwrap();
        let asked = actor.urgent_ask(10_002).send();
        actor.tell(Free::Urgent(10_003)).unwrap();
        gate.open();
        assert_eq!(asked.wait().unwrap(), 10_002);
        let handled: Vec<_> = numbers.iter().take(1004).collect();
        let expected = [0, 10_001, 10_002, 10_003].into_iter().chain(1..=1000);
        assert_eq!(handled, expected.collect::<Vec<_>>());
        system.shutdown().wait().unwrap();
    });
}

/// One that comes while a burst is worked off does not wait for its end,
/// drained as it is.
#[test]
fn they_go_between_the_messages_of_a_burst() {
    within(20, || {
        let system = System::new().unwrap();
        let (handled, numbers) = channel();
        let ((go, gate), (begun, at)) = (channel(), channel());
        #[actor]
        enum Burst {
            Work(u32),
            #[priority(high)]
            Look(u32),
        }
        struct Worker {
            begun: Sender<u32>,
            gate: Receiver<()>,
            handled: Sender<u32>,
        }
        #[handlers]
        impl BurstActor for Worker {
            fn work(&mut self, value: u32) {
                let _ = self.begun.send(value);
                let _ = self.gate.recv();
                let _ = self.handled.send(value);
            }
            fn look(&mut self, value: u32) {
                let _ = self.handled.send(value);
            }
        }
        let actor = Burst::spawn(
            &system,
            Worker {
                begun,
                gate,
                handled,
            },
        );
        for number in 0..2000 {
            actor.work(number).unwrap();
        }
        for number in 0..1000 {
            go.send(()).unwrap();
            assert_eq!(numbers.recv().unwrap(), number);
        }
        // It stands at the gate with number 1000.
        assert!(at.iter().any(|number| number == 1000));
        actor.look(5000).unwrap();
        go.send(()).unwrap();
        assert_eq!(numbers.recv().unwrap(), 1000);
        assert_eq!(numbers.recv().unwrap(), 5000);
        drop(go);
        assert_eq!(numbers.iter().take(999).last(), Some(1999));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn under_every_policy_they_are_outside_capacity() {
    within(20, || {
        let system = System::new().unwrap();
        // The same for each policy: a full mailbox, and then urgent messages.
        macro_rules! check {
            ($name:ident, $fill:expr, $left:expr, $dropped:expr) => {{
                let (state, gate, numbers) = desk();
                let actor = $name::spawn(&system, state);
                assert!(actor.tell($name::Number(0)).is_ok());
                gate.await_arrival();
                ($fill)(&actor);
                for number in 100..110 {
                    // It returns at once under every policy.
                    let told: Result<(), TellError<$name>> = actor.urgent(number);
                    told.unwrap();
                }
                let asked = actor.urgent_ask(110).send();
                assert_eq!(actor.queued(), 13);
                assert_eq!(actor.dropped(), $dropped);
                gate.open();
                assert_eq!(asked.wait().unwrap(), 110);
                let handled: Vec<_> = numbers.iter().take(14).collect();
                let expected = [0].into_iter().chain(100..=110).chain($left);
                assert_eq!(handled, expected.collect::<Vec<_>>(), stringify!($name));
                eventually("it is idle", || actor.queued() == 0);
                // There is room again, and the actor is woken for it.
                assert!(actor.tell($name::Number(7)).is_ok());
                assert_eq!(numbers.recv(), Ok(7));
                actor.urgent(8).unwrap();
                assert_eq!(numbers.recv(), Ok(8));
            }};
        }
        check!(
            Waiting,
            |actor: &WaitingHandle| {
                actor.number(1).wait().unwrap();
                actor.number(2).wait().unwrap();
                assert!(actor.number(3).try_now().unwrap_err().is_full());
            },
            [1, 2],
            0
        );
        check!(
            Rejecting,
            |actor: &RejectingHandle| {
                actor.number(1).unwrap();
                actor.number(2).unwrap();
                assert!(actor.number(3).unwrap_err().is_full());
                assert!(matches!(actor.ask(4).wait(), Err(AskError::Full { .. })));
            },
            [1, 2],
            0
        );
        check!(
            Newest,
            |actor: &NewestHandle| (1..=4).for_each(|number| actor.number(number).unwrap()),
            [1, 2],
            2
        );
        check!(
            Oldest,
            |actor: &OldestHandle| (1..=4).for_each(|number| actor.number(number).unwrap()),
            [3, 4],
            2
        );
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn drop_oldest_drops_an_ordinary_one() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, gate, numbers) = desk();
        let actor = Oldest::spawn(&system, state);
        actor.number(0).unwrap();
        gate.await_arrival();
        for number in 101..=103 {
            actor.urgent(number).unwrap();
        }
        for number in 1..=5 {
            actor.number(number).unwrap();
        }
        assert_eq!(actor.dropped(), 3);
        gate.open();
        let handled: Vec<_> = numbers.iter().take(6).collect();
        assert_eq!(handled, [0, 101, 102, 103, 4, 5]);
        system.shutdown().wait().unwrap();
    });
}

/// A sender that waits for room is not woken by the end of an urgent message,
/// which frees none, but by that of an ordinary one.
#[test]
fn a_waiting_sender_gets_the_place_of_an_ordinary_message() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, gate, numbers) = desk();
        let actor = Waiting::spawn(&system, state);
        actor.number(0).wait().unwrap();
        gate.await_arrival();
        actor.number(1).wait().unwrap();
        actor.number(2).wait().unwrap();
        let waiting = {
            let actor = actor.clone();
            thread::spawn(move || actor.number(3).wait())
        };
        for number in 100..200 {
            actor.urgent(number).unwrap();
        }
        gate.open();
        waiting.join().unwrap().unwrap();
        let handled: Vec<_> = numbers.iter().take(104).collect();
        let expected = [0].into_iter().chain(100..200).chain([1, 2, 3]);
        assert_eq!(handled, expected.collect::<Vec<_>>());
        system.shutdown().wait().unwrap();
    });
}

const SENDERS: u32 = 8;
const EACH: u32 = 20_000;

/// The next number of each sender in each lane.
#[derive(Default)]
struct Clerk {
    ordinary: [u32; SENDERS as usize],
    urgent: [u32; SENDERS as usize],
}

impl Clerk {
    fn check(next: &mut u32, number: u32) {
        assert_eq!(number, *next, "order is kept within a lane");
        *next += 1;
    }
    fn sums(&self) -> (u32, u32) {
        (self.ordinary.iter().sum(), self.urgent.iter().sum())
    }
}

macro_rules! ledger {
    ($name:ident, $actor:ident, $mailbox:expr) => {
        #[actor(mailbox = $mailbox)]
        enum $name {
            Note {
                sender: u32,
                number: u32,
            },
            #[priority(high)]
            UrgentNote {
                sender: u32,
                number: u32,
            },
            #[reply((u32, u32))]
            Totals,
        }

        #[handlers]
        impl $actor for Clerk {
            fn note(&mut self, sender: u32, number: u32) {
                Clerk::check(&mut self.ordinary[sender as usize], number);
            }
            fn urgent_note(&mut self, sender: u32, number: u32) {
                Clerk::check(&mut self.urgent[sender as usize], number);
            }
            fn totals(&self) -> (u32, u32) {
                self.sums()
            }
        }
    };
}
ledger!(Ledger, LedgerActor, unbounded);
ledger!(SmallLedger, SmallLedgerActor, 16);
ledger!(FreeLedger, FreeLedgerActor, lock_free);
ledger!(RingLedger, RingLedgerActor, lock_free(16));

#[test]
fn order_within_a_lane_is_kept_under_eight_senders() {
    macro_rules! check {
        ($free:ident, $small:ident) => {
            let system = System::new().unwrap();
            let ledger = $free::spawn(&system, Clerk::default());
            let small = $small::spawn(&system, Clerk::default());
            thread::scope(|scope| {
                for sender in 0..SENDERS {
                    let (ledger, small) = (&ledger, &small);
                    scope.spawn(move || {
                        for number in 0..EACH {
                            ledger.note(sender, number).unwrap();
                            ledger.urgent_note(sender, number).unwrap();
                            if number < EACH / 10 {
                                small.note(sender, number).wait().unwrap();
                                small.urgent_note(sender, number).unwrap();
                            }
                        }
                    });
                }
            });
            let all = SENDERS * EACH;
            assert_eq!(ledger.totals().wait().unwrap(), (all, all));
            assert_eq!(small.totals().wait().unwrap(), (all / 10, all / 10));
            eventually("nothing is counted any more", || {
                ledger.queued() == 0 && small.queued() == 0
            });
            system.shutdown().wait().unwrap();
        };
    }
    within(120, || {
        check!(Ledger, SmallLedger);
        check!(FreeLedger, RingLedger);
    });
}

/// An idle actor that is sent one urgent message is woken for it, each time.
#[test]
fn an_idle_actor_is_woken() {
    within(120, || {
        let system = System::new().unwrap();
        let free = Free::spawn(&system, desk().0);
        let bounded = Rejecting::spawn(&system, desk().0);
        for number in 0..20_000 {
            assert_eq!(free.urgent_ask(number).wait().unwrap(), number);
            assert_eq!(bounded.urgent_ask(number).wait().unwrap(), number);
        }
        system.shutdown().wait().unwrap();
    });
}

/// Counts its drops.
struct Counted(Arc<AtomicU32>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

macro_rules! kept {
    ($name:ident, $actor:ident $(, $option:ident = $value:expr)*) => {
        #[actor($($option = $value),*)]
        enum $name {
            Enter,
            Keep(Counted),
            #[priority(high)]
            KeepHigh(Counted),
            #[reply(())]
            #[priority(high)]
            AskHigh(Counted),
            #[priority(high)]
            Crash,
        }
        #[handlers]
        impl $actor for Keeper {
            fn enter(&mut self) {
                self.0.pass();
            }
            fn keep(&mut self, _value: Counted) {}
            fn keep_high(&mut self, _value: Counted) {}
            fn ask_high(&mut self, _value: Counted) {}
            fn crash(&mut self) -> Result<(), Failure> {
                Err(Failure::msg("on purpose"))
            }
        }
    };
}
struct Keeper(Gate);
kept!(Kept, KeptActor);
kept!(
    KeptBounded,
    KeptBoundedActor,
    mailbox = 64,
    overflow = reject
);
kept!(KeptFree, KeptFreeActor, mailbox = lock_free);
kept!(
    KeptRing,
    KeptRingActor,
    mailbox = lock_free(64),
    overflow = reject
);

#[test]
fn every_end_drops_them_exactly_once() {
    within(60, || {
        let system = System::new().unwrap();
        macro_rules! check {
            ($name:ident) => {
                for way in ["stop", "kill", "crash"] {
                    let gate = Gate::default();
                    let drops = Arc::new(AtomicU32::new(0));
                    let counted = || Counted(Arc::clone(&drops));
                    let actor = $name::spawn(&system, Keeper(gate.clone()));
                    actor.enter().unwrap();
                    gate.await_arrival();
                    if way == "crash" {
                        actor.crash().unwrap();
                    }
                    for _ in 0..20 {
                        actor.keep(counted()).unwrap();
                        actor.keep_high(counted()).unwrap();
                    }
                    let asks: Vec<_> = (0..5).map(|_| actor.ask_high(counted()).send()).collect();
                    match way {
                        "stop" => actor.stop(),
                        "kill" => actor.kill(),
                        _ => {}
                    }
                    let refused = actor.keep_high(counted());
                    assert_eq!(refused.is_err(), way != "crash");
                    drop(refused);
                    gate.open();
                    let reason = actor.stopped().wait().unwrap();
                    assert_eq!(reason.is_orderly(), way == "stop", "{way}: {reason}");
                    assert_eq!(drops.load(SeqCst), 46, "{way}");
                    let handled = way == "stop";
                    let dropped = match way {
                        "stop" => 0,
                        "kill" => 45,
                        _ => 46,
                    };
                    assert_eq!(actor.dropped(), dropped, "{way}");
                    assert_eq!(actor.queued(), 0, "{way}");
                    for ask in asks {
                        match ask.wait() {
                            Ok(()) => assert!(handled, "{way}"),
                            Err(AskError::Stopped { .. }) => assert!(!handled, "{way}"),
                            Err(other) => panic!("{way}: {other}"),
                        }
                    }
                }
            };
        }
        check!(Kept);
        check!(KeptBounded);
        check!(KeptFree);
        check!(KeptRing);
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Flood {
    Wave,
    #[priority(high)]
    Surge,
}

#[derive(Clone)]
struct Shore(Arc<AtomicU32>);

#[handlers]
impl FloodActor for Shore {
    fn wave(&mut self) {
        self.0.fetch_add(1, SeqCst);
        thread::sleep(Duration::from_micros(20));
    }
    fn surge(&mut self) {
        self.0.fetch_add(1, SeqCst);
        thread::sleep(Duration::from_micros(20));
    }
}

/// A kill or a stop does not wait behind the mail: the kill ends the actor in
/// the middle of it, the stop closes the door at once.
#[test]
fn control_signals_never_wait_behind_mail() {
    within(60, || {
        let system = System::new().unwrap();
        let handled = Arc::new(AtomicU32::new(0));
        let actor = Flood::spawn(&system, Shore(Arc::clone(&handled)));
        for _ in 0..100_000 {
            actor.wave().unwrap();
            actor.surge().unwrap();
        }
        eventually("it works", || handled.load(SeqCst) > 100);
        let begun = Instant::now();
        actor.kill();
        assert!(matches!(
            actor.stopped().wait().unwrap(),
            ExitReason::Killed
        ));
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(1), "a kill took {took:?}");
        let handled = handled.load(SeqCst);
        assert!(handled < 100_000, "it was killed after {handled} messages");
        assert_eq!(actor.dropped(), u64::from(200_000 - handled));

        let stopped = Flood::spawn(&system, Shore(Arc::default()));
        for _ in 0..1000 {
            stopped.surge().unwrap();
        }
        stopped.stop();
        assert!(stopped.surge().is_err(), "the door is closed at once");
        assert!(stopped.stopped().wait().unwrap().is_orderly());
        assert_eq!(stopped.dropped(), 0, "what was queued before is handled");
        system.shutdown().wait().unwrap();
    });
}

/// A flood of urgent messages holds up the ordinary ones, but not the actor's
/// own: those take turns with the mail.
#[test]
fn own_messages_take_turns_with_urgent_ones() {
    within(20, || {
        #[actor]
        enum Pump {
            Begin,
            #[internal]
            Stroke,
            #[priority(high)]
            Urgent(u32),
        }
        struct State {
            gate: Gate,
            log: Sender<u32>,
        }
        #[handlers]
        impl PumpActor for State {
            fn begin(&mut self, ctx: &mut Context<Pump>) -> Result<(), Failure> {
                self.gate.pass();
                for _ in 0..3 {
                    ctx.send(Pump::Stroke)?;
                }
                Ok(())
            }
            fn stroke(&mut self) {
                let _ = self.log.send(0);
            }
            fn urgent(&mut self, value: u32) {
                let _ = self.log.send(value);
            }
        }
        let system = System::new().unwrap();
        let (log, seen) = channel();
        let gate = Gate::default();
        let state = State {
            gate: gate.clone(),
            log,
        };
        let pump = Pump::spawn(&system, state);
        pump.begin().unwrap();
        gate.await_arrival();
        for number in 1..=5 {
            pump.urgent(number).unwrap();
        }
        gate.open();
        let seen: Vec<_> = seen.iter().take(8).collect();
        assert_eq!(seen, [0, 1, 0, 2, 0, 3, 4, 5]);
        system.shutdown().wait().unwrap();
    });
}
