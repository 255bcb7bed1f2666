//! What is taken from a pool comes back to it, whoever drops it and however.

mod support;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::thread;

use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{Pool, PoolError, PoolStats, Pooled};

/// Sees to it that nobody else has it.
#[derive(Default)]
struct Alone {
    held: AtomicBool,
    marks: Vec<usize>,
}

impl Alone {
    fn begin(&self) {
        assert!(!self.held.swap(true, SeqCst), "it has two holders");
    }

    fn end(&self) {
        assert!(self.held.swap(false, SeqCst), "it had another holder");
    }
}

/// Counts its drops, and panics in them if it is told to.
struct Counted {
    drops: Arc<AtomicUsize>,
    panics: bool,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.drops.fetch_add(1, SeqCst);
        assert!(!self.panics, "dropped");
    }
}

fn panics(action: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(action)).is_err()
}

fn assert_adds_up(stats: PoolStats) {
    let gone = stats.dropped() + stats.detached();
    assert_eq!(stats.taken(), stats.held() + stats.returned() + gone);
    assert_eq!(stats.made(), stats.held() + stats.idle() + gone);
}

#[test]
fn an_empty_pool_makes_what_is_taken() {
    within(10, || {
        let pool = Pool::new(4, || vec![7_u8]).unwrap();
        assert_eq!(pool.stats(), PoolStats::default());
        let held: Vec<_> = (0..100).map(|_| pool.take()).collect();
        assert!(held.iter().all(|object| **object == [7]));
        assert_eq!((pool.stats().made(), pool.stats().held()), (100, 100));
    });
}

#[test]
fn what_comes_back_is_taken_again() {
    within(10, || {
        let pool = Pool::new(4, || Vec::<u8>::with_capacity(100)).unwrap();
        let first = pool.take();
        let address = first.as_ptr();
        drop(first);
        for _ in 0..100 {
            assert_eq!(pool.take().as_ptr(), address);
        }
        assert_eq!(pool.stats().made(), 1);
        // A clone is the same pool.
        let other = pool.clone();
        assert_eq!(other.take().as_ptr(), address);
        assert_eq!((other.stats(), other.capacity()), (pool.stats(), 4));
    });
}

#[test]
fn no_more_than_the_capacity_are_kept() {
    within(10, || {
        let drops = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&drops);
        let pool = Pool::new(3, move || Counted {
            drops: Arc::clone(&counter),
            panics: false,
        })
        .unwrap();
        let held: Vec<_> = (0..10).map(|_| pool.take()).collect();
        assert_eq!(drops.load(SeqCst), 0);
        drop(held);
        let stats = pool.stats();
        assert_eq!((stats.idle(), stats.returned(), stats.dropped()), (3, 3, 7));
        assert_eq!(drops.load(SeqCst), 7);
        drop(pool);
        assert_eq!(drops.load(SeqCst), 10);
    });
}

#[test]
fn a_capacity_of_zero_is_an_error() {
    within(10, || {
        assert_eq!(
            Pool::new(0, String::new).unwrap_err(),
            PoolError::NoCapacity
        );
        let failure = Failure::from(Pool::new(0, String::new).unwrap_err());
        assert!(failure.downcast_ref::<PoolError>().is_some());
        // The greatest reserves nothing.
        drop(Pool::new(usize::MAX, String::new).unwrap().take());
    });
}

#[test]
fn it_is_reset_before_the_next_holder_has_it() {
    within(10, || {
        let pool = Pool::builder(String::new)
            .capacity(8)
            .reset(String::clear)
            .build()
            .unwrap();
        for round in 0..100 {
            let mut lines: Vec<_> = (0..4).map(|_| pool.take()).collect();
            for line in &mut lines {
                assert_eq!(**line, "", "in round {round}");
                line.push_str("a secret");
            }
        }
        assert_eq!(pool.stats().made(), 4);
    });
}

#[test]
fn without_a_reset_it_is_as_it_was_left() {
    within(10, || {
        let pool = Pool::new(1, String::new).unwrap();
        pool.take().push_str("left");
        assert_eq!(*pool.take(), "left");
    });
}

#[test]
fn what_has_grown_too_much_is_not_kept() {
    within(10, || {
        let pool = Pool::builder(Vec::<u8>::new)
            .capacity(4)
            .reset(Vec::clear)
            .keep(|buffer| buffer.capacity() <= 1024)
            .build()
            .unwrap();
        pool.take().resize(1024, 1);
        assert_eq!(pool.stats().idle(), 1);
        pool.take().resize(1_000_000, 1);
        let stats = pool.stats();
        assert_eq!((stats.idle(), stats.dropped(), stats.made()), (0, 1, 1));
        assert_eq!(pool.take().capacity(), 0);

        // It is asked after the reset, which can do something about it.
        let pool = Pool::builder(Vec::<u8>::new)
            .reset(|buffer| {
                buffer.clear();
                buffer.shrink_to(1024);
            })
            .keep(|buffer| buffer.is_empty() && buffer.capacity() <= 2048)
            .build()
            .unwrap();
        pool.take().resize(1_000_000, 1);
        assert_eq!((pool.stats().idle(), pool.stats().dropped()), (1, 0));
    });
}

#[test]
fn one_holder_at_a_time_among_eight_threads() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 5_000;
    within(60, || {
        let pool = Pool::builder(Alone::default)
            .capacity(4)
            .reset(|object| object.marks.clear())
            .build()
            .unwrap();
        // Each thread drops what its neighbour has taken.
        let (mut senders, receivers): (Vec<_>, Vec<_>) = (0..THREADS).map(|_| channel()).unzip();
        senders.rotate_left(1);
        let threads: Vec<_> = (senders.into_iter().zip(receivers).enumerate())
            .map(|(me, (sender, receiver))| {
                let pool = pool.clone();
                thread::spawn(move || {
                    for round in 0..ROUNDS {
                        let mut object = pool.take();
                        object.begin();
                        assert!(object.marks.is_empty(), "it was not reset");
                        object.marks.push(me);
                        assert_adds_up(pool.stats());
                        assert_eq!(object.marks, [me]);
                        object.end();
                        match round % 8 {
                            0..4 => drop(object),
                            4..7 => sender.send(object).unwrap(),
                            _ => drop(Pooled::detach(object)),
                        }
                        for passed in receiver.try_iter() {
                            assert_eq!(passed.marks.len(), 1);
                        }
                    }
                    drop(sender);
                    for passed in receiver {
                        assert_eq!(passed.marks.len(), 1);
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        let stats = pool.stats();
        assert_adds_up(stats);
        assert_eq!(stats.held(), 0);
        assert!(stats.idle() <= 4);
        assert_eq!(stats.taken(), (THREADS * ROUNDS) as u64);
        assert_eq!(stats.detached(), (THREADS * ROUNDS / 8) as u64);
    });
}

#[test]
fn it_comes_back_when_its_holder_panics() {
    within(10, || {
        let pool = Pool::builder(String::new)
            .reset(String::clear)
            .build()
            .unwrap();
        assert!(panics(|| {
            let mut line = pool.take();
            line.push_str("half a sen");
            panic!("interrupted");
        }));
        assert_eq!((pool.stats().idle(), pool.stats().made()), (1, 1));
        assert_eq!(*pool.take(), "");
    });
}

#[test]
fn a_panic_in_the_reset_drops_the_object_and_nothing_else() {
    within(10, || {
        let drops = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&drops);
        let make = move || Counted {
            drops: Arc::clone(&counter),
            panics: false,
        };
        let resets = Arc::new(AtomicUsize::new(0));
        let pool = Pool::builder(make)
            .reset(move |_| {
                // Every other.
                assert_eq!(resets.fetch_add(1, SeqCst) % 2, 1, "cannot be reset");
            })
            .build()
            .unwrap();

        drop(pool.take());
        assert_eq!((pool.stats().idle(), pool.stats().dropped()), (0, 1));
        assert_eq!(drops.load(SeqCst), 1);
        drop(pool.take());
        assert_eq!((pool.stats().idle(), pool.stats().made()), (1, 2));

        // And while its holder panics already.
        assert!(panics(|| {
            let _object = pool.take();
            panic!("the holder");
        }));
        assert_eq!((pool.stats().idle(), pool.stats().dropped()), (0, 2));
        assert_eq!(drops.load(SeqCst), 2);
        assert_adds_up(pool.stats());
    });
}

#[test]
fn other_panics_of_the_users_code_do_no_harm() {
    within(10, || {
        // In `keep`.
        let pool = Pool::builder(String::new)
            .keep(|line| !line.is_empty() || panic!("who knows"))
            .build()
            .unwrap();
        drop(pool.take());
        pool.take().push('x');
        assert_eq!((pool.stats().dropped(), pool.stats().idle()), (1, 1));

        // In `make`, which whoever takes gets to know.
        let made = AtomicUsize::new(0);
        let pool = Pool::new(2, move || {
            assert!(made.fetch_add(1, SeqCst) > 0, "not yet");
            String::new()
        })
        .unwrap();
        assert!(panics(|| drop(pool.take())));
        assert_eq!(pool.stats(), PoolStats::default());
        drop(pool.take());
        assert_eq!((pool.stats().idle(), pool.stats().made()), (1, 1));

        // In the drops of objects: of the second, and of those left at the end.
        let drops = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&drops);
        let pool = Pool::new(1, move || Counted {
            drops: Arc::clone(&counter),
            panics: true,
        })
        .unwrap();
        drop((pool.take(), pool.take()));
        assert_eq!(drops.load(SeqCst), 1);
        drop(pool);
        assert_eq!(drops.load(SeqCst), 2);
    });
}

#[test]
fn the_users_code_may_use_the_pool() {
    within(10, || {
        /// Takes from the pool whenever it is made, reset or dropped.
        struct Visitor(Arc<std::sync::OnceLock<Pool<u32>>>);
        impl Drop for Visitor {
            fn drop(&mut self) {
                drop(self.0.get().unwrap().take());
            }
        }
        let numbers = Arc::new(std::sync::OnceLock::new());
        let pool = Arc::clone(&numbers);
        let visitors = Pool::builder(move || Visitor(Arc::clone(&pool)))
            .capacity(1)
            .reset(|visitor| drop(visitor.0.get().unwrap().take()))
            .build()
            .unwrap();
        let nested = visitors.clone();
        let _ = numbers.set(Pool::new(1, move || nested.stats().made() as u32).unwrap());
        drop((visitors.take(), visitors.take()));
        assert_eq!(
            (visitors.stats().idle(), visitors.stats().dropped()),
            (1, 1)
        );
        assert_eq!(numbers.get().unwrap().stats().taken(), 3);
    });
}

#[test]
fn what_is_detached_does_not_come_back() {
    within(10, || {
        let pool = Pool::builder(String::new)
            .reset(String::clear)
            .build()
            .unwrap();
        let mut line = pool.take();
        line.push_str("mine");
        let line: String = Pooled::detach(line);
        assert_eq!(line, "mine");
        let stats = pool.stats();
        assert_eq!((stats.idle(), stats.held(), stats.detached()), (0, 0, 1));
        assert_adds_up(stats);
    });
}

#[test]
fn without_its_pool_it_is_dropped_like_any_other() {
    within(10, || {
        let drops = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&drops);
        let pool = Pool::new(8, move || Counted {
            drops: Arc::clone(&counter),
            panics: false,
        })
        .unwrap();
        let (long, longer, short) = (pool.take(), pool.take(), pool.take());
        drop(short);
        let other = pool.clone();
        drop(pool);
        assert_eq!(drops.load(SeqCst), 0);
        drop(other);
        // What is idle does not wait for what is still out.
        assert_eq!(drops.load(SeqCst), 1);
        drop(long);
        assert_eq!(drops.load(SeqCst), 2);
        drop(longer);
        assert_eq!(drops.load(SeqCst), 3);
    });
}

#[test]
fn it_is_seen_as_the_object_is() {
    within(10, || {
        let pool = Pool::new(2, || Cell::new(1)).unwrap();
        let object = pool.take();
        object.set(2);
        assert_eq!(format!("{object:?}"), "Cell { value: 2 }");
        assert!(format!("{pool:?}").starts_with("Pool { capacity: 2, stats: PoolStats { idle: 0"));
        drop((object, pool.take()));
        assert_eq!(pool.stats().to_string(), "2 idle, 0 held, 2 taken, 2 made");
        drop(Pooled::detach(pool.take()));
        drop((pool.take(), pool.take(), pool.take()));
        assert_eq!(
            pool.stats().to_string(),
            "2 idle, 0 held, 6 taken, 4 made, 1 dropped, 1 detached"
        );
        let builder = Pool::builder(|| 1).reset(|_| {});
        assert_eq!(
            format!("{builder:?}"),
            "PoolBuilder { capacity: 64, reset: true, keep: false }"
        );
    });
}

#[actor]
enum Reader {
    Read(Pooled<Vec<u8>>),
    Choke(Pooled<Vec<u8>>),
    ChokeLater(Pooled<Vec<u8>>),
    Wait,
    #[reply(usize)]
    Total,
    /// Gives its own back.
    #[reply(Pooled<Vec<u8>>)]
    Echo(Pooled<Vec<u8>>),
}

#[derive(Default)]
struct Eyes {
    total: usize,
    last: Option<Pooled<Vec<u8>>>,
    gate: Gate,
}

#[handlers]
impl ReaderActor for Eyes {
    fn read(&mut self, value: Pooled<Vec<u8>>) {
        self.total += value.len();
    }
    fn choke(&mut self, value: Pooled<Vec<u8>>) {
        self.last = Some(value);
        panic!("choked");
    }
    async fn choke_later(&mut self, value: Pooled<Vec<u8>>, ctx: &mut Context<Reader>) {
        let _ = ctx.handle().actor().started().await;
        panic!("choked on {}", value.len());
    }
    fn wait(&mut self) {
        self.gate.pass();
    }
    fn total(&self) -> usize {
        self.total
    }
    fn echo(&mut self, value: Pooled<Vec<u8>>) -> Pooled<Vec<u8>> {
        value
    }
}

fn buffers() -> Pool<Vec<u8>> {
    Pool::builder(Vec::new)
        .capacity(16)
        .reset(Vec::clear)
        .build()
        .unwrap()
}

#[test]
fn it_travels_in_messages_and_comes_back() {
    within(60, || {
        let system = System::new().unwrap();
        let reader = Reader::spawn(&system, Eyes::default());
        let pool = buffers();
        for size in 0..1_000 {
            let mut buffer = pool.take();
            assert!(buffer.is_empty());
            buffer.resize(size, 1);
            reader.read(buffer).unwrap();
            if size % 10 == 0 {
                reader.total().wait().unwrap();
            }
        }
        assert_eq!(reader.total().wait().unwrap(), 999 * 1_000 / 2);
        let mut echo = reader.echo(pool.take()).wait().unwrap();
        echo.push(1);
        drop(echo);
        // The reply to an ask comes before the drop of what was its message.
        eventually("all are back", || pool.stats().held() == 0);
        let stats = pool.stats();
        assert_adds_up(stats);
        assert_eq!(stats.taken(), 1_001);
        assert!(stats.made() <= 11, "{stats}");
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn it_comes_back_when_a_handler_panics_with_it() {
    within(30, || {
        let system = System::builder().quiet().build().unwrap();
        let pool = buffers();
        let full = || {
            let mut buffer = pool.take();
            buffer.push(1);
            buffer
        };
        // In its state, in the future of an async handler.
        let reader = Reader::spawn(&system, Eyes::default());
        reader.choke(full()).unwrap();
        assert!(!reader.stopped().wait().unwrap().is_orderly());
        let reader = Reader::spawn(&system, Eyes::default());
        reader.choke_later(full()).unwrap();
        assert!(!reader.stopped().wait().unwrap().is_orderly());
        eventually("both are back", || pool.stats().held() == 0);
        let stats = pool.stats();
        assert_eq!(
            (stats.taken(), stats.returned(), stats.dropped()),
            (2, 2, 0)
        );
        assert!(pool.take().is_empty());
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn it_comes_back_from_a_mailbox_that_is_given_up() {
    within(30, || {
        let system = System::builder().quiet().build().unwrap();
        let pool = buffers();
        let eyes = Eyes::default();
        let gate = eyes.gate.clone();
        let reader = Reader::spawn(&system, eyes);
        reader.wait().unwrap();
        gate.await_arrival();
        for _ in 0..10 {
            reader.read(pool.take()).unwrap();
        }
        assert_eq!(pool.stats().held(), 10);
        reader.kill();
        gate.open();
        reader.stopped().wait().unwrap();
        eventually("all are back", || pool.stats().idle() == 10);
        // A message that is refused gives it back to the sender.
        let refused = reader.read(pool.take()).unwrap_err();
        assert_eq!(pool.stats().held(), 1);
        drop(refused);
        assert_eq!(pool.stats().idle(), 10);
        system.shutdown().wait().unwrap();
    });
}
