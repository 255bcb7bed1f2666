//! Pools grow and shrink while they run, and no message is lost by it.

#[path = "support/counters.rs"]
mod counters;
mod support;

use std::hash::{Hash, Hasher};
use std::pin::pin;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, OnceLock};
use std::task::{self, Waker};
use std::thread;

use counters::{Books, Counter, index, pool, quiet};
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{ActorPool, Batch, PoolOf, ResizeError, WeakHandle};

#[test]
fn a_pool_grows_and_shrinks_from_the_end() {
    within(30, || {
        let system = quiet();
        let books = Books::default();
        let pool = Counter::pool(&system, 2, books.factory());
        let first: Vec<_> = pool.workers().collect();
        pool.resize(5).wait().unwrap();
        let five: Vec<_> = pool.workers().collect();
        assert_eq!((pool.len(), &five[..2]), (5, &first[..]));
        let indices: Vec<_> = five.iter().map(index).collect();
        assert_eq!(indices, [0, 1, 2, 3, 4]);
        pool.resize(5).wait().unwrap();
        pool.resize(1).wait().unwrap();
        assert_eq!(pool.workers().collect::<Vec<_>>(), five[..1]);
        assert!(five[1..].iter().all(|worker| !worker.is_alive()));
        assert_eq!(system.actor_count(), 2);
        assert!(five[3].add(1).is_err());
        pool.resize(3).wait().unwrap();
        let again: Vec<_> = pool.workers().collect();
        assert_ne!(again[1..], five[1..3], "they are other actors");
        assert_eq!(index(&again[2]), 2);
        // Those that are added are supervised as the first.
        again[2].crash().unwrap();
        assert_eq!(again[2].who().wait().unwrap(), (2, 2));
        let names = pool.which_children();
        let names: Vec<_> = names.iter().map(|child| child.name().as_str()).collect();
        assert_eq!(names, ["worker[0]", "worker[1]", "worker[2]"]);
        assert!(matches!(
            pool.resize(0).wait(),
            Err(ResizeError::NoWorkers { .. })
        ));
        system.shutdown().wait().unwrap();
        assert_eq!(books.made.load(SeqCst), books.gone.load(SeqCst));
    });
}

#[test]
fn those_that_are_stopped_handle_their_mail_first() {
    within(30, || {
        let system = quiet();
        let books = Books::default();
        let pool = Counter::pool(&system, 4, books.factory());
        pool.started().wait().unwrap();
        let gate = Gate::default();
        let last: Vec<_> = pool.workers().skip(2).collect();
        last[0].hold(gate.clone()).unwrap();
        for worker in &last {
            for _ in 0..100 {
                worker.add(1).unwrap();
            }
        }
        let shrunk = pool.clone();
        let resize = thread::spawn(move || shrunk.resize(2).wait());
        eventually("they are not chosen", || pool.len() == 2);
        assert!((0..8).all(|_| !last.contains(&pool.next())));
        eventually("their doors are closed", || last[0].add(1).is_err());
        assert!(!resize.is_finished());
        gate.open();
        resize.join().unwrap().unwrap();
        assert_eq!(books.handled(), 200);
        assert_eq!(pool.stats().handled(), 201, "also of those that are gone");
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn those_that_are_added_are_chosen_when_they_have_started() {
    within(30, || {
        let system = quiet();
        let mut factory = Books::default().factory();
        let gate = Gate::default();
        let closed = gate.clone();
        let pool = Counter::pool(&system, 2, move |index| {
            if index == 3 {
                closed.pass();
            }
            factory(index)
        });
        let grown = pool.clone();
        let resize = thread::spawn(move || grown.resize(5).wait());
        gate.await_arrival();
        assert_eq!(pool.len(), 3);
        assert!((0..9).all(|_| index(&pool.next()) < 3));
        assert_eq!(system.actor_count(), 4);
        gate.open();
        resize.join().unwrap().unwrap();
        assert_eq!(pool.len(), 5);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_growth_that_fails_keeps_those_that_have_started() {
    within(30, || {
        let system = quiet();
        let books = Books::default();
        let mut factory = books.factory();
        let failures = Arc::clone(&books.failures);
        let pool = Counter::pool(&system, 2, move |index| {
            if index == 4 {
                failures.store(1, SeqCst);
            }
            factory(index)
        });
        let error = pool.resize(7).wait().unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("the `worker[4]` of ActorPool#1, Counter#"),
            "{text}"
        );
        assert!(
            text.ends_with("did not start: crashed in `on_start`: not today"),
            "{text}"
        );
        assert_eq!(pool.len(), 4);
        assert!(pool.is_alive());
        assert_eq!(system.actor_count(), 5);
        let indices: Vec<_> = pool.workers().map(|worker| index(&worker)).collect();
        assert_eq!(indices, [0, 1, 2, 3]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn resizes_are_carried_out_in_their_order() {
    within(30, || {
        let system = quiet();
        let pool = pool(&system, 3);
        thread::scope(|scope| {
            for size in 1..9 {
                let pool = pool.clone();
                scope.spawn(move || pool.resize(size).wait().unwrap());
            }
        });
        pool.resize(6).wait().unwrap();
        let indices: Vec<_> = pool.workers().map(|worker| index(&worker)).collect();
        assert_eq!(indices, [0, 1, 2, 3, 4, 5]);
        system.shutdown().wait().unwrap();
    });
}

/// Workers with threads of their own, and with mailboxes without a lock, in which
/// messages are batched.
#[actor(thread = dedicated, mailbox = lock_free(8))]
enum Press {
    #[batch(max = 3, within = "1ms")]
    Print(u64),
    Jam,
}

struct Rollers {
    printed: Arc<AtomicU64>,
    alive: Arc<AtomicU64>,
}

impl Drop for Rollers {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, SeqCst);
    }
}

#[handlers]
impl PressActor for Rollers {
    fn print(&mut self, pages: Batch<u64>) {
        self.printed.fetch_add(pages.count() as u64, SeqCst);
    }
    fn jam(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("on purpose"))
    }
}

#[test]
fn a_resize_of_threads_and_batches_that_crash_loses_nothing() {
    within(120, || {
        let system = quiet();
        let (printed, alive) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let (of_printed, of_alive) = (Arc::clone(&printed), Arc::clone(&alive));
        let pool = Press::pool_builder(move |_| {
            of_alive.fetch_add(1, SeqCst);
            Rollers {
                printed: Arc::clone(&of_printed),
                alive: Arc::clone(&of_alive),
            }
        });
        let pool = pool.size(2).max_restarts(100_000).spawn(&system).unwrap();
        let (told, jams) = (AtomicU64::new(0), AtomicU64::new(0));
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            for sender in 0..2 {
                let (pool, told, jams, done) = (pool.clone(), &told, &jams, &done);
                scope.spawn(move || {
                    let mut n = sender;
                    while !done.load(SeqCst) {
                        n += 1;
                        if n % 50 == 0 {
                            jams.fetch_add(u64::from(pool.tell(Press::Jam).is_ok()), SeqCst);
                        } else {
                            told.fetch_add(u64::from(pool.tell(Press::Print(n)).is_ok()), SeqCst);
                        }
                    }
                });
            }
            for n in 0..60 {
                pool.resize(1 + n % 4).wait().unwrap();
            }
            done.store(true, SeqCst);
        });
        pool.stop();
        pool.stopped().wait().unwrap();
        let stats = pool.stats();
        let accepted = told.load(SeqCst) + jams.load(SeqCst);
        assert_eq!(accepted, stats.handled() + stats.dropped(), "{stats}");
        assert!(printed.load(SeqCst) <= told.load(SeqCst));
        assert!(told.load(SeqCst) <= printed.load(SeqCst) + stats.dropped());
        assert_eq!((stats.queued(), alive.load(SeqCst)), (0, 0));
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

/// Whose code it is may look at the pool, send to it and resize it: no lock is
/// held.
#[test]
fn a_factory_and_a_key_may_use_their_pool() {
    struct Key(ActorPool<Counter>);
    impl Hash for Key {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.0.next().add(1).unwrap();
            (self.0.len() > 100).hash(state);
        }
    }
    within(30, || {
        let system = quiet();
        let (books, own) = (Books::default(), Arc::new(OnceLock::new()));
        let mut factory = books.factory();
        let known: Arc<OnceLock<WeakHandle<PoolOf<Counter>>>> = Arc::clone(&own);
        let pool = Counter::pool(&system, 2, move |index| {
            if let Some(pool) = known.get().and_then(WeakHandle::upgrade) {
                pool.next().add(1).unwrap();
                assert!(pool.broadcast(Counter::Add { by: 1 }).is_complete());
                assert_eq!(pool.which_children().len(), 4);
                assert!(pool.running_tree().to_string().contains("worker[3]"));
                assert!(matches!(
                    pool.resize(1).wait(),
                    Err(ResizeError::WaitInHandler(_))
                ));
                let mut cx = task::Context::from_waker(Waker::noop());
                if index == 2 {
                    assert!(pin!(pool.resize(3)).poll(&mut cx).is_pending());
                }
            }
            factory(index)
        });
        pool.started().wait().unwrap();
        own.set(pool.actor().downgrade()).unwrap();
        pool.resize(4).wait().unwrap();
        // What was asked for meanwhile comes behind.
        eventually("it has shrunk", || pool.len() == 3);
        let key = Key(pool.clone());
        assert_eq!(pool.by_key(&key), pool.by_key(&key));
        drop(key);
        for worker in pool.workers() {
            worker.who().wait().unwrap();
        }
        // One and two at the third, one and three at the fourth, one for each hash.
        assert_eq!(books.handled(), 3 + 4 + 2);
        system.shutdown().wait().unwrap();
    });
}

/// Those that are gone are counted once, also in the moment in which they go.
#[test]
fn the_stats_go_on_without_a_gap_while_workers_go() {
    within(120, || {
        let system = quiet();
        let pool = pool(&system, 1);
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(SeqCst) {
                    let handled = pool.stats().handled();
                    assert!(handled >= last, "{handled} after {last}");
                    last = handled;
                }
            });
            for _ in 0..2_000 {
                pool.resize(2).wait().unwrap();
                let last = pool.workers().nth(1).unwrap();
                last.who().wait().unwrap();
                pool.resize(1).wait().unwrap();
            }
            done.store(true, SeqCst);
        });
        assert_eq!(pool.stats().handled(), 2_000);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_resize_under_load_loses_nothing() {
    within(120, || {
        let system = quiet();
        let books = Books::default();
        let pool = Counter::pool(&system, 4, books.factory());
        let (sent, returned) = (AtomicU64::new(0), AtomicU64::new(0));
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            for sender in 0..3_u64 {
                let (pool, sent, returned, done) = (pool.clone(), &sent, &returned, &done);
                scope.spawn(move || {
                    let mut n = sender;
                    while !done.load(SeqCst) {
                        n += 1;
                        let message = Counter::Add { by: 1 };
                        let told = match n % 5 {
                            0 => pool.next().tell(message),
                            1 => pool.random().tell(message),
                            2 => pool.least_loaded().tell(message),
                            3 => pool.by_key(&n).tell(message),
                            _ => pool.tell(message),
                        };
                        sent.fetch_add(1, SeqCst);
                        returned.fetch_add(u64::from(told.is_err()), SeqCst);
                    }
                });
            }
            for n in 0..300 {
                let size = 1 + 5 * n % 9;
                pool.resize(size).wait().unwrap();
                assert_eq!(pool.len(), size);
            }
            done.store(true, SeqCst);
        });
        pool.stop();
        pool.stopped().wait().unwrap();
        let (sent, returned) = (sent.load(SeqCst), returned.load(SeqCst));
        assert_eq!(sent, books.handled() + returned);
        let stats = pool.stats();
        assert_eq!((stats.handled(), stats.dropped()), (books.handled(), 0));
        assert_eq!(stats.queued(), 0);
        assert!(returned < sent / 10, "{returned} of {sent}");
        assert_eq!(books.made.load(SeqCst), books.gone.load(SeqCst));
        system.shutdown().wait().unwrap();
    });
}
