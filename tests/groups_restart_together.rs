//! `one_for_all` and `rest_for_one`: who is stopped and started with a child,
//! in which order, and what becomes of the mail.

#[path = "support/crew.rs"]
mod crew;
mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crew::{Hand, HandHandle, Log, Worker};
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{ChildState, ExitReason};

#[supervisor(strategy = one_for_all, max_restarts = 20)]
enum All {
    #[child]
    A(Hand),
    #[child(restart = transient)]
    B(Hand),
    #[child(restart = temporary)]
    C(Hand),
    #[child]
    D(Hand),
}

#[supervisor(strategy = rest_for_one, max_restarts = 20)]
enum Rest {
    #[child]
    A(Hand),
    #[child(restart = transient)]
    B(Hand),
    #[child(restart = temporary)]
    C(Hand),
    #[child]
    D(Hand),
}

struct Four {
    log: Log,
    failures: Arc<Mutex<u32>>,
}

impl Four {
    fn new(log: &Log) -> Four {
        Four {
            log: log.clone(),
            failures: Arc::default(),
        }
    }

    fn hand(&self, name: &str) -> Child<Hand> {
        Hand::child(Worker::new(name, &self.log))
    }

    fn failing(&self, name: &str) -> Child<Hand> {
        Hand::child(Worker::new(name, &self.log).failing(&self.failures))
    }
}

impl AllChildren for Four {
    fn a(&mut self, _: &AllHandle) -> Child<Hand> {
        self.hand("a")
    }
    fn b(&mut self, _: &AllHandle) -> Child<Hand> {
        self.failing("b")
    }
    fn c(&mut self, _: &AllHandle) -> Child<Hand> {
        self.hand("c")
    }
    fn d(&mut self, _: &AllHandle) -> Child<Hand> {
        self.hand("d")
    }
}

impl RestChildren for Four {
    fn a(&mut self, _: &RestHandle) -> Child<Hand> {
        self.hand("a")
    }
    fn b(&mut self, _: &RestHandle) -> Child<Hand> {
        self.failing("b")
    }
    fn c(&mut self, _: &RestHandle) -> Child<Hand> {
        self.hand("c")
    }
    fn d(&mut self, _: &RestHandle) -> Child<Hand> {
        self.hand("d")
    }
}

/// What happened, without the drops, once all of `hands` have answered.
fn told(log: &Log, hands: &[HandHandle]) -> Vec<String> {
    for hand in hands {
        hand.ping().wait().unwrap();
    }
    let mut all = log.take();
    all.retain(|line| !line.starts_with("drop"));
    all
}

#[test]
fn all_are_stopped_in_reverse_and_started_in_order() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let all = All::start(&system, Four::new(&log)).wait().unwrap();
        log.take();
        let temporary = all.c();
        all.b().panic().unwrap();
        let told = told(&log, &[all.b(), all.a(), all.d()]);
        assert_eq!(
            told,
            [
                "stop d", "stop c", "stop a", "start a", "start b", "start d"
            ],
            "c is temporary"
        );
        assert!(!temporary.is_alive());
        let names: Vec<_> = all
            .which_children()
            .iter()
            .map(|child| child.name().to_string())
            .collect();
        assert_eq!(names, ["a", "b", "d"]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn those_before_the_child_go_on() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let rest = Rest::start(&system, Four::new(&log)).wait().unwrap();
        log.take();
        rest.b().panic().unwrap();
        assert_eq!(
            told(&log, &[rest.b(), rest.d()]),
            ["stop d", "stop c", "start b", "start d"]
        );
        rest.d().panic().unwrap();
        assert_eq!(told(&log, &[rest.d()]), ["start d"]);
        rest.a().panic().unwrap();
        assert_eq!(
            told(&log, &[rest.a(), rest.b(), rest.d()]),
            ["stop d", "stop b", "start a", "start b", "start d"]
        );
        assert_eq!(rest.a().incarnation().wait().unwrap(), 2);
        assert_eq!(rest.d().incarnation().wait().unwrap(), 4);
        system.shutdown().wait().unwrap();
    });
}

/// A stop for a group restart ends the message in hand and keeps the rest.
#[test]
fn the_mail_of_all_is_kept_and_handled_once() {
    within(30, || {
        let system = System::builder().workers(2).build().unwrap();
        let log = Log::default();
        let all = All::start(&system, Four::new(&log)).wait().unwrap();
        let (a, d) = (all.a(), all.d());
        // d is busy, with mail behind that, when a crashes.
        d.block(Duration::from_millis(50)).unwrap();
        for n in 0..1000 {
            d.note(format!("d {n}")).unwrap();
        }
        a.panic().unwrap();
        for n in 0..1000 {
            a.note(format!("a {n}")).unwrap();
        }
        for hand in [&a, &d] {
            hand.ping().wait().unwrap();
        }
        assert_eq!(a.incarnation().wait().unwrap(), 2);
        assert_eq!(d.incarnation().wait().unwrap(), 2);
        let lines = log.take();
        for who in ["a ", "d "] {
            let notes: Vec<_> = lines.iter().filter(|line| line.starts_with(who)).collect();
            let expected: Vec<_> = (0..1000).map(|n| format!("{who}{n}")).collect();
            assert_eq!(notes, expected.iter().collect::<Vec<_>>());
        }
        let before_the_end = lines.iter().position(|line| line == "stop d").unwrap();
        let first = lines.iter().position(|line| line == "d 0").unwrap();
        assert!(before_the_end < first, "it stopped with its mail unread");
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn it_also_starts_what_had_ended_and_what_was_terminated() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let all = All::start(&system, Four::new(&log)).wait().unwrap();
        let (b, d) = (all.b(), all.d());
        b.leave().unwrap();
        b.stopped().wait().unwrap();
        all.terminate_child(AllChild::D).wait().unwrap();
        assert!(!d.is_alive());
        let counts = all.count_children();
        assert_eq!((counts.specs(), counts.active()), (4, 2));
        log.take();
        all.a().panic().unwrap();
        all.a().ping().wait().unwrap();
        eventually("all but the temporary one run", || {
            all.count_children().active() == 3
        });
        let told = told(&log, &[all.b(), all.d()]);
        assert_eq!(told, ["stop c", "start a", "start b", "start d"]);
        assert!(!b.is_alive() && !d.is_alive(), "they are other actors");
        assert_eq!(all.count_children().active(), 3);
        system.shutdown().wait().unwrap();
    });
}

/// OTP: `rest_for_one` goes on with the child that failed, `one_for_all`
/// starts over.
#[test]
fn a_failed_restart_is_tried_again_with_its_group() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let four = Four::new(&log);
        let failures = Arc::clone(&four.failures);
        let rest = Rest::start(&system, four).wait().unwrap();
        log.take();
        *failures.lock().unwrap() = 2;
        rest.a().panic().unwrap();
        assert_eq!(
            told(&log, &[rest.a(), rest.d(), rest.b()]),
            [
                "stop d", "stop c", "stop b", "start a", "failed b", "failed b", "start b",
                "start d"
            ]
        );
        let four = Four::new(&log);
        let failures = Arc::clone(&four.failures);
        let all = All::start(&system, four).wait().unwrap();
        log.take();
        *failures.lock().unwrap() = 1;
        all.d().panic().unwrap();
        assert_eq!(
            told(&log, &[all.d(), all.a()]),
            [
                "stop c", "stop b", "stop a", "start a", "failed b", "stop a", "start a",
                "start b", "start d"
            ]
        );
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_child_that_hangs_does_not_hold_up_its_group() {
    #[supervisor(strategy = one_for_all)]
    enum Pair {
        #[child(shutdown = "50ms")]
        Slow(Hand),
        #[child(shutdown = brutal)]
        Brutal(Hand),
        #[child]
        Quick(Hand),
    }
    struct Two(Log);
    impl PairChildren for Two {
        fn slow(&mut self, _: &PairHandle) -> Child<Hand> {
            Hand::child(Worker::new("slow", &self.0))
        }
        fn brutal(&mut self, _: &PairHandle) -> Child<Hand> {
            Hand::child(Worker::new("brutal", &self.0))
        }
        fn quick(&mut self, _: &PairHandle) -> Child<Hand> {
            Hand::child(Worker::new("quick", &self.0))
        }
    }
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let pair = Pair::start(&system, Two(log.clone())).wait().unwrap();
        log.take();
        let (slow, brutal) = (pair.slow(), pair.brutal());
        let asked = slow.ping().send();
        asked.wait().unwrap();
        slow.hang().unwrap();
        eventually("it hangs", || slow.stats().handled() == 2);
        slow.note("slow's mail".into()).unwrap();
        pair.quick().panic().unwrap();
        let mut told = told(&log, &[pair.quick(), slow.clone(), brutal]);
        told.retain(|line| line != "slow's mail");
        assert_eq!(
            told,
            ["start slow", "start brutal", "start quick"],
            "both were killed, so that neither ran `on_stop`"
        );
        assert_eq!(slow.incarnation().wait().unwrap(), 2);
        system.shutdown().wait().unwrap();
    });
}

/// Neither a group restart nor a stop waits for it beyond its limit.
#[test]
fn a_child_that_blocks_its_thread_does_not_hold_up_anybody() {
    #[supervisor(strategy = one_for_all)]
    enum Pair {
        #[child(shutdown = "50ms")]
        Stubborn(Hand),
        #[child]
        Quick(Hand),
    }
    struct Two(Log);
    impl PairChildren for Two {
        fn stubborn(&mut self, _: &PairHandle) -> Child<Hand> {
            Hand::child(Worker::new("stubborn", &self.0))
        }
        fn quick(&mut self, _: &PairHandle) -> Child<Hand> {
            Hand::child(Worker::new("quick", &self.0))
        }
    }
    within(60, || {
        let grace = Duration::from_millis(50);
        let system = System::builder().workers(2).grace(grace).build().unwrap();
        let log = Log::default();
        let pair = Pair::start(&system, Two(log.clone())).wait().unwrap();
        let stubborn = pair.stubborn();
        let begun = Instant::now();
        stubborn.block(Duration::from_secs(20)).unwrap();
        pair.quick().panic().unwrap();
        assert_eq!(pair.quick().incarnation().wait().unwrap(), 2);
        // It has a successor; its handle is dead.
        eventually("another one", || pair.stubborn().ping().wait().is_ok());
        assert!(!stubborn.is_alive() && pair.stubborn() != stubborn);
        pair.stubborn().block(Duration::from_secs(20)).unwrap();
        pair.stop();
        pair.stopped().wait().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(10));
        assert!(system.shutdown().wait().is_ok());
    });
}

/// One that is to stop for a restart does not wait for another that is
/// restarted with it: that one waits for it to stop.
#[test]
fn siblings_that_wait_for_each_other_restart_at_once() {
    #[actor(mailbox = 1)]
    enum Store {
        Wait(Gate),
        #[priority(high)]
        Crash,
        #[reply(u32)]
        Get,
        Put(u32),
    }
    struct Shelf;
    #[handlers]
    impl StoreActor for Shelf {
        fn wait(&mut self, value: Gate) {
            value.pass();
        }
        fn crash(&mut self) -> Result<(), Failure> {
            Err(Failure::msg("fallen over"))
        }
        fn get(&self) -> u32 {
            7
        }
        fn put(&mut self, _value: u32) {}
    }
    #[actor]
    enum Till {
        #[reply(String)]
        AskIt(Gate),
        #[reply(String)]
        Fill(Gate),
    }
    struct Drawer(StoreHandle);
    #[handlers]
    impl TillActor for Drawer {
        async fn ask_it(&mut self, value: Gate) -> String {
            value.arrive();
            self.0
                .get()
                .await
                .map_or_else(|error| error.to_string(), |n| n.to_string())
        }
        async fn fill(&mut self, value: Gate) -> String {
            let first = self.0.put(1).await;
            value.arrive();
            let second = self.0.put(2).await;
            format!("{} {}", first.is_ok(), second.is_ok())
        }
    }
    #[supervisor(strategy = rest_for_one)]
    enum Shop {
        #[child]
        Store(Store),
        #[child]
        Till(Till),
    }
    struct Both;
    impl ShopChildren for Both {
        fn store(&mut self, _: &ShopHandle) -> Child<Store> {
            Store::child(Shelf)
        }
        fn till(&mut self, shop: &ShopHandle) -> Child<Till> {
            Till::child(Drawer(shop.store()))
        }
    }
    within(60, || {
        let system = System::builder().workers(3).build().unwrap();
        let shop = Shop::start(&system, Both).wait().unwrap();
        let (store, till) = (shop.store(), shop.till());
        for ask in [true, false] {
            let (gate, asked) = (Gate::default(), Gate::default());
            let begun = Instant::now();
            store.wait(gate.clone()).wait().unwrap();
            gate.await_arrival();
            let answer = match ask {
                true => till.ask_it(asked.clone()).send(),
                false => till.fill(asked.clone()).send(),
            };
            asked.await_arrival();
            std::thread::sleep(Duration::from_millis(20));
            store.crash().unwrap();
            gate.open();
            let answer = answer.wait().unwrap();
            match ask {
                true => assert!(answer.contains("has stopped"), "{answer}"),
                false => assert_eq!(answer, "true false"),
            }
            assert_eq!(store.get().wait().unwrap(), 7);
            assert!(
                begun.elapsed() < Duration::from_secs(4),
                "{:?}",
                begun.elapsed()
            );
        }
        eventually("both times the till was restarted too", || {
            shop.which_children()[1].restarts() == 2
        });
        system.shutdown().wait().unwrap();
    });
}

/// A final stop handles what is queued, within the limit.
#[test]
fn a_final_stop_drains() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let all = All::start(&system, Four::new(&log)).wait().unwrap();
        log.take();
        let a = all.a();
        a.block(Duration::from_millis(20)).unwrap();
        for n in 0..100 {
            a.note(format!("{n}")).unwrap();
        }
        all.stop();
        all.stopped().wait().unwrap();
        let lines = log.take();
        let notes = lines.iter().filter(|line| line.parse::<u32>().is_ok());
        assert_eq!(notes.count(), 100);
        assert!(matches!(a.stopped().wait().unwrap(), ExitReason::Shutdown));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_terminated_child_does_not_come_back_by_itself() {
    within(30, || {
        let system = System::new().unwrap();
        let log = Log::default();
        let rest = Rest::start(&system, Four::new(&log)).wait().unwrap();
        rest.terminate_child(RestChild::A).wait().unwrap();
        rest.terminate_child(RestChild::A).wait().unwrap();
        log.take();
        rest.b().panic().unwrap();
        assert_eq!(
            told(&log, &[rest.b(), rest.d()]),
            ["stop d", "stop c", "start b", "start d"]
        );
        let children = rest.which_children();
        assert_eq!(children[0].state(), ChildState::Stopped);
        eventually("three are left", || rest.which_children().len() == 3);
        system.shutdown().wait().unwrap();
    });
}
