//! The hook `ready`: a message that is not ready stays queued, and is offered
//! again in order after each handled message.

#[path = "support/doors.rs"]
mod doors;
mod support;

use doors::{doors, doors_protocol, expect, take};
use std::collections::VecDeque;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;
use support::{eventually, within};
use zctor::prelude::*;
use zctor::{ExitReason, Place};

// ---- the classic cases

#[actor]
enum Barrier {
    Arrive,
    /// Answered when enough have arrived.
    #[reply(u32)]
    Pass,
}

struct Party {
    arrived: u32,
    wanted: u32,
}

#[handlers]
impl BarrierActor for Party {
    fn ready(&self, next: BarrierKind) -> bool {
        next != BarrierKind::Pass || self.arrived >= self.wanted
    }
    fn arrive(&mut self) {
        self.arrived += 1;
    }
    fn pass(&self) -> u32 {
        self.arrived
    }
}

#[test]
fn a_barrier() {
    within(20, || {
        let system = System::new().unwrap();
        let state = Party {
            arrived: 0,
            wanted: 3,
        };
        let barrier = Barrier::spawn(&system, state);
        let waiting: Vec<_> = (0..3).map(|_| barrier.pass().send()).collect();
        barrier.arrive().unwrap();
        barrier.arrive().unwrap();
        let early = barrier.pass().timeout(Duration::from_millis(30)).wait();
        assert!(early.unwrap_err().is_timeout());
        barrier.arrive().unwrap();
        for pass in waiting {
            assert_eq!(pass.wait().unwrap(), 3);
        }
        assert_eq!(barrier.pass().wait().unwrap(), 3, "open from then on");
        assert_eq!(barrier.skipped(), 1, "the one whose time was over");
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Buffer {
    #[reply(())]
    Put(u32),
    #[reply(u32, deferred)]
    Take,
}

struct Slots {
    full: VecDeque<u32>,
    size: usize,
}

#[handlers]
impl BufferActor for Slots {
    fn ready(&self, next: BufferKind) -> bool {
        match next {
            BufferKind::Put => self.full.len() < self.size,
            BufferKind::Take => !self.full.is_empty(),
        }
    }
    fn put(&mut self, value: u32) {
        assert!(self.full.len() < self.size);
        self.full.push_back(value);
    }
    fn take(&mut self, reply: Reply<u32>) {
        reply.send(self.full.pop_front().expect("it is ready"));
    }
}

#[test]
fn a_bounded_buffer() {
    within(60, || {
        let system = System::new().unwrap();
        let slots = Slots {
            full: VecDeque::new(),
            size: 3,
        };
        let buffer = Buffer::spawn(&system, slots);
        const EACH: u32 = 2_000;
        let taken: u64 = thread::scope(|scope| {
            for producer in 0..4 {
                let buffer = &buffer;
                scope.spawn(move || {
                    for number in 0..EACH {
                        buffer.put(producer * EACH + number).wait().unwrap();
                    }
                });
            }
            let consumers = (0..4).map(|_| {
                let buffer = &buffer;
                scope.spawn(move || {
                    let taken = (0..EACH).map(|_| u64::from(buffer.take().wait().unwrap()));
                    taken.sum::<u64>()
                })
            });
            let consumers: Vec<_> = consumers.collect();
            consumers.into_iter().map(|one| one.join().unwrap()).sum()
        });
        let all = u64::from(4 * EACH);
        assert_eq!(taken, all * (all - 1) / 2);
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Link {
    Connect,
    #[internal]
    Connected,
    Send(u32),
    #[reply(Vec<u32>)]
    Disconnect,
}

#[derive(Default, PartialEq)]
enum Phase {
    #[default]
    Down,
    Connecting,
    Up,
}

#[derive(Default)]
struct Wire {
    phase: Phase,
    sent: Vec<u32>,
}

#[handlers]
impl LinkActor for Wire {
    fn ready(&self, next: LinkKind) -> bool {
        match next {
            LinkKind::Connect => self.phase == Phase::Down,
            LinkKind::Connected => self.phase == Phase::Connecting,
            LinkKind::Send | LinkKind::Disconnect => self.phase == Phase::Up,
        }
    }
    fn connect(&mut self, ctx: &mut Context<Link>) {
        self.phase = Phase::Connecting;
        ctx.send_after(Duration::from_millis(5), Link::Connected);
    }
    fn connected(&mut self) {
        self.phase = Phase::Up;
    }
    fn send(&mut self, value: u32) {
        self.sent.push(value);
    }
    fn disconnect(&mut self) -> Vec<u32> {
        self.phase = Phase::Down;
        std::mem::take(&mut self.sent)
    }
}

#[test]
fn a_connection_that_is_made_first() {
    within(20, || {
        let system = System::new().unwrap();
        let link = Link::spawn(&system, Wire::default());
        for number in 0..5 {
            link.send(number).unwrap();
        }
        let first = link.disconnect().send();
        link.send(5).unwrap();
        let second = link.disconnect().send();
        link.connect().unwrap();
        link.connect().unwrap();
        // The later number was there before the connection ended, but behind.
        assert_eq!(first.wait().unwrap(), [0, 1, 2, 3, 4]);
        assert_eq!(second.wait().unwrap(), [5]);
        system.shutdown().wait().unwrap();
    });
}

// ---- order, and how often it is asked

doors_protocol!(Free, FreeActor, FreeKind);

#[test]
fn what_is_ready_comes_in_the_order_of_arrival() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, _, log) = doors();
        let actor = Free::spawn(&system, state);
        for number in 0..1000 {
            actor.a(number).unwrap();
            actor.b(number).unwrap();
        }
        actor.open(1).unwrap();
        expect(&log, "open");
        let expected: Vec<_> = (0..1000).map(|number| ("b", number)).collect();
        assert_eq!(take(&log, 1000), expected);
        actor.close(1).unwrap();
        expect(&log, "close");
        // Now `a`s from 0 to 999 are held, and then `b`s and `a`s in turn.
        for number in 1000..1100 {
            actor.b(number).unwrap();
            actor.a(number).unwrap();
        }
        eventually("they are held", || actor.queued() == 1200);
        let (both, log_of_both) = (actor.clone(), log);
        both.open(0).unwrap();
        expect(&log_of_both, "open");
        let first = take(&log_of_both, 1100);
        assert!(first.iter().all(|(kind, _)| *kind == "a"));
        assert!(first.iter().map(|(_, number)| *number).eq(0..1100));
        system.shutdown().wait().unwrap();
    });
}

/// Of two kinds that become ready at once, the messages come as they arrived.
#[test]
fn two_kinds_that_become_ready_at_once_are_merged() {
    within(20, || {
        #[actor]
        enum Lock {
            A(u32),
            B(u32),
            Open,
        }
        struct State(bool, Sender<u32>);
        #[handlers]
        impl LockActor for State {
            fn ready(&self, next: LockKind) -> bool {
                self.0 || next == LockKind::Open
            }
            fn a(&mut self, value: u32) {
                let _ = self.1.send(value);
            }
            fn b(&mut self, value: u32) {
                let _ = self.1.send(value);
            }
            fn open(&mut self) {
                self.0 = true;
            }
        }
        let system = System::new().unwrap();
        let (log, seen) = channel();
        let lock = Lock::spawn(&system, State(false, log));
        for number in 0..2000 {
            if number % 3 == 0 {
                lock.a(number).unwrap();
            } else {
                lock.b(number).unwrap();
            }
        }
        lock.open().unwrap();
        let seen: Vec<_> = seen.iter().take(2000).collect();
        assert_eq!(seen, (0..2000).collect::<Vec<_>>());
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn twenty_five_thousand_held_messages_are_asked_for_once() {
    within(60, || {
        let system = System::new().unwrap();
        let (state, asked, log) = doors();
        let actor = Free::spawn(&system, state);
        for number in 0..25_000 {
            actor.a(number).unwrap();
        }
        eventually("they are held", || asked[0].load(SeqCst) == 1);
        // Ten handled messages: each asks once more.
        for _ in 0..10 {
            actor.open(2).unwrap();
            expect(&log, "open");
        }
        assert_eq!(actor.ask(7).wait().unwrap(), 7);
        assert_eq!(take(&log, 1), [("ask", 7)]);
        eventually("it rests", || actor.queued() == 25_000);
        let before = asked[0].load(SeqCst);
        assert!(before <= 12, "asked {before} times after 11 messages");
        assert_eq!(asked[2].load(SeqCst), 1);
        actor.open(0).unwrap();
        expect(&log, "open");
        let expected: Vec<_> = (0..25_000).map(|number| ("a", number)).collect();
        assert_eq!(take(&log, 25_000), expected);
        let released = asked[0].load(SeqCst) - before;
        assert!(released <= 25_001, "asked {released} times for 25,000");
        system.shutdown().wait().unwrap();
    });
}

/// Of what becomes ready at once, messages of high priority go first.
#[test]
fn lanes_are_kept_while_messages_are_held() {
    within(20, || {
        #[actor]
        enum Lock {
            A(u32),
            #[priority(high)]
            B(u32),
            Open,
        }
        struct State(bool, Sender<u32>);
        #[handlers]
        impl LockActor for State {
            fn ready(&self, next: LockKind) -> bool {
                self.0 || next == LockKind::Open
            }
            fn a(&mut self, value: u32) {
                let _ = self.1.send(value);
            }
            fn b(&mut self, value: u32) {
                let _ = self.1.send(value);
            }
            fn open(&mut self) {
                self.0 = true;
            }
        }
        let system = System::new().unwrap();
        let (log, seen) = channel();
        let lock = Lock::spawn(&system, State(false, log));
        for number in 0..100 {
            lock.a(number).unwrap();
            lock.b(1000 + number).unwrap();
        }
        eventually("they are held", || lock.queued() == 200);
        lock.open().unwrap();
        let seen: Vec<_> = seen.iter().take(200).collect();
        let expected: Vec<_> = (1000..1100).chain(0..100).collect();
        assert_eq!(seen, expected);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn an_ask_whose_time_is_over_while_it_is_held_is_skipped() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, _, log) = doors();
        let actor = Free::spawn(&system, state);
        let late = actor.ask(1).timeout(Duration::from_millis(20)).wait();
        assert!(late.unwrap_err().is_timeout());
        drop(actor.ask(2).send());
        let kept = actor.ask(3).send();
        actor.open(2).unwrap();
        expect(&log, "open");
        assert_eq!(kept.wait().unwrap(), 3);
        assert_eq!(take(&log, 1), [("ask", 3)]);
        assert_eq!(actor.skipped(), 2);
        system.shutdown().wait().unwrap();
    });
}

// ---- and the rest

#[test]
fn a_panic_in_it_is_a_crash_with_a_place_of_its_own() {
    within(20, || {
        #[actor]
        enum Fragile {
            #[reply(())]
            Touch,
        }
        struct Glass;
        #[handlers]
        impl FragileActor for Glass {
            fn ready(&self, _: FragileKind) -> bool {
                panic!("it broke")
            }
            fn touch(&mut self) {}
        }
        let system = System::new().unwrap();
        let fragile = Fragile::spawn(&system, Glass);
        let touch = fragile.touch().wait();
        // The message was not in hand: it was still queued.
        assert!(matches!(touch, Err(AskError::Stopped { .. })), "{touch:?}");
        match fragile.stopped().wait().unwrap() {
            ExitReason::Crashed(crash) => {
                assert_eq!(crash.place(), Place::Ready("Touch"));
                assert_eq!(
                    crash.to_string(),
                    "in `ready`, asked for `Touch`: panicked: it broke"
                );
            }
            other => panic!("{other}"),
        }
        assert_eq!(fragile.dropped(), 1);
        system.shutdown().wait().unwrap();
    });
}

/// A trait that is implemented by hand has the hook as well.
#[test]
fn a_trait_by_hand_has_it_too() {
    within(20, || {
        #[actor]
        enum Plain {
            Go,
            #[reply(bool)]
            Gone,
        }
        struct ByHand(bool);
        #[allow(refining_impl_trait)]
        impl PlainActor for ByHand {
            fn ready(&self, next: PlainKind) -> bool {
                self.0 || next == PlainKind::Go
            }
            async fn go(&mut self, _: &mut Context<Plain>) {
                self.0 = true;
            }
            async fn gone(&mut self, _: &mut Context<Plain>) -> bool {
                self.0
            }
        }
        let system = System::new().unwrap();
        let plain = Plain::spawn(&system, ByHand(false));
        let gone = plain.gone().send();
        plain.go().unwrap();
        assert!(gone.wait().unwrap());
        system.shutdown().wait().unwrap();
    });
}
