//! `#[latest]`: a newer message takes the place of an older one that is still
//! queued, and both are accounted for.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{Gate, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{Batch, DropReason, EventKind};

#[derive(Debug, Clone, PartialEq)]
enum Seen {
    Cursor(u32),
    Price(String, u32),
    Key(char),
    High(u8, u32),
    Many(Vec<(u8, u32)>),
}

use Seen::{Cursor, High, Key, Many, Price};

type Trace = Arc<Mutex<Vec<Seen>>>;

#[actor]
enum Screen {
    Wait,
    #[latest]
    Cursor(u32),
    #[latest(by = symbol)]
    Price {
        symbol: String,
        price: u32,
    },
    Key(char),
    #[priority(high)]
    #[latest(by = 0)]
    High(u8, u32),
    #[batch(max = 3, within = "1s")]
    #[latest(by = 0)]
    Many(u8, u32),
    Crash,
}

#[derive(Clone, Default)]
struct Pixels {
    seen: Trace,
    gate: Gate,
}

impl Pixels {
    fn saw(&self, seen: Seen) {
        self.seen.lock().unwrap().push(seen);
    }
    fn trace(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

#[handlers]
impl ScreenActor for Pixels {
    fn wait(&mut self) {
        self.gate.pass();
    }
    fn cursor(&mut self, value: u32) {
        self.saw(Cursor(value));
    }
    fn price(&mut self, symbol: String, price: u32) {
        self.saw(Price(symbol, price));
    }
    fn key(&mut self, value: char) {
        self.saw(Key(value));
    }
    fn high(&mut self, key: u8, value: u32) {
        self.saw(High(key, value));
    }
    fn many(&mut self, batch: Batch<(u8, u32)>) {
        self.saw(Many(batch.collect()));
    }
    fn crash(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("as asked"))
    }
}

#[supervisor(max_restarts = 1000)]
enum Room {
    #[child]
    Screen(Screen),
}

struct Wall(Pixels);

impl RoomChildren for Wall {
    fn screen(&mut self, _: &RoomHandle) -> Child<Screen> {
        Screen::child(self.0.clone())
    }
}

fn price(symbol: &str, price: u32) -> Seen {
    Price(symbol.to_owned(), price)
}

#[test]
fn the_newer_one_takes_the_place_of_the_older() {
    within(60, || {
        for seed in 0..1_000 {
            let (sim, pixels) = (Sim::new(seed), Pixels::default());
            let mut events = sim.system().events();
            let screen = Screen::spawn(sim.system(), pixels.clone());
            let tell = |symbol: &str, price| screen.price(symbol.to_owned(), price).unwrap();
            screen.cursor(1).unwrap();
            tell("a", 1);
            screen.key('x').unwrap();
            tell("b", 1);
            screen.cursor(2).unwrap();
            tell("a", 2);
            screen.cursor(3).unwrap();
            screen.key('y').unwrap();
            assert_eq!(screen.queued(), 5);
            sim.run_until_idle();
            let expected = [Cursor(3), price("a", 2), Key('x'), price("b", 1), Key('y')];
            assert_eq!(pixels.trace(), expected);
            // Of what is not queued any more there is nothing to replace.
            screen.cursor(4).unwrap();
            sim.run_until_idle();
            screen.cursor(5).unwrap();
            sim.run_until_idle();
            assert_eq!(pixels.trace()[5..], [Cursor(4), Cursor(5)]);
            let stats = screen.stats();
            assert_eq!((stats.handled(), stats.dropped()), (7, 3));
            let replaced =
                std::iter::from_fn(|| events.try_next()).filter_map(|event| match event.kind() {
                    EventKind::Dropped {
                        message,
                        reason: DropReason::Replaced,
                        count,
                        ..
                    } => Some((*message, *count)),
                    _ => None,
                });
            let replaced: Vec<_> = replaced.collect();
            assert_eq!(replaced, [("Cursor", 2), ("Price", 1)]);
        }
    });
}

#[test]
fn in_its_lane_and_on_its_way_into_a_batch() {
    within(20, || {
        let (sim, pixels) = (Sim::new(1), Pixels::default());
        let screen = Screen::spawn(sim.system(), pixels.clone());
        screen.high(1, 1).unwrap();
        screen.high(2, 1).unwrap();
        screen.high(1, 2).unwrap();
        screen.many(1, 1).unwrap();
        screen.many(1, 2).unwrap();
        screen.many(2, 1).unwrap();
        sim.run_until_idle();
        assert_eq!(pixels.trace(), [High(1, 2), High(2, 1)]);
        screen.many(1, 3).unwrap();
        sim.run_until_idle();
        assert_eq!(pixels.trace()[2..], [Many(vec![(1, 2), (2, 1), (1, 3)])]);
    });
}

#[test]
fn what_was_drained_is_still_queued() {
    within(60, || {
        let (system, pixels) = (System::new().unwrap(), Pixels::default());
        let screen = Screen::spawn(&system, pixels.clone());
        // So many are taken out of the queue at once.
        screen.key('a').unwrap();
        screen.wait().unwrap();
        screen.cursor(1).unwrap();
        (0..2_000).for_each(|_| screen.key('b').unwrap());
        pixels.gate.await_arrival();
        screen.cursor(2).unwrap();
        pixels.gate.open();
        let stopped = screen.stopped();
        drop(screen);
        stopped.wait().unwrap();
        let trace = pixels.trace();
        assert_eq!(trace[1], Cursor(2));
        assert_eq!(trace.len(), 2_002);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn across_a_restart() {
    within(60, || {
        for seed in 0..300 {
            let (sim, pixels) = (Sim::new(seed), Pixels::default());
            let _events = sim.system().events();
            let room = Room::start(sim.system(), Wall(pixels.clone()));
            let room = sim.block_on(room).unwrap().unwrap();
            let screen = room.screen();
            screen.crash().unwrap();
            screen.cursor(1).unwrap();
            screen.key('x').unwrap();
            screen.cursor(2).unwrap();
            sim.run_until_idle();
            assert_eq!(pixels.trace(), [Cursor(2), Key('x')]);
        }
    });
}

#[test]
fn the_dead_take_none_and_keep_none() {
    within(20, || {
        let (sim, pixels) = (Sim::new(1), Pixels::default());
        let screen = Screen::spawn(sim.system(), pixels.clone());
        screen.cursor(1).unwrap();
        screen.cursor(2).unwrap();
        screen.kill();
        sim.run_until_idle();
        let error = screen.cursor(3).unwrap_err();
        assert!(matches!(error.into_message(), Screen::Cursor(3)));
        let stats = screen.stats();
        assert_eq!((stats.dropped(), stats.returned()), (2, 1));
    });
}

/// Counts itself.
#[derive(Debug)]
struct Load(Arc<AtomicUsize>);

impl Load {
    fn new(alive: &Arc<AtomicUsize>) -> Load {
        alive.fetch_add(1, SeqCst);
        Load(Arc::clone(alive))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

/// The same with each policy of a bounded mailbox.
macro_rules! bounded {
    ($module:ident, $mailbox:expr, $policy:ident) => {
        mod $module {
            use super::*;

            #[actor(mailbox = $mailbox, overflow = $policy)]
            pub enum Narrow {
                #[latest(by = key)]
                Put {
                    key: u32,
                    number: u32,
                    load: Load,
                },
                Other(Load),
            }

            #[derive(Default)]
            pub struct Last {
                pub numbers: Arc<Mutex<Vec<(u32, u32)>>>,
            }

            #[handlers]
            impl NarrowActor for Last {
                fn put(&mut self, key: u32, number: u32, load: Load) {
                    drop(load);
                    self.numbers.lock().unwrap().push((key, number));
                }
                fn other(&mut self, value: Load) {
                    drop(value);
                }
            }

            #[test]
            fn nothing_is_lost_or_kept() {
                within(120, || {
                    for round in 0..20 {
                        let system = System::new().unwrap();
                        let alive = Arc::new(AtomicUsize::new(0));
                        let last = Last::default();
                        let numbers = Arc::clone(&last.numbers);
                        let narrow = Narrow::spawn(&system, last);
                        let threads: Vec<_> = (0..4)
                            .map(|thread| {
                                let (narrow, alive) = (narrow.clone(), Arc::clone(&alive));
                                std::thread::spawn(move || {
                                    for n in 0..1_000 {
                                        let load = Load::new(&alive);
                                        // Each thread has a key of its own, so
                                        // its numbers only ever grow.
                                        let put = Narrow::Put {
                                            key: thread,
                                            number: n,
                                            load,
                                        };
                                        let _ = narrow.tell(put);
                                        if n % 3 == 0 {
                                            let _ = narrow.tell(Narrow::Other(Load::new(&alive)));
                                        }
                                        let key = 7;
                                        let load = Load::new(&alive);
                                        let _ = narrow.tell(Narrow::Put {
                                            key,
                                            number: n,
                                            load,
                                        });
                                    }
                                })
                            })
                            .collect();
                        if round % 2 == 1 {
                            std::thread::sleep(Duration::from_micros(500));
                            narrow.kill();
                        }
                        threads
                            .into_iter()
                            .for_each(|thread| thread.join().unwrap());
                        narrow.stop();
                        narrow.stopped().wait().unwrap();
                        let stats = narrow.stats();
                        let sent = 4 * (1_000 + 334 + 1_000);
                        let counted = stats.handled() + stats.dropped() + stats.returned();
                        assert_eq!(counted, sent, "round {round}: {stats:?}");
                        assert_eq!((stats.queued(), alive.load(SeqCst)), (0, 0));
                        for key in 0..4 {
                            let numbers = numbers.lock().unwrap();
                            let of: Vec<_> = numbers.iter().filter(|of| of.0 == key).collect();
                            assert!(of.is_sorted_by(|one, two| one.1 < two.1), "key {key}");
                        }
                        system.shutdown().wait().unwrap();
                    }
                });
            }
        }
    };
}

bounded!(waits, 4, wait);
bounded!(rejects, 4, reject);
bounded!(drops_newest, 4, drop_newest);
bounded!(drops_oldest, 4, drop_oldest);
bounded!(waits_without_a_lock, lock_free(4), wait);
bounded!(drops_oldest_without_a_lock, lock_free(4), drop_oldest);

#[test]
fn recipients_replace_too() {
    within(20, || {
        let (sim, pixels) = (Sim::new(1), Pixels::default());
        let screen = Screen::spawn(sim.system(), pixels.clone());
        let cursor = screen.recipient(Screen::Cursor);
        (0..5).for_each(|n| cursor.tell(n).unwrap());
        assert_eq!(screen.queued(), 1);
        screen.cursor(5).unwrap();
        sim.run_until_idle();
        assert_eq!(pixels.trace(), [Cursor(5)]);
        let stats = screen.stats();
        assert_eq!(
            (stats.handled(), stats.dropped(), stats.queued()),
            (1, 5, 0)
        );
        cursor.tell(6).unwrap();
        sim.run_until_idle();
        assert_eq!(pixels.trace().len(), 2);
    });
}

/// A message that is held until it is ready is still queued.
#[actor]
enum Held {
    #[latest]
    Value(u32),
    Open,
}

#[derive(Default)]
struct Holder {
    open: bool,
    seen: Arc<Mutex<Vec<u32>>>,
}

#[handlers]
impl HeldActor for Holder {
    fn ready(&self, next: HeldKind) -> bool {
        self.open || next == HeldKind::Open
    }
    fn value(&mut self, value: u32) {
        self.seen.lock().unwrap().push(value);
    }
    fn open(&mut self) {
        self.open = true;
    }
}

#[test]
fn what_is_held_is_replaced() {
    within(20, || {
        let sim = Sim::new(1);
        let seen = Arc::default();
        let holder = Holder {
            open: false,
            seen: Arc::clone(&seen),
        };
        let held = Held::spawn(sim.system(), holder);
        held.value(1).unwrap();
        sim.run_until_idle();
        held.value(2).unwrap();
        sim.run_until_idle();
        held.value(3).unwrap();
        held.open().unwrap();
        sim.run_until_idle();
        assert_eq!(*seen.lock().unwrap(), [3]);
    });
}

/// Room for one: a sender that has the place, and has not used it yet, and one
/// that wants to drop what is in it.
#[actor(mailbox = 1, overflow = drop_oldest)]
enum Tiny {
    #[latest(by = 0)]
    Value(u8, u32),
    Other(u32),
}

struct Cell(Arc<AtomicUsize>);

#[handlers]
impl TinyActor for Cell {
    fn value(&mut self, _key: u8, _value: u32) {
        self.0.fetch_add(1, SeqCst);
    }
    fn other(&mut self, _value: u32) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn recipients_and_senders_do_not_wait_for_each_other() {
    within(60, || {
        let system = System::new().unwrap();
        let handled = Arc::new(AtomicUsize::new(0));
        let tiny = Tiny::spawn(&system, Cell(Arc::clone(&handled)));
        let recipient = tiny.recipient(|value| Tiny::Value(1, value));
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (tiny, recipient) = (tiny.clone(), recipient.clone());
                scope.spawn(move || {
                    for n in 0..20_000 {
                        match thread {
                            0 | 1 => recipient.tell(n).unwrap(),
                            2 => tiny.value(2, n).unwrap(),
                            _ => tiny.other(n).unwrap(),
                        }
                    }
                });
            }
        });
        drop(recipient);
        tiny.stop();
        tiny.stopped().wait().unwrap();
        let stats = tiny.stats();
        assert_eq!(stats.handled() + stats.dropped(), 80_000, "{stats:?}");
        assert_eq!(stats.handled(), handled.load(SeqCst) as u64);
        system.shutdown().wait().unwrap();
    });
}

/// A key that can be made to panic.
#[derive(Debug, Clone)]
struct Touchy(u8, Arc<std::sync::atomic::AtomicBool>);

impl PartialEq for Touchy {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Touchy {}

impl std::hash::Hash for Touchy {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        assert!(!self.1.load(SeqCst), "as asked");
        self.0.hash(state);
    }
}

#[actor]
enum Nervous {
    #[latest(by = 0)]
    Value(Touchy, u32),
    #[reply(Vec<u32>)]
    Seen,
}

#[derive(Default)]
struct Calm(Vec<u32>);

#[handlers]
impl NervousActor for Calm {
    fn value(&mut self, _key: Touchy, value: u32) {
        self.0.push(value);
    }
    fn seen(&self) -> Vec<u32> {
        self.0.clone()
    }
}

#[test]
fn a_key_that_panics_loses_no_other_message_and_ends_nothing() {
    within(20, || {
        let sim = Sim::new(1);
        let nervous = Nervous::spawn(sim.system(), Calm::default());
        let panics = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let key = |number| Touchy(number, Arc::clone(&panics));
        nervous.value(key(1), 1).unwrap();
        panics.store(true, SeqCst);
        sim.run_until_idle();
        let recipient = nervous.recipient(|(key, value)| Nervous::Value(key, value));
        let tell = std::panic::AssertUnwindSafe(|| recipient.tell((key(2), 2)));
        assert!(std::panic::catch_unwind(tell).is_err());
        panics.store(false, SeqCst);
        nervous.value(key(3), 3).unwrap();
        assert_eq!(sim.block_on(nervous.seen()).unwrap().unwrap(), [1, 3]);
        drop(recipient);
        nervous.stop();
        assert!(sim.block_on(nervous.stopped()).unwrap().is_orderly());
    });
}
