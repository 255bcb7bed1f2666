//! Batches beside everything else that an actor promises: `ready`, restarts of
//! groups, monitors, timers, and what users' code does wrong.

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::within;
use zctor::Batch;
use zctor::prelude::*;
use zctor::sim::Sim;

const MS: Duration = Duration::from_millis(1);

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }
    fn get(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

// ---- the hook `ready`

#[actor]
enum Shelf {
    #[batch(max = 10, within = "5ms")]
    Put(u32),
    #[reply(u32)]
    Take,
}

#[derive(Default)]
struct Board(Vec<u32>);

#[handlers]
impl ShelfActor for Board {
    fn ready(&self, next: ShelfKind) -> bool {
        next != ShelfKind::Take || !self.0.is_empty()
    }
    fn put(&mut self, batch: Batch<u32>) {
        self.0.extend(batch);
    }
    fn take(&mut self) -> u32 {
        self.0.pop().expect("it is ready")
    }
}

#[test]
fn what_is_held_is_offered_again_after_a_batch() {
    within(20, || {
        for seed in 0..1_000 {
            let sim = Sim::new(seed);
            let shelf = Shelf::spawn(sim.system(), Board::default());
            let early = shelf.take().send();
            shelf.put(7).unwrap();
            assert_eq!(sim.block_on(early).unwrap().unwrap(), 7);
            assert_eq!(sim.elapsed(), 5 * MS);
        }
    });
}

#[actor]
enum Tank {
    #[batch(max = 100, within = "1h")]
    Fill(u32),
    Put(u32),
    Empty,
}

struct Water {
    full: bool,
    log: Log,
}

#[handlers]
impl TankActor for Water {
    fn ready(&self, next: TankKind) -> bool {
        next != TankKind::Put || !self.full
    }
    fn fill(&mut self, batch: Batch<u32>) {
        self.log.add(format!("fill {}", batch.len()));
        self.full = true;
    }
    fn put(&mut self, value: u32) {
        assert!(!self.full);
        self.log.add(format!("put {value}"));
    }
    fn empty(&mut self) {
        self.log.add("empty");
        self.full = false;
    }
}

#[test]
fn what_closes_a_batch_waits_until_it_is_ready() {
    within(20, || {
        let (sim, log) = (Sim::new(1), Log::default());
        let water = Water {
            full: false,
            log: log.clone(),
        };
        let tank = Tank::spawn(sim.system(), water);
        tank.fill(1).unwrap();
        tank.put(2).unwrap();
        tank.put(3).unwrap();
        sim.run_until_idle();
        assert_eq!(log.get(), ["fill 1"]);
        assert_eq!(tank.queued(), 2);
        tank.empty().unwrap();
        sim.run_until_idle();
        assert_eq!(log.get()[1..], ["empty", "put 2", "put 3"]);
        // At a stop what is not ready is dropped, and counted.
        tank.fill(1).unwrap();
        tank.put(4).unwrap();
        tank.stop();
        sim.block_on(tank.stopped()).unwrap();
        let stats = tank.stats();
        assert_eq!((stats.handled(), stats.dropped()), (5, 1));
        assert_eq!(stats.queued(), 0);
    });
}

#[actor]
enum Wire {
    #[batch(max = 100, within = "10ms")]
    Write(u32),
    #[priority(high)]
    Up,
    #[priority(high)]
    Down,
    #[reply(bool)]
    IsUp,
}

struct Link {
    up: bool,
    log: Log,
}

#[handlers]
impl WireActor for Link {
    fn ready(&self, next: WireKind) -> bool {
        next != WireKind::Write || self.up
    }
    fn write(&mut self, batch: Batch<u32>) {
        assert!(self.up);
        self.log.add(format!("{:?}", batch.collect::<Vec<_>>()));
    }
    fn up(&mut self) {
        self.up = true;
    }
    fn down(&mut self) {
        self.up = false;
    }
    fn is_up(&self) -> bool {
        self.up
    }
}

#[supervisor(max_restarts = 1000)]
enum Net {
    #[child]
    Wire(Wire),
}

struct Cable(Log);

impl NetChildren for Cable {
    fn wire(&mut self, _: &NetHandle) -> Child<Wire> {
        Wire::child(Link {
            up: false,
            log: self.0.clone(),
        })
    }
}

#[test]
fn a_batch_waits_until_it_is_ready_again() {
    within(20, || {
        for seed in 0..300 {
            let (sim, log) = (Sim::new(seed), Log::default());
            let link = Link {
                up: true,
                log: log.clone(),
            };
            let wire = Wire::spawn(sim.system(), link);
            wire.write(1).unwrap();
            sim.run_until_idle();
            wire.down().unwrap();
            wire.write(2).unwrap();
            // Others pass it by.
            assert!(!sim.block_on(wire.is_up()).unwrap().unwrap());
            sim.advance(20 * MS);
            assert_eq!((log.get().len(), wire.queued()), (0, 2));
            wire.up().unwrap();
            sim.advance(20 * MS);
            assert_eq!(log.get().concat(), "[1][2]");
            assert_eq!(wire.stats().handled(), 5);
        }
    });
}

#[test]
fn a_new_state_is_asked_before_it_gets_what_the_old_one_left() {
    within(20, || {
        for seed in 0..300 {
            let (sim, log) = (Sim::new(seed), Log::default());
            let _events = sim.system().events();
            let net = sim.block_on(Net::start(sim.system(), Cable(log.clone())));
            let net = net.unwrap().unwrap();
            let wire = net.wire();
            wire.up().unwrap();
            wire.write(1).unwrap();
            sim.run_until_idle();
            wire.kill();
            sim.advance(100 * MS);
            assert_eq!((log.get().len(), wire.queued()), (0, 1));
            wire.up().unwrap();
            sim.advance(100 * MS);
            assert_eq!(log.get(), ["[1]"]);
        }
    });
}

// ---- states that have failed, and groups

#[actor]
enum Failing {
    #[batch(max = 100, within = "1h")]
    Many(u32),
    Other(u32),
}

#[handlers]
impl FailingActor for Log {
    fn many(&mut self, batch: Batch<u32>, ctx: &mut Context<Failing>) {
        self.add(format!("many {}", batch.len()));
        ctx.fail(Failure::msg("broken"));
    }
    fn other(&mut self, value: u32) {
        self.add(format!("other {value}"));
    }
}

#[test]
fn a_failed_state_handles_no_more() {
    within(20, || {
        let (sim, log) = (Sim::new(1), Log::default());
        let _events = sim.system().events();
        let failing = Failing::spawn(sim.system(), log.clone());
        failing.many(1).unwrap();
        failing.other(2).unwrap();
        sim.run_until_idle();
        assert_eq!(log.get(), ["many 1"]);
        let stats = failing.stats();
        assert_eq!((stats.handled(), stats.dropped()), (1, 1));
    });
}

#[actor]
enum Sibling {
    Crash,
}

struct Sister(Log);

#[handlers]
impl SiblingActor for Sister {
    fn on_start(&mut self) {
        self.0.add("sister is up");
    }
    fn crash(&mut self) -> Result<(), Failure> {
        self.0.add("sister is down");
        Err(Failure::msg("as asked"))
    }
}

#[actor]
enum Slow {
    #[batch(max = 10, within = "1h")]
    Many(u32),
    Other(u32),
}

struct Brother(u32, Log);

#[handlers]
impl SlowActor for Brother {
    async fn many(&mut self, batch: Batch<u32>, ctx: &mut Context<Slow>) {
        let Brother(number, log) = self;
        log.add(format!("{number} begins {}", batch.len()));
        ctx.system().sleep(10 * MS).await;
        log.add(format!("{number} is done"));
    }
    fn other(&mut self, value: u32) {
        self.1.add(format!("{} other {value}", self.0));
    }
}

#[supervisor(strategy = one_for_all, max_restarts = 1000)]
enum Family {
    #[child]
    Sibling(Sibling),
    #[child]
    Slow(Slow),
}

struct House(u32, Log);

impl FamilyChildren for House {
    fn sibling(&mut self, _: &FamilyHandle) -> Child<Sibling> {
        Sibling::child(Sister(self.1.clone()))
    }
    fn slow(&mut self, _: &FamilyHandle) -> Child<Slow> {
        self.0 += 1;
        Slow::child(Brother(self.0, self.1.clone()))
    }
}

#[test]
fn a_restart_of_the_group_ends_the_batch_in_hand_and_keeps_the_rest() {
    within(60, || {
        for seed in 0..300 {
            let (sim, log) = (Sim::new(seed), Log::default());
            let _events = sim.system().events();
            let family = Family::start(sim.system(), House(0, log.clone()));
            let family = sim.block_on(family).unwrap().unwrap();
            let slow = family.slow();
            slow.many(1).unwrap();
            slow.other(2).unwrap();
            (3..6).for_each(|n| slow.many(n).unwrap());
            slow.other(6).unwrap();
            sim.advance(MS);
            family.sibling().crash().unwrap();
            sim.advance(100 * MS);
            let expected = [
                "sister is up",
                "1 begins 1",
                "sister is down",
                "1 is done",
                "sister is up",
                "2 other 2",
                "2 begins 3",
                "2 is done",
                "2 other 6",
            ];
            assert_eq!(log.get(), expected, "seed {seed}");
        }
    });
}

// ---- flushes

#[actor]
enum Two {
    #[batch(max = 100, within = "1h")]
    One(u32),
    #[batch(max = 100, within = "1h")]
    Other(u32),
    Crash,
}

#[handlers]
impl TwoActor for Log {
    fn one(&mut self, batch: Batch<u32>) {
        self.add(format!("one {:?}", batch.collect::<Vec<_>>()));
    }
    fn other(&mut self, batch: Batch<u32>) {
        self.add(format!("other {:?}", batch.collect::<Vec<_>>()));
    }
    fn crash(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("as asked"))
    }
}

#[supervisor(max_restarts = 1000)]
enum Pair {
    #[child]
    Two(Two),
}

impl PairChildren for Log {
    fn two(&mut self, _: &PairHandle) -> Child<Two> {
        Two::child(self.clone())
    }
}

#[test]
fn a_flush_waits_behind_another_batch() {
    within(20, || {
        let (sim, log) = (Sim::new(1), Log::default());
        let two = Two::spawn(sim.system(), log.clone());
        two.one(1).unwrap();
        two.other(2).unwrap();
        two.flush_other().unwrap();
        sim.run_until_idle();
        assert_eq!(log.get(), ["one [1]", "other [2]"]);
    });
}

#[test]
fn a_flush_outlives_a_restart() {
    within(20, || {
        for seed in 0..300 {
            let (sim, log) = (Sim::new(seed), Log::default());
            let _events = sim.system().events();
            let pair = sim
                .block_on(Pair::start(sim.system(), log.clone()))
                .unwrap();
            let pair = pair.unwrap();
            let two = pair.two();
            two.crash().unwrap();
            two.one(1).unwrap();
            two.flush_one().unwrap();
            sim.advance(MS);
            assert_eq!(log.get(), ["one [1]"], "seed {seed}");
        }
    });
}

#[test]
fn a_flush_reaches_an_actor_that_never_rests() {
    within(60, || {
        let (system, log) = (System::new().unwrap(), Log::default());
        let two = Two::spawn(&system, log.clone());
        two.one(1).unwrap();
        two.flush_one().unwrap();
        let began = std::time::Instant::now();
        // Mail of the same kind goes on and on, and never fills a batch.
        two.configure_one(usize::MAX, Duration::from_secs(3600))
            .unwrap();
        while log.get().is_empty() {
            two.one(2).unwrap();
            assert!(began.elapsed() < Duration::from_secs(20));
        }
        system.shutdown().wait().unwrap();
    });
}

// ---- what users' code does wrong

struct Bomb(bool);

impl Drop for Bomb {
    fn drop(&mut self) {
        if self.0 && !std::thread::panicking() {
            panic!("as asked");
        }
    }
}

#[actor]
enum Bombed {
    #[reply(u32)]
    #[batch(max = 100, within = "10ms")]
    Double(u32, Bomb),
}

#[handlers]
impl BombedActor for Log {
    fn double(&mut self, batch: Batch<((u32, Bomb), Reply<u32>)>) {
        for ((number, _), reply) in batch {
            reply.send(number * 2);
        }
    }
}

#[test]
fn a_drop_that_panics_loses_no_other_message() {
    within(20, || {
        let sim = Sim::new(1);
        let _events = sim.system().events();
        let bombed = Bombed::spawn(sim.system(), Log::default());
        let asks: Vec<_> = (0..5)
            .map(|n| bombed.double(n, Bomb(false)).send())
            .collect();
        drop(bombed.double(99, Bomb(true)).send());
        sim.advance(20 * MS);
        for (number, ask) in asks.into_iter().enumerate() {
            assert_eq!(sim.block_on(ask).unwrap().unwrap(), number as u32 * 2);
        }
        let stats = bombed.stats();
        assert_eq!(
            (stats.handled(), stats.skipped(), stats.queued()),
            (6, 1, 0)
        );
    });
}

// ---- monitors and timers

#[actor]
enum Ward {
    #[batch(max = 100, within = "1h")]
    News(u32),
    #[internal]
    Gone(zctor::Exit),
    #[priority(high)]
    Watch(TwoHandle),
}

#[handlers]
impl WardActor for Log {
    fn news(&mut self, batch: Batch<u32>) {
        self.add(format!("news {}", batch.len()));
    }
    fn gone(&mut self, _value: zctor::Exit) {
        self.add("gone");
    }
    fn watch(&mut self, value: TwoHandle, ctx: &mut Context<Ward>) {
        ctx.monitor(&value, Ward::Gone);
    }
}

#[test]
fn a_notice_does_not_wait_for_a_batch_to_fill() {
    within(20, || {
        for seed in 0..300 {
            let (sim, log) = (Sim::new(seed), Log::default());
            let other = Two::spawn(sim.system(), Log::default());
            let ward = Ward::spawn(sim.system(), log.clone());
            ward.watch(other.clone()).unwrap();
            ward.news(1).unwrap();
            sim.run_until_idle();
            other.kill();
            sim.advance(MS);
            assert_eq!(log.get(), ["news 1", "gone"]);
        }
    });
}

#[actor]
enum Ticker {
    #[batch(max = 100, within = "10ms")]
    Tick(u32),
}

struct Clock(u32, Log);

#[handlers]
impl TickerActor for Clock {
    fn on_start(&mut self, ctx: &mut Context<Ticker>) {
        ctx.send_after(3 * MS, Ticker::Tick(self.0));
    }
    fn tick(&mut self, batch: Batch<u32>) {
        self.1
            .add(format!("{} got {:?}", self.0, batch.collect::<Vec<_>>()));
    }
}

#[supervisor(max_restarts = 1000)]
enum Tower {
    #[child]
    Ticker(Ticker),
}

struct Stairs(u32, Log);

impl TowerChildren for Stairs {
    fn ticker(&mut self, _: &TowerHandle) -> Child<Ticker> {
        self.0 += 1;
        Ticker::child(Clock(self.0, self.1.clone()))
    }
}

#[test]
fn no_tick_of_an_earlier_state_arrives() {
    within(20, || {
        let (sim, log) = (Sim::new(1), Log::default());
        let _events = sim.system().events();
        let tower = Tower::start(sim.system(), Stairs(0, log.clone()));
        let tower = sim.block_on(tower).unwrap().unwrap();
        let ticker = tower.ticker();
        ticker.tick(7).unwrap();
        sim.advance(5 * MS);
        ticker.kill();
        sim.advance(100 * MS);
        assert_eq!(log.get(), ["2 got [7, 2]"]);
        let stats = ticker.stats();
        assert_eq!((stats.handled(), stats.dropped()), (2, 1));
    });
}

// ---- breakers

#[actor]
enum Many {
    #[reply(u32)]
    #[batch(max = 4, within = "1ms")]
    #[breaker(failures = 1)]
    Ask,
}

#[handlers]
impl ManyActor for Log {
    fn ask(&mut self, batch: Batch<((), Reply<u32>)>) -> Result<(), Failure> {
        drop(batch);
        Err(Failure::msg("as asked"))
    }
}

#[supervisor(max_restarts = 1000)]
enum Crowd {
    #[child]
    Many(Many),
}

impl CrowdChildren for Log {
    fn many(&mut self, _: &CrowdHandle) -> Child<Many> {
        Many::child(self.clone())
    }
}

#[test]
fn a_batch_that_fails_counts_for_the_breaker() {
    within(20, || {
        let sim = Sim::new(1);
        let _events = sim.system().events();
        let crowd = sim.block_on(Crowd::start(sim.system(), Log::default()));
        let crowd = crowd.unwrap().unwrap();
        let many = crowd.many();
        assert!(sim.block_on(many.ask()).unwrap().is_err());
        assert!(
            sim.block_on(many.ask())
                .unwrap()
                .unwrap_err()
                .is_circuit_open()
        );
    });
}

// ---- beside other messages

#[actor]
enum Busy {
    #[batch(max = 1000000000, within = "5ms")]
    Write(u32),
    #[priority(high)]
    High,
    #[every("1ms")]
    #[internal]
    Beat,
    #[reply(u32)]
    #[priority(high)]
    Beats,
}

struct Ant {
    beats: u32,
    log: Log,
}

impl Ant {
    fn spawn(system: &System) -> (BusyHandle, Log) {
        let log = Log::default();
        let ant = Ant {
            beats: 0,
            log: log.clone(),
        };
        (Busy::spawn(system, ant), log)
    }
}

#[handlers]
impl BusyActor for Ant {
    fn write(&mut self, batch: Batch<u32>) {
        self.log.add(format!("{}", batch.len()));
    }
    fn high(&mut self) {}
    fn beat(&mut self) {
        self.beats += 1;
    }
    fn beats(&self) -> u32 {
        self.beats
    }
}

#[test]
fn timers_leave_a_batch_of_mail_open() {
    within(20, || {
        let sim = Sim::new(1);
        let (busy, log) = Ant::spawn(sim.system());
        (0..4).for_each(|n| {
            busy.write(n).unwrap();
            sim.advance(MS);
        });
        assert_eq!(log.get().len(), 0);
        assert!(sim.block_on(busy.beats()).unwrap().unwrap() >= 3);
        sim.advance(MS);
        assert_eq!(log.get(), ["4"]);
    });
}

#[test]
fn its_age_counts_while_the_actor_has_other_things_to_do() {
    within(60, || {
        let system = System::new().unwrap();
        let (busy, log) = Ant::spawn(&system);
        busy.configure_write(100, 200 * MS).unwrap();
        busy.write(1).unwrap();
        // Taken by then: before it is, high messages go first.
        std::thread::sleep(50 * MS);
        let began = std::time::Instant::now();
        while log.get().is_empty() {
            // So many that it never rests.
            (0..64).for_each(|_| busy.high().unwrap());
            assert!(began.elapsed() < Duration::from_secs(30));
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn others_have_their_turn_while_a_batch_is_collected() {
    within(60, || {
        let sim = Sim::new(1);
        let (busy, log) = Ant::spawn(sim.system());
        sim.run_until_idle();
        let before = sim.steps();
        (0..100_000).for_each(|n| busy.write(n).unwrap());
        sim.run_until_idle();
        assert_eq!((log.get().len(), busy.queued()), (0, 100_000));
        // It has taken them in many turns, and not in one.
        let turns = sim.steps() - before;
        assert!(turns >= 500, "{turns}");
    });
}

// ---- what waits behind a batch

#[actor]
enum Gates {
    #[batch(max = 100, within = "1h")]
    Wide(u32),
    #[batch(max = 100, within = "1h")]
    Narrow(u32),
    One(u32),
    #[priority(high)]
    Open(bool),
}

struct Keeper {
    open: bool,
    log: Log,
}

#[handlers]
impl GatesActor for Keeper {
    fn ready(&self, next: GatesKind) -> bool {
        next != GatesKind::Narrow || self.open
    }
    fn wide(&mut self, batch: Batch<u32>) {
        let items: Vec<u32> = batch.collect();
        // The number says whether the gate is open from then on.
        self.open = items.contains(&1);
        self.log.add(format!("wide {items:?}"));
    }
    fn narrow(&mut self, batch: Batch<u32>) {
        assert!(self.open);
        self.log
            .add(format!("narrow {:?}", batch.collect::<Vec<_>>()));
    }
    fn one(&mut self, value: u32) {
        self.log.add(format!("one {value}"));
    }
    fn open(&mut self, value: bool) {
        self.open = value;
    }
}

fn gates(sim: &Sim) -> (GatesHandle, Log) {
    let log = Log::default();
    let keeper = Keeper {
        open: true,
        log: log.clone(),
    };
    (Gates::spawn(sim.system(), keeper), log)
}

#[test]
fn what_waits_comes_before_what_is_in_the_mailbox() {
    within(20, || {
        for seed in 0..300 {
            let sim = Sim::new(seed);
            let (gates, log) = gates(&sim);
            gates.wide(0).unwrap();
            gates.narrow(10).unwrap();
            sim.run_until_idle();
            assert_eq!(log.get(), ["wide [0]"]);
            gates.wide(1).unwrap();
            gates.one(2).unwrap();
            gates.narrow(11).unwrap();
            gates.flush_narrow().unwrap();
            sim.run_until_idle();
            let expected = ["wide [1]", "narrow [10]", "one 2", "narrow [11]"];
            assert_eq!(log.get()[1..], expected, "seed {seed}");
        }
    });
}

#[test]
fn a_flush_is_not_over_before_what_it_is_for() {
    within(20, || {
        for seed in 0..300 {
            let sim = Sim::new(seed);
            let (gates, log) = gates(&sim);
            gates.open(false).unwrap();
            sim.run_until_idle();
            (0..5).for_each(|n| gates.narrow(n).unwrap());
            sim.run_until_idle();
            (0..5).for_each(|n| gates.wide(n).unwrap());
            gates.flush_wide().unwrap();
            gates.open(true).unwrap();
            sim.advance(MS);
            assert!(
                log.get().contains(&"wide [0, 1, 2, 3, 4]".to_owned()),
                "{seed}"
            );
        }
    });
}
