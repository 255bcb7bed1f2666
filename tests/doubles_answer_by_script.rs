//! A double answers what a test has scripted, and fails it when something comes
//! that was not, or does not come that is expected.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;

#[actor(double)]
enum Counter {
    Add {
        by: i64,
    },
    #[reply(i64)]
    Get,
    #[reply(u8, error = String)]
    Divide(u8, u8),
    #[reply(String, deferred)]
    Later(bool),
    #[batch(max = 10, within = "1s")]
    Log(String),
    #[batch]
    #[reply(usize)]
    Measure(String),
    #[every("1s")]
    #[internal]
    Tick,
    #[deprecated]
    Old,
    #[cfg(any())]
    Gone(NoSuchType),
    Partly {
        #[cfg(any())]
        gone: NoSuchType,
        #[cfg(not(any()))]
        there: u8,
    },
    r#Type(u8),
}

/// Generic, with another name.
#[actor(double = FakeCache)]
enum Cache<K: Send + 'static, V: Clone + Send + 'static>
where
    K: Ord,
{
    Put(K, V),
    #[reply(Option<V>)]
    Find(K),
}

mod inner {
    use zctor::prelude::*;

    /// As it is declared for tests alone.
    #[cfg_attr(not(any()), actor(double, mailbox = 8))]
    #[cfg_attr(any(), actor(mailbox = 8))]
    pub enum Lamp {
        On,
    }
}

fn panic_of<T>(action: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(action)) else {
        panic!("it did not panic");
    };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().unwrap()).to_owned(),
    }
}

#[test]
fn what_is_expected_comes_in_turn_and_then_what_is_always_so() {
    within(30, || {
        let sim = Sim::new(1);
        let double = CounterDouble::new(sim.system());
        let handle = double.handle();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&seen);
        double
            .on_get(|| 42)
            .expect_get(|| 1)
            .expect_get(|| 2)
            .on_add(move |by| notes.lock().unwrap().push(by))
            .on_divide(|a, b| a.checked_div(b).ok_or("by zero".to_owned()))
            .on_later(|now, reply| reply.send(now.to_string()))
            .on_log(|batch| assert_eq!(batch.len(), 1))
            .on_measure(|batch| batch.for_each(|(text, reply)| reply.send(text.len())))
            .on_partly(|there| assert_eq!(there, 3))
            .on_type(|_| {});
        let replies: Vec<_> = (0..4).map(|_| handle.get().wait().unwrap()).collect();
        assert_eq!(replies, [1, 2, 42, 42]);
        handle.add(5).unwrap();
        handle.add(6).unwrap();
        assert_eq!(handle.divide(9, 3).wait().unwrap(), 3);
        assert!(matches!(
            handle.divide(9, 0).wait(),
            Err(AskError::Failed(_))
        ));
        assert_eq!(handle.later(true).wait().unwrap(), "true");
        handle.log("x".to_owned()).unwrap();
        assert_eq!(handle.measure("abc".to_owned()).wait().unwrap(), 3);
        handle.partly(3).unwrap();
        handle.r#type(1).unwrap();
        sim.advance(Duration::from_secs(10));
        assert_eq!(*seen.lock().unwrap(), [5, 6]);
        double.on_get(|| 7);
        assert_eq!(handle.get().wait().unwrap(), 7);
        double.verify().wait();
    });
}

#[test]
fn what_was_not_scripted_fails_the_test_by_its_name() {
    within(30, || {
        let system = System::builder().quiet().build().unwrap();
        let double = CounterDouble::new(&system);
        let handle = double.handle();
        assert!(matches!(handle.get().wait(), Err(AskError::Crashed { .. })));
        let reason = handle.stopped().wait().unwrap();
        assert_eq!(
            reason.to_string(),
            "crashed in the handler of `Get`: nothing was scripted for `Counter::Get`: \
             script it with `on_get` or `expect_get`"
        );
        let text = panic_of(|| double.verify().wait());
        let wanted = "the double of `Counter` is not content:\n  \
             `Get` has come once when nothing was scripted for it: \
             script it with `on_get` or `expect_get`";
        assert_eq!(text, wanted);
        assert_eq!(panic_of(|| drop(double)), wanted, "the drop says the same");
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn what_was_expected_in_vain_fails_the_test_by_its_name() {
    within(30, || {
        let sim = Sim::new(1);
        let double = CounterDouble::new(sim.system());
        double
            .expect_add(|_| {})
            .expect_add(|_| {})
            .expect_get(|| 1);
        double.handle().add(1).unwrap();
        let text = panic_of(|| double.verify().timeout(Duration::from_secs(9)).wait());
        let wanted = "the double of `Counter` is not content:\n  \
             `Add` was expected once more by `expect_add`\n  \
             `Get` was expected once more by `expect_get`";
        assert_eq!(text, wanted);
        assert_eq!(sim.elapsed(), Duration::from_secs(9));
        let text = panic_of(|| {
            let _ = sim.block_on(async { double.verify().timeout(Duration::ZERO).await });
        });
        assert_eq!(text, wanted);
        // What is queued counts, also when it is dropped.
        double.handle().add(1).unwrap();
        double.handle().tell(Counter::Get).unwrap();
        drop(double);
    });
}

#[test]
fn a_script_that_panics_fails_the_test() {
    within(30, || {
        let system = System::builder().quiet().build().unwrap();
        let double = CounterDouble::new(&system);
        double.on_add(|by| assert_eq!(by, 1, "another number"));
        double.handle().add(1).unwrap();
        double.handle().add(2).unwrap();
        let text = panic_of(|| drop(double));
        assert_eq!(
            text,
            "the double of `Counter` is not content:\n  what was scripted for `Add` has panicked"
        );
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_drop_in_a_panic_says_nothing_more() {
    within(30, || {
        let sim = Sim::new(1);
        let text = panic_of(|| {
            let double = CounterDouble::new(sim.system());
            double.expect_get(|| 1);
            panic!("the first");
        });
        assert_eq!(text, "the first");
    });
}

#[test]
fn generic_protocols_and_names_of_ones_own() {
    within(30, || {
        let sim = Sim::new(1);
        let double = FakeCache::<u8, String>::new(sim.system());
        double
            .on_put(|_, _| {})
            .expect_find(|key| Some(key.to_string()));
        double.handle().put(1, "one".to_owned()).unwrap();
        assert_eq!(
            double.handle().find(2).wait().unwrap().as_deref(),
            Some("2")
        );
        double.verify().wait();

        let lamp = inner::LampDouble::new(sim.system());
        lamp.expect_on(|| {});
        lamp.handle().on().wait().unwrap();
        lamp.verify().wait();
    });
}

#[test]
fn many_callers_on_many_threads_are_all_answered() {
    within(60, || {
        let system = System::builder().workers(4).build().unwrap();
        let double = CounterDouble::new(&system);
        double.on_get(|| 0);
        for number in 1..=100 {
            double.expect_get(move || number);
        }
        let callers: Vec<_> = (0..4)
            .map(|_| {
                let handle = double.handle();
                std::thread::spawn(move || {
                    (0..50)
                        .map(|_| handle.get().wait().unwrap())
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        double.verify().wait();
        let answers = callers
            .into_iter()
            .flat_map(|caller| caller.join().unwrap());
        let mut answers: Vec<i64> = answers.collect();
        answers.sort_unstable();
        let wanted: Vec<i64> = std::iter::repeat_n(0, 100).chain(1..=100).collect();
        assert_eq!(answers, wanted);
        drop(double);
        system.shutdown().wait().unwrap();
    });
}

#[supervisor]
enum Shop {
    #[child]
    Counter(Counter),
}

struct Premises(Arc<CounterDouble>);

impl ShopChildren for Premises {
    fn counter(&mut self, _: &ShopHandle) -> Child<Counter> {
        self.0.child()
    }
}

#[test]
fn a_child_can_be_a_double_across_restarts() {
    within(30, || {
        let sim = Sim::new(1);
        let double = Arc::new(CounterDouble::new(sim.system()));
        double.expect_get(|| 1).on_get(|| 2);
        let shop = Shop::start(sim.system(), Premises(Arc::clone(&double)))
            .wait()
            .unwrap();
        assert_eq!(shop.counter().get().wait().unwrap(), 1);
        shop.counter().kill();
        sim.run_until_idle();
        assert_eq!(shop.counter().get().wait().unwrap(), 2);
        double.verify().wait();
    });
}

#[supervisor]
enum Twins {
    #[child]
    One(Counter),
    #[child]
    Other(Counter),
}

struct Pair(Arc<CounterDouble>);

impl TwinsChildren for Pair {
    fn one(&mut self, _: &TwinsHandle) -> Child<Counter> {
        self.0.child()
    }
    fn other(&mut self, _: &TwinsHandle) -> Child<Counter> {
        self.0.child()
    }
}

/// What is done every time may be needed twice at a time.
#[test]
fn two_actors_of_one_double_take_turns() {
    within(60, || {
        let system = System::builder().workers(2).build().unwrap();
        let double = Arc::new(CounterDouble::new(&system));
        double.on_get(|| {
            std::thread::yield_now();
            7
        });
        let twins = Twins::start(&system, Pair(Arc::clone(&double)));
        let twins = twins.wait().unwrap();
        let (one, other) = (twins.one(), twins.other());
        for _ in 0..2000 {
            let both = [one.get().send(), other.get().send()];
            for reply in both {
                assert_eq!(reply.wait().unwrap(), 7);
            }
        }
        double.verify().wait();
        system.shutdown().wait().unwrap();
    });
}

/// The clock of a test stands still, and what does not come fails all the same.
#[test]
fn what_does_not_come_fails_by_the_clock_of_a_test() {
    within(30, || {
        let clock = zctor::test::TestClock::new();
        let system = System::builder().clock(&clock).build().unwrap();
        let double = CounterDouble::new(&system);
        double.expect_get(|| 1);
        let verify = double.verify().timeout(Duration::from_millis(20));
        let failed = catch_unwind(AssertUnwindSafe(|| verify.wait()));
        assert!(failed.is_err());
        assert_eq!(double.handle().get().wait().unwrap(), 1);
        double.verify().wait();
    });
}
