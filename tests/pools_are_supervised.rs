//! The workers of a pool are the children of a supervisor, and a pool may be one.

#[path = "support/counters.rs"]
mod counters;
mod support;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;
use std::time::Duration;

use counters::{Books, Counter, index, pool, quiet};
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{
    ActorPool, EventKind, Exit, ExitReason, PoolOf, ResizeError, ShutdownReason, StartError,
};

#[test]
fn a_crashed_worker_keeps_its_handle_and_its_mail() {
    within(30, || {
        let system = quiet();
        let mut events = system.events();
        let books = Books::default();
        let pool = Counter::pool(&system, 3, books.factory());
        let workers: Vec<_> = pool.workers().collect();
        let second = &workers[1];
        second.add(1).unwrap();
        second.crash().unwrap();
        second.add(20).unwrap();
        second.add(300).unwrap();
        assert_eq!(second.who().wait().unwrap(), (1, 2));
        assert_eq!(second.get().wait().unwrap(), 320);
        assert_eq!(pool.workers().collect::<Vec<_>>(), workers);
        let info = &pool.which_children()[1];
        assert_eq!(
            info.to_string(),
            format!(
                "worker[1]: Counter{}, permanent worker, running, 1 restart",
                second.id()
            )
        );
        assert_eq!((info.incarnation(), info.restarts()), (2, 1));
        assert_eq!(books.made.load(SeqCst), 4);
        // It stops, is killed: it is permanent.
        second.stop();
        eventually("restarted", || pool.which_children()[1].restarts() == 2);
        second.kill();
        eventually("restarted", || pool.which_children()[1].restarts() == 3);
        assert_eq!(second.who().wait().unwrap(), (1, 4));
        system.shutdown().wait().unwrap();
        let mut starts = Vec::new();
        while let Some(event) = events.next().wait().unwrap() {
            if let EventKind::ChildStarted { child, .. } = event.kind() {
                starts.push(child.to_string());
            }
        }
        let [a, b, c] = ["worker[0]", "worker[1]", "worker[2]"];
        assert_eq!(starts, [a, b, c, b, b, b]);
    });
}

/// A stop holds also when it comes before the worker has begun: what was queued
/// is handled, what comes later is refused, and then it is restarted as any.
#[test]
fn one_that_is_stopped_before_it_has_begun_stops_when_it_has() {
    within(60, || {
        for seed in 0..200 {
            let sim = Sim::new(seed);
            let books = Books::default();
            let pool = Counter::pool(sim.system(), 3, books.factory());
            let second = pool.workers().nth(1).unwrap();
            second.add(1).unwrap();
            second.stop();
            assert!(second.add(20).is_err(), "its door is closed");
            sim.block_on(async {
                pool.started().await.unwrap();
                while pool.which_children()[1].restarts() == 0 {
                    sim.system().sleep(Duration::from_millis(1)).await;
                }
                assert_eq!(second.who().await.unwrap(), (1, 2), "seed {seed}");
                // The state that was stopped has handled it.
                assert_eq!((books.handled(), second.get().await.unwrap()), (1, 0));
            })
            .unwrap();
            assert_eq!(pool.which_children()[1].restarts(), 1);
            assert_eq!(pool.workers().nth(1).unwrap(), second);
        }
    });
}

/// One that is killed before it has begun is replaced by another.
#[test]
fn one_that_is_killed_before_it_has_begun_is_replaced() {
    within(60, || {
        for seed in 0..200 {
            let sim = Sim::new(seed);
            let pool = Counter::pool(sim.system(), 3, Books::default().factory());
            let second = pool.workers().nth(1).unwrap();
            second.add(1).unwrap();
            second.kill();
            assert!(!second.is_alive());
            assert_eq!(second.dropped(), 1);
            sim.block_on(pool.started()).unwrap().unwrap();
            let other = pool.workers().nth(1).unwrap();
            assert_ne!(other, second);
            assert_eq!(sim.block_on(other.who()).unwrap().unwrap(), (1, 1));
            assert_eq!(pool.len(), 3);
        }
    });
}

/// Whenever it comes, a kill is not lost.
#[test]
fn one_that_is_killed_as_it_begins_does_not_live_on() {
    within(120, || {
        let system = quiet();
        for round in 0..20_000 {
            let pool = Counter::pool_builder(Books::default().factory())
                .max_restarts(1_000)
                .spawn(&system)
                .unwrap();
            let first = pool.next();
            for _ in 0..round % 200 {
                std::hint::spin_loop();
            }
            first.kill();
            // Replaced, restarted, or its pool did not start.
            let ended = || !first.is_alive() || !pool.is_alive();
            let restarted = || pool.which_children()[0].restarts() > 0;
            eventually("it has ended", || ended() || restarted());
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_pool_gives_up_with_one_restart_too_many_and_says_so() {
    within(30, || {
        let system = quiet();
        let books = Books::default();
        let pool = Counter::pool_builder(books.factory())
            .size(3)
            .max_restarts(2)
            .within(Duration::from_secs(60))
            .spawn(&system)
            .unwrap();
        let worker = pool.next();
        for incarnation in 2..=3 {
            worker.crash().unwrap();
            assert_eq!(worker.who().wait().unwrap().1, incarnation);
        }
        assert!(pool.is_alive());
        let other = pool.next();
        other.crash().unwrap();
        let reason = pool.stopped().wait().unwrap();
        let ExitReason::ShutdownFor(why) = reason else {
            panic!("{reason}")
        };
        let ShutdownReason::GaveUp {
            child,
            max_restarts,
            ..
        } = *why
        else {
            panic!("{why}")
        };
        assert_eq!((child.as_str(), max_restarts), ("worker[1]", 2));
        assert!(!pool.is_alive());
        assert!(pool.workers().all(|worker| !worker.is_alive()));
        assert!(pool.next().add(1).is_err());
        assert!(pool.next().get().wait().unwrap_err().is_stopped());
        let error = pool.resize(4).wait().unwrap_err();
        assert_eq!(error.to_string(), "ActorPool#1 has stopped");
        assert_eq!(books.made.load(SeqCst), books.gone.load(SeqCst));
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_pool_whose_worker_does_not_start_ends() {
    within(30, || {
        let system = quiet();
        let books = Books::default();
        books.failures.store(1, SeqCst);
        let pool = Counter::pool(&system, 3, books.factory());
        let error = pool.started().wait().unwrap_err();
        assert!(matches!(error, StartError::Crashed(_)), "{error}");
        assert!(error.to_string().contains("`worker[0]`"), "{error}");
        assert!(error.to_string().contains("not today"), "{error}");
        pool.stopped().wait().unwrap();
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn one_that_panics_in_its_factory_is_as_one_that_does_not_start() {
    within(30, || {
        let system = quiet();
        let mut factory = Books::default().factory();
        let mut calls = 0;
        let pool = Counter::pool(&system, 2, move |index| {
            calls += 1;
            assert!(calls != 3, "no more");
            factory(index)
        });
        let worker = pool.next();
        worker.crash().unwrap();
        // That restart fails, and is tried once more.
        assert_eq!(worker.who().wait().unwrap(), (0, 2));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn one_that_blocks_its_thread_is_replaced() {
    within(60, || {
        let system = System::builder()
            .workers(2)
            .quiet()
            .blocked_after(Duration::from_millis(20))
            .grace(Duration::from_millis(20))
            .build()
            .unwrap();
        let pool = pool(&system, 2);
        let stuck = pool.next();
        let gate = Gate::default();
        stuck.hold(gate.clone()).unwrap();
        gate.await_arrival();
        stuck.kill();
        stuck.stopped().wait().unwrap();
        eventually("another has its place", || {
            pool.workers().next().is_some_and(|first| first != stuck)
        });
        assert_eq!(pool.len(), 2);
        for _ in 0..4 {
            assert_ne!(pool.next(), stuck);
            pool.next().add(1).unwrap();
        }
        assert_eq!(index(&pool.workers().next().unwrap()), 0);
        gate.open();
        system.shutdown().wait().unwrap();
    });
}

// ---- under a supervisor

#[supervisor(max_restarts = 3)]
enum Bank {
    #[child]
    Tellers(PoolOf<Counter>),
    #[child(dynamic)]
    Branch(PoolOf<Counter>, usize),
}

struct Building {
    books: Books,
    size: usize,
    most: u32,
    bounded: bool,
}

impl BankChildren for Building {
    fn tellers(&mut self, _: &BankHandle) -> Child<PoolOf<Counter>> {
        let builder = Counter::pool_builder(self.books.factory());
        let builder = builder.size(self.size).max_restarts(self.most);
        match self.bounded {
            true => builder.mailbox(4).child(),
            false => builder.child(),
        }
    }
    fn branch(&mut self, _: &BankHandle, value: usize) -> Child<PoolOf<Counter>> {
        Counter::pool_builder(self.books.factory())
            .size(value)
            .child()
    }
}

fn building(size: usize) -> Building {
    Building {
        books: Books::default(),
        size,
        most: 0,
        bounded: false,
    }
}

#[test]
fn a_pool_may_be_the_child_of_a_supervisor() {
    within(30, || {
        let system = quiet();
        let plan = building(3);
        let books = plan.books.clone();
        let bank = Bank::start(&system, plan).wait().unwrap();
        let tellers = bank.tellers();
        assert_eq!(tellers.len(), 3);
        assert_eq!(
            bank.running_tree().to_string(),
            "\
Bank#1: running, one_for_one, max 3 restarts within 60s
└── tellers: ActorPool#2, running, permanent, shutdown infinity, one_for_one, max 0 restarts within 60s
    ├── worker[0]: Counter#3, running, permanent, shutdown 5s
    ├── worker[1]: Counter#4, running, permanent, shutdown 5s
    └── worker[2]: Counter#5, running, permanent, shutdown 5s"
        );
        // It gives up, and is restarted with its handles and its mail.
        let workers: Vec<_> = tellers.workers().collect();
        let gate = Gate::default();
        workers[1].hold(gate.clone()).unwrap();
        workers[1].add(7).unwrap();
        workers[0].crash().unwrap();
        workers[0].add(1).unwrap();
        gate.open();
        assert_eq!(workers[0].get().wait().unwrap(), 1);
        workers[1].get().wait().unwrap();
        assert_eq!(books.handled(), 2);
        assert_eq!(bank.tellers(), tellers);
        assert_eq!(tellers.workers().collect::<Vec<_>>(), workers);
        assert_eq!(bank.which_children()[0].restarts(), 1);
        // Grown, it has all its workers after a restart.
        tellers.resize(5).wait().unwrap();
        let workers: Vec<_> = tellers.workers().collect();
        workers[4].crash().unwrap();
        workers[4].add(9).unwrap();
        assert_eq!(workers[4].get().wait().unwrap(), 9);
        assert_eq!(tellers.len(), 5);
        bank.stop();
        bank.stopped().wait().unwrap();
        assert!(!tellers.is_alive());
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Sleeper {
    #[reply(usize)]
    Wake,
}

struct Bed {
    index: usize,
    hangs: bool,
}

#[handlers]
impl SleeperActor for Bed {
    async fn on_start(&mut self) -> Result<(), Failure> {
        if self.hangs {
            std::future::pending::<()>().await;
        }
        Ok(())
    }
    fn wake(&self) -> usize {
        self.index
    }
}

#[supervisor]
enum Dorm {
    #[child]
    Beds(PoolOf<Sleeper>),
}

/// So many starts of the third hang.
struct House(Arc<AtomicU64>);

impl DormChildren for House {
    fn beds(&mut self, _: &DormHandle) -> Child<PoolOf<Sleeper>> {
        let hanging = Arc::clone(&self.0);
        let less = |left: u64| left.checked_sub(1);
        let bed = move |index| Bed {
            index,
            hangs: index == 2 && hanging.fetch_update(SeqCst, SeqCst, less).is_ok(),
        };
        let limit = Duration::from_millis(20);
        Sleeper::pool_builder(bed).size(2).shutdown(limit).child()
    }
}

/// Those that had not begun begin with the next incarnation of the pool.
#[test]
fn a_pool_that_is_killed_as_it_grows_has_grown_after_its_restart() {
    within(30, || {
        let system = quiet();
        let hanging = Arc::new(AtomicU64::new(1));
        let house = House(Arc::clone(&hanging));
        let dorm = Dorm::start(&system, house).wait().unwrap();
        let beds = dorm.beds();
        let grown = beds.clone();
        let resize = thread::spawn(move || grown.resize(4).wait());
        eventually("the third hangs", || hanging.load(SeqCst) == 0);
        beds.actor().kill();
        let error = resize.join().unwrap().unwrap_err();
        assert!(matches!(error, ResizeError::Stopped { .. }), "{error}");
        eventually("all have started", || beds.len() == 4);
        let woken: Vec<_> = beds
            .workers()
            .map(|bed| bed.wake().wait().unwrap())
            .collect();
        assert_eq!(woken, [0, 1, 2, 3]);
        assert_eq!(dorm.which_children()[0].restarts(), 1);
        let last = &beds.which_children()[3];
        assert_eq!((last.incarnation(), last.restarts()), (1, 0));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_pool_may_be_a_dynamic_child() {
    within(30, || {
        let system = quiet();
        let bank = Bank::start(&system, building(1)).wait().unwrap();
        let branch = bank.start_branch(4).wait().unwrap();
        assert_eq!(branch.len(), 4);
        branch.next().crash().unwrap();
        assert_eq!(
            branch.workers().next().unwrap().who().wait().unwrap(),
            (0, 2)
        );
        let books = Books::default();
        let extra = Counter::pool_builder(books.factory()).size(2).child();
        let extra = bank.start_child("extra", extra).wait().unwrap();
        assert_eq!(extra.len(), 2);
        let error = bank.start_branch(0).wait().unwrap_err();
        assert!(
            error.to_string().contains("a pool has at least one worker"),
            "{error}"
        );
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn the_mailbox_of_a_child_is_made_before() {
    within(30, || {
        let system = quiet();
        let plan = Building {
            bounded: true,
            ..building(2)
        };
        let error = Bank::start(&system, plan).wait().unwrap_err();
        assert!(
            error.to_string().contains("`#[actor(mailbox = …)]`"),
            "{error}"
        );
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn declared_trees_show_pools_and_their_workers() {
    assert_eq!(
        Bank::tree().to_string(),
        "\
Bank: one_for_one, max 3 restarts within 60s
├── tellers: ActorPool, permanent, shutdown infinity, one_for_one, max 3 restarts within 60s
│   └── worker ×1: Counter, permanent, shutdown 5s
└── branch: ActorPool, dynamic, temporary, shutdown infinity, one_for_one, max 3 restarts within 60s
    └── worker ×1: Counter, permanent, shutdown 5s"
    );
}

#[actor]
enum Manager {
    #[reply(ActorPool<Counter>)]
    Pool,
}

struct Desk(Books);

#[handlers]
impl ManagerActor for Desk {
    fn pool(&mut self, ctx: &mut Context<Manager>) -> Result<ActorPool<Counter>, Failure> {
        let pool = Counter::pool_builder(self.0.factory()).size(3).child();
        Ok(ctx.spawn_child(pool)?)
    }
}

#[test]
fn a_pool_may_be_the_child_of_any_actor() {
    within(30, || {
        let system = quiet();
        let books = Books::default();
        let manager = Manager::spawn(&system, Desk(books.clone()));
        let pool = manager.pool().wait().unwrap();
        // What comes before it has begun is handled by the first.
        pool.next().add(1).unwrap();
        pool.started().wait().unwrap();
        assert_eq!(pool.len(), 3);
        drop(manager);
        pool.stopped().wait().unwrap();
        assert_eq!(books.handled(), 1);
        assert_eq!(books.made.load(SeqCst), books.gone.load(SeqCst));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn the_pool_itself_can_be_watched() {
    #[actor]
    enum Watcher {
        Watch(ActorPool<Counter>),
        #[internal]
        Gone(Exit),
        #[reply(Vec<String>)]
        Seen,
    }
    struct Eyes(Vec<String>);
    #[handlers]
    impl WatcherActor for Eyes {
        fn watch(&mut self, value: ActorPool<Counter>, ctx: &mut Context<Watcher>) {
            ctx.monitor(value.actor(), Watcher::Gone);
        }
        fn gone(&mut self, value: Exit) {
            self.0.push(value.to_string());
        }
        fn seen(&self) -> Vec<String> {
            self.0.clone()
        }
    }
    within(30, || {
        let system = quiet();
        let books = Books::default();
        let pool = Counter::pool_builder(books.factory())
            .max_restarts(0)
            .spawn(&system)
            .unwrap();
        let watcher = Watcher::spawn(&system, Eyes(Vec::new()));
        watcher.watch(pool.clone()).unwrap();
        pool.next().crash().unwrap();
        pool.stopped().wait().unwrap();
        eventually("told", || !watcher.seen().wait().unwrap().is_empty());
        let seen = watcher.seen().wait().unwrap();
        assert_eq!(seen.len(), 1);
        assert!(
            seen[0].starts_with("ActorPool#1: was shut down: gave up, as more than 0"),
            "{seen:?}"
        );
        system.shutdown().wait().unwrap();
    });
}
