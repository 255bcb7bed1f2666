//! A probe is an actor of any protocol. It keeps what it gets, in order; a test
//! expects, answers and passes on, and what fails says what was expected and
//! what has come instead.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::test::Probe;

#[derive(Clone, Debug, PartialEq)]
#[actor]
enum Counter {
    Add {
        by: i64,
    },
    #[reply(i64)]
    Get,
    #[reply(u8, error = String)]
    Divide(u8),
    #[reply(String, deferred)]
    Later,
    #[reply(u8, deferred, error = String)]
    LaterOrNever,
    #[priority(high)]
    Reset,
    #[batch(max = 10, within = "1s")]
    Log(String),
    #[every("1s")]
    #[internal]
    Tick,
}

#[derive(Default)]
struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn get(&self) -> i64 {
        self.0
    }
    fn divide(&mut self, value: u8) -> Result<u8, String> {
        100u8.checked_div(value).ok_or("by zero".to_owned())
    }
    fn later(&mut self, reply: Reply<String>) {
        reply.send("at once".to_owned());
    }
    fn later_or_never(&mut self, reply: Reply<u8, String>) {
        reply.fail("never".to_owned());
    }
    fn reset(&mut self) {
        self.0 = 0;
    }
    fn log(&mut self, _batch: zctor::Batch<String>) {}
    fn tick(&mut self) {}
}

/// The text of a panic.
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
fn asks_of_every_kind_are_answered_by_the_test() {
    within(30, || {
        let sim = Sim::new(1);
        let probe = Probe::<Counter>::new(sim.system());
        let handle = probe.handle();

        let get = handle.get().send();
        let got = probe.expect(CounterKind::Get).wait();
        assert!(got.is_awaited());
        got.reply(42i64);
        assert_eq!(get.wait().unwrap(), 42);

        let (divided, failed) = (handle.divide(2).send(), handle.divide(0).send());
        probe.expect(CounterKind::Divide).wait().reply(50u8);
        probe.next().wait().fail("by zero".to_owned());
        assert_eq!(divided.wait().unwrap(), 50);
        assert!(matches!(failed.wait(), Err(AskError::Failed(why)) if why == "by zero"));

        let later = handle.later().send();
        probe.next().wait().reply("now".to_owned());
        assert_eq!(later.wait().unwrap(), "now");

        let never = handle.later_or_never().send();
        probe.next().wait().fail("no".to_owned());
        assert!(matches!(never.wait(), Err(AskError::Failed(why)) if why == "no"));

        let dropped = handle.get().send();
        drop(probe.next().wait());
        assert!(matches!(dropped.wait(), Err(AskError::NoReply { .. })));
    });
}

#[test]
fn it_takes_each_message_as_it_comes_and_makes_none() {
    within(30, || {
        let sim = Sim::new(1);
        let probe = Probe::<Counter>::new(sim.system());
        for text in ["a", "b"] {
            probe.handle().log(text.to_owned()).unwrap();
        }
        for text in ["a", "b"] {
            let got = probe
                .next()
                .timeout(Duration::ZERO.max(Duration::from_nanos(1)))
                .wait();
            assert_eq!(got.message(), &Counter::Log(text.to_owned()));
            assert_eq!(got.at(), Duration::ZERO, "no batch was collected");
        }
        // No ticks either, in an hour.
        probe.expect_none(Duration::from_secs(3600)).wait();
        assert_eq!(sim.elapsed(), Duration::from_secs(3600));
        assert_eq!(probe.received(), [CounterKind::Log; 2]);
    });
}

#[test]
fn what_is_found_leaves_the_others_in_order() {
    within(30, || {
        let sim = Sim::new(1);
        let probe = Probe::<Counter>::new(sim.system());
        let handle = probe.handle();
        handle.add(1).unwrap();
        handle.tell(Counter::Get).unwrap();
        handle.add(2).unwrap();
        let told = probe.find(CounterKind::Get).wait();
        sim.run_until_idle();
        assert!(!told.is_awaited());
        told.reply(0i64);
        assert_eq!(probe.next().wait().into_message(), Counter::Add { by: 1 });
        assert_eq!(probe.try_next().unwrap().message(), &Counter::Add { by: 2 });
        assert!(probe.try_next().is_none());
    });
}

#[test]
fn what_does_not_come_is_named_with_what_has_come() {
    within(30, || {
        let sim = Sim::new(1);
        let probe = Probe::<Counter>::new(sim.system()).timeout(Duration::from_secs(5));
        let text = panic_of(|| probe.expect(CounterKind::Get).wait());
        assert_eq!(
            text,
            "the probe Counter#1 expected `Counter::Get`, and it has not come within 5s\n\
             nothing has come at all"
        );
        assert_eq!(sim.elapsed(), Duration::from_secs(5), "virtual time");

        probe.handle().add(1).unwrap();
        let _ = probe.next().wait();
        probe.handle().reset().unwrap();
        let text = panic_of(|| probe.expect(CounterKind::Get).wait());
        assert_eq!(
            text,
            "the probe Counter#1 expected `Counter::Get`, and the next message is `Reset`\n\
             what has come, since the probe was made:\n  \
             `Add` after 5s, taken\n  \
             `Reset` after 5s, not taken yet"
        );
        let text = panic_of(|| {
            probe
                .find(CounterKind::Get)
                .timeout(Duration::from_secs(1))
                .wait()
        });
        assert!(text.contains("it has not come within 1s"), "{text}");
        let text = panic_of(|| probe.expect_none(Duration::from_secs(1)).wait());
        assert!(
            text.contains("expected nothing within 1s, and got `Counter::Reset`"),
            "{text}"
        );
        let text = panic_of(|| {
            let _ = sim.block_on(async { probe.expect(CounterKind::Get).await });
        });
        assert!(
            text.contains("expected at tests/probes_keep_what_they_get.rs:"),
            "{text}"
        );
        // What was not taken is still there.
        let _ = probe.expect(CounterKind::Reset).wait();
        let text = panic_of(|| probe.next().timeout(Duration::ZERO).wait());
        assert!(
            text.contains("expected a message, and it has not come at once"),
            "{text}"
        );
    });
}

#[test]
fn a_reply_of_another_type_is_named_with_both() {
    within(30, || {
        let sim = Sim::new(1);
        let probe = Probe::<Counter>::new(sim.system());
        let handle = probe.handle();
        let get = handle.get().send();
        let got = probe.next().wait();
        assert_eq!(
            panic_of(|| got.reply(42)),
            "`Counter::Get` of the probe Counter#1 was answered with a `i32`, and its reply is a `i64`"
        );
        assert!(get.wait().is_err());

        let divide = handle.divide(1).send();
        let got = probe.next().wait();
        assert_eq!(
            panic_of(|| got.fail(7u8)),
            "`Counter::Divide` of the probe Counter#1 was failed with a `u8`, \
             and its error is a `alloc::string::String`"
        );
        drop(divide);

        let get = handle.get().send();
        let got = probe.next().wait();
        assert!(panic_of(|| got.fail(7u8)).contains("its `#[reply]` has no `error`"));
        drop(get);

        handle.add(1).unwrap();
        let got = probe.next().wait();
        assert_eq!(
            panic_of(|| got.reply(1i64)),
            "`Counter::Add` of the probe Counter#1 was answered, and it is no ask"
        );
    });
}

#[test]
fn what_is_passed_on_is_answered_by_whom_it_is_passed_to() {
    within(30, || {
        let sim = Sim::new(1);
        let counter = Counter::spawn(sim.system(), Tally(7));
        let probe = Probe::<Counter>::new(sim.system());
        let handle = probe.handle();
        let (get, later) = (handle.get().send(), handle.later().send());
        let (divide, never) = (handle.divide(0).send(), handle.later_or_never().send());
        for _ in 0..4 {
            probe.next().wait().forward(&counter).unwrap();
        }
        assert_eq!(get.wait().unwrap(), 7);
        assert_eq!(later.wait().unwrap(), "at once");
        assert!(matches!(divide.wait(), Err(AskError::Failed(_))));
        assert!(matches!(never.wait(), Err(AskError::Failed(_))));

        counter.stop();
        counter.stopped().wait().unwrap();
        handle.add(1).unwrap();
        let error = probe.next().wait().forward(&counter).unwrap_err();
        assert_eq!(error.into_message(), Counter::Add { by: 1 });
    });
}

#[test]
fn a_spy_sees_copies_and_the_actor_gets_all() {
    within(30, || {
        let sim = Sim::new(1);
        let counter = Counter::spawn(sim.system(), Tally(0));
        let spy = Probe::spy(&counter);
        let handle = spy.handle();
        handle.add(5).unwrap();
        assert_eq!(handle.get().wait().unwrap(), 5);
        assert_eq!(spy.next().wait().message(), &Counter::Add { by: 5 });
        let copy = spy.expect(CounterKind::Get).wait();
        assert!(!copy.is_awaited());
        assert!(panic_of(|| copy.reply(1i64)).contains("had been passed on before"));

        spy.pass_to(&counter);
        assert_eq!(handle.get().wait().unwrap(), 5);
        assert!(spy.try_next().is_none(), "nothing is kept");
        assert_eq!(spy.received().len(), 3);

        counter.stop();
        assert!(matches!(handle.get().wait(), Err(AskError::Stopped { .. })));

        spy.keep();
        let get = handle.get().send();
        spy.next().wait().reply(1i64);
        assert_eq!(get.wait().unwrap(), 1);
    });
}

/// With room for one.
#[derive(Clone, Debug, PartialEq)]
#[actor(mailbox = 1, overflow = wait)]
enum Narrow {
    Push(u32),
    #[reply(Vec<u32>)]
    All,
}

#[derive(Default)]
struct Pipe(Vec<u32>);

#[handlers]
impl NarrowActor for Pipe {
    async fn push(&mut self, value: u32, ctx: &mut Context<Narrow>) {
        ctx.system().sleep(Duration::from_millis(1)).await;
        self.0.push(value);
    }
    fn all(&self) -> Vec<u32> {
        self.0.clone()
    }
}

#[test]
fn a_spy_waits_for_room_and_loses_nothing_in_any_order() {
    within(60, || {
        for seed in 0..100 {
            let sim = Sim::new(seed);
            let pipe = Narrow::spawn(sim.system(), Pipe::default());
            let spy = Probe::spy(&pipe);
            let handle = spy.handle();
            sim.block_on(async {
                for value in 0..20 {
                    handle.push(value).await.unwrap();
                }
            })
            .unwrap();
            let all: Vec<u32> = (0..20).collect();
            assert_eq!(handle.all().wait().unwrap(), all, "seed {seed}");
            for value in all {
                assert_eq!(spy.next().wait().into_message(), Narrow::Push(value));
            }
            let _ = spy.expect(NarrowKind::All).wait();
            assert_eq!(spy.actor().stats().dropped(), 0);
        }
    });
}

#[supervisor]
enum Shop {
    #[child]
    Till(Counter),
}

struct Premises(Probe<Counter>);

impl ShopChildren for Premises {
    fn till(&mut self, _: &ShopHandle) -> Child<Counter> {
        self.0.child()
    }
}

#[test]
fn a_child_can_be_a_probe_across_restarts() {
    within(30, || {
        let sim = Sim::new(1);
        let probe = Probe::new(sim.system());
        let shop = Shop::start(sim.system(), Premises(probe.clone()))
            .wait()
            .unwrap();
        let get = shop.till().get().send();
        probe.next().wait().reply(1i64);
        assert_eq!(get.wait().unwrap(), 1);
        shop.till().kill();
        sim.run_until_idle();
        shop.till().add(2).unwrap();
        assert_eq!(probe.next().wait().message(), &Counter::Add { by: 2 });
    });
}

#[test]
fn real_systems_have_probes_too() {
    within(30, || {
        let system = System::new().unwrap();
        let probe = Probe::<Counter>::new(&system);
        let handle = probe.handle();
        let caller = std::thread::spawn(move || handle.get().wait());
        probe.expect(CounterKind::Get).wait().reply(3i64);
        assert_eq!(caller.join().unwrap().unwrap(), 3);
        probe.expect_none(Duration::from_millis(20)).wait();
        let text = panic_of(|| probe.next().timeout(Duration::from_millis(20)).wait());
        assert!(text.contains("within 20ms"), "{text}");

        // From any executor as well.
        let asked = probe.handle().get().send();
        futures_executor::block_on(async {
            probe.next().await.reply(4i64);
            assert_eq!(asked.await.unwrap(), 4);
        });
        system.shutdown().wait().unwrap();
        let text = panic_of(|| probe.next().wait());
        assert!(text.contains("before its system ended"), "{text}");
    });
}

#[test]
fn when_the_last_probe_goes_its_actor_ends_and_nobody_hangs() {
    within(30, || {
        let system = System::new().unwrap();
        let probe = Probe::<Counter>::new(&system);
        let handle = probe.handle();
        let asks: Vec<_> = (0..3).map(|_| handle.get().send()).collect();
        let other = probe.clone();
        drop(probe);
        assert!(handle.is_alive());
        drop(other);
        for ask in asks {
            assert!(matches!(
                ask.wait(),
                Err(AskError::NoReply { .. } | AskError::Stopped { .. })
            ));
        }
        handle.stopped().wait().unwrap();
        assert!(handle.add(1).is_err());
        system.shutdown().wait().unwrap();
    });
}
