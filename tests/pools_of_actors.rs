//! Pools: many actors of one protocol behind one handle, supervised, of any size
//! at any time.

#[path = "support/counters.rs"]
mod counters;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering::SeqCst;
use std::thread;
use std::time::Duration;

use counters::{Books, Counter, CounterHandle, fill, index, pool, quiet};
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{ActorPool, ChildState, ExitReason, NotSpawned, Patience, PoolOf};

// ---- who is chosen

#[test]
fn turns_go_round() {
    within(30, || {
        let system = quiet();
        let pool = pool(&system, 3);
        let chosen: Vec<_> = (0..7).map(|_| index(&pool.next())).collect();
        assert_eq!(chosen, [0, 1, 2, 0, 1, 2, 0]);
        // Whoever asks: a clone is the same pool.
        let clone = pool.clone();
        assert_eq!(index(&clone.next()), 1);
        assert_eq!(index(&pool.next()), 2);
        assert_eq!(clone, pool);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn turns_are_shared_evenly_among_threads() {
    within(60, || {
        let system = quiet();
        let pool = pool(&system, 5);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..5_000).for_each(|_| pool.next().add(1).unwrap()));
            }
        });
        for worker in pool.workers() {
            assert_eq!(worker.get().wait().unwrap(), 4_000);
        }
        assert_eq!(pool.stats().handled(), 20_000 + 5);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn the_least_loaded_is_chosen_and_equals_take_turns() {
    within(30, || {
        let system = quiet();
        for capacity in [None, Some(64)] {
            let books = Books::default();
            let builder = Counter::pool_builder(books.factory()).size(4);
            let mut builder = builder.shutdown(Patience::Brutal);
            if let Some(capacity) = capacity {
                builder = builder.mailbox(capacity);
            }
            let pool = builder.spawn(&system).unwrap();
            pool.started().wait().unwrap();
            let workers: Vec<_> = pool.workers().collect();
            for (place, worker) in workers.iter().enumerate() {
                // Of a bounded mailbox the message in hand is not queued, but a
                // load.
                worker.hang().unwrap();
                for _ in 0..[3, 0, 2, 0][place] {
                    worker.add(1).unwrap();
                }
            }
            eventually("all have taken theirs", || {
                let queued = workers.iter().map(|worker| worker.queued());
                let hanging = if capacity.is_some() { 0 } else { 4 };
                queued.sum::<usize>() == 5 + hanging
            });
            let place = |chosen: &CounterHandle| {
                workers.iter().position(|worker| worker == chosen).unwrap()
            };
            let chosen: Vec<_> = (0..8).map(|_| place(&pool.least_loaded())).collect();
            // By turns, but always the first with least from there on.
            let of = |which| chosen.iter().filter(|chosen| **chosen == which).count();
            assert_eq!((of(1) + of(3), of(0) + of(2)), (8, 0), "{chosen:?}");
            assert_eq!(of(1), 4, "{chosen:?}");
            for worker in [1, 3] {
                workers[worker].add(1).unwrap();
                workers[worker].add(1).unwrap();
                workers[worker].add(1).unwrap();
            }
            assert_eq!(place(&pool.least_loaded()), 2);
            pool.stop();
            pool.stopped().wait().unwrap();
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_worker_at_work_is_a_load_whatever_its_mailbox() {
    within(30, || {
        let system = quiet();
        for bounded in [false, true] {
            let builder = Counter::pool_builder(Books::default().factory()).size(2);
            let mut builder = builder.shutdown(Patience::Brutal);
            if bounded {
                builder = builder.mailbox(8);
            }
            let pool = builder.spawn(&system).unwrap();
            let busy = pool.next();
            busy.hang().unwrap();
            if bounded {
                eventually("it is at work", || busy.queued() == 0);
            }
            for _ in 0..10 {
                assert_ne!(pool.least_loaded(), busy);
            }
            pool.stop();
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn random_ones_are_as_likely_as_each_other() {
    within(30, || {
        let system = quiet();
        let pool = pool(&system, 4);
        for _ in 0..8_000 {
            pool.random().add(1).unwrap();
        }
        for worker in pool.workers() {
            let share = worker.get().wait().unwrap();
            assert!((1_800..2_200).contains(&share), "{share}");
        }
        system.shutdown().wait().unwrap();
    });
}

/// Which worker each key belongs to.
fn places(pool: &ActorPool<Counter>, keys: u32) -> Vec<usize> {
    let workers: BTreeMap<_, _> = pool
        .workers()
        .enumerate()
        .map(|(place, worker)| (worker.id(), place))
        .collect();
    (0..keys)
        .map(|key| workers[&pool.by_key(&format!("user {key}")).id()])
        .collect()
}

#[test]
fn a_key_keeps_its_worker_and_a_resize_moves_few() {
    within(60, || {
        const KEYS: u32 = 10_000;
        let system = quiet();
        let pool = pool(&system, 4);
        let before = places(&pool, KEYS);
        assert_eq!(before, places(&pool.clone(), KEYS));
        for place in 0..4 {
            let share = before.iter().filter(|key| **key == place).count();
            assert!((2_250..2_750).contains(&share), "{share}");
        }
        pool.resize(5).wait().unwrap();
        let after = places(&pool, KEYS);
        let moved = before.iter().zip(&after).filter(|(a, b)| a != b);
        let moved: Vec<_> = moved.map(|(_, after)| *after).collect();
        assert!((1_800..2_200).contains(&moved.len()), "{}", moved.len());
        assert!(moved.iter().all(|place| *place == 4), "only to the new one");
        pool.resize(4).wait().unwrap();
        assert_eq!(places(&pool, KEYS), before);
        // Another pool, another run: the same.
        let other = self::pool(&system, 4);
        assert_eq!(places(&other, KEYS), before);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn keys_are_what_they_say_and_not_where_they_are() {
    within(30, || {
        let system = quiet();
        let pool = pool(&system, 64);
        assert_eq!(pool.by_key("ann"), pool.by_key(&String::from("ann")));
        assert_eq!(pool.by_key(&(1_u8, "x")), pool.by_key(&(1_u8, "x")));
        // What this gives must never change: data may have been laid out by it.
        let places: Vec<_> = ["ann", "bob", "eve"]
            .map(|key| index(&pool.by_key(key)))
            .into();
        let numbers = [1_u32, 2, 3].map(|key| index(&pool.by_key(&key)));
        assert_eq!((places, numbers), (vec![34, 23, 19], [52, 17, 31]));
        system.shutdown().wait().unwrap();
    });
}

/// Until there is another in its place, its keys are spread over the others, each
/// always to the same.
#[test]
fn others_stand_in_for_the_keys_of_one_that_has_ended() {
    within(30, || {
        const KEYS: u32 = 4_000;
        let sim = Sim::new(1);
        let pool = Counter::pool(sim.system(), 4, Books::default().factory());
        let before = places(&pool, KEYS);
        let second = pool.workers().nth(1).unwrap();
        // It has not begun, and ends at once.
        second.kill();
        let between = places(&pool, KEYS);
        assert_eq!(between, places(&pool, KEYS));
        let mut shares = [0; 4];
        for (before, between) in before.iter().zip(&between) {
            match before {
                1 => shares[*between] += 1,
                _ => assert_eq!(before, between),
            }
        }
        let even = |share: &i32| (250..420).contains(share);
        let others = [shares[0], shares[2], shares[3]];
        assert!(shares[1] == 0 && others.iter().all(even), "{shares:?}");
        sim.block_on(pool.started()).unwrap().unwrap();
        assert_ne!(pool.workers().nth(1).unwrap(), second);
        assert_eq!(places(&pool, KEYS), before);
    });
}

#[test]
fn who_has_just_been_stopped_is_passed_over() {
    within(30, || {
        let system = quiet();
        let slow = Duration::from_secs(3_600);
        let pool = Counter::pool_builder(Books::default().factory())
            .size(3)
            .backoff(slow, slow)
            .spawn(&system)
            .unwrap();
        pool.started().wait().unwrap();
        let workers: Vec<_> = pool.workers().collect();
        workers[1].stop();
        eventually("it waits for its restart", || {
            pool.which_children()[1].state() == ChildState::Restarting
        });
        for _ in 0..9 {
            assert_ne!(pool.next(), workers[1]);
            assert_ne!(pool.random(), workers[1]);
            assert_ne!(pool.least_loaded(), workers[1]);
            pool.next().add(1).unwrap();
        }
        // One that has crashed keeps its mail, and takes more.
        workers[2].crash().unwrap();
        eventually("it waits for its restart", || {
            pool.which_children()[2].state() == ChildState::Restarting
        });
        let chosen: BTreeSet<_> = (0..6).map(|_| pool.next().id()).collect();
        assert_eq!(chosen, BTreeSet::from([workers[0].id(), workers[2].id()]));
        drop(pool);
        system.shutdown().wait().unwrap();
    });
}

/// The turns of one that takes no messages go round among the others.
#[test]
fn the_share_of_one_that_is_passed_over_is_for_all() {
    within(60, || {
        let system = quiet();
        let slow = Duration::from_secs(3_600);
        let pool = Counter::pool_builder(Books::default().factory())
            .size(4)
            .backoff(slow, slow)
            .spawn(&system)
            .unwrap();
        pool.started().wait().unwrap();
        let workers: Vec<_> = pool.workers().collect();
        let stop = |place: usize| {
            workers[place].stop();
            eventually("it waits for its restart", || {
                pool.which_children()[place].state() == ChildState::Restarting
            });
        };
        let shares = |choose: &dyn Fn() -> CounterHandle| {
            let mut shares = vec![0; workers.len()];
            for _ in 0..12_000 {
                let chosen = choose();
                shares[workers.iter().position(|one| *one == chosen).unwrap()] += 1;
            }
            shares
        };
        stop(1);
        assert_eq!(shares(&|| pool.next()), [4_000, 0, 4_000, 4_000]);
        let random = shares(&|| pool.random());
        let even = |share: &i32| (3_700..4_300).contains(share);
        let open = [random[0], random[2], random[3]];
        assert!(random[1] == 0 && open.iter().all(even), "{random:?}");
        stop(2);
        assert_eq!(shares(&|| pool.next()), [6_000, 0, 0, 6_000]);
        drop(pool);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn turns_are_counted_apart_from_other_choices() {
    within(30, || {
        let system = quiet();
        let pool = pool(&system, 2);
        let mut chosen = Vec::new();
        for _ in 0..6 {
            chosen.push(index(&pool.next()));
            let _ = (pool.least_loaded(), pool.random(), pool.by_key("ann"));
        }
        assert_eq!(chosen, [0, 1, 0, 1, 0, 1]);
        system.shutdown().wait().unwrap();
    });
}

// ---- broadcast and tell

#[test]
fn a_broadcast_reaches_all_and_says_who_refused() {
    within(30, || {
        let system = quiet();
        let books = Books::default();
        let pool = Counter::pool_builder(books.factory())
            .size(3)
            .mailbox(1)
            .shutdown(Patience::Brutal)
            .spawn(&system)
            .unwrap();
        let report = pool.broadcast(Counter::Add { by: 5 });
        assert_eq!((report.delivered(), report.is_complete()), (3, true));
        eventually("all have it", || books.handled() == 3);
        for worker in pool.workers() {
            assert_eq!(worker.get().wait().unwrap(), 5);
        }
        // One is full.
        let full = pool.next();
        fill(&full);
        let report = pool.broadcast(Counter::Add { by: 7 });
        assert_eq!((report.delivered(), report.is_complete()), (2, false));
        assert_eq!(report.to_string(), "delivered to 2, refused by 1");
        assert!(report.refused()[0].is_full());
        assert_eq!(report.refused()[0].actor().id(), full.id());
        let [error] = <[_; 1]>::try_from(report.into_refused()).unwrap();
        assert!(matches!(error.into_message(), Counter::Add { by: 7 }));
        pool.stop();
        pool.stopped().wait().unwrap();
        let report = pool.broadcast(Counter::Add { by: 1 });
        assert_eq!((report.delivered(), report.refused().len()), (0, 3));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_tell_tries_the_others() {
    within(30, || {
        let system = quiet();
        let books = Books::default();
        let pool = Counter::pool_builder(books.factory())
            .size(3)
            .mailbox(1)
            .shutdown(Patience::Brutal)
            .spawn(&system)
            .unwrap();
        let workers: Vec<_> = pool.workers().collect();
        for worker in &workers[..2] {
            fill(worker);
        }
        for by in 0..30 {
            pool.tell(Counter::Add { by }).unwrap();
            eventually("it was taken", || books.handled() == by + 1);
        }
        assert_eq!(workers[2].get().wait().unwrap(), (0..30).sum());
        fill(&workers[2]);
        let error = pool.tell(Counter::Add { by: 3 }).unwrap_err();
        assert!(error.is_full());
        assert!(matches!(error.into_message(), Counter::Add { by: 3 }));
        pool.stop();
        pool.stopped().wait().unwrap();
        let error = pool.tell(Counter::Add { by: 4 }).unwrap_err();
        assert_eq!(error.reason(), zctor::Undelivered::Stopped);
        system.shutdown().wait().unwrap();
    });
}

// ---- life

#[test]
fn the_last_handle_stops_the_workers_after_their_mail() {
    within(30, || {
        let system = quiet();
        let books = Books::default();
        let pool = Counter::pool(&system, 4, books.factory());
        let gate = Gate::default();
        let kept = pool.next();
        kept.hold(gate.clone()).unwrap();
        for _ in 0..400 {
            pool.next().add(1).unwrap();
        }
        let stopped = pool.stopped();
        let clone = pool.clone();
        drop(pool);
        clone.next().add(1).unwrap();
        drop(clone);
        gate.open();
        let reason = stopped.wait().unwrap();
        assert!(matches!(reason, ExitReason::Normal), "{reason}");
        assert_eq!(books.handled(), 401);
        // A handle of a worker does not keep it.
        assert!(!kept.is_alive());
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_detached_pool_lives_without_handles_and_a_weak_one_finds_it() {
    within(30, || {
        let system = quiet();
        let pool = pool(&system, 2);
        let weak = pool.actor().downgrade();
        pool.detach();
        drop(pool);
        let pool: ActorPool<Counter> = weak.upgrade().unwrap();
        assert_eq!(pool.len(), 2);
        pool.next().add(1).unwrap();
        pool.stop();
        pool.stopped().wait().unwrap();
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_name_is_found_and_taken_once() {
    within(30, || {
        let system = quiet();
        let books = Books::default();
        let builder = || {
            Counter::pool_builder(books.factory())
                .size(2)
                .name("tellers")
        };
        let pool = builder().spawn(&system).unwrap();
        let found = system.whereis::<PoolOf<Counter>>("tellers").unwrap();
        assert_eq!((found.len(), &found), (2, &pool));
        let error = builder().spawn(&system).unwrap_err();
        assert_eq!(error.reason(), NotSpawned::NameTaken(pool.actor().id()));
        let mut factory = error.into_state();
        drop(factory(0));
        assert_eq!(pool.actor().name(), Some("tellers"));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_pool_of_nobody_is_refused() {
    within(30, || {
        let system = quiet();
        let builder = Counter::pool_builder(Books::default().factory()).size(0);
        let error = builder.spawn(&system).unwrap_err();
        assert_eq!(error.reason(), NotSpawned::NoWorkers);
        assert_eq!(
            error.to_string(),
            "cannot spawn the `ActorPool`: it has no workers"
        );
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[test]
#[should_panic = "a pool has at least one worker"]
fn a_pool_of_nobody_panics() {
    within(30, || {
        let system = quiet();
        let _ = Counter::pool(&system, 0, Books::default().factory());
    });
}

#[test]
fn on_a_system_that_shuts_down_it_is_dead_from_the_start() {
    within(30, || {
        let system = quiet();
        system.shutdown().wait().unwrap();
        let books = Books::default();
        let pool = Counter::pool(&system, 3, books.factory());
        assert!(!pool.is_alive());
        assert!(pool.started().wait().is_err());
        assert!(pool.next().add(1).is_err());
        assert!(pool.by_key("a").get().wait().unwrap_err().is_stopped());
        let error = Counter::pool_builder(books.factory()).spawn(&system);
        assert_eq!(error.unwrap_err().reason(), NotSpawned::ShuttingDown);
        assert_eq!(books.made.load(SeqCst), 0);
    });
}

#[test]
fn a_shutdown_of_the_system_ends_pools_within_the_limit() {
    within(30, || {
        let system = System::builder()
            .workers(2)
            .quiet()
            .shutdown_limit(Duration::from_millis(500))
            .build()
            .unwrap();
        let books = Books::default();
        // They stop at once and not one after the other: each needs 50 ms.
        let pools: Vec<_> = (0..3)
            .map(|_| Counter::pool(&system, 10, books.factory()))
            .collect();
        for pool in &pools {
            for worker in pool.workers() {
                for _ in 0..100 {
                    worker.add(1).unwrap();
                }
            }
        }
        let start = std::time::Instant::now();
        system.shutdown().wait().unwrap();
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(books.handled(), 3_000);
        assert_eq!(books.made.load(SeqCst), books.gone.load(SeqCst));
        // Those that hang are killed.
        let system = System::builder()
            .workers(2)
            .quiet()
            .shutdown_limit(Duration::from_millis(50))
            .build()
            .unwrap();
        let pool = Counter::pool(&system, 4, books.factory());
        for worker in pool.workers() {
            worker.hang().unwrap();
        }
        assert!(system.shutdown().wait().is_err());
        assert!(!pool.is_alive());
        assert_eq!(books.made.load(SeqCst), books.gone.load(SeqCst));
    });
}
