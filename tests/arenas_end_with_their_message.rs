//! What is allocated in the arena of a message ends with that message, however
//! that ends; its memory is used again, and is bounded. An arena that travels
//! belongs to whoever has it, and gives nothing away that is not its own.
#![cfg(feature = "arena")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use support::{Gate, eventually, within};
use zctor::arena::{Arena, ArenaError, Bump, Stored};
use zctor::bumpalo::{self, boxed, collections};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{Pool, Pooled, Recipient};

/// Whether nothing is allocated in it.
fn is_empty(arena: &Bump) -> bool {
    arena.chunk_capacity() == arena.allocated_bytes()
}

async fn pauses(mut times: u64) {
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

/// Counts its drops.
struct Probe(Arc<AtomicUsize>);

impl Drop for Probe {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[derive(Debug, PartialEq)]
struct Refused;

/// What a handler found, and where its first byte was.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Found {
    empty: bool,
    bytes: usize,
    address: usize,
}

impl Found {
    fn nothing(self) -> bool {
        self.empty && self.bytes == 0
    }
}

/// Looks at its arena, and then fills it.
#[actor]
enum Mill {
    #[reply(Found)]
    Grind {
        bytes: usize,
    },
    #[reply(Found, error = Refused)]
    Refuse {
        bytes: usize,
    },
    #[reply(Found)]
    Later {
        bytes: usize,
        yields: u64,
    },
    #[reply([Found; 4])]
    Several {
        bytes: usize,
    },
    Limit {
        bytes: usize,
    },
    Fail {
        bytes: usize,
    },
    Panic {
        bytes: usize,
    },
    Hang {
        bytes: usize,
        gate: Gate,
        probe: Probe,
    },
}

#[derive(Default)]
struct Stones {
    limit: Option<usize>,
    on_stop: Option<Recipient<Found>>,
}

fn fill(arena: &Bump, bytes: usize) -> Found {
    let (empty, allocated) = (is_empty(arena), arena.allocated_bytes());
    let address = std::ptr::from_mut(arena.alloc(1_u8)).addr();
    let filled = arena.alloc_slice_fill_copy(bytes, 7_u8);
    assert!(filled.iter().all(|byte| *byte == 7));
    Found {
        empty,
        bytes: allocated,
        address,
    }
}

#[handlers]
impl MillActor for Stones {
    fn on_start(&mut self, ctx: &mut Context<Mill>) {
        if let Some(limit) = self.limit {
            ctx.set_arena_limit(limit);
        }
    }
    fn on_stop(&mut self, ctx: &mut Context<Mill>) {
        let found = fill(&ctx.arena(), 10);
        if let Some(recipient) = &self.on_stop {
            recipient.tell(found).unwrap();
        }
    }
    fn grind(&mut self, bytes: usize, ctx: &mut Context<Mill>) -> Found {
        fill(&ctx.arena(), bytes)
    }
    fn refuse(&mut self, bytes: usize, ctx: &mut Context<Mill>) -> Result<Found, Refused> {
        let arena = ctx.arena();
        fill(&arena, bytes);
        Err(Refused)
    }
    async fn later(&mut self, bytes: usize, yields: u64, ctx: &mut Context<Mill>) -> Found {
        let arena = ctx.arena();
        let found = fill(&arena, bytes);
        let text: &str = arena.alloc_str("still here");
        let numbers: &mut [u64] = arena.alloc_slice_copy(&[1, 2, 3]);
        pauses(yields).await;
        numbers[2] += yields;
        assert_eq!((text, numbers[2]), ("still here", 3 + yields));
        found
    }
    fn several(&mut self, bytes: usize, ctx: &mut Context<Mill>) -> [Found; 4] {
        let first = fill(&ctx.arena(), bytes);
        let second = fill(&ctx.arena(), bytes);
        let (arena, other) = (ctx.arena(), ctx.arena());
        [first, second, fill(&arena, bytes), fill(&other, bytes)]
    }
    fn limit(&mut self, bytes: usize, ctx: &mut Context<Mill>) {
        ctx.set_arena_limit(bytes);
    }
    fn fail(&mut self, bytes: usize, ctx: &mut Context<Mill>) -> Result<(), Failure> {
        let arena = ctx.arena();
        fill(&arena, bytes);
        Err(Failure::msg("on purpose"))
    }
    fn panic(&mut self, bytes: usize, ctx: &mut Context<Mill>) {
        let arena = ctx.arena();
        fill(&arena, bytes);
        panic!("on purpose");
    }
    async fn hang(&mut self, bytes: usize, gate: Gate, probe: Probe, ctx: &mut Context<Mill>) {
        let arena = ctx.arena();
        fill(&arena, bytes);
        let _probe = boxed::Box::new_in(probe, &arena);
        gate.arrive();
        std::future::pending::<()>().await;
    }
}

fn quiet() -> System {
    let system = System::builder().quiet().workers(2).build();
    system.unwrap()
}

#[test]
fn each_message_begins_with_an_empty_arena() {
    within(60, || {
        let system = quiet();
        let mill = Mill::spawn(&system, Stones::default());
        assert!(mill.grind(1000).wait().unwrap().nothing());
        for round in 0..200 {
            let bytes = 100 + 7 * (round % 13) as usize;
            assert!(mill.grind(bytes).wait().unwrap().empty);
            let refused = mill.refuse(bytes).wait();
            assert!(matches!(refused, Err(AskError::Failed(Refused))));
            assert!(mill.later(bytes, round % 3).wait().unwrap().empty);
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn its_memory_is_used_again() {
    within(60, || {
        let system = quiet();
        let mill = Mill::spawn(&system, Stones::default());
        mill.grind(1000).wait().unwrap();
        let second = mill.grind(1000).wait().unwrap();
        assert!(second.bytes >= 1000);
        for _ in 0..100 {
            assert_eq!(mill.grind(1000).wait().unwrap(), second);
            assert_eq!(mill.later(10, 2).wait().unwrap(), second);
            assert!(mill.refuse(1000).wait().is_err());
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_handler_can_have_several() {
    within(60, || {
        let system = quiet();
        let mill = Mill::spawn(&system, Stones::default());
        mill.grind(2000).wait().unwrap();
        for _ in 0..10 {
            let [first, second, third, other] = mill.several(1000).wait().unwrap();
            assert_eq!(
                (first.address, second.address),
                (second.address, third.address)
            );
            assert!(first.empty && second.empty && third.empty);
            assert!(other.nothing(), "the other memory is not kept");
            // The last that was dropped is kept: locals go in reverse.
            assert_eq!(mill.grind(10).wait().unwrap().address, first.address);
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn what_is_kept_is_bounded() {
    within(60, || {
        const LIMIT: usize = 64 * 1024;
        let system = quiet();
        let mill = Mill::spawn(&system, Stones::default());
        for bytes in [10, 10_000, 1 << 20, 10, 100_000, 30_000, 3 << 20, 10] {
            mill.grind(bytes).wait().unwrap();
            let kept = mill.grind(0).wait().unwrap().bytes;
            assert!(kept <= LIMIT, "{kept} bytes kept after {bytes}");
            assert!(
                bytes > LIMIT / 2 || kept >= bytes,
                "{kept} kept after {bytes}"
            );
        }

        mill.limit(4 << 20).unwrap();
        mill.grind(1 << 20).wait().unwrap();
        let large = mill.grind(1 << 20).wait().unwrap();
        assert!(large.bytes >= 1 << 20);
        assert_eq!(mill.grind(1 << 20).wait().unwrap(), large);

        mill.limit(0).unwrap();
        for _ in 0..3 {
            mill.grind(10).wait().unwrap();
            assert!(mill.grind(10).wait().unwrap().nothing());
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn hooks_have_arenas_too() {
    within(60, || {
        #[actor]
        enum Log {
            Note(Found),
            #[reply(Vec<Found>)]
            Notes,
        }
        #[derive(Default)]
        struct Book(Vec<Found>);
        #[handlers]
        impl LogActor for Book {
            fn note(&mut self, value: Found) {
                self.0.push(value);
            }
            fn notes(&self) -> Vec<Found> {
                self.0.clone()
            }
        }
        let system = quiet();
        let log = Log::spawn(&system, Book::default());
        let stones = Stones {
            limit: Some(1 << 20),
            on_stop: Some(log.recipient(Log::Note)),
        };
        let mill = Mill::spawn(&system, stones);
        mill.grind(500_000).wait().unwrap();
        mill.stop();
        mill.stopped().wait().unwrap();
        let notes = log.notes().wait().unwrap();
        assert_eq!(notes.len(), 1);
        assert!(notes[0].empty && notes[0].bytes >= 500_000);
        system.shutdown().wait().unwrap();
    });
}

#[supervisor(strategy = one_for_one, max_restarts = 100, within = "1s")]
enum House {
    #[child]
    Mill(Mill),
}

struct Plan;

impl HouseChildren for Plan {
    fn mill(&mut self, _: &HouseHandle) -> Child<Mill> {
        Mill::child(Stones::default())
    }
}

/// What one incarnation had is not there for the next: neither memory, nor the
/// limit that it set.
#[test]
fn it_goes_with_the_incarnation() {
    within(60, || {
        let system = quiet();
        let house = House::start(&system, Plan).wait().unwrap();
        let mill = house.mill();
        let drops = Arc::new(AtomicUsize::new(0));
        for round in 1..=5 {
            for way in 0..3 {
                assert!(mill.grind(1000).wait().unwrap().nothing(), "way {way}");
                assert!(mill.grind(1000).wait().unwrap().bytes >= 1000);
                mill.limit(0).unwrap();
                match way {
                    0 => mill.fail(1000).unwrap(),
                    1 => mill.panic(1000).unwrap(),
                    _ => {
                        let gate = Gate::default();
                        mill.hang(1000, gate.clone(), Probe(Arc::clone(&drops)))
                            .unwrap();
                        gate.await_arrival();
                        mill.kill();
                        eventually("the handler is dropped", || drops.load(SeqCst) == round);
                    }
                }
                let restarts = 3 * (round - 1) + way + 1;
                eventually("it is restarted", || {
                    let children = house.which_children();
                    children
                        .iter()
                        .any(|child| child.restarts() == restarts as u64)
                });
            }
        }
        system.shutdown().wait().unwrap();
    });
}

/// The context can be changed while the arena is in use.
#[test]
fn the_context_goes_on_beside_it() {
    within(60, || {
        #[actor]
        enum Clock {
            Wind {
                text: String,
            },
            #[internal]
            Tick {
                letters: usize,
            },
        }
        #[derive(Default)]
        struct Hand(usize);
        #[handlers]
        impl ClockActor for Hand {
            async fn wind(&mut self, text: String, ctx: &mut Context<Clock>) {
                let (arena, ctx) = ctx.split_arena();
                let mut words = "";
                for word in text.split(' ') {
                    words = bumpalo::format!(in &arena, "{}{}", words, word).into_bump_str();
                    let letters = word.len();
                    ctx.send(Clock::Tick { letters }).unwrap();
                    pauses(1).await;
                    ctx.send_after(Duration::from_millis(1), Clock::Tick { letters });
                }
                self.0 = 2 * words.len();
                helper(ctx, words);
            }
            fn tick(&mut self, letters: usize, ctx: &mut Context<Clock>) {
                self.0 -= letters;
                if self.0 == 0 {
                    ctx.stop();
                }
            }
        }
        fn helper(ctx: &mut Context<Clock>, words: &str) {
            let (arena, _ctx) = ctx.split_arena();
            assert_eq!(arena.alloc_str(words), words);
        }
        let system = quiet();
        let clock = Clock::spawn(&system, Hand::default());
        let text = "one two three four".to_owned();
        clock.wind(text).unwrap();
        assert!(clock.stopped().wait().unwrap().is_orderly());
        system.shutdown().wait().unwrap();
    });
}

/// Builds texts in its arena while it waits for others.
#[actor]
enum Poet {
    #[reply(String)]
    Write { words: u64 },
    #[reply(u64)]
    Word,
}

struct Pen {
    others: Vec<PoetHandle>,
    next: u64,
}

#[handlers]
impl PoetActor for Pen {
    async fn write(&mut self, words: u64, ctx: &mut Context<Poet>) -> String {
        let (arena, ctx) = ctx.split_arena();
        assert!(is_empty(&arena), "it begins empty");
        let mut poem: &str = "";
        for _ in 0..words {
            let other = &self.others[(ctx.random() % self.others.len() as u64) as usize];
            let word = other.word().await.unwrap();
            poem = bumpalo::format!(in &arena, "{}{} ", poem, word).into_bump_str();
            pauses(ctx.random() % 3).await;
        }
        poem.to_owned()
    }
    fn word(&mut self, ctx: &mut Context<Poet>) -> u64 {
        let arena = ctx.arena();
        assert!(is_empty(&arena), "it begins empty");
        self.next += 1;
        *arena.alloc(self.next)
    }
}

#[test]
fn it_holds_in_every_order() {
    within(120, || {
        let pen = |others: &[PoetHandle]| Pen {
            others: others.to_vec(),
            next: 0,
        };
        let poems = |seed| {
            let sim = Sim::new(seed);
            let others: Vec<_> = (0..3)
                .map(|_| Poet::spawn(sim.system(), pen(&[])))
                .collect();
            let poets: Vec<_> = (0..3)
                .map(|_| Poet::spawn(sim.system(), pen(&others)))
                .collect();
            let mut poems = Vec::new();
            for round in 0..2 {
                let sent: Vec<_> = poets
                    .iter()
                    .map(|poet| poet.write(4 + round).send())
                    .collect();
                poems.extend(sent.into_iter().map(|poem| poem.wait().unwrap()));
            }
            let mut words: Vec<u64> = poems
                .iter()
                .flat_map(|poem| poem.split_whitespace().map(|word| word.parse().unwrap()))
                .collect();
            assert_eq!(words.len(), 3 * (4 + 5), "seed {seed}");
            // Each of the others has counted on its own.
            words.sort_unstable();
            let total: u64 = words.iter().filter(|word| **word == 1).count() as u64;
            assert!((1..=3).contains(&total), "seed {seed}: {words:?}");
            poems
        };
        for seed in 0..1000 {
            let told = poems(seed);
            if seed % 100 == 0 {
                assert_eq!(told, poems(seed), "seed {seed} repeats");
            }
        }
    });
}

// ---- arenas that travel

type Request = Pooled<Arena>;

/// Takes a line apart.
#[actor]
enum Parser {
    #[reply((Request, Stored<str>), error = ArenaError, deferred)]
    Line { arena: Request, line: Stored<str> },
}

/// Adds numbers up.
#[actor]
enum Adder {
    #[reply((Request, Stored<str>), error = ArenaError, deferred)]
    Add {
        arena: Request,
        numbers: Stored<[i64]>,
        unit: Stored<str>,
    },
}

/// Writes the answer.
#[actor]
enum Writer {
    #[reply((Request, Stored<str>), error = ArenaError, deferred)]
    Write {
        arena: Request,
        sum: Stored<Sum>,
        unit: Stored<str>,
    },
}

struct Sum {
    sum: i64,
    _probe: Probe,
}

type Answer = Reply<(Request, Stored<str>), ArenaError>;

struct Split(AdderHandle);
#[handlers]
impl ParserActor for Split {
    fn line(
        &mut self,
        mut arena: Request,
        line: Stored<str>,
        reply: Answer,
    ) -> Result<(), Failure> {
        let (bump, store) = arena.split();
        let words = match store.get(line) {
            Ok(text) => collections::Vec::from_iter_in(text.split(' '), bump).into_bump_slice(),
            Err(error) => {
                reply.fail(error);
                return Ok(());
            }
        };
        let numbers = words.iter().filter_map(|word| word.parse::<i64>().ok());
        let numbers = collections::Vec::from_iter_in(numbers, bump).into_bump_slice();
        let unit = bump.alloc_str(words.last().unwrap_or(&""));
        let unit = store.put_str(unit);
        let numbers = store.put_all(numbers.iter().copied());
        self.0.add(arena, numbers, unit).forward(reply);
        Ok(())
    }
}

struct Total {
    writer: WriterHandle,
    drops: Arc<AtomicUsize>,
}
#[handlers]
impl AdderActor for Total {
    async fn add(
        &mut self,
        mut arena: Request,
        numbers: Stored<[i64]>,
        unit: Stored<str>,
        reply: Answer,
    ) -> Result<(), Failure> {
        let numbers = arena.get(numbers)?;
        pauses(1).await;
        let sum = numbers.iter().sum();
        let sum = arena.put(Sum {
            sum,
            _probe: Probe(Arc::clone(&self.drops)),
        });
        self.writer.write(arena, sum, unit).forward(reply);
        Ok(())
    }
}

struct Page;
#[handlers]
impl WriterActor for Page {
    fn write(
        &mut self,
        mut arena: Request,
        sum: Stored<Sum>,
        unit: Stored<str>,
        reply: Answer,
    ) -> Result<(), Failure> {
        let sum = arena.get(sum)?.sum;
        if sum < 0 {
            panic!("less than nothing");
        }
        let (bump, store) = arena.split();
        let text = bumpalo::format!(in bump, "{sum} {}", store.get(unit)?).into_bump_str();
        let text = store.put_str(text);
        reply.send((arena, text));
        Ok(())
    }
}

struct Line {
    parser: ParserHandle,
    arenas: Pool<Arena>,
    drops: Arc<AtomicUsize>,
}

impl Line {
    fn new(system: &System) -> Line {
        let drops = Arc::new(AtomicUsize::new(0));
        let writer = Writer::spawn(system, Page);
        let total = Total {
            writer,
            drops: Arc::clone(&drops),
        };
        let adder = Adder::spawn(system, total);
        let parser = Parser::spawn(system, Split(adder));
        let arenas = Pool::builder(Arena::new).reset(Arena::reset).build();
        Line {
            parser,
            arenas: arenas.unwrap(),
            drops,
        }
    }

    fn send(&self, text: &str) -> Result<String, AskError<ArenaError>> {
        let mut arena = self.arenas.take();
        let line = arena.put_str(text);
        let (arena, answer) = self.parser.line(arena, line).wait()?;
        assert_eq!(arena.get(line), Ok(text), "what was stored first is there");
        Ok(arena.get(answer).unwrap().to_owned())
    }
}

#[test]
fn an_arena_travels_through_three_actors_and_back() {
    within(60, || {
        let system = quiet();
        let line = Line::new(&system);
        for round in 0..300 {
            let answer = line.send(&format!("{round} and 2 and {round} apples"));
            assert_eq!(answer.unwrap(), format!("{} apples", 2 * round + 2));
            assert_eq!(
                line.drops.load(SeqCst),
                round + 1,
                "what was stored is dropped"
            );
        }
        assert_eq!(line.arenas.stats().made(), 1);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn many_travel_at_once_in_every_order() {
    within(120, || {
        for seed in 0..1000 {
            let sim = Sim::new(seed);
            let line = Line::new(sim.system());
            for round in 0..2 {
                let sent: Vec<_> = (0..6)
                    .map(|number| {
                        let mut arena = line.arenas.take();
                        let text = format!("{number} and {round} pears");
                        let text = arena.put_str(&text);
                        line.parser.line(arena, text).send()
                    })
                    .collect();
                for (number, answer) in sent.into_iter().enumerate() {
                    let (arena, answer) = answer.wait().unwrap();
                    let expected = format!("{} pears", number + round);
                    assert_eq!(arena.get(answer), Ok(&*expected), "seed {seed}");
                }
                assert_eq!(line.drops.load(SeqCst), 6 * (round + 1), "seed {seed}");
            }
            let stats = line.arenas.stats();
            assert_eq!((stats.made(), stats.idle()), (6, 6), "seed {seed}");
        }
    });
}

#[test]
fn a_crash_drops_it() {
    within(60, || {
        let system = quiet();
        let line = Line::new(&system);
        line.send("1 apple").unwrap();
        let crashed = line.send("-1 apple");
        assert!(
            matches!(crashed, Err(AskError::NoReply { .. })),
            "{crashed:?}"
        );
        // What the arena held is dropped, and the arena is back home.
        eventually("it is back", || line.arenas.stats().idle() == 1);
        assert_eq!(line.drops.load(SeqCst), 2);
        // An arena for an actor that has ended comes back as well.
        assert!(line.send("1 apple").is_err());
        eventually("it is back", || line.arenas.stats().idle() == 1);
        assert_eq!(line.arenas.stats().made(), 1);
        assert_eq!(line.drops.load(SeqCst), 3);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn handles_of_another_arena_are_refused() {
    within(60, || {
        let system = quiet();
        let line = Line::new(&system);
        let (mut one, mut other) = (line.arenas.take(), line.arenas.take());
        let name = one.put_str("1 apple");
        let foreign = other.put_str("2 pears");
        assert_eq!(one.get(foreign), Err(ArenaError::Foreign));
        assert_eq!(one.get_mut(foreign), Err(ArenaError::Foreign));
        assert_eq!(one.get(name), Ok("1 apple"));
        let refused = line.parser.line(one, foreign).wait();
        assert!(matches!(
            refused,
            Err(AskError::Failed(ArenaError::Foreign))
        ));

        // That arena was reset when it came home.
        eventually("it is back", || line.arenas.stats().idle() == 1);
        let mut one = line.arenas.take();
        one.put_str("3 plums");
        assert_eq!(one.get(name), Err(ArenaError::Reset));
        let refused = line.parser.line(one, name).wait();
        assert!(matches!(refused, Err(AskError::Failed(ArenaError::Reset))));
        system.shutdown().wait().unwrap();
    });
}

/// One that the caller owns, without a pool.
#[test]
fn an_arena_can_be_owned_by_the_caller() {
    #[actor]
    enum Echo {
        #[reply((Arena, Stored<str>))]
        Twice { arena: Arena, text: Stored<str> },
    }
    struct Cave;
    #[handlers]
    impl EchoActor for Cave {
        fn twice(
            &mut self,
            mut arena: Arena,
            text: Stored<str>,
        ) -> Result<(Arena, Stored<str>), ArenaError> {
            let (bump, store) = arena.split();
            let text = bump.alloc_str(store.get(text)?);
            let twice = store.put_fmt(format_args!("{text}, {text}"));
            Ok((arena, twice))
        }
    }
    within(60, || {
        let system = quiet();
        let echo = Echo::spawn(&system, Cave);
        let mut arena = Arena::with_limit(4096);
        let mut answer;
        for round in 0..100 {
            arena.reset();
            assert!(arena.bytes() <= 4096);
            let long = "hello ".repeat(if round % 10 == 0 { 1000 } else { 1 });
            let text = arena.put_str(&long);
            (arena, answer) = echo.twice(arena, text).wait().unwrap();
            assert_eq!(arena.get(answer).unwrap(), format!("{long}, {long}"));
        }
        system.shutdown().wait().unwrap();
    });
}
