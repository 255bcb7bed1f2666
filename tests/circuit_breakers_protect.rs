//! `#[breaker]`: asks of what keeps failing are turned away at the handle.

mod support;

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{BreakerSettings, CircuitBreaker, CircuitState, EventKind};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug, PartialEq)]
enum Trouble {
    Down,
    NotFound,
}

fn is_not_found(error: &AskError<Trouble>) -> bool {
    matches!(error, AskError::Failed(Trouble::NotFound))
}

const TRIALS: u32 = 2;

#[actor]
enum Upstream {
    /// Answers as it is told.
    #[reply(u32, error = Trouble)]
    #[breaker(failures = 3, recovery = "10s", successes = 2, ignore = is_not_found)]
    Fetch(&'static str),
    #[reply((), deferred)]
    #[breaker(calls = 4, rate = 50, recovery = "1s", trials = TRIALS, successes = 3)]
    #[timeout("5s")]
    Store,
    #[reply(())]
    #[breaker]
    Crash,
    /// Has no breaker.
    #[reply(u32)]
    Count,
}

#[derive(Default)]
struct Server {
    handled: Arc<AtomicU32>,
    stores: Arc<Mutex<Vec<Reply<()>>>>,
}

#[handlers]
impl UpstreamActor for Server {
    fn fetch(&mut self, value: &'static str) -> Result<u32, Trouble> {
        self.handled.fetch_add(1, SeqCst);
        match value {
            "down" => Err(Trouble::Down),
            "none" => Err(Trouble::NotFound),
            _ => Ok(7),
        }
    }
    fn store(&mut self, reply: Reply<()>) {
        self.stores.lock().unwrap().push(reply);
    }
    fn crash(&mut self) {
        panic!("as asked");
    }
    fn count(&self) -> u32 {
        self.handled.load(SeqCst)
    }
}

#[supervisor(max_restarts = 100)]
enum Site {
    #[child]
    Upstream(Upstream),
}

struct Ground;

impl SiteChildren for Ground {
    fn upstream(&mut self, _: &SiteHandle) -> Child<Upstream> {
        Upstream::child(Server::default())
    }
}

/// The state that it is in, from each change that its log tells of.
fn changes(events: &mut zctor::Events) -> Vec<(&'static str, CircuitState)> {
    let all = std::iter::from_fn(|| events.try_next());
    all.filter_map(|event| match event.kind() {
        EventKind::Circuit {
            message, change, ..
        } => Some((*message, change.to)),
        _ => None,
    })
    .collect()
}

#[test]
fn too_many_failures_open_it_for_all_handles_and_successes_close_it() {
    within(60, || {
        for seed in 0..1_000 {
            let sim = Sim::new(seed);
            let mut events = sim.system().events();
            let upstream = Upstream::spawn(sim.system(), Server::default());
            let other = upstream.clone();
            let fetch = |what| sim.block_on(upstream.fetch(what)).unwrap();
            for _ in 0..3 {
                assert!(matches!(
                    fetch("down"),
                    Err(AskError::Failed(Trouble::Down))
                ));
            }
            let open = sim.block_on(other.fetch("fine")).unwrap().unwrap_err();
            assert!(open.is_circuit_open());
            assert_eq!(open.retry_after(), Some(10 * SECOND));
            assert_eq!(
                open.to_string(),
                "`Fetch` was not answered: the circuit breaker is open for another 10s"
            );
            assert_eq!(sim.block_on(upstream.count()).unwrap().unwrap(), 3);
            sim.advance(10 * SECOND);
            assert_eq!(fetch("fine").unwrap(), 7);
            assert_eq!(fetch("fine").unwrap(), 7);
            let breaker = upstream.breaker(UpstreamKind::Fetch).unwrap();
            assert_eq!(breaker.state(), CircuitState::Closed);
            assert_eq!(
                changes(&mut events),
                [
                    ("Fetch", CircuitState::Open),
                    ("Fetch", CircuitState::HalfOpen),
                    ("Fetch", CircuitState::Closed)
                ]
            );
            let metrics = breaker.metrics();
            assert_eq!(
                (metrics.succeeded, metrics.failed, metrics.rejected),
                (2, 3, 1)
            );
            let stats = upstream.stats();
            assert_eq!((stats.handled(), stats.returned()), (6, 1));
        }
    });
}

#[test]
fn ignored_errors_are_of_no_account() {
    within(20, || {
        let sim = Sim::new(1);
        let upstream = Upstream::spawn(sim.system(), Server::default());
        for what in ["down", "none", "down", "none", "none"] {
            assert!(sim.block_on(upstream.fetch(what)).unwrap().is_err());
        }
        let breaker = upstream.breaker(UpstreamKind::Fetch).unwrap();
        assert_eq!(breaker.state(), CircuitState::Closed);
        assert_eq!(breaker.metrics().ignored, 3);
        assert!(sim.block_on(upstream.fetch("down")).unwrap().is_err());
        assert_eq!(breaker.state(), CircuitState::Open);
    });
}

#[test]
fn each_variant_has_its_own() {
    within(20, || {
        let sim = Sim::new(1);
        let upstream = Upstream::spawn(sim.system(), Server::default());
        upstream.breaker(UpstreamKind::Fetch).unwrap().force_open();
        assert!(sim.block_on(upstream.fetch("fine")).unwrap().is_err());
        assert_eq!(sim.block_on(upstream.count()).unwrap().unwrap(), 0);
        assert!(upstream.breaker(UpstreamKind::Count).is_none());
        let store = upstream.breaker(UpstreamKind::Store).unwrap();
        assert_eq!(store.state(), CircuitState::Closed);
    });
}

#[test]
fn timeouts_count_and_half_open_tries_so_many_at_a_time() {
    within(60, || {
        for seed in 0..200 {
            let sim = Sim::new(seed);
            let stores = Arc::default();
            let server = Server {
                stores: Arc::clone(&stores),
                ..Server::default()
            };
            let upstream = Upstream::spawn(sim.system(), server);
            let breaker = upstream.breaker(UpstreamKind::Store).unwrap();
            let asks: Vec<_> = (0..4).map(|_| upstream.store().send()).collect();
            sim.run_until_idle();
            let replies: Vec<Reply<()>> = stores.lock().unwrap().drain(..).collect();
            let mut replies = replies.into_iter();
            replies.next().unwrap().send(());
            replies.next().unwrap().send(());
            let results: Vec<_> = asks
                .into_iter()
                .map(|ask| sim.block_on(ask).unwrap())
                .collect();
            assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 2);
            assert_eq!(
                breaker.state(),
                CircuitState::Open,
                "half of four, by timeouts"
            );
            sim.advance(SECOND);
            let (first, second) = (upstream.store().send(), upstream.store().send());
            let third = sim.block_on(upstream.store().send()).unwrap().unwrap_err();
            assert!(third.is_circuit_open());
            assert_eq!(third.retry_after(), None);
            // One who goes away gives his place back.
            drop(first);
            let first = upstream.store().send();
            sim.run_until_idle();
            stores
                .lock()
                .unwrap()
                .drain(..)
                .for_each(|reply| reply.send(()));
            sim.block_on(first).unwrap().unwrap();
            sim.block_on(second).unwrap().unwrap();
            let last = upstream.store().send();
            sim.run_until_idle();
            stores
                .lock()
                .unwrap()
                .drain(..)
                .for_each(|reply| reply.send(()));
            sim.block_on(last).unwrap().unwrap();
            assert_eq!(breaker.state(), CircuitState::Closed);
        }
    });
}

#[test]
fn crashes_count_and_the_breaker_outlives_a_restart() {
    within(60, || {
        let system = System::builder().quiet().build().unwrap();
        let site = Site::start(&system, Ground).wait().unwrap();
        let upstream = site.upstream();
        for _ in 0..5 {
            let error = upstream.crash().wait().unwrap_err();
            assert!(matches!(error, AskError::Crashed { .. }), "{error}");
        }
        let breaker = upstream.breaker(UpstreamKind::Crash).unwrap();
        assert_eq!(breaker.state(), CircuitState::Open);
        assert!(upstream.crash().wait().unwrap_err().is_circuit_open());
        breaker.force_close();
        assert!(!upstream.crash().wait().unwrap_err().is_circuit_open());
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn an_ended_actor_is_no_failure() {
    within(20, || {
        let system = System::new().unwrap();
        let upstream = Upstream::spawn(&system, Server::default());
        upstream.stop();
        upstream.stopped().wait().unwrap();
        for _ in 0..20 {
            assert!(upstream.fetch("fine").wait().unwrap_err().is_stopped());
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn many_threads_keep_its_counts() {
    within(60, || {
        let system = System::new().unwrap();
        let upstream = Upstream::spawn(&system, Server::default());
        let breaker = upstream.breaker(UpstreamKind::Fetch).unwrap();
        let gate = Gate::default();
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let (upstream, gate) = (upstream.clone(), gate.clone());
                std::thread::spawn(move || {
                    gate.pass();
                    let mut turned = 0;
                    for ask in 0..500 {
                        let what = if (thread + ask) % 3 == 0 {
                            "fine"
                        } else {
                            "down"
                        };
                        match upstream.fetch(what).wait() {
                            Err(error) if error.is_circuit_open() => turned += 1,
                            _ => {}
                        }
                        if ask % 50 == 0 {
                            let breaker = upstream.breaker(UpstreamKind::Fetch).unwrap();
                            breaker.force_close();
                        }
                    }
                    turned
                })
            })
            .collect();
        gate.open();
        let turned: u64 = threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum();
        let metrics = breaker.metrics();
        assert_eq!(metrics.rejected, turned);
        assert_eq!(metrics.succeeded + metrics.failed + turned, 8 * 500);
        let stats = upstream.stats();
        assert_eq!(stats.returned(), turned);
        assert_eq!(stats.handled(), 8 * 500 - turned);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_caller_that_panics_is_no_failure_of_the_one_it_called() {
    within(20, || {
        let system = System::builder().quiet().build().unwrap();
        let upstream = Upstream::spawn(&system, Server::default());
        let breaker = upstream.breaker(UpstreamKind::Crash).unwrap();
        for _ in 0..9 {
            let upstream = upstream.clone();
            let caller = std::thread::spawn(move || {
                let _sent = upstream.store().send();
                panic!("the caller's own");
            });
            assert!(caller.join().is_err());
        }
        assert_eq!(breaker.state(), CircuitState::Closed);
        let store = upstream.breaker(UpstreamKind::Store).unwrap();
        assert_eq!(
            (store.state(), store.metrics().ignored),
            (CircuitState::Closed, 9)
        );
        system.shutdown().wait().unwrap();
    });
}

/// A predicate that panics ignores nothing, and does no harm.
#[actor]
enum Careless {
    #[reply(u32, error = Trouble)]
    #[breaker(failures = 1, ignore = panics)]
    Fetch,
}

fn panics(_: &AskError<Trouble>) -> bool {
    panic!("as asked");
}

#[handlers]
impl CarelessActor for Server {
    fn fetch(&mut self) -> Result<u32, Trouble> {
        Err(Trouble::Down)
    }
}

#[test]
fn a_predicate_that_panics_does_no_harm() {
    within(20, || {
        let system = System::new().unwrap();
        let careless = Careless::spawn(&system, Server::default());
        let error = careless.fetch().wait().unwrap_err();
        assert!(matches!(error, AskError::Failed(Trouble::Down)));
        assert!(careless.fetch().wait().unwrap_err().is_circuit_open());
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_breaker_alone_counts_panics_and_tells_each_change_in_order() {
    within(60, || {
        let sim = Sim::new(1);
        let settings = BreakerSettings::new()
            .failures(1)
            .recovery(SECOND)
            .successes(1);
        let breaker = CircuitBreaker::new(settings, sim.system()).unwrap();
        let panic = std::panic::AssertUnwindSafe(|| {
            let _: Result<(), _> = breaker.call(|| -> Result<(), ()> { panic!("as asked") });
        });
        assert!(std::panic::catch_unwind(panic).is_err());
        assert_eq!(breaker.state(), CircuitState::Open);
        sim.advance(SECOND);
        let call = breaker.call_async(async { Ok::<_, ()>(7) });
        assert_eq!(sim.block_on(call).unwrap().unwrap(), 7);
        assert_eq!(breaker.state(), CircuitState::Closed);
        // Listeners that panic, from many threads: each change once, in order.
        let changes = Arc::new(Mutex::new(Vec::new()));
        breaker.on_change(|_| panic!("as asked"));
        let told = Arc::clone(&changes);
        breaker.on_change(move |change| told.lock().unwrap().push(change));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        breaker.force_open();
                        breaker.force_close();
                    }
                });
            }
        });
        let changes = changes.lock().unwrap();
        assert!(changes.windows(2).all(|two| two[0].to == two[1].from));
        assert_eq!(breaker.metrics().opened, 1 + changes.len() as u64 / 2);
    });
}

/// A caller in a handler is turned away as any other.
#[actor]
enum Client {
    #[reply(bool)]
    Try,
}

struct Caller(UpstreamHandle);

#[handlers]
impl ClientActor for Caller {
    async fn r#try(&mut self) -> bool {
        match self.0.fetch("down").await {
            Err(error) => error.is_circuit_open(),
            Ok(_) => false,
        }
    }
}

#[test]
fn handlers_are_turned_away_too() {
    within(20, || {
        let system = System::new().unwrap();
        let upstream = Upstream::spawn(&system, Server::default());
        let client = Client::spawn(&system, Caller(upstream));
        let turned: Vec<bool> = (0..5).map(|_| client.r#try().wait().unwrap()).collect();
        assert_eq!(turned, [false, false, false, true, true]);
        eventually("it is idle", || client.queued() == 0);
        system.shutdown().wait().unwrap();
    });
}
