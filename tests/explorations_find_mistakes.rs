//! An exploration finds what goes wrong in a rare order, tells it in the
//! shortest way, and gives what repeats it.

mod support;

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::within;
use zctor::prelude::*;
use zctor::sim::{self, Explorer, Fault, Faults, Replay, Schedule, Sim, SimSystem};

/// A register that two writers read, change, and write back.
#[actor]
enum Register {
    #[reply(u32)]
    Read,
    Write(u32),
}

#[derive(Default)]
struct Cell(u32);

#[handlers]
impl RegisterActor for Cell {
    fn read(&self) -> u32 {
        self.0
    }
    fn write(&mut self, value: u32) {
        self.0 = value;
    }
}

/// Adds one, without holding the register meanwhile.
#[actor]
enum Writer {
    #[reply(())]
    AddOne,
}

struct Pen(RegisterHandle);

#[handlers]
impl WriterActor for Pen {
    async fn add_one(&mut self) {
        let before = self.0.read().await.unwrap();
        self.0.write(before + 1).unwrap();
    }
}

async fn lost_update(system: SimSystem) {
    let register = Register::spawn(&system, Cell::default());
    let writers: Vec<_> = (0..2)
        .map(|_| Writer::spawn(&system, Pen(register.clone())))
        .collect();
    let added: Vec<_> = writers
        .iter()
        .map(|writer| writer.add_one().send())
        .collect();
    for added in added {
        added.await.unwrap();
    }
    let sum = register.read().await.unwrap();
    assert_eq!(sum, 2, "an update was lost");
}

#[test]
fn a_lost_update_is_found_and_told() {
    within(60, || {
        let found = Explorer::new(0..1000).run(lost_update).unwrap_err();
        assert!(found.failure().contains("an update was lost"));
        let text = found.to_string();
        for part in [
            "fails after",
            "Read, from Writer#2",
            "Read, from Writer#3",
            "ZCTOR_SIM_REPLAY='",
            "explorations_find_mistakes.rs:",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        println!("{text}");
        assert!(found.replay().out_of_turn() <= 2, "{text}");
        let replay: Replay = found.replay().to_string().parse().unwrap();
        let again =
            std::panic::catch_unwind(|| Sim::builder(0).replay(replay).build().run(lost_update));
        assert!(again.is_err());
    });
}

/// With priorities, the same mistake is found as well.
#[test]
fn by_priorities_too() {
    within(60, || {
        let found = Explorer::new(0..1000)
            .schedule(Schedule::pct(2, 20))
            .run(lost_update);
        assert!(found.unwrap_err().failure().contains("an update was lost"));
    });
}

/// A mistake that needs three messages in an unlikely order: what everybody
/// does in turn never shows it.
#[actor]
enum Lock {
    Try(u32),
    #[reply(bool)]
    Opened,
}

#[derive(Default)]
struct Wheels(Vec<u32>);

#[handlers]
impl LockActor for Wheels {
    fn r#try(&mut self, digit: u32) {
        self.0.push(digit);
    }
    fn opened(&self) -> bool {
        self.0 == [2, 1, 0]
    }
}

#[actor]
enum Hand {
    Turn,
}

struct Finger {
    digit: u32,
    lock: LockHandle,
}

#[handlers]
impl HandActor for Finger {
    fn turn(&mut self) {
        self.lock.r#try(self.digit).unwrap();
    }
}

async fn burglary(system: SimSystem) -> Result<(), String> {
    let lock = Lock::spawn(&system, Wheels::default());
    let hand = |digit| {
        let lock = lock.clone();
        Hand::spawn(&system, Finger { digit, lock })
    };
    let hands: Vec<_> = (0..3).map(hand).collect();
    for hand in &hands {
        hand.turn().unwrap();
    }
    for hand in hands {
        hand.stop();
        hand.stopped().await;
    }
    match lock.opened().await {
        Ok(true) => Err("the lock is open".to_owned()),
        _ => Ok(()),
    }
}

#[test]
fn a_rare_order_is_reduced_to_what_matters() {
    within(60, || {
        let found = Explorer::new(0..1000).run(burglary).unwrap_err();
        assert_eq!(found.failure(), "the lock is open");
        let choices = found.replay().out_of_turn();
        assert!((1..=3).contains(&choices), "{found}");
        let in_turn = Explorer::new(0..50)
            .schedule(Schedule::RoundRobin)
            .run(burglary)
            .unwrap();
        assert_eq!(in_turn.runs(), 50);
    });
}

/// The first failing seed is the same, over however many threads.
#[test]
fn the_first_seed_is_told() {
    within(60, || {
        let first = |threads| {
            let explorer = Explorer::new(0..1000).threads(threads);
            explorer.run(burglary).unwrap_err().seed()
        };
        let alone = first(1);
        assert_eq!(first(4), alone);
        assert!(Explorer::new(0..alone).run(burglary).is_ok());
    });
}

#[test]
fn a_report_repeats_itself() {
    within(60, || {
        let report = || {
            Explorer::new(0..1000)
                .run(burglary)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(report(), report());
    });
}

/// A worker that keeps what it has done, and one that hands it pieces until
/// they are done.
#[actor]
enum Bench {
    #[reply(u32)]
    Piece(u32),
}

#[derive(Default, Clone)]
struct Shelf(Arc<Mutex<Vec<u32>>>);

#[handlers]
impl BenchActor for Shelf {
    async fn piece(&mut self, piece: u32, ctx: &mut Context<Bench>) -> u32 {
        self.0.lock().unwrap().push(piece);
        ctx.system().sleep(Duration::from_millis(1)).await;
        piece
    }
}

#[supervisor(max_restarts = 1000)]
enum Shop {
    #[child]
    Bench(Bench),
}

struct Room(Shelf);

impl ShopChildren for Room {
    fn bench(&mut self, _: &ShopHandle) -> Child<Bench> {
        let shelf = self.0.clone();
        Bench::child_with(move || shelf.clone())
    }
}

#[test]
fn what_goes_wrong_on_purpose_is_part_of_the_report() {
    within(60, || {
        let found = Explorer::new(0..1000)
            .faults(Faults::new().panic::<Bench>(5).kill::<Bench>(7))
            .run(|system| async move {
                let shelf = Shelf::default();
                let shop = Shop::start(&system, Room(shelf.clone())).await.unwrap();
                // Tried again, it may be done twice.
                for piece in 0..5 {
                    while shop.bench().piece(piece).await.is_err() {}
                }
                let done = shelf.0.lock().unwrap().clone();
                if done == [0, 1, 2, 3, 4] {
                    Ok(())
                } else {
                    Err("done twice")
                }
            })
            .unwrap_err();
        let text = found.to_string();
        assert_eq!(found.failure(), "done twice");
        // A panic comes before the handler, a kill while it works.
        assert_eq!(found.replay().faults().len(), 1, "{text}");
        assert!(text.contains("is killed in its message"), "{text}");
        assert!(text.contains("(incarnation 2)"), "{text}");
    });
}

#[test]
fn crashes_fail_if_they_are_to() {
    within(60, || {
        let scenario = |system: SimSystem| async move {
            let bench = Bench::spawn(&system, Shelf::default());
            let _ = bench.piece(1).await;
        };
        let faulty = Faults::new().panic::<Bench>(1);
        // One that was asked for does not count.
        let explorer = Explorer::new(0..10).fail_on_crash();
        assert!(explorer.clone().faults(faulty).run(scenario).is_ok());
        let found = explorer.run(|system| async move {
            let fragile = Fragile::spawn(&system, Glass);
            let _ = fragile.drop_it().await;
        });
        assert!(found.unwrap_err().failure().contains("Fragile#1 crashed"));
    });
}

#[actor]
enum Fragile {
    #[reply(())]
    DropIt,
}

struct Glass;

#[handlers]
impl FragileActor for Glass {
    fn drop_it(&mut self) {
        panic!("broken");
    }
}

/// Asks the next one and waits, with the answer put aside.
#[actor]
enum Ring {
    Know(RingHandle),
    #[reply((), deferred)]
    Pass,
    Start,
}

#[derive(Default)]
struct Link {
    next: Option<RingHandle>,
    kept: Vec<Reply<()>>,
}

#[handlers]
impl RingActor for Link {
    fn know(&mut self, next: RingHandle) {
        self.next = Some(next);
    }
    fn pass(&mut self, reply: Reply<()>) {
        self.kept.push(reply);
    }
    async fn start(&mut self) {
        let next = self.next.clone().unwrap();
        let _ = next.pass().await;
    }
}

#[test]
fn whoever_waits_for_ever_is_told_with_the_circle() {
    within(60, || {
        let sim = Sim::new(5);
        let links: Vec<_> = (0..3)
            .map(|_| Ring::spawn(sim.system(), Link::default()))
            .collect();
        for (place, link) in links.iter().enumerate() {
            link.know(links[(place + 1) % 3].clone()).unwrap();
        }
        for link in &links {
            link.start().unwrap();
            sim.run_until_idle();
        }
        let stalled = sim.block_on(links[0].stopped()).unwrap_err();
        assert_eq!(stalled.waits().count(), 3);
        let cycle = stalled.cycle().map(|cycle| cycle.actors().len());
        assert_eq!(cycle, Some(3), "{stalled}");
        assert!(
            stalled
                .to_string()
                .contains("in a circle: Ring#1 waits for Ring#2"),
            "{stalled}"
        );
    });
}

#[test]
fn a_run_without_end_ends_at_its_limits() {
    #[actor]
    enum Clock {
        #[every("1s")]
        #[internal]
        Tick,
    }
    struct Hand;
    #[handlers]
    impl ClockActor for Hand {
        fn tick(&mut self) {}
    }
    within(60, || {
        let forever = |system: SimSystem| async move {
            let clock = Clock::spawn(&system, Hand);
            clock.stopped().await;
        };
        let hour = Duration::from_secs(3600);
        let sim = Sim::builder(1).time_limit(hour).build();
        let stalled = sim.run(forever).unwrap_err();
        assert!(
            stalled
                .to_string()
                .contains("its limit is 3600s; alive: Clock#1"),
            "{stalled}"
        );
        drop(sim);
        let found = Explorer::new(0..4)
            .step_limit(100)
            .run(forever)
            .unwrap_err();
        assert!(
            found
                .failure()
                .contains("not come to its end after 100 steps"),
            "{found}"
        );
    });
}

#[test]
fn what_must_hold_is_looked_at_after_every_step() {
    within(60, || {
        let explorer = Explorer::new(0..200);
        let found = explorer.run(|system| async move {
            let shelf = Shelf::default();
            let bench = Bench::spawn(&system, shelf.clone());
            system.always("sorted", move || shelf.0.lock().unwrap().is_sorted());
            let both = [2, 1].map(|piece| bench.piece(piece).send());
            for piece in both {
                let _ = piece.await;
            }
        });
        let found = found.unwrap_err();
        assert!(
            found
                .failure()
                .starts_with("`sorted` must always hold, and does not at 1ms"),
            "{found}"
        );
        let last = found.trace().entries().next_back().unwrap();
        assert_eq!(
            last.message(),
            Some("Piece"),
            "it ends where it is broken: {found}"
        );
    });
}

#[test]
fn what_must_hold_at_some_time_is_waited_for() {
    within(60, || {
        let late = |after: u64| {
            move |system: SimSystem| async move {
                let flag = Arc::new(AtomicU32::new(0));
                let set = Arc::clone(&flag);
                system.eventually("the flag", Duration::from_secs(10), move || {
                    flag.load(Relaxed) == 1
                });
                let alarm = Alarm::spawn(&system, Siren(set));
                alarm.ring_in(after).unwrap();
                alarm.detach();
            }
        };
        sim::explore(0..20, late(10));
        let found = Explorer::new(0..20).run(late(11)).unwrap_err();
        assert!(
            found
                .failure()
                .contains("must hold within 10s, and did not until 10s"),
            "{found}"
        );
        let never = Explorer::new(0..3).run(|system| async move {
            system.eventually("pigs fly", Duration::from_secs(1), || false);
        });
        assert!(never.unwrap_err().failure().contains("never will"));
    });
}

#[actor]
enum Alarm {
    RingIn(u64),
    #[internal]
    Ring,
}

struct Siren(Arc<AtomicU32>);

#[handlers]
impl AlarmActor for Siren {
    fn ring_in(&mut self, seconds: u64, ctx: &mut Context<Alarm>) {
        ctx.send_after(Duration::from_secs(seconds), Alarm::Ring);
    }
    fn ring(&mut self) {
        self.0.store(1, Relaxed);
    }
}

/// Tells that are lost or late, holds, and jumps of the clock, on request.
#[test]
fn faults_come_at_their_moment() {
    within(60, || {
        let sim = Sim::builder(3).trace(true).build();
        let system = sim.system();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Log::spawn(system, Book(Arc::clone(&seen)));
        system.inject(Fault::lose(log.id(), 2));
        system.inject(Fault::delay(log.id(), 3, Duration::from_secs(1)));
        system.inject(Fault::hold(log.id(), 4, Duration::from_secs(5)));
        for number in 1..=5 {
            log.note(number).unwrap();
        }
        sim.run_until_idle();
        assert_eq!(*seen.lock().unwrap(), [1, 4, 5]);
        assert_eq!(log.stats().dropped(), 1, "lost");
        log.note(6).unwrap();
        sim.advance(Duration::from_secs(2));
        assert_eq!(*seen.lock().unwrap(), [1, 4, 5], "held up");
        sim.advance(Duration::from_secs(4));
        // 6 was there first, and 3 came while it was held up.
        assert_eq!(*seen.lock().unwrap(), [1, 4, 5, 6, 3]);
        let text = sim.trace().to_string();
        for fault in [
            "on purpose: loses message 2 that is sent to it",
            "on purpose: gets message 3 that is sent to it late by 1s",
            "on purpose: is held up for 5s before its message 4",
        ] {
            assert!(text.contains(fault), "{text}");
        }
        let step = sim.steps() + 1;
        let before = sim.elapsed();
        system.inject(Fault::jump(step, Duration::from_secs(60)));
        log.note(7).unwrap();
        sim.run_until_idle();
        assert_eq!(sim.elapsed() - before, Duration::from_secs(60));
    });
}

/// A tell to an actor that has ended is refused, also where tells get lost.
#[test]
fn what_is_refused_is_not_lost() {
    within(60, || {
        let explorer = Explorer::new(0..50).faults(Faults::new().lose::<Log>(1));
        explorer.check(|system| async move {
            let log = Log::spawn(&system, Book(Arc::default()));
            log.note(1).unwrap();
            log.stop();
            log.stopped().await;
            let error = log.note(2).unwrap_err();
            assert!(matches!(error.into_message(), Log::Note(2)));
        });
    });
}

#[actor]
enum Log {
    Note(u32),
}

struct Book(Arc<Mutex<Vec<u32>>>);

#[handlers]
impl LogActor for Book {
    fn note(&mut self, number: u32) {
        self.0.lock().unwrap().push(number);
    }
}

/// Whatever was drawn, the sum of messages is right.
#[test]
fn faults_keep_the_count() {
    within(60, || {
        let faults = Faults::new()
            .lose::<Log>(5)
            .delay::<Log>(5, Duration::from_secs(1))
            .panic::<Log>(40)
            .kill::<Log>(40)
            .hold::<Log>(10, Duration::from_secs(1))
            .jump_clock(20, Duration::from_secs(1));
        Explorer::new(0..500)
            .faults(faults)
            .check(|system| async move {
                let seen = Arc::new(Mutex::new(Vec::new()));
                let log = Log::spawn(&system, Book(Arc::clone(&seen)));
                let mut refused = 0;
                for number in 0..20 {
                    refused += u64::from(log.note(number).is_err());
                }
                system.sleep(Duration::from_secs(60)).await;
                let stats = log.stats();
                assert_eq!(stats.queued(), 0);
                assert_eq!(stats.returned(), refused);
                assert_eq!(stats.handled() + stats.dropped() + refused, 20, "{stats:?}");
                let seen = seen.lock().unwrap().len() as u64;
                assert!(
                    seen == stats.handled() || seen + 1 == stats.handled(),
                    "{stats:?}"
                );
            });
    });
}

/// What depends on more than the seed is told.
#[test]
fn what_cannot_be_repeated_is_told() {
    within(60, || {
        let runs = AtomicU32::new(0);
        // Only every second run of many actors fails.
        let unsteady = |_: SimSystem| async {
            if runs.fetch_add(1, Relaxed).is_multiple_of(2) {
                Err("now and then")
            } else {
                Ok(())
            }
        };
        let found = Explorer::new(0..1).threads(1).run(unsteady).unwrap_err();
        assert!(
            found.to_string().contains("depends on more than the seed"),
            "{found}"
        );
        // What went wrong the only time is told all the same.
        let runs = AtomicU32::new(0);
        let once = |_: SimSystem| async {
            match runs.fetch_add(1, Relaxed) {
                0 => Err("once and for all"),
                _ => Ok(()),
            }
        };
        let found = Explorer::new(7..8).threads(1).run(once).unwrap_err();
        let text = found.to_string();
        assert_eq!(found.failure(), "once and for all");
        assert!(
            text.starts_with("seed 7 failed after 1 steps: once and for all"),
            "{text}"
        );
        assert!(
            text.contains("did not fail when it was run again"),
            "{text}"
        );
        assert!(!text.contains("ZCTOR_SIM_REPLAY"), "{text}");
    });
}

/// A whole run is repeated by its seed, whatever was drawn in it.
#[test]
fn the_decisions_of_a_run_repeat_it() {
    within(60, || {
        for seed in 0..50 {
            let faults = Faults::new()
                .kill::<Bench>(10)
                .hold::<Bench>(5, Duration::from_millis(2))
                .jump_clock(30, Duration::from_millis(5));
            let explorer = Explorer::new([seed]).faults(faults);
            let found = explorer.run(|system: SimSystem| async move {
                let shelf = Shelf::default();
                let shop = Shop::start(&system, Room(shelf.clone())).await.unwrap();
                let pieces: Vec<_> = (0..3)
                    .map(|piece| shop.bench().piece(piece).send())
                    .collect();
                for piece in pieces {
                    let _ = piece.await;
                }
                Err::<(), _>(format!(
                    "at {:?} after {}",
                    system.elapsed(),
                    system.steps()
                ))
            });
            // It always fails, with everybody in turn: so nothing is left.
            let found = found.unwrap_err();
            assert_eq!(found.replay().to_string(), seed.to_string());
        }
    });
}

/// The panic that is told is the one that ended the run, whatever has become of
/// the hook for panics, and whatever was caught before.
#[test]
fn the_panic_that_ends_a_run_is_told() {
    within(60, || {
        let explorer = Explorer::new(0..1);
        let resumed = explorer.run(|_| async {
            let _ = std::panic::catch_unwind(|| panic!("something else"));
            std::panic::resume_unwind(Box::new("the real one")) as ()
        });
        assert_eq!(resumed.unwrap_err().failure(), "the real one");
    });
}

/// A fault that the scenario asks for is asked for once more when it is
/// repeated: it is no part of what is repeated.
#[test]
fn what_a_scenario_asks_for_comes_once() {
    within(60, || {
        let found = Explorer::new(0..1).run(|system: SimSystem| async move {
            let log = Log::spawn(&system, Book(Arc::default()));
            system.inject(Fault::hold(log.id(), 1, Duration::from_secs(1)));
            log.note(1).unwrap();
            system.sleep(Duration::from_secs(5)).await;
            // Its moment has passed.
            system.inject(Fault::panic(log.id(), 1));
            log.stop();
            log.stopped().await;
            Err::<(), _>(format!("at {:?}", system.elapsed()))
        });
        let found = found.unwrap_err();
        assert_eq!(found.replay().to_string(), "0");
        assert_eq!(found.failure(), "at 5s");
        let text = found.to_string();
        assert_eq!(text.matches("is held up").count(), 1, "{text}");
        assert!(!text.contains("panics"), "{text}");
    });
}

/// Has room for one message, and takes its time.
#[actor(mailbox = 1, overflow = wait)]
enum Narrow {
    Put(u32),
}

#[handlers]
impl NarrowActor for Book {
    async fn put(&mut self, number: u32, ctx: &mut Context<Narrow>) {
        self.0.lock().unwrap().push(number);
        ctx.system().sleep(Duration::from_millis(100)).await;
    }
}

#[test]
fn what_is_late_waits_for_room_as_well() {
    within(60, || {
        let sim = Sim::new(1);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let narrow = Narrow::spawn(sim.system(), Book(Arc::clone(&seen)));
        let late = Fault::delay(narrow.id(), 1, Duration::from_millis(10));
        sim.system().inject(late);
        sim.run(|_| async move {
            for number in 1..=4 {
                narrow.put(number).await.unwrap();
            }
            narrow.stopped().await;
        })
        .unwrap_err();
        let mut seen = seen.lock().unwrap().clone();
        assert_eq!(seen.first(), Some(&2));
        seen.sort_unstable();
        assert_eq!(seen, [1, 2, 3, 4]);
    });
}

/// An actor whose last handle is gone handles what is on its way to it.
#[test]
fn what_is_late_holds_its_actor() {
    within(60, || {
        let sim = Sim::new(1);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Log::spawn(sim.system(), Book(Arc::clone(&seen)));
        let late = Fault::delay(log.id(), 1, Duration::from_secs(1));
        sim.system().inject(late);
        log.note(1).unwrap();
        log.note(2).unwrap();
        drop(log);
        sim.advance(Duration::from_secs(2));
        assert_eq!(*seen.lock().unwrap(), [2, 1]);
        assert_eq!(sim.system().actor_count(), 0);
    });
}

/// A sender that tries again sends one message.
#[test]
fn messages_are_counted_and_not_tries() {
    within(60, || {
        let sim = Sim::new(1);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let narrow = Narrow::spawn(sim.system(), Book(Arc::clone(&seen)));
        sim.system().inject(Fault::lose(narrow.id(), 5));
        sim.run(|_| async {
            for number in 1..=6 {
                narrow.put(number).await.unwrap();
            }
        })
        .unwrap();
        sim.advance(Duration::from_secs(1));
        assert_eq!(*seen.lock().unwrap(), [1, 2, 3, 4, 6]);
    });
}

/// Tells a log what it is told.
#[actor]
enum Messenger {
    Bring(u32),
}

struct Bag(LogHandle);

#[handlers]
impl MessengerActor for Bag {
    fn bring(&mut self, number: u32) {
        self.0.note(number).unwrap();
    }
}

#[test]
fn whoever_sent_what_is_late_is_told() {
    within(60, || {
        let sim = Sim::builder(1).trace(true).build();
        let log = Log::spawn(sim.system(), Book(Arc::default()));
        let messenger = Messenger::spawn(sim.system(), Bag(log.clone()));
        let late = Fault::delay(log.id(), 1, Duration::from_secs(1));
        sim.system().inject(late);
        messenger.bring(1).unwrap();
        sim.advance(Duration::from_secs(2));
        let trace = sim.trace();
        let note = trace.entries().next_back().unwrap();
        assert_eq!(note.message(), Some("Note"));
        assert_eq!(note.from(), Some(&messenger.label()), "{trace}");
    });
}

/// Shows the newest of each screen, and answers many at once.
#[actor]
enum Display {
    #[latest(by = screen)]
    Show { screen: u32 },
    #[batch(max = 3, within = "10ms")]
    #[reply(())]
    Count(u32),
}

struct Pixels;

#[handlers]
impl DisplayActor for Pixels {
    fn show(&mut self, screen: u32) {
        let _ = screen;
    }
    fn count(&mut self, batch: zctor::Batch<(u32, Reply<()>)>) {
        batch.into_iter().for_each(|(_, reply)| reply.send(()));
    }
}

#[actor]
enum Artist {
    Paint { screen: u32 },
    Sum,
}

struct Brush(DisplayHandle);

#[handlers]
impl ArtistActor for Brush {
    fn paint(&mut self, screen: u32) {
        self.0.show(screen).unwrap();
    }
    async fn sum(&mut self) {
        self.0.count(1).await.unwrap();
    }
}

/// Also behind messages that were replaced or skipped.
#[test]
fn whoever_sent_a_message_is_told() {
    within(60, || {
        let builder = Sim::builder(1).schedule(Schedule::RoundRobin);
        let sim = builder.trace(true).build();
        let display = Display::spawn(sim.system(), Pixels);
        let artist = Artist::spawn(sim.system(), Brush(display.clone()));
        let from = |message| {
            let trace = sim.trace();
            let those = trace
                .entries()
                .filter(|entry| entry.message() == Some(message));
            let from = those.map(|entry| entry.from().map(|from| from.protocol()));
            from.collect::<Vec<_>>()
        };
        let held = Fault::hold(display.id(), 1, Duration::from_millis(1));
        sim.system().inject(held);
        display.show(1).unwrap();
        display.show(2).unwrap();
        artist.paint(1).unwrap();
        sim.advance(Duration::from_secs(1));
        assert_eq!(from("Show"), [Some("Artist"), None]);
        drop(display.count(1).send());
        sim.advance(Duration::from_secs(1));
        artist.sum().unwrap();
        sim.advance(Duration::from_secs(1));
        assert_eq!(from("Count"), [Some("Artist")]);
        // Several at once, each of its own.
        let counts = [(); 2].map(|()| display.count(1).send());
        artist.sum().unwrap();
        sim.advance(Duration::from_secs(1));
        assert_eq!(from("Count"), [Some("Artist"), None, Some("Artist")]);
        let two = "Count, from outside\n";
        assert!(sim.trace().to_string().contains(&format!("2 {two}")));
        drop(counts);
    });
}

/// A limit that is passed while something is still to hold is not taken for a
/// simulation in which nothing can run.
#[test]
fn what_is_still_to_hold_at_a_limit_is_no_end() {
    within(60, || {
        let sim = Sim::builder(1).step_limit(100).build();
        let stalled = sim.run(|system| async move {
            system.eventually("pigs fly", Duration::from_secs(1000), || false);
            Metronome::spawn(&system, Rod).detach();
        });
        let text = stalled.unwrap_err().to_string();
        assert!(
            text.contains("not come to its end after 100 steps"),
            "{text}"
        );
    });
}

#[actor]
enum Metronome {
    #[every("1s")]
    #[internal]
    Tick,
}

struct Rod;

#[handlers]
impl MetronomeActor for Rod {
    fn tick(&mut self) {}
}

#[test]
fn there_is_no_time_beyond_time() {
    within(60, || {
        let sim = Sim::new(1);
        sim.advance(Duration::MAX);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Log::spawn(sim.system(), Book(Arc::clone(&seen)));
        let step = sim.steps() + 1;
        sim.system().inject(Fault::jump(step, Duration::MAX));
        sim.system()
            .inject(Fault::hold(log.id(), 1, Duration::from_secs(1)));
        log.note(1).unwrap();
        sim.advance(Duration::from_secs(1));
        sim.block_on(sim.system().sleep(Duration::from_secs(2)))
            .unwrap();
        assert_eq!(*seen.lock().unwrap(), [1]);
    });
}

/// Also a run without end is told in a short time.
#[test]
fn a_long_run_is_not_shortened_for_ever() {
    within(60, || {
        let runs = AtomicU32::new(0);
        let explorer = Explorer::new(0..1).threads(1).step_limit(100_000);
        let found = explorer.run(|system: SimSystem| {
            runs.fetch_add(1, Relaxed);
            async move {
                let pair = [(); 2].map(|()| Rally::spawn(&system, Racket));
                pair[0].hit(pair[1].clone()).unwrap();
                pair[1].hit(pair[0].clone()).unwrap();
                pair[0].stopped().await;
            }
        });
        assert!(found.unwrap_err().failure().contains("100000 steps"));
        assert!(runs.into_inner() < 50);
    });
}

/// Hits the ball to the other one, for ever.
#[actor]
enum Rally {
    Hit(RallyHandle),
}

struct Racket;

#[handlers]
impl RallyActor for Racket {
    fn hit(&mut self, other: RallyHandle, ctx: &mut Context<Rally>) {
        other.hit(ctx.handle()).unwrap();
    }
}

/// What is sent without an `.await` in between is queued at once, unless some of
/// it is late.
#[test]
fn somebody_comes_between_where_tells_are_late() {
    within(60, || {
        let overtaken = |system: SimSystem| async move {
            let seen = Arc::new(Mutex::new(Vec::new()));
            let log = Log::spawn(&system, Book(Arc::clone(&seen)));
            let messenger = Messenger::spawn(&system, Bag(log.clone()));
            messenger.bring(1).unwrap();
            log.note(2).unwrap();
            system.sleep(Duration::from_secs(1)).await;
            match *seen.lock().unwrap() == [1, 2] {
                true => Err("overtaken"),
                false => Ok(()),
            }
        };
        let explorer = Explorer::new(0..100);
        explorer.clone().check(overtaken);
        let late = Faults::new().delay::<Log>(2, Duration::ZERO);
        let found = explorer.faults(late).run(overtaken).unwrap_err();
        assert_eq!(found.failure(), "overtaken");
    });
}
