//! A mailbox without a lock keeps the promises of every mailbox. (What they
//! have in common is tested for both in the files named after those promises.)

mod support;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{ExitReason, Stats};

const SENDERS: u64 = 8;
const EACH: u64 = 100_000;
const SEEDS: u64 = 1000;

/// A payload whose drops are counted.
struct Token {
    sender: u64,
    number: u64,
    drops: Arc<AtomicU64>,
}

impl Drop for Token {
    fn drop(&mut self) {
        self.drops.fetch_add(1, SeqCst);
    }
}

/// What the states of an actor have seen: all tokens, in order.
#[derive(Default)]
struct Seen {
    tokens: Vec<(u64, u64)>,
    incarnations: u64,
}

/// Writes down what it handles, across its incarnations.
struct Clerk {
    seen: Arc<Mutex<Seen>>,
    gate: Gate,
}

impl Clerk {
    fn new(seen: &Arc<Mutex<Seen>>) -> Clerk {
        Clerk {
            seen: Arc::clone(seen),
            gate: Gate::default(),
        }
    }

    fn see(&self, token: &Token) {
        let mut seen = self.seen.lock().unwrap();
        seen.tokens.push((token.sender, token.number));
    }
}

macro_rules! protocol {
    ($name:ident, $actor:ident, $mailbox:expr $(, $overflow:ident)?) => {
        #[actor(mailbox = $mailbox $(, overflow = $overflow)?)]
        enum $name {
            Note(Token),
            /// Waits in the middle.
            Slow(Token),
            #[reply(u64)]
            Seen,
            Crash,
            Pass,
        }

        #[handlers]
        impl $actor for Clerk {
            fn on_start(&mut self) {
                self.seen.lock().unwrap().incarnations += 1;
            }
            fn note(&mut self, value: Token) {
                self.see(&value);
            }
            async fn slow(&mut self, value: Token) {
                yield_now().await;
                self.see(&value);
            }
            fn seen(&self) -> u64 {
                self.seen.lock().unwrap().tokens.len() as u64
            }
            fn crash(&mut self) -> Result<(), Failure> {
                Err(Failure::msg("on purpose"))
            }
            fn pass(&mut self) {
                self.gate.pass();
            }
        }
    };
}

protocol!(Free, FreeActor, lock_free);
protocol!(Waiting, WaitingActor, lock_free(64));
protocol!(Rejecting, RejectingActor, lock_free(4), reject);
protocol!(Newest, NewestActor, lock_free(4), drop_newest);
protocol!(Oldest, OldestActor, lock_free(4), drop_oldest);

async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Sends from eight threads, and returns how many were sent and how many came
/// back.
fn from_threads(
    each: u64,
    drops: &Arc<AtomicU64>,
    tell: impl Fn(Token) -> bool + Sync,
) -> (u64, u64) {
    let back = AtomicU64::new(0);
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (back, tell) = (&back, &tell);
            scope.spawn(move || {
                for number in 0..each {
                    let drops = Arc::clone(drops);
                    if !tell(Token {
                        sender,
                        number,
                        drops,
                    }) {
                        back.fetch_add(1, SeqCst);
                    }
                }
            });
        }
    });
    (SENDERS * each, back.load(SeqCst))
}

/// Each sender's numbers grow.
fn assert_order(seen: &[(u64, u64)]) {
    let mut last = [None; SENDERS as usize];
    for &(sender, number) in seen {
        let last = &mut last[sender as usize];
        assert!(*last < Some(number), "{number} of {sender} after {last:?}");
        *last = Some(number);
    }
}

fn assert_counts(stats: Stats, sent: u64, handled: u64, returned: u64) {
    assert_eq!(stats.queued(), 0, "{stats:?}");
    assert_eq!(stats.sent(), sent, "{stats:?}");
    assert_eq!(stats.handled(), handled, "{stats:?}");
    assert_eq!(stats.returned(), returned, "{stats:?}");
    assert_eq!(stats.dropped(), sent - handled - returned, "{stats:?}");
}

#[test]
fn eight_senders_lose_and_double_nothing() {
    macro_rules! check {
        ($name:ident, |$tell:ident| $told:expr) => {{
            let system = System::new().unwrap();
            let (seen, drops) = (Arc::<Mutex<Seen>>::default(), Arc::default());
            let actor = $name::spawn(&system, Clerk::new(&seen));
            let (sent, back) = from_threads(EACH, &drops, |token| {
                let $tell = actor.note(token);
                $told.is_ok()
            });
            assert_eq!((actor.seen().wait().unwrap(), back), (sent, 0));
            assert_order(&seen.lock().unwrap().tokens);
            eventually("the ask is counted out", || actor.queued() == 0);
            assert_counts(actor.stats(), sent + 1, sent + 1, 0);
            assert_eq!(drops.load(SeqCst), sent);
            system.shutdown().wait().unwrap();
        }};
    }
    within(120, || {
        check!(Free, |told| told);
        check!(Waiting, |told| told.wait());
    });
}

/// In the middle of a burst, and while its handlers wait.
#[test]
fn a_kill_drops_each_message_exactly_once() {
    macro_rules! check {
        ($name:ident, $pause:expr, |$tell:ident| $told:expr) => {{
            let system = System::builder().workers(2).quiet().build().unwrap();
            let (seen, drops) = (Arc::<Mutex<Seen>>::default(), Arc::default());
            let actor = $name::spawn(&system, Clerk::new(&seen));
            let killer = {
                let actor = actor.clone();
                thread::spawn(move || {
                    thread::sleep($pause);
                    actor.kill();
                })
            };
            let (sent, back) = from_threads(500, &drops, |token| {
                let $tell = if token.number % 3 == 0 {
                    actor.slow(token)
                } else {
                    actor.note(token)
                };
                $told.is_ok()
            });
            killer.join().unwrap();
            let reason = actor.stopped().wait().unwrap();
            assert!(matches!(reason, ExitReason::Killed));
            assert_eq!(drops.load(SeqCst), sent, "each is dropped once");
            let stats = actor.stats();
            assert_counts(stats, sent, stats.handled(), back);
            assert_order(&seen.lock().unwrap().tokens);
            system.shutdown().wait().unwrap();
        }};
    }
    within(120, || {
        for round in 0..100 {
            let pause = Duration::from_micros(round * 20);
            check!(Free, pause, |told| told);
            check!(Waiting, pause, |told| told.wait());
            check!(Oldest, pause, |told| told);
        }
    });
}

/// Panics when it is dropped unhandled.
struct Bomb(#[allow(dead_code, reason = "dropped with it")] Token);

impl Drop for Bomb {
    fn drop(&mut self) {
        if !thread::panicking() {
            panic!("a payload that does not want to go");
        }
    }
}

#[actor(mailbox = lock_free)]
enum Depot {
    Pass,
    Store(Bomb),
}

struct Shelf(Gate);

#[handlers]
impl DepotActor for Shelf {
    fn pass(&mut self) {
        self.0.pass();
    }
    fn store(&mut self, value: Bomb) {
        std::mem::forget(value);
    }
}

#[test]
fn payloads_that_panic_when_they_are_dropped_do_no_harm() {
    within(20, || {
        let system = System::builder().quiet().build().unwrap();
        let gate = Gate::default();
        let depot = Depot::spawn(&system, Shelf(gate.clone()));
        depot.pass().unwrap();
        gate.await_arrival();
        let drops = Arc::default();
        for number in 0..100 {
            let drops = Arc::clone(&drops);
            let token = Token {
                sender: 0,
                number,
                drops,
            };
            depot.store(Bomb(token)).unwrap();
        }
        depot.kill();
        gate.open();
        depot.stopped().wait().unwrap();
        assert_eq!((drops.load(SeqCst), depot.dropped()), (100, 100));
        system.shutdown().wait().unwrap();
    });
}

/// A supervisor may have such a mailbox, too.
#[supervisor(mailbox = lock_free, max_restarts = 100_000)]
enum Office {
    #[child]
    Free(Free),
    #[child]
    Waiting(Waiting),
    #[reply(u64)]
    Ping,
}

struct Staff([Arc<Mutex<Seen>>; 2]);

impl OfficeChildren for Staff {
    fn free(&mut self, _: &OfficeHandle) -> Child<Free> {
        Free::child(Clerk::new(&self.0[0]))
    }
    fn waiting(&mut self, _: &OfficeHandle) -> Child<Waiting> {
        Waiting::child(Clerk::new(&self.0[1]))
    }
}

#[handlers]
impl OfficeActor for Staff {
    fn ping(&self) -> u64 {
        7
    }
}

/// The message that crashes it is gone; all others are handled, by whichever
/// incarnation, in order.
#[test]
fn a_restart_keeps_the_mail_in_order() {
    const CRASHES: u64 = 10;
    within(120, || {
        let system = System::builder().workers(2).quiet().build().unwrap();
        let seen: [Arc<Mutex<Seen>>; 2] = Default::default();
        let office = Office::start(&system, Staff(seen.clone())).wait().unwrap();
        let (free, waiting) = (office.free(), office.waiting());
        let drops = Arc::default();
        let (sent, back) = from_threads(5_000, &drops, |token| {
            let crash = token.number % 500 == 0;
            free.note(token).unwrap();
            !crash || free.crash().is_ok()
        });
        let (to_other, back_too) = from_threads(5_000, &drops, |token| {
            let crash = token.number % 500 == 0;
            waiting.note(token).wait().unwrap();
            !crash || waiting.crash().wait().is_ok()
        });
        assert_eq!((sent, back, back_too), (to_other, 0, 0));
        assert_eq!(free.seen().wait().unwrap(), sent);
        assert_eq!(waiting.seen().wait().unwrap(), sent);
        assert_eq!(office.ping().wait().unwrap(), 7);
        for seen in &seen {
            let seen = seen.lock().unwrap();
            assert_order(&seen.tokens);
            assert_eq!(seen.incarnations, 1 + CRASHES * SENDERS);
        }
        assert_eq!(drops.load(SeqCst), 2 * sent);
        system.shutdown().wait().unwrap();
    });
}

/// Held at a message, with a full mailbox behind it, it is told number 5.
#[test]
fn a_full_one_does_what_its_policy_says() {
    macro_rules! full {
        ($name:ident, |$actor:ident, $number:ident| $told:expr) => {{
            let system = System::new().unwrap();
            let seen = Arc::<Mutex<Seen>>::default();
            let (clerk, drops) = (Clerk::new(&seen), Arc::default());
            let gate = clerk.gate.clone();
            let $actor = $name::builder(clerk).mailbox(4).spawn(&system).unwrap();
            assert!($actor.tell($name::Pass).is_ok());
            gate.await_arrival();
            let number = |number| Token {
                sender: 0,
                number,
                drops: Arc::clone(&drops),
            };
            (1..=4).for_each(|n| assert!($actor.tell($name::Note(number(n))).is_ok()));
            assert_eq!($actor.queued(), 4);
            let $number = number(5);
            $told;
            gate.open();
            $actor.stop();
            $actor.stopped().wait().unwrap();
            assert_eq!(drops.load(SeqCst), 5);
            system.shutdown().wait().unwrap();
            let seen: Vec<_> = seen
                .lock()
                .unwrap()
                .tokens
                .iter()
                .map(|&(_, n)| n)
                .collect();
            (seen, $actor.dropped())
        }};
    }
    within(20, || {
        let outcome = full!(Rejecting, |actor, number| {
            let error = actor.note(number).unwrap_err();
            assert!(error.is_full());
            assert!(matches!(error.into_message(), Rejecting::Note(token) if token.number == 5));
        });
        assert_eq!(outcome, (vec![1, 2, 3, 4], 0));
        let outcome = full!(Newest, |actor, number| actor.note(number).unwrap());
        assert_eq!(outcome, (vec![1, 2, 3, 4], 1));
        let outcome = full!(Oldest, |actor, number| actor.note(number).unwrap());
        assert_eq!(outcome, (vec![2, 3, 4, 5], 1));
        // By its builder it has a capacity, and rejects.
        let outcome = full!(Free, |actor, number| {
            assert!(actor.note(number).unwrap_err().is_full());
        });
        assert_eq!(outcome, (vec![1, 2, 3, 4], 0));
    });
}

/// A recipient takes a place before the message is made, and makes room as the
/// policy says.
#[test]
fn recipients_take_places_too() {
    macro_rules! check {
        ($name:ident, $end:ident) => {{
            let system = System::builder().workers(2).quiet().build().unwrap();
            let (seen, drops) = (Arc::<Mutex<Seen>>::default(), Arc::default());
            let actor = $name::spawn(&system, Clerk::new(&seen));
            let recipient = actor.recipient($name::Note);
            let half = AtomicU64::new(0);
            let (sent, back) = from_threads(500, &drops, |token| {
                if half.fetch_add(1, SeqCst) == SENDERS * 250 {
                    actor.$end();
                }
                recipient.tell(token).is_ok()
            });
            actor.stop();
            actor.stopped().wait().unwrap();
            assert_eq!(drops.load(SeqCst), sent, "each is dropped once");
            let stats = actor.stats();
            assert_counts(stats, sent, stats.handled(), back);
            assert_order(&seen.lock().unwrap().tokens);
            system.shutdown().wait().unwrap();
        }};
    }
    within(120, || {
        for _ in 0..10 {
            check!(Free, stop);
            check!(Free, kill);
            check!(Waiting, stop);
            check!(Waiting, kill);
            check!(Rejecting, stop);
            check!(Newest, stop);
            check!(Oldest, stop);
            check!(Oldest, kill);
        }
    });
}

#[test]
fn a_sender_waits_for_room() {
    within(20, || {
        let system = System::new().unwrap();
        let seen = Arc::<Mutex<Seen>>::default();
        let clerk = Clerk::new(&seen);
        let gate = clerk.gate.clone();
        let actor = Waiting::builder(clerk).mailbox(1).spawn(&system).unwrap();
        actor.pass().wait().unwrap();
        gate.await_arrival();
        let drops = Arc::default();
        let teller = {
            let (actor, drops) = (actor.clone(), Arc::clone(&drops));
            thread::spawn(move || {
                for number in 0..10 {
                    let drops = Arc::clone(&drops);
                    let token = Token {
                        sender: 0,
                        number,
                        drops,
                    };
                    actor.note(token).wait().unwrap();
                }
            })
        };
        eventually("there is no room", || actor.queued() == 1);
        thread::sleep(Duration::from_millis(20));
        assert!(!teller.is_finished());
        gate.open();
        teller.join().unwrap();
        assert_eq!(actor.seen().wait().unwrap(), 10);
        assert_order(&seen.lock().unwrap().tokens);
        system.shutdown().wait().unwrap();
    });
}

/// Takes no memory for places that nobody may ever need.
#[test]
fn any_capacity_will_do() {
    within(20, || {
        let system = System::new().unwrap();
        for capacity in [1, 2, 1 << 15, 1 << 24, usize::MAX] {
            let seen = Arc::<Mutex<Seen>>::default();
            let builder = Waiting::builder(Clerk::new(&seen)).mailbox(capacity);
            let actor = builder.spawn(&system).unwrap();
            let drops = Arc::default();
            let (sent, _) = from_threads(100, &drops, |token| actor.note(token).wait().is_ok());
            assert_eq!(actor.seen().wait().unwrap(), sent);
            assert_order(&seen.lock().unwrap().tokens);
        }
        system.shutdown().wait().unwrap();
    });
}

/// What is handled many at a time, and of what only the newest counts.
#[actor(mailbox = lock_free)]
enum Disk {
    #[batch(max = 100, within = "1h")]
    Write { sender: u64, number: u64 },
    #[latest(by = sender)]
    Cursor { sender: u64, number: u64 },
    #[reply(Vec<(u64, u64)>)]
    Read,
}

#[derive(Default)]
struct Platter {
    written: Vec<(u64, u64)>,
    cursors: [Option<u64>; SENDERS as usize],
}

#[handlers]
impl DiskActor for Platter {
    fn write(&mut self, batch: zctor::Batch<(u64, u64)>) {
        assert!(batch.len() <= 100);
        self.written.extend(batch);
    }
    fn cursor(&mut self, sender: u64, number: u64) {
        let cursor = &mut self.cursors[sender as usize];
        assert!(*cursor < Some(number));
        *cursor = Some(number);
    }
    fn read(&self) -> Vec<(u64, u64)> {
        assert_eq!(self.cursors, [Some(9_999); SENDERS as usize]);
        self.written.clone()
    }
}

#[test]
fn batches_and_latest_messages_are_as_elsewhere() {
    within(120, || {
        let system = System::new().unwrap();
        let disk = Disk::spawn(&system, Platter::default());
        let drops = Arc::default();
        let (sent, _) = from_threads(10_000, &drops, |token| {
            disk.write(token.sender, token.number).unwrap();
            if token.number % 500 == 0 {
                disk.flush_write().unwrap();
            }
            disk.cursor(token.sender, token.number).is_ok()
        });
        let written = disk.read().wait().unwrap();
        assert_eq!(written.len() as u64, sent);
        assert_order(&written);
        eventually("all is counted out", || disk.queued() == 0);
        let stats = disk.stats();
        assert_eq!(stats.sent(), 2 * sent + 1, "{stats:?}");
        assert_eq!(stats.handled() + stats.dropped(), 2 * sent + 1, "{stats:?}");
        system.shutdown().wait().unwrap();
    });
}

/// Sends its numbers to a clerk, one for each message to itself.
#[actor(mailbox = lock_free)]
enum Pen {
    Go,
}

struct Hand {
    clerk: FreeHandle,
    sender: u64,
    number: u64,
    drops: Arc<AtomicU64>,
    back: Arc<AtomicU64>,
}

const PAGES: u64 = 20;

#[handlers]
impl PenActor for Hand {
    fn go(&mut self, ctx: &mut Context<Pen>) {
        let (sender, number) = (self.sender, self.number);
        if number == PAGES {
            return ctx.stop();
        }
        self.number += 1;
        let token = Token {
            sender,
            number,
            drops: Arc::clone(&self.drops),
        };
        let told = match ctx.random() % 3 {
            0 => self.clerk.slow(token),
            _ => self.clerk.note(token),
        };
        if told.is_err() {
            self.back.fetch_add(1, SeqCst);
        }
        if ctx.random().is_multiple_of(4) {
            ctx.send_after(Duration::from_micros(ctx.random() % 50), Pen::Go);
        } else {
            let _ = ctx.handle().go();
        }
    }
}

/// Three senders, and an end or a restart in the middle. What was seen, and how
/// the clerk ended.
fn simulated(seed: u64) -> (Vec<(u64, u64)>, Stats) {
    let sim = Sim::new(seed);
    // Who reads of the crashes has nothing on stderr.
    let _events = sim.system().events().capacity(1);
    let seen: [Arc<Mutex<Seen>>; 2] = Default::default();
    let office = Office::start(sim.system(), Staff(seen.clone()));
    let office = sim.block_on(office).unwrap().unwrap();
    let supervised = seed.is_multiple_of(2);
    let clerk = if supervised {
        office.free()
    } else {
        Free::spawn(sim.system(), Clerk::new(&seen[0]))
    };
    let (drops, back) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    let pens: Vec<_> = (0..3)
        .map(|sender| {
            let hand = Hand {
                clerk: clerk.clone(),
                sender,
                number: 0,
                drops: Arc::clone(&drops),
                back: Arc::clone(&back),
            };
            Pen::spawn(sim.system(), hand)
        })
        .collect();
    pens.iter().for_each(|pen| pen.go().unwrap());
    for _ in 0..seed % 11 {
        sim.advance(Duration::from_micros(7));
    }
    let mut sent = 3 * PAGES;
    match seed % 4 {
        // Crashes, and is restarted.
        0 | 2 => {
            clerk.crash().unwrap();
            sent += 1;
        }
        1 => clerk.kill(),
        _ => clerk.stop(),
    }
    sim.block_on(async {
        for pen in &pens {
            pen.stopped().await;
        }
    })
    .unwrap();
    sim.run_until_idle();
    let (tokens, stats) = (seen[0].lock().unwrap().tokens.clone(), clerk.stats());
    assert_order(&tokens);
    assert_eq!(drops.load(SeqCst), 3 * PAGES, "seed {seed}");
    let handled = tokens.len() as u64 + u64::from(supervised);
    let back = back.load(SeqCst);
    if supervised {
        assert_eq!((tokens.len() as u64, back), (3 * PAGES, 0), "seed {seed}");
    }
    if seed % 4 != 1 {
        assert_counts(stats, sent, handled, back);
    } else {
        // The one in hand at a kill is handled, and not written down.
        assert_counts(stats, sent, stats.handled(), back);
        assert!(stats.handled() - handled <= 1, "seed {seed}");
    }
    (tokens, stats)
}

#[test]
fn every_order_of_a_simulation_keeps_them() {
    within(120, || {
        let mut orders = BTreeSet::new();
        for seed in 0..SEEDS {
            let (tokens, _) = simulated(seed);
            if seed.is_multiple_of(10) {
                assert_eq!(simulated(seed).0, tokens, "seed {seed} is repeated");
            }
            orders.insert(tokens);
        }
        assert!(orders.len() > 600, "only {} orders", orders.len());
    });
}
