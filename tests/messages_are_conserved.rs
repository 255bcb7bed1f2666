//! No message is lost, and none is kept: what was sent was handled, dropped,
//! returned, or is queued, as its senders count it. What is queued when an
//! actor ends is dropped once, by the time that `stopped()` returns.

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::thread;
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{ExitReason, Stats};

const SENDERS: u64 = 4;
const ACTORS: usize = 3;
const ROUNDS: u64 = 200;

/// What the senders and the states of one actor count by themselves.
#[derive(Default)]
struct Ledger {
    /// Payloads that were made and not dropped: one count, so that it is that
    /// of one moment.
    alive: AtomicU64,
    /// Calls that sent something.
    sent: AtomicU64,
    /// Tells that came back, and asks that ended without an answer.
    returned: AtomicU64,
    unanswered: AtomicU64,
    /// Calls of handlers.
    handled: AtomicU64,
}

impl Ledger {
    fn token(self: &Arc<Ledger>) -> Token {
        self.alive.fetch_add(1, SeqCst);
        Token(Arc::clone(self))
    }

    fn alive(&self) -> u64 {
        self.alive.load(SeqCst)
    }
}

/// A payload that is counted.
struct Token(Arc<Ledger>);

impl Drop for Token {
    fn drop(&mut self) {
        self.0.alive.fetch_sub(1, SeqCst);
    }
}

struct Counting(Arc<Ledger>);

impl Counting {
    fn handle(&self) {
        self.0.handled.fetch_add(1, SeqCst);
    }
}

async fn pauses(times: u32) {
    let mut left = times;
    std::future::poll_fn(|cx| {
        if left == 0 {
            return std::task::Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

/// One of the protocols, which differ in their mailboxes alone.
trait Subject: Send + Sync + Clone {
    fn spawn(system: &System, ledger: &Arc<Ledger>) -> Self;
    fn put(&self, token: Token) -> bool;
    fn slow(&self, token: Token) -> bool;
    fn ask(&self, token: Token) -> bool;
    /// Gives up before the answer comes.
    fn ask_and_go(&self, token: Token);
    fn crash(&self, token: Token) -> bool;
    fn stop(&self);
    fn kill(&self);
    fn stats(&self) -> Stats;
    fn stopped(&self) -> ExitReason;
    fn is_alive(&self) -> bool;
}

macro_rules! subject {
    ($name:ident, $actor:ident, $handle:ident, ($($options:tt)*), |$tell:ident| $told:expr) => {
        #[actor($($options)*)]
        enum $name {
            Put(Token),
            Slow(Token),
            #[reply(())]
            Ask(Token),
            Crash(Token),
        }

        #[handlers]
        impl $actor for Counting {
            fn put(&mut self, _value: Token) {
                self.handle();
            }
            async fn slow(&mut self, _value: Token) {
                self.handle();
                pauses(3).await;
            }
            fn ask(&mut self, _value: Token) {
                self.handle();
            }
            fn crash(&mut self, _value: Token) -> Result<(), Failure> {
                self.handle();
                Err(Failure::msg("on purpose"))
            }
        }

        impl Subject for $handle {
            fn spawn(system: &System, ledger: &Arc<Ledger>) -> Self {
                $name::spawn(system, Counting(Arc::clone(ledger)))
            }
            fn put(&self, token: Token) -> bool {
                let $tell = $handle::put(self, token);
                $told.is_ok()
            }
            fn slow(&self, token: Token) -> bool {
                let $tell = $handle::slow(self, token);
                $told.is_ok()
            }
            fn ask(&self, token: Token) -> bool {
                $handle::ask(self, token).wait().is_ok()
            }
            fn ask_and_go(&self, token: Token) {
                drop($handle::ask(self, token).send());
            }
            fn crash(&self, token: Token) -> bool {
                let $tell = $handle::crash(self, token);
                $told.is_ok()
            }
            fn stop(&self) {
                self.actor().stop();
            }
            fn kill(&self) {
                self.actor().kill();
            }
            fn stats(&self) -> Stats {
                self.actor().stats()
            }
            fn stopped(&self) -> ExitReason {
                self.actor().stopped().wait().unwrap()
            }
            fn is_alive(&self) -> bool {
                self.actor().is_alive()
            }
        }
    };
}

subject!(Free, FreeActor, FreeHandle, (mailbox = unbounded), |told| {
    told
});
subject!(
    Rejecting,
    RejectingActor,
    RejectingHandle,
    (mailbox = 8, overflow = reject),
    |told| told
);
subject!(
    Newest,
    NewestActor,
    NewestHandle,
    (mailbox = 8, overflow = drop_newest),
    |told| told
);
subject!(
    Oldest,
    OldestActor,
    OldestHandle,
    (mailbox = 8, overflow = drop_oldest),
    |told| told
);
subject!(
    Waiting,
    WaitingActor,
    WaitingHandle,
    (mailbox = 8, overflow = wait),
    |told| told.wait()
);
subject!(
    LockFree,
    LockFreeActor,
    LockFreeHandle,
    (mailbox = lock_free),
    |told| told
);
subject!(
    RejectingRing,
    RejectingRingActor,
    RejectingRingHandle,
    (mailbox = lock_free(8), overflow = reject),
    |told| told
);
subject!(
    OldestRing,
    OldestRingActor,
    OldestRingHandle,
    (mailbox = lock_free(8), overflow = drop_oldest),
    |told| told
);
subject!(
    WaitingRing,
    WaitingRingActor,
    WaitingRingHandle,
    (mailbox = lock_free(8), overflow = wait),
    |told| told.wait()
);

#[derive(Clone, Copy, Debug)]
enum End {
    None,
    Stop,
    Kill,
    Crash,
    Shutdown,
}

/// A generator for the choices of one sender.
struct Choices(u64);

impl Choices {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % below
    }
}

/// Sends until it has sent enough, or everybody has ended.
fn send<S: Subject>(actors: &[(S, Arc<Ledger>)], choices: &mut Choices, progress: &AtomicUsize) {
    for _ in 0..150 {
        let (actor, ledger) = &actors[choices.next(ACTORS as u64) as usize];
        progress.fetch_add(1, Relaxed);
        ledger.sent.fetch_add(1, SeqCst);
        let token = ledger.token();
        match choices.next(20) {
            0 => {
                if !actor.ask(token) {
                    ledger.unanswered.fetch_add(1, SeqCst);
                }
            }
            1 => {
                actor.ask_and_go(token);
                ledger.unanswered.fetch_add(1, SeqCst);
            }
            choice => {
                let slow = choice < 6;
                let told = if slow {
                    actor.slow(token)
                } else {
                    actor.put(token)
                };
                if !told {
                    ledger.returned.fetch_add(1, SeqCst);
                }
            }
        }
    }
}

/// Compares what the actor says with what the others counted.
fn check(stats: Stats, ledger: &Ledger, what: &str) {
    let read = |count: &AtomicU64| count.load(SeqCst);
    assert_eq!(stats.sent(), read(&ledger.sent), "{what}: {stats:?}");
    let handled = read(&ledger.handled) + stats.skipped();
    assert_eq!(stats.handled(), handled, "{what}: {stats:?}");
    let returned = read(&ledger.returned);
    let at_most = returned + read(&ledger.unanswered);
    assert!(
        (returned..=at_most).contains(&stats.returned()),
        "{what}: {returned} to {at_most} returned, {stats:?}"
    );
    assert_eq!(stats.queued(), 0, "{what}: {stats:?}");
}

fn round<S: Subject>(system: &System, end: End, seed: u64) {
    let what = format!("{} {end:?}, seed {seed}", std::any::type_name::<S>());
    let actors: Vec<(S, Arc<Ledger>)> = (0..ACTORS)
        .map(|_| {
            let ledger = Arc::new(Ledger::default());
            (S::spawn(system, &ledger), ledger)
        })
        .collect();
    let progress = AtomicUsize::new(0);
    let mut choices = Choices(seed);
    let at = choices.next(SENDERS * 150) as usize;
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (actors, progress) = (&actors, &progress);
            let mut choices = Choices(seed * SENDERS + sender);
            scope.spawn(move || send(actors, &mut choices, progress));
        }
        // In the middle of it, the end.
        while progress.load(Relaxed) < at {
            thread::yield_now();
        }
        for (actor, ledger) in &actors {
            match end {
                End::None => {}
                End::Stop => actor.stop(),
                End::Kill => actor.kill(),
                End::Crash => {
                    ledger.sent.fetch_add(1, SeqCst);
                    if !actor.crash(ledger.token()) {
                        ledger.returned.fetch_add(1, SeqCst);
                    }
                }
                End::Shutdown => {
                    system.shutdown().wait().unwrap();
                }
            }
        }
        for (actor, ledger) in &actors {
            // A policy to drop may have dropped the message to crash.
            if matches!(end, End::Stop | End::Kill | End::Shutdown) {
                actor.stopped();
                // What is alive now is in the hands of the senders.
                assert!(ledger.alive() <= SENDERS, "{what}");
            }
        }
    });
    for (actor, ledger) in &actors {
        if actor.is_alive() && matches!(end, End::Crash) {
            actor.stop();
            actor.stopped();
        }
        eventually("the actor is idle", || {
            actor.stats().queued() == 0 && ledger.alive() == 0
        });
        check(actor.stats(), ledger, &what);
        assert_eq!(actor.is_alive(), matches!(end, End::None), "{what}");
    }
    if let End::None = end {
        // The list of live actors says the same, of each and in total.
        let listed: u64 = system
            .actors()
            .iter()
            .map(|actor| actor.stats().sent())
            .sum();
        let sent: u64 = actors
            .iter()
            .map(|(_, ledger)| ledger.sent.load(SeqCst))
            .sum();
        assert_eq!(listed, sent, "{what}");
    }
}

fn rounds<S: Subject + 'static>() {
    within(120, || {
        let system = System::builder().workers(2).build().unwrap();
        let _events = system.events().capacity(1);
        for seed in 1..=ROUNDS {
            for end in [End::None, End::Stop, End::Kill, End::Crash] {
                round::<S>(&system, end, seed);
                eventually("all have ended", || system.actor_count() == 0);
            }
            let short = System::builder().workers(2).build().unwrap();
            round::<S>(&short, End::Shutdown, seed);
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn in_an_unbounded_mailbox() {
    rounds::<FreeHandle>();
}

#[test]
fn in_a_mailbox_that_rejects() {
    rounds::<RejectingHandle>();
}

#[test]
fn in_a_mailbox_that_drops_the_newest() {
    rounds::<NewestHandle>();
}

#[test]
fn in_a_mailbox_that_drops_the_oldest() {
    rounds::<OldestHandle>();
}

#[test]
fn in_a_mailbox_that_lets_wait() {
    rounds::<WaitingHandle>();
}

#[test]
fn in_a_mailbox_without_a_lock() {
    rounds::<LockFreeHandle>();
}

#[test]
fn in_a_ring_that_rejects() {
    rounds::<RejectingRingHandle>();
}

#[test]
fn in_a_ring_that_drops_the_oldest() {
    rounds::<OldestRingHandle>();
}

#[test]
fn in_a_ring_that_lets_wait() {
    rounds::<WaitingRingHandle>();
}

/// Everything that can be odd about a payload.
#[allow(clippy::large_enum_variant, reason = "that is what is tested")]
#[actor]
enum Odd {
    Pass,
    /// Holds a handle to the actor itself.
    Own(OddHandle),
    /// Drops with a panic.
    Panic(Bomb),
    /// Tells the same actor something when it is dropped.
    Echo(Echo),
    Echoed,
    Token(Token),
    Empty(Empty),
    Big(Box<[u8]>),
    Huge([u8; 1 << 14]),
    Aligned(Aligned),
    #[reply(usize)]
    Seen,
}

struct Bomb(Token);

impl Drop for Bomb {
    fn drop(&mut self) {
        let _keeps = &self.0;
        if !thread::panicking() {
            panic!("a payload that does not want to go");
        }
    }
}

struct Echo(OddHandle, #[allow(dead_code)] Token);

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.0.echoed();
    }
}

struct Empty;

#[repr(align(128))]
struct Aligned(u8);

#[derive(Default)]
struct Museum {
    gate: Gate,
    seen: usize,
    echoed: Arc<AtomicUsize>,
    kept: Option<OddHandle>,
}

#[handlers]
impl OddActor for Museum {
    fn pass(&mut self) {
        self.gate.pass();
    }
    fn own(&mut self, value: OddHandle) {
        assert!(value.is_alive());
        self.kept = Some(value);
        // Kept by the state, it would hold the actor for ever.
        self.kept = None;
        self.seen += 1;
    }
    fn panic(&mut self, value: Bomb) {
        std::mem::forget(value);
    }
    fn echo(&mut self, value: Echo) {
        drop(value);
    }
    fn echoed(&mut self) {
        self.echoed.fetch_add(1, SeqCst);
    }
    fn token(&mut self, _value: Token) {
        self.seen += 1;
    }
    fn empty(&mut self, _value: Empty) {
        self.seen += 1;
    }
    fn big(&mut self, value: Box<[u8]>) {
        assert!(value.iter().all(|&byte| byte == 7));
        self.seen += value.len();
    }
    fn huge(&mut self, value: [u8; 1 << 14]) {
        assert!(value.iter().all(|&byte| byte == 9));
        self.seen += value.len();
    }
    fn aligned(&mut self, value: Aligned) {
        assert_eq!(std::ptr::from_ref(&value).addr() % 128, 0);
        self.seen += usize::from(value.0);
    }
    fn seen(&self) -> usize {
        self.seen
    }
}

fn museum(system: &System) -> (OddHandle, Gate, Arc<AtomicUsize>) {
    let state = Museum::default();
    let (gate, echoed) = (state.gate.clone(), Arc::clone(&state.echoed));
    let odd = Odd::spawn(system, state);
    odd.pass().unwrap();
    gate.await_arrival();
    (odd, gate, echoed)
}

#[test]
fn an_actor_whose_mail_holds_its_own_handle_still_ends() {
    within(20, || {
        let system = System::new().unwrap();
        // Nobody else holds it: it handles its mail, and then nobody does.
        let (odd, gate, _) = museum(&system);
        let ledger = Arc::new(Ledger::default());
        odd.own(odd.clone()).unwrap();
        odd.token(ledger.token()).unwrap();
        let (weak, stopped) = (odd.downgrade(), odd.stopped());
        drop(odd);
        assert!(weak.upgrade().is_some(), "the one in the mail");
        gate.open();
        assert!(matches!(stopped.wait().unwrap(), ExitReason::Normal));
        assert!(weak.upgrade().is_none());
        assert_eq!(ledger.alive(), 0);
        // Killed, it drops its mail and with it the handle.
        let (odd, gate, _) = museum(&system);
        odd.own(odd.clone()).unwrap();
        odd.token(ledger.token()).unwrap();
        let (weak, stopped) = (odd.downgrade(), odd.stopped());
        odd.kill();
        drop(odd);
        gate.open();
        assert!(matches!(stopped.wait().unwrap(), ExitReason::Killed));
        assert!(weak.upgrade().is_none());
        assert_eq!(ledger.alive(), 0);
        // And so it does when its system shuts down in the middle of it.
        let (odd, gate, _) = museum(&system);
        odd.own(odd.clone()).unwrap();
        let weak = odd.downgrade();
        drop(odd);
        gate.open();
        system.shutdown().wait().unwrap();
        assert!(weak.upgrade().is_none());
    });
}

#[test]
fn payloads_that_panic_when_they_are_dropped_do_no_harm() {
    within(20, || {
        let system = System::new().unwrap();
        let ledger = Arc::new(Ledger::default());
        let (odd, gate, _) = museum(&system);
        for _ in 0..3 {
            odd.panic(Bomb(ledger.token())).unwrap();
            odd.token(ledger.token()).unwrap();
        }
        odd.kill();
        gate.open();
        assert!(matches!(odd.stopped().wait().unwrap(), ExitReason::Killed));
        assert_eq!(ledger.alive(), 0, "also what is in those that panic");
        assert_eq!(odd.stats().dropped(), 6);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn payloads_that_send_when_they_are_dropped_do_no_harm() {
    within(20, || {
        let system = System::new().unwrap();
        let ledger = Arc::new(Ledger::default());
        let (odd, gate, echoed) = museum(&system);
        odd.echo(Echo(odd.clone(), ledger.token())).unwrap();
        gate.open();
        eventually("the echo", || echoed.load(SeqCst) == 1);
        odd.stop();
        odd.stopped().wait().unwrap();
        let (odd, gate, echoed) = museum(&system);
        odd.echo(Echo(odd.clone(), ledger.token())).unwrap();
        odd.echo(Echo(odd.clone(), ledger.token())).unwrap();
        odd.kill();
        gate.open();
        odd.stopped().wait().unwrap();
        assert_eq!((ledger.alive(), echoed.load(SeqCst)), (0, 0));
        let stats = odd.stats();
        // The gate, two that were dropped, and their two echoes came back.
        let counts = (stats.handled(), stats.dropped(), stats.returned());
        assert_eq!(counts, (1, 2, 2));
        // To one that has ended: the echo is refused as well.
        let refused = odd.echo(Echo(odd.clone(), ledger.token()));
        drop(refused.unwrap_err());
        assert_eq!(ledger.alive(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn payloads_of_every_size_arrive() {
    within(20, || {
        let system = System::new().unwrap();
        let odd = Odd::spawn(&system, Museum::default());
        for _ in 0..3 {
            odd.empty(Empty).unwrap();
            odd.big(vec![7; 1 << 20].into()).unwrap();
            odd.huge([9; 1 << 14]).unwrap();
            odd.aligned(Aligned(5)).unwrap();
        }
        let expected = 3 * (1 + (1 << 20) + (1 << 14) + 5);
        assert_eq!(odd.seen().wait().unwrap(), expected);
        system.shutdown().wait().unwrap();
    });
}

/// A payload of 1 MiB that is not boxed.
#[allow(clippy::large_enum_variant, reason = "that is what is tested")]
#[actor(mailbox = 2)]
enum Bulk {
    Load([u8; 1 << 20]),
    #[reply(usize)]
    Loaded,
}

#[derive(Default)]
struct Depot(usize);

#[handlers]
impl BulkActor for Depot {
    fn load(&mut self, value: [u8; 1 << 20]) {
        assert!(value.iter().all(|&byte| byte == 3));
        self.0 += 1;
    }
    fn loaded(&self) -> usize {
        self.0
    }
}

#[test]
fn a_mebibyte_arrives_in_one_piece() {
    within(60, || {
        // It is moved over the stack a few times, so whoever sends such
        // messages sees to the stacks. Those of a simulation are the caller's.
        let sender = thread::Builder::new().stack_size(512 << 20).spawn(|| {
            let sim = Sim::new(1);
            let bulk = Bulk::spawn(sim.system(), Depot::default());
            for _ in 0..4 {
                bulk.load([3; 1 << 20]).wait().unwrap();
            }
            assert_eq!(bulk.loaded().wait().unwrap(), 4);
        });
        sender.unwrap().join().unwrap();
    });
}
