//! What is published reaches every subscriber, once and in order, whatever its
//! protocol; or the publisher is told what became of it. Nobody waits, nobody
//! is kept alive, and nobody who has gone is remembered.

mod support;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;

use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{EventKind, Published, Slow, Subscription, Topic};

/// Who published it, and its number there.
type Value = (u32, u32);
type Seen = Arc<Mutex<Vec<Value>>>;

#[actor]
enum Reader {
    Read(Value),
    Pass(Gate),
    /// Keeps it until it ends, or gets another.
    Keep(Option<Subscription>),
    Crash,
    #[reply(())]
    Ping,
}

#[actor(mailbox = 2, overflow = wait)]
enum Small {
    Read { value: Value },
    Pass { gate: Gate },
}

#[actor(mailbox = 2, overflow = drop_oldest)]
enum Leaky {
    Read { value: Value },
    Pass { gate: Gate },
}

#[derive(Default)]
struct Book {
    seen: Seen,
    kept: Option<Subscription>,
}

impl Book {
    fn write(&self, value: Value) {
        self.seen.lock().unwrap().push(value);
    }
}

#[handlers]
impl ReaderActor for Book {
    fn read(&mut self, value: Value) {
        self.write(value);
    }
    fn pass(&mut self, value: Gate) {
        value.pass();
    }
    fn keep(&mut self, value: Option<Subscription>) {
        self.kept = value;
    }
    fn crash(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("on purpose"))
    }
    fn ping(&self) {}
}

#[handlers]
impl SmallActor for Book {
    fn read(&mut self, value: Value) {
        self.write(value);
    }
    fn pass(&mut self, gate: Gate) {
        gate.pass();
    }
}

#[handlers]
impl LeakyActor for Book {
    fn read(&mut self, value: Value) {
        self.write(value);
    }
    fn pass(&mut self, gate: Gate) {
        gate.pass();
    }
}

fn book() -> (Book, Seen) {
    let book = Book::default();
    let seen = Arc::clone(&book.seen);
    (book, seen)
}

fn reader(system: &System) -> (ReaderHandle, Seen) {
    let (book, seen) = book();
    (Reader::spawn(system, book), seen)
}

fn quiet() -> System {
    System::builder().workers(2).quiet().build().unwrap()
}

fn take(seen: &Seen) -> Vec<Value> {
    std::mem::take(&mut seen.lock().unwrap())
}

/// The numbers that came of one publisher.
fn of(values: &[Value], publisher: u32) -> Vec<u32> {
    let of = values.iter().filter(|value| value.0 == publisher);
    of.map(|value| value.1).collect()
}

/// Adds up reports.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
struct Account {
    subscribers: u64,
    delivered: u64,
    dropped: u64,
    gone: u64,
    unsubscribed: u64,
}

impl Account {
    fn add(&mut self, published: Published) {
        self.subscribers += published.subscribers() as u64;
        self.delivered += published.delivered() as u64;
        self.dropped += published.dropped() as u64;
        self.gone += published.gone() as u64;
        self.unsubscribed += published.unsubscribed() as u64;
    }

    fn of_all_kinds(self) -> u64 {
        self.delivered + self.dropped + self.gone
    }

    fn sum(self, other: Account) -> Account {
        Account {
            subscribers: self.subscribers + other.subscribers,
            delivered: self.delivered + other.delivered,
            dropped: self.dropped + other.dropped,
            gone: self.gone + other.gone,
            unsubscribed: self.unsubscribed + other.unsubscribed,
        }
    }
}

#[test]
fn everything_arrives_in_order_whatever_the_protocols() {
    within(60, || {
        let system = quiet();
        let topic = Topic::new();
        let readers: Vec<_> = (0..20).map(|_| reader(&system)).collect();
        let (book, seen) = book();
        let leaky = Leaky::builder(book).mailbox(1_000).spawn(&system).unwrap();
        let mut subscriptions: Vec<_> = readers
            .iter()
            .map(|(reader, _)| topic.subscribe(reader.recipient(Reader::Read)))
            .collect();
        subscriptions.push(topic.subscribe(leaky.recipient(|value| Leaky::Read { value })));
        for number in 0..500 {
            let published = topic.publish((0, number));
            assert_eq!((published.delivered(), published.subscribers()), (21, 21));
        }
        leaky.stop();
        leaky.stopped().wait().unwrap();
        let all: Vec<_> = (0..500).collect();
        for (reader, seen) in &readers {
            reader.ping().wait().unwrap();
            assert_eq!(of(&seen.lock().unwrap(), 0), all);
        }
        assert_eq!(of(&seen.lock().unwrap(), 0), all);
        assert_eq!(topic.subscriber_count(), 20);
    });
}

/// A `Small` at a gate: two values fit.
fn stuck(system: &System) -> (SmallHandle, Seen, Gate) {
    let (book, seen) = book();
    let (small, gate) = (Small::spawn(system, book), Gate::default());
    small.pass(gate.clone()).wait().unwrap();
    gate.await_arrival();
    (small, seen, gate)
}

#[test]
fn what_a_slow_one_has_no_room_for_is_dropped_and_counted() {
    within(60, || {
        let system = quiet();
        let topic = Topic::new();
        let ((small, seen, gate), (fast, all)) = (stuck(&system), reader(&system));
        let _slow = topic.subscribe(small.recipient(|value| Small::Read { value }));
        let _fast = topic.subscribe(fast.recipient(Reader::Read));
        let reports: Vec<_> = (0..5).map(|number| topic.publish((0, number))).collect();
        assert_eq!(reports[1].to_string(), "2 delivered");
        assert_eq!(reports[2].to_string(), "1 delivered, 1 dropped");
        assert_eq!(reports[4], reports[2]);
        assert_eq!(small.dropped(), 3);
        assert_eq!(topic.subscriber_count(), 2);
        gate.open();
        eventually("there is room", || small.queued() == 0);
        assert_eq!(topic.publish((0, 5)).delivered(), 2);
        small.stop();
        small.stopped().wait().unwrap();
        fast.ping().wait().unwrap();
        assert_eq!(of(&take(&seen), 0), [0, 1, 5]);
        assert_eq!(of(&take(&all), 0), [0, 1, 2, 3, 4, 5]);
        let stats = small.stats();
        assert_eq!((stats.handled(), stats.dropped(), stats.sent()), (4, 3, 7));
    });
}

#[test]
fn or_it_is_unsubscribed_and_all_are_told() {
    within(60, || {
        let system = quiet();
        let mut events = system.events();
        let (named, unnamed) = (system.topic("news").unwrap(), Topic::new());
        let ((small, seen, gate), (fast, all)) = (stuck(&system), reader(&system));
        let recipient = small.recipient(|value| Small::Read { value });
        let first = named.subscribe_with(recipient.clone(), Slow::Unsubscribe);
        let second = unnamed.subscribe_with(recipient, Slow::Unsubscribe);
        let _fast = named.subscribe(fast.recipient(Reader::Read));
        assert_eq!(small.watchers(), 2);
        for number in 0..2 {
            named.publish((0, number));
        }
        let published = named.publish((0, 2));
        assert_eq!(
            published.to_string(),
            "1 delivered, 1 dropped, 1 unsubscribed"
        );
        assert_eq!(unnamed.publish((1, 0)).unsubscribed(), 1);
        assert_eq!(named.publish((0, 3)).to_string(), "1 delivered");
        assert_eq!(unnamed.publish((1, 1)).subscribers(), 0);
        assert!(!first.is_active() && !second.is_active());
        assert_eq!((named.subscriber_count(), small.watchers()), (1, 0));
        let told: Vec<_> = events
            .try_iter()
            .filter(|event| matches!(event.kind(), EventKind::Unsubscribed { .. }))
            .collect();
        assert!(told.iter().all(|e| e.actor() == Some(&small.label())));
        let told: Vec<_> = told.iter().map(|event| event.kind().to_string()).collect();
        assert_eq!(
            told,
            [
                "was unsubscribed from the topic \"news\": its mailbox was full",
                "was unsubscribed from a topic of `(u32, u32)`: its mailbox was full"
            ]
        );
        gate.open();
        drop((first, second));
        small.stop();
        small.stopped().wait().unwrap();
        assert_eq!(small.dropped(), 2);
        assert_eq!(take(&seen), [(0, 0), (0, 1)]);
        fast.ping().wait().unwrap();
        assert_eq!(of(&take(&all), 0), [0, 1, 2, 3]);
    });
}

#[test]
fn a_mailbox_that_drops_by_itself_is_never_full() {
    within(60, || {
        let system = quiet();
        let topic = Topic::new();
        let ((book, seen), gate) = (book(), Gate::default());
        let leaky = Leaky::spawn(&system, book);
        leaky.pass(gate.clone()).unwrap();
        gate.await_arrival();
        let recipient = leaky.recipient(|value| Leaky::Read { value });
        let _subscription = topic.subscribe_with(recipient, Slow::Unsubscribe);
        for number in 0..9 {
            assert_eq!(topic.publish((0, number)).to_string(), "1 delivered");
        }
        gate.open();
        leaky.stop();
        leaky.stopped().wait().unwrap();
        assert_eq!(leaky.dropped(), 7);
        assert_eq!(take(&seen), [(0, 7), (0, 8)]);
    });
}

/// The place that it waits for would be its own.
#[test]
fn a_message_that_is_sent_while_another_is_made_waits_for_nobody() {
    within(60, || {
        let system = quiet();
        let (outer, inner) = (Topic::new(), Topic::<Value>::new());
        let ((book, seen), gate) = (book(), Gate::default());
        let leaky = Leaky::builder(book).mailbox(1).spawn(&system).unwrap();
        leaky.pass(gate.clone()).unwrap();
        gate.await_arrival();
        let _inner = inner.subscribe(leaky.recipient(|value| Leaky::Read { value }));
        let (again, other) = (inner.clone(), leaky.downgrade());
        let make = move |value: Value| {
            assert_eq!(again.publish((1, value.1)).delivered(), 1);
            let same = other.upgrade().unwrap();
            same.read((2, value.1)).unwrap();
            Leaky::Read { value }
        };
        let _outer = outer.subscribe(leaky.recipient(make));
        for number in 0..3 {
            assert_eq!(outer.publish((0, number)).delivered(), 1);
        }
        gate.open();
        leaky.stop();
        leaky.stopped().wait().unwrap();
        assert_eq!(take(&seen), [(0, 2)]);
        let stats = leaky.stats();
        assert_eq!((stats.handled(), stats.dropped(), stats.sent()), (2, 8, 10));
    });
}

#[test]
fn who_has_ended_is_forgotten_though_nobody_publishes() {
    within(60, || {
        let system = quiet();
        let topic = Topic::new();
        let held = Arc::new(());
        let subscribe = |reader: &ReaderHandle| {
            let held = Arc::clone(&held);
            let make = move |value| {
                let _held = &held;
                Reader::Read(value)
            };
            topic.subscribe(reader.recipient(make))
        };
        let readers: Vec<_> = (0..6).map(|_| reader(&system).0).collect();
        let subscriptions: Vec<_> = readers.iter().map(&subscribe).collect();
        assert_eq!((topic.subscriber_count(), Arc::strong_count(&held)), (6, 7));
        readers[0].stop();
        readers[1].kill();
        readers[2].crash().unwrap();
        for reader in &readers[..3] {
            reader.stopped().wait().unwrap();
        }
        // Also in the moment between an end and its notice.
        assert_eq!(topic.subscriber_count(), 3);
        assert!(!subscriptions[0].is_active() && subscriptions[3].is_active());
        eventually("the closures are dropped", || Arc::strong_count(&held) == 4);
        // One that nobody holds any more ends by itself.
        let mut readers = readers;
        let last = readers.pop().unwrap();
        let stopped = last.stopped();
        drop(last);
        stopped.wait().unwrap();
        assert_eq!(topic.subscriber_count(), 2);
        // One that has ended already, and a seat that nobody takes.
        let late = subscribe(&readers[0]);
        assert!(!late.is_active());
        let seat = Reader::reserve(&system);
        let waiting = subscribe(&seat.handle());
        assert_eq!(topic.publish((0, 0)).delivered(), 3);
        drop(seat);
        eventually("the seat is given up", || !waiting.is_active());
        eventually("the closures are dropped", || Arc::strong_count(&held) == 3);
        system.shutdown().wait().unwrap();
        assert_eq!(topic.subscriber_count(), 0);
        assert_eq!(topic.publish((0, 1)).delivered(), 0);
        eventually("the closures are dropped", || Arc::strong_count(&held) == 1);
        let nobody = reader(&system).0;
        assert!(!subscribe(&nobody).is_active());
        assert_eq!(format!("{late:?}"), "Subscription { active: false }");
    });
}

#[test]
fn one_that_is_about_to_end_is_gone() {
    within(60, || {
        let system = quiet();
        let topic = Topic::new();
        let ((one, seen), gate) = (reader(&system), Gate::default());
        let (stopped, other) = (one.stopped(), reader(&system).0);
        let _both = [&one, &other].map(|reader| topic.subscribe(reader.recipient(Reader::Read)));
        one.pass(gate.clone()).unwrap();
        other.pass(gate.clone()).unwrap();
        gate.await_arrival();
        topic.publish((0, 0));
        // Nobody holds the one, and the other has closed its door.
        drop(one);
        other.stop();
        assert_eq!(topic.publish((0, 1)).to_string(), "0 delivered, 2 gone");
        gate.open();
        stopped.wait().unwrap();
        other.stopped().wait().unwrap();
        assert_eq!(take(&seen), [(0, 0)]);
        assert_eq!(topic.publish((0, 2)).delivered(), 0);
    });
}

#[test]
fn a_dropped_subscription_delivers_nothing_more() {
    within(60, || {
        let system = quiet();
        let topic = Topic::new();
        let (reader, seen) = reader(&system);
        let first = topic.subscribe(reader.recipient(Reader::Read));
        let second = topic.subscribe(reader.recipient(|(_, number)| Reader::Read((1, number))));
        topic.publish((0, 0));
        drop(first);
        topic.publish((0, 1));
        second.detach();
        assert_eq!((topic.subscriber_count(), reader.watchers()), (1, 1));
        topic.publish((0, 2));
        // One in the subscriber's own state.
        let kept = topic.subscribe(reader.recipient(|(_, number)| Reader::Read((2, number))));
        reader.keep(Some(kept)).unwrap();
        topic.publish((0, 3));
        reader.keep(None).unwrap();
        reader.ping().wait().unwrap();
        topic.publish((0, 4));
        reader.ping().wait().unwrap();
        let seen = take(&seen);
        assert_eq!(of(&seen, 0), [0]);
        assert_eq!(of(&seen, 1), [0, 1, 2, 3, 4]);
        assert_eq!(of(&seen, 2), [3]);
        // With its topic a subscription is gone as well.
        drop(topic);
        assert_eq!(reader.watchers(), 0);
    });
}

#[test]
fn one_that_leaves_in_the_middle_of_it_is_gone() {
    within(60, || {
        let system = quiet();
        let topic = Topic::new();
        let ((one, _), (two, seen)) = (reader(&system), reader(&system));
        let last = Arc::new(Mutex::new(None));
        let leaving = Arc::clone(&last);
        let make = move |value| {
            drop(leaving.lock().unwrap().take());
            Reader::Read(value)
        };
        let _first = topic.subscribe(one.recipient(make));
        let second = topic.subscribe(two.recipient(Reader::Read));
        *last.lock().unwrap() = Some(second);
        assert_eq!(topic.publish((0, 0)).to_string(), "1 delivered, 1 gone");
        assert_eq!(topic.publish((0, 1)).to_string(), "1 delivered");
        two.ping().wait().unwrap();
        assert_eq!(take(&seen), []);
    });
}

#[supervisor]
enum Shelf {
    #[child(restart = permanent)]
    Main(Reader),
}

struct Library(Seen);

impl ShelfChildren for Library {
    fn main(&mut self, _: &ShelfHandle) -> Child<Reader> {
        let (seen, kept) = (Arc::clone(&self.0), None);
        Reader::child(Book { seen, kept })
    }
}

#[test]
fn a_restarted_subscriber_stays_subscribed() {
    within(60, || {
        let system = quiet();
        let (topic, seen) = (Topic::new(), Seen::default());
        let shelf = Shelf::start(&system, Library(Arc::clone(&seen)));
        let shelf = shelf.wait().unwrap();
        let main = shelf.main();
        topic.subscribe(main.recipient(Reader::Read)).detach();
        // One that belongs to the state ends with it.
        let kept = topic.subscribe(main.recipient(|(_, number)| Reader::Read((1, number))));
        main.keep(Some(kept)).unwrap();
        topic.publish((0, 0));
        main.crash().unwrap();
        topic.publish((0, 1));
        main.ping().wait().unwrap();
        topic.publish((0, 2));
        main.ping().wait().unwrap();
        assert_eq!(of(&take(&seen), 0), [0, 1, 2]);
        // Stopped, it has a closed door until it is started again.
        main.stop();
        let delivered = (3..).find(|&number| {
            let published = topic.publish((0, number));
            assert_eq!(published.delivered() + published.gone(), 1);
            published.delivered() == 1
        });
        assert_eq!(topic.subscriber_count(), 1);
        main.ping().wait().unwrap();
        assert_eq!(of(&take(&seen), 0), [delivered.unwrap()]);
    });
}

#[test]
fn names_are_for_topics_of_one_type_and_are_given_back() {
    within(60, || {
        let (system, other) = (quiet(), quiet());
        let (reader, seen) = reader(&system);
        let news = system.topic::<Value>("news").unwrap();
        assert_eq!(news, system.topic("news").unwrap());
        assert_ne!(news, other.topic("news").unwrap());
        assert_ne!(news, system.topic("").unwrap());
        assert_eq!(news.name(), Some("news"));
        assert_eq!(format!("{news:?}"), "Topic<(u32, u32)>(\"news\")");
        assert_eq!(format!("{:?}", Topic::<u8>::default()), "Topic<u8>");
        let error = system.topic::<String>("news").unwrap_err();
        assert_eq!(
            Failure::from(error).to_string(),
            "the topic \"news\" carries `(u32, u32)`, not `alloc::string::String`"
        );
        // Without handles it lives for its subscribers.
        let first = news.subscribe(reader.recipient(Reader::Read));
        drop(news);
        assert!(system.topic::<u8>("news").is_err());
        system.topic::<Value>("news").unwrap().publish((0, 0));
        // A subscription that was dropped, and an actor that has ended, let go.
        drop(first);
        let bytes = system.topic::<u8>("news").unwrap();
        drop(bytes);
        let news = system.topic::<Value>("news").unwrap();
        news.subscribe(reader.recipient(Reader::Read)).detach();
        drop(news);
        assert!(system.topic::<u8>("news").is_err());
        reader.stop();
        reader.stopped().wait().unwrap();
        eventually("the name is free", || system.topic::<u8>("news").is_ok());
        assert_eq!(take(&seen), [(0, 0)]);
    });
}

#[test]
fn names_are_looked_up_from_many_threads() {
    within(60, || {
        let system = quiet();
        let (reader, _) = reader(&system);
        let (found, refused) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for round in 0..4 {
                let (system, reader, found, refused) = (&system, &reader, &found, &refused);
                scope.spawn(move || {
                    for _ in 0..2_000 {
                        let there = if round % 2 == 0 {
                            system.topic::<Value>("news").map(|topic| {
                                drop(topic.subscribe(reader.recipient(Reader::Read)));
                            })
                        } else {
                            system.topic::<u8>("news").map(drop)
                        };
                        let count = if there.is_ok() { found } else { refused };
                        count.fetch_add(1, SeqCst);
                    }
                });
            }
        });
        assert_eq!(found.into_inner() + refused.into_inner(), 8_000);
        assert!(system.topic::<String>("news").is_ok(), "nobody has it");
        assert_eq!(reader.watchers(), 0);
    });
}

/// A value whose clone, and whose drop, are up to something.
struct Busy {
    topic: Topic<Busy>,
    bomb: bool,
    clones: Arc<AtomicU32>,
}

impl Clone for Busy {
    fn clone(&self) -> Self {
        assert!(self.clones.fetch_add(1, SeqCst) < 1_000, "too many clones");
        // Whoever holds the lock here would wait for himself.
        assert!(self.topic.subscriber_count() < 100);
        Busy {
            topic: self.topic.clone(),
            bomb: self.bomb,
            clones: Arc::clone(&self.clones),
        }
    }
}

impl Busy {
    fn defuse(mut self) {
        self.bomb = false;
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        assert!(self.topic.subscriber_count() < 100);
        assert!(!self.bomb || thread::panicking(), "on purpose");
    }
}

#[actor(mailbox = 1, overflow = reject)]
enum Hearer {
    Hear(Busy),
    Pass(Gate),
}

struct Ear;

#[handlers]
impl HearerActor for Ear {
    /// What arrives does no harm.
    fn hear(&mut self, value: Busy) {
        value.defuse();
    }
    fn pass(&mut self, value: Gate) {
        value.pass();
    }
}

#[test]
fn what_belongs_to_the_user_may_do_what_it_likes() {
    within(60, || {
        let system = quiet();
        let topic = Topic::new();
        let clones = Arc::new(AtomicU32::new(0));
        let value = |bomb| Busy {
            topic: topic.clone(),
            bomb,
            clones: Arc::clone(&clones),
        };
        let gate = Gate::default();
        let hearers: Vec<_> = (0..3).map(|_| Hearer::spawn(&system, Ear)).collect();
        hearers[0].pass(gate.clone()).unwrap();
        gate.await_arrival();
        let inner = topic.clone();
        let makes = |value| Hearer::Hear(value);
        topic.subscribe(hearers[0].recipient(makes)).detach();
        // One whose function subscribes, and one whose function panics.
        let again = Mutex::new(Some(hearers[2].recipient(makes)));
        let make = move |value| {
            if let Some(again) = again.lock().unwrap().take() {
                inner.subscribe(again).detach();
            }
            Hearer::Hear(value)
        };
        topic.subscribe(hearers[1].recipient(make)).detach();
        let panics = |_: Busy| -> Hearer { panic!("on purpose") };
        topic.subscribe(hearers[2].recipient(panics)).detach();
        let published = topic.publish(value(false));
        assert_eq!(published.to_string(), "2 delivered, 1 dropped");
        assert_eq!(topic.subscriber_count(), 4);
        assert_eq!(clones.load(SeqCst), 2, "the last one gets the value itself");
        eventually("the second has heard", || hearers[1].queued() == 0);
        // One whose drop panics, where there is no room for it.
        assert!(topic.publish(value(true)).dropped() >= 2);
        assert_eq!(hearers[0].dropped(), 1);
        // A clone that panics is the publisher's, and leaves all in order.
        clones.store(1_000, SeqCst);
        let clone = std::panic::AssertUnwindSafe(|| topic.publish(value(false)));
        assert!(std::panic::catch_unwind(clone).is_err());
        clones.store(0, SeqCst);
        gate.open();
        drop(hearers);
        eventually("all have ended", || system.actor_count() == 0);
        assert_eq!(topic.publish(value(false)).delivered(), 0);
    });
}

/// What the function of a subscriber holds is dropped when that leaves: this
/// publishes, and subscribes another.
struct Farewell {
    topic: Topic<Value>,
    heir: Option<ReaderHandle>,
    panics: bool,
}

impl Drop for Farewell {
    fn drop(&mut self) {
        let heir = self.heir.take().unwrap();
        self.topic.subscribe(heir.recipient(Reader::Read)).detach();
        self.topic.publish((7, heir.holders() as u32));
        assert!(!self.panics, "on purpose");
    }
}

#[test]
fn what_a_subscriber_leaves_behind_may_publish_and_subscribe() {
    within(60, || {
        let system = quiet();
        let topic = Topic::new();
        let subscribe = |to: &ReaderHandle, heir: &ReaderHandle, panics| {
            let farewell = Farewell {
                topic: topic.clone(),
                heir: Some(heir.clone()),
                panics,
            };
            let make = move |value| {
                let _keep = &farewell;
                Reader::Read(value)
            };
            topic.subscribe(to.recipient(make))
        };
        // By its subscription, by its end, and as it comes too late.
        let readers: Vec<_> = (0..3).map(|_| reader(&system)).collect();
        let (first, heir) = (&readers[0].0, &readers[1]);
        drop(subscribe(first, &heir.0, true));
        assert_eq!(topic.subscriber_count(), 1);
        let leaving = subscribe(first, &heir.0, true);
        first.stop();
        first.stopped().wait().unwrap();
        eventually("it has left", || topic.subscriber_count() == 2);
        assert!(!leaving.is_active());
        // (What comes too late is dropped by who subscribes, who gets a panic.)
        assert!(!subscribe(first, &heir.0, false).is_active());
        eventually("all have left", || topic.subscriber_count() == 3);
        assert_eq!(topic.publish((0, 0)).delivered(), 3);
        heir.0.ping().wait().unwrap();
        // Each of the three farewells came to those who were there.
        assert_eq!(of(&heir.1.lock().unwrap(), 7).len(), 1 + 2 + 3);
        assert_eq!(of(&heir.1.lock().unwrap(), 0).len(), 3);
        system.shutdown().wait().unwrap();
        assert_eq!(topic.subscriber_count(), 0);
    });
}

#[test]
fn one_who_comes_meanwhile_gets_all_that_is_published_from_then_on() {
    within(120, || {
        let system = quiet();
        let topic = Topic::new();
        let (begun, done) = (AtomicU32::new(0), AtomicU32::new(0));
        let over = std::sync::atomic::AtomicBool::new(false);
        let (steady, all) = reader(&system);
        let _steady = topic.subscribe(steady.recipient(Reader::Read));
        let mut met = 0;
        thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(SeqCst) {
                    let number = begun.fetch_add(1, SeqCst);
                    topic.publish((0, number));
                    done.store(number + 1, SeqCst);
                }
            });
            for round in 0..300 {
                let (reader, seen) = reader(&system);
                let before = done.load(SeqCst);
                let subscription = topic.subscribe(reader.recipient(Reader::Read));
                let after = begun.load(SeqCst);
                // Some stay for a while, and some leave at once.
                while round % 2 == 0 && done.load(SeqCst) < after + 3 {
                    thread::yield_now();
                }
                let until = done.load(SeqCst);
                drop(subscription);
                let last = begun.load(SeqCst);
                reader.ping().wait().unwrap();
                // What was under way when it left may come late.
                eventually("it is done", || done.load(SeqCst) >= last);
                reader.ping().wait().unwrap();
                let seen = of(&take(&seen), 0);
                assert!(seen.is_sorted_by(|a, b| a + 1 == *b), "{seen:?}");
                let (from, to) = match (seen.first(), seen.last()) {
                    (Some(&first), Some(&end)) => (first, end + 1),
                    _ => (after, after),
                };
                assert!(before <= from && from <= after, "{before} {from} {after}");
                assert!(to <= last && (to >= until || until <= from));
                met += seen.len();
            }
            over.store(true, SeqCst);
        });
        steady.ping().wait().unwrap();
        let all = of(&take(&all), 0);
        assert_eq!(all, (0..begun.into_inner()).collect::<Vec<_>>());
        assert!(met >= 2 * 150, "at least two of three each: {met}");
        assert_eq!(topic.subscriber_count(), 1);
    });
}

#[test]
fn from_four_threads_each_in_its_order() {
    within(120, || {
        let system = quiet();
        let topic = Topic::new();
        let readers: Vec<_> = (0..5).map(|_| reader(&system)).collect();
        for (reader, _) in &readers {
            topic.subscribe(reader.recipient(Reader::Read)).detach();
        }
        thread::scope(|scope| {
            for publisher in 0..4 {
                let topic = &topic;
                scope.spawn(move || {
                    for number in 0..3_000 {
                        assert_eq!(topic.publish((publisher, number)).delivered(), 5);
                    }
                });
            }
        });
        for (reader, seen) in &readers {
            reader.ping().wait().unwrap();
            let seen = take(seen);
            for publisher in 0..4 {
                assert_eq!(of(&seen, publisher), (0..3_000).collect::<Vec<_>>());
            }
        }
    });
}

/// Publishes from four threads while subscribers of all kinds come and go.
#[test]
fn nothing_is_lost_or_doubled() {
    within(120, || {
        let system = quiet();
        let topic = Topic::new();
        let mut smalls = Vec::new();
        let mut readers: Vec<_> = (0..4).map(|_| reader(&system)).collect();
        for (reader, _) in &readers {
            topic.subscribe(reader.recipient(Reader::Read)).detach();
        }
        for place in 0..6 {
            let (book, seen) = book();
            let small = Small::spawn(&system, book);
            let slow = [Slow::Drop, Slow::Unsubscribe][place % 2];
            let recipient = small.recipient(|value| Small::Read { value });
            topic.subscribe_with(recipient, slow).detach();
            smalls.push((small, seen));
        }
        let account = Mutex::new(Account::default());
        thread::scope(|scope| {
            for publisher in 0..4 {
                let (topic, account) = (&topic, &account);
                scope.spawn(move || {
                    let mut own = Account::default();
                    for number in 0..2_000 {
                        own.add(topic.publish((publisher, number)));
                    }
                    let mut account = account.lock().unwrap();
                    *account = account.sum(own);
                });
            }
            for place in 0..100 {
                let (reader, seen) = reader(&system);
                let subscription = topic.subscribe(reader.recipient(Reader::Read));
                thread::yield_now();
                match place % 3 {
                    0 => drop(subscription),
                    1 => reader.stop(),
                    _ => reader.kill(),
                }
                readers.push((reader, seen));
            }
            smalls[0].0.kill();
        });
        let account = *account.lock().unwrap();
        assert_eq!(account.subscribers, account.of_all_kinds());
        let (mut handled, mut dropped) = (0, 0);
        let mut count = |stats: zctor::Stats, seen: &Seen| {
            // A kill may come between the count of a message and its handler.
            let seen = take(seen);
            assert!(stats.handled() - seen.len() as u64 <= 1);
            assert_eq!(stats.queued(), 0);
            for publisher in 0..4 {
                let numbers = of(&seen, publisher);
                assert!(numbers.is_sorted_by(|a, b| a < b), "once and in order");
            }
            handled += stats.handled();
            dropped += stats.dropped();
        };
        for (reader, seen) in &readers {
            reader.stop();
            reader.stopped().wait().unwrap();
            count(reader.stats(), seen);
        }
        for (small, seen) in &smalls {
            small.stop();
            small.stopped().wait().unwrap();
            count(small.stats(), seen);
        }
        // What was dropped for want of room, and what was queued at the end.
        assert_eq!(handled + dropped, account.delivered + account.dropped);
        assert!(account.dropped > 0 && account.unsubscribed <= 3);
        for (reader, _) in &readers[..4] {
            assert_eq!(reader.stats().handled(), 8_000);
        }
    });
}

// ---- simulated

#[actor(mailbox = 3, overflow = reject)]
enum Guest {
    Read(Value),
}

#[derive(Default)]
struct Slowly(Seen);

#[handlers]
impl GuestActor for Slowly {
    async fn read(&mut self, value: Value, ctx: &mut Context<Guest>) {
        self.0.lock().unwrap().push(value);
        yields(ctx.random() % 4).await;
    }
}

async fn yields(mut times: u64) {
    std::future::poll_fn(|cx| {
        if times == 0 {
            return Poll::Ready(());
        }
        times -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[derive(Default)]
struct Party {
    account: Account,
    guests: Vec<(GuestHandle, Seen)>,
    subscriptions: Vec<Subscription>,
}

#[actor]
enum Host {
    Go,
}

struct Voice {
    name: u32,
    next: u32,
    party: Arc<Mutex<Party>>,
}

#[handlers]
impl HostActor for Voice {
    fn go(&mut self, ctx: &mut Context<Host>) -> Result<(), Failure> {
        let topic: Topic<Value> = ctx.system().topic("party")?;
        let mut party = self.party.lock().unwrap();
        match ctx.random() % 12 {
            0 | 1 => {
                let seen = Seen::default();
                let guest = Guest::spawn(&ctx.system(), Slowly(Arc::clone(&seen)));
                let slow = [Slow::Drop, Slow::Unsubscribe][ctx.random() as usize % 2];
                let subscription = topic.subscribe_with(guest.recipient(Guest::Read), slow);
                party.subscriptions.push(subscription);
                party.guests.push((guest, seen));
            }
            2 => {
                party.subscriptions.pop();
            }
            3 if !party.guests.is_empty() => {
                let place = ctx.random() as usize % party.guests.len();
                let guest = &party.guests[place].0;
                match ctx.random() % 2 {
                    0 => guest.stop(),
                    _ => guest.kill(),
                }
            }
            _ => {
                // Nobody else runs meanwhile.
                let subscribers = topic.subscriber_count();
                let published = topic.publish((self.name, self.next));
                assert_eq!(published.subscribers(), subscribers);
                party.account.add(published);
                self.next += 1;
            }
        }
        match self.next {
            20 => ctx.stop(),
            _ => ctx.handle().go()?,
        }
        Ok(())
    }
}

type Story = (Account, Vec<Vec<Value>>, u64);

fn simulate(seed: u64) -> Story {
    let sim = Sim::new(seed);
    let party = Arc::new(Mutex::new(Party::default()));
    let hosts: Vec<_> = (0..3)
        .map(|name| {
            let party = Arc::clone(&party);
            let next = 0;
            Host::spawn(sim.system(), Voice { name, next, party })
        })
        .collect();
    hosts.iter().for_each(|host| host.go().unwrap());
    let ended = sim.block_on(async {
        for host in &hosts {
            assert!(host.stopped().await.is_orderly(), "seed {seed}");
        }
    });
    ended.unwrap();
    let Party {
        account,
        guests,
        subscriptions,
    } = std::mem::take(&mut *party.lock().unwrap());
    let (mut handled, mut dropped, mut stories) = (0, 0, Vec::new());
    for (guest, seen) in &guests {
        guest.stop();
        sim.block_on(guest.stopped()).unwrap();
        let (stats, seen) = (guest.stats(), take(seen));
        assert_eq!(stats.handled(), seen.len() as u64, "seed {seed}");
        for name in 0..3 {
            let numbers = of(&seen, name);
            assert!(numbers.is_sorted_by(|a, b| a < b), "seed {seed}");
        }
        handled += stats.handled();
        dropped += stats.dropped();
        stories.push(seen);
    }
    assert_eq!(account.subscribers, account.of_all_kinds(), "seed {seed}");
    let arrived = account.delivered + account.dropped;
    assert_eq!(handled + dropped, arrived, "seed {seed}");
    // Neither handles nor subscribers: the name is free.
    assert!(sim.system().topic::<u8>("party").is_ok(), "seed {seed}");
    assert!(subscriptions.iter().all(|one| !one.is_active()));
    (account, stories, sim.steps())
}

#[test]
fn whatever_the_order() {
    within(300, || {
        let mut all = Account::default();
        let mut stories = BTreeSet::new();
        for seed in 0..1_000 {
            let story = simulate(seed);
            if seed % 10 == 0 {
                assert_eq!(story, simulate(seed), "seed {seed}");
            }
            all = all.sum(story.0);
            stories.insert(story.1);
        }
        assert!(stories.len() > 950, "only {} stories", stories.len());
        let Account {
            delivered,
            dropped,
            gone,
            unsubscribed,
            ..
        } = all;
        assert!(
            delivered.min(dropped).min(gone).min(unsubscribed) > 100,
            "{all:?}"
        );
    });
}
