//! A simulation runs the same actors in an order that its seed decides, and
//! nothing else: a run can be repeated, and many seeds show many orders. The
//! promises of an actor hold in all of them.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;
use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;

const SEEDS: u64 = 300;

/// Writes down what comes.
#[actor]
enum Log {
    Note {
        sender: u32,
        number: u32,
    },
    #[reply(u32)]
    Crash,
    #[reply(u32)]
    Count,
    #[reply((), deferred)]
    Never,
}

type Notes = Arc<Mutex<Vec<(u32, u32, u128)>>>;

#[derive(Default)]
struct Book {
    notes: Notes,
    began: Option<std::time::Instant>,
    at_it: bool,
    kept: Vec<Reply<()>>,
}

#[handlers]
impl LogActor for Book {
    fn on_start(&mut self, ctx: &mut Context<Log>) {
        self.began = Some(ctx.now());
    }
    async fn note(&mut self, sender: u32, number: u32, ctx: &mut Context<Log>) {
        assert!(!std::mem::replace(&mut self.at_it, true), "two at a time");
        let now = (ctx.now() - self.began.unwrap()).as_nanos();
        self.notes.lock().unwrap().push((sender, number, now));
        yields(ctx.random() % 3).await;
        self.at_it = false;
    }
    fn crash(&mut self) -> Result<u32, Failure> {
        Err(Failure::msg("on purpose"))
    }
    fn count(&self) -> u32 {
        u32::try_from(self.notes.lock().unwrap().len()).unwrap()
    }
    fn never(&mut self, reply: Reply<()>) {
        self.kept.push(reply);
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

/// Sends numbers to a log, one for each message to itself and some by timers.
#[actor]
enum Sender {
    Go,
}

struct Pen {
    log: LogHandle,
    name: u32,
    left: u32,
}

#[handlers]
impl SenderActor for Pen {
    fn go(&mut self, ctx: &mut Context<Sender>) {
        let Some(left) = self.left.checked_sub(1) else {
            return ctx.stop();
        };
        let (sender, number) = (self.name, 20 - self.left);
        // The log may have been crashed.
        let _ = self.log.note(sender, number);
        self.left = left;
        if ctx.random().is_multiple_of(4) {
            let pause = Duration::from_micros(ctx.random() % 50);
            ctx.send_after(pause, Sender::Go);
        } else {
            // Refused if the system shuts down meanwhile.
            let _ = ctx.handle().go();
        }
    }
}

fn senders(sim: &Sim, log: &LogHandle, number: u32) -> Vec<SenderHandle> {
    let pens = (0..number).map(|name| Pen {
        log: log.clone(),
        name,
        left: 20,
    });
    let senders: Vec<_> = pens.map(|pen| Sender::spawn(sim.system(), pen)).collect();
    for sender in &senders {
        sender.go().unwrap();
    }
    senders
}

fn trace(seed: u64) -> (Vec<(u32, u32, u128)>, u64, Duration) {
    let sim = Sim::new(seed);
    let notes = Notes::default();
    let book = Book {
        notes: Arc::clone(&notes),
        ..Book::default()
    };
    let log = Log::spawn(sim.system(), book);
    let senders = senders(&sim, &log, 3);
    sim.block_on(async {
        for sender in &senders {
            sender.stopped().await;
        }
        log.stop();
        log.stopped().await;
    })
    .unwrap();
    let seen = notes.lock().unwrap().clone();
    (seen, sim.steps(), sim.elapsed())
}

#[test]
fn the_same_seed_gives_the_same_run() {
    within(60, || {
        let mut seen = BTreeSet::new();
        for seed in 0..SEEDS {
            let first = trace(seed);
            assert_eq!(first, trace(seed), "seed {seed}");
            assert_eq!(first.0.len(), 60);
            let senders: Vec<_> = first.0.iter().map(|note| note.0).collect();
            seen.insert(senders);
        }
        assert!(seen.len() > 250, "only {} orders", seen.len());
    });
}

#[test]
fn two_senders_come_in_either_order() {
    within(60, || {
        let mut first = BTreeMap::<u32, u32>::new();
        for seed in 0..100 {
            let sim = Sim::new(seed);
            let book = Book::default();
            let notes = Arc::clone(&book.notes);
            let log = Log::spawn(sim.system(), book);
            let _senders = senders(&sim, &log, 2);
            sim.run_until_idle();
            let winner = notes.lock().unwrap()[0].0;
            *first.entry(winner).or_default() += 1;
        }
        assert!(first.values().all(|&wins| wins > 20), "{first:?}");
        assert_eq!(first.len(), 2);
    });
}

#[test]
fn order_is_kept_and_one_is_handled_at_a_time() {
    within(60, || {
        for seed in 0..SEEDS {
            let (notes, ..) = trace(seed);
            let mut next = BTreeMap::<u32, u32>::new();
            for (sender, number, _) in notes {
                let expected = next.entry(sender).or_default();
                assert_eq!(number, *expected, "sender {sender}, seed {seed}");
                *expected += 1;
            }
            assert!(next.values().all(|&count| count == 20), "seed {seed}");
        }
    });
}

#[test]
fn every_ask_ends_whenever_its_actor_does() {
    within(60, || {
        let mut outcomes = BTreeSet::new();
        for seed in 0..SEEDS {
            let sim = Sim::new(seed);
            let log = Log::spawn(sim.system(), Book::default());
            let senders = senders(&sim, &log, 2);
            let asks: Vec<_> = (0..4).map(|_| log.count().send()).collect();
            let never = log.never().send();
            // Ends it at some point of what the senders do.
            for _ in 0..seed % 7 {
                sim.advance(Duration::from_micros(5));
            }
            let crash = match seed % 3 {
                0 => {
                    log.stop();
                    None
                }
                1 => {
                    log.kill();
                    None
                }
                _ => Some(log.crash().send()),
            };
            let more = [log.count().send()].into_iter().chain(crash);
            let ended = sim.block_on(async {
                for ask in asks.into_iter().chain(more) {
                    outcomes.insert(outcome(ask.await));
                }
                outcomes.insert(outcome(never.await.map(|()| 0)));
            });
            assert!(ended.is_ok(), "seed {seed}: {}", ended.unwrap_err());
            drop(senders);
        }
        assert!(outcomes.is_superset(&["reply", "stopped", "crashed"].into()));
    });
}

fn outcome(answer: Result<u32, AskError>) -> &'static str {
    match answer {
        Ok(_) => "reply",
        Err(AskError::Stopped { .. }) => "stopped",
        Err(AskError::Crashed { .. }) => "crashed",
        Err(error) => panic!("{error}"),
    }
}

/// Asks the others before it answers.
#[actor]
enum Link {
    Join(LinkHandle),
    #[reply(Result<u32, AskError>)]
    Ask(u32),
}

#[derive(Default)]
struct Chain {
    others: Vec<LinkHandle>,
}

#[handlers]
impl LinkActor for Chain {
    fn join(&mut self, value: LinkHandle) {
        self.others.push(value);
    }
    async fn ask(&mut self, value: u32, ctx: &mut Context<Link>) -> Result<u32, AskError> {
        let Some(less) = value.checked_sub(1) else {
            return Ok(0);
        };
        yields(ctx.random() % 3).await;
        Ok(self.others[0].ask(less).await?? + 1)
    }
}

#[test]
fn circles_are_found_in_every_order_and_nothing_else_is() {
    within(60, || {
        let mut circles = 0;
        for seed in 0..SEEDS {
            let sim = Sim::new(seed);
            let links = [(); 3].map(|()| Link::spawn(sim.system(), Chain::default()));
            for (place, link) in links.iter().enumerate() {
                link.join(links[(place + 1) % 3].clone()).unwrap();
            }
            // Each asks the next, which asks the one after it: no circle
            // unless all of them wait at the same time.
            let asks = links.iter().zip([0, seed % 7, seed % 17]);
            let mut asks: Vec<_> = asks
                .map(|(link, later)| {
                    Box::pin(async move {
                        yields(later).await;
                        link.ask(2).await.expect("it is answered")
                    })
                })
                .collect();
            let answers = sim.block_on(async {
                let mut answers = Vec::new();
                std::future::poll_fn(|cx| {
                    asks.retain_mut(|ask| match ask.as_mut().poll(cx) {
                        Poll::Ready(answer) => {
                            answers.push(answer);
                            false
                        }
                        Poll::Pending => true,
                    });
                    if asks.is_empty() {
                        Poll::Ready(())
                    } else {
                        Poll::Pending
                    }
                })
                .await;
                answers
            });
            let mut failed = 0;
            for answer in answers.unwrap() {
                match answer {
                    Ok(steps) => assert_eq!(steps, 2),
                    Err(AskError::Deadlock { .. }) => failed += 1,
                    Err(error) => panic!("seed {seed}: {error}"),
                }
            }
            circles += u32::from(failed > 0);
        }
        assert!((1..SEEDS as u32).contains(&circles), "{circles} circles");
    });
}

#[actor]
enum Waiter {
    Wait,
}

struct Impatient(LogHandle);

#[handlers]
impl WaiterActor for Impatient {
    fn wait(&mut self) {
        let refused = self.0.count().wait().unwrap_err();
        assert!(matches!(refused, AskError::WaitInHandler { .. }));
    }
}

#[test]
fn waiting_drives_the_simulation_but_not_in_handlers() {
    within(60, || {
        let sim = Sim::new(3);
        let log = Log::spawn(sim.system(), Book::default());
        log.note(0, 0).unwrap();
        assert_eq!(log.count().wait().unwrap(), 1);
        let waiter = Waiter::spawn(sim.system(), Impatient(log.clone()));
        waiter.wait().unwrap();
        waiter.stop();
        assert!(waiter.stopped().wait().unwrap().is_orderly());
        // Within what `run` runs it is a plain thread's.
        let both = sim.block_on(async { log.count().wait().unwrap() + log.count().await.unwrap() });
        assert_eq!(both.unwrap(), 2);
    });
}

#[test]
fn a_run_that_cannot_go_on_says_who_is_alive() {
    within(60, || {
        let sim = Sim::new(3);
        let log = Log::spawn(sim.system(), Book::default());
        let stalled = sim.block_on(log.never()).unwrap_err();
        assert_eq!(stalled.actors(), [log.label()]);
        let waiting = std::panic::AssertUnwindSafe(|| log.never().wait());
        let panic = std::panic::catch_unwind(waiting).unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.contains("stalled") && text.contains("Log#1"), "{text}");
    });
}

#[test]
fn it_ends_with_whatever_is_dropped_first() {
    within(60, || {
        // The simulation, while handles, a system and an ask live on.
        let sim = Sim::new(3);
        let system = sim.system().clone();
        let log = Log::spawn(&system, Book::default());
        log.note(0, 0).unwrap();
        let ask = log.never().send();
        drop(sim);
        assert!(!log.is_alive());
        assert!(log.note(0, 1).is_err());
        assert!(matches!(ask.wait(), Err(AskError::Stopped { .. })));
        assert!(!Log::spawn(&system, Book::default()).is_alive());
        drop(system);
        // A system that was shut down, then its simulation.
        let sim = Sim::new(3);
        let log = Log::spawn(sim.system(), Book::default());
        sim.system().shutdown().wait().unwrap();
        assert!(!log.is_alive());
        sim.run_until_idle();
        sim.advance(Duration::from_secs(1));
        drop(sim);
        // Two on one thread.
        let (one, two) = (Sim::new(1), Sim::new(2));
        let far = Log::spawn(one.system(), Book::default());
        let near = Log::spawn(two.system(), Book::default());
        far.note(0, 0).unwrap();
        assert_eq!(near.count().wait().unwrap(), 0);
        assert_eq!(far.count().wait().unwrap(), 1);
        drop((one, two));
        // Actors that nobody ran.
        let sim = Sim::new(4);
        Log::spawn(sim.system(), Book::default()).detach();
    });
}
