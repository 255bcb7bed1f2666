//! Asks: each ends, with the outcome that tells what became of it.

use std::time::Duration;

use zctor::prelude::*;
use zctor::sim::{Faults, SimSystem};

use super::{MS, Notes, SECOND, below, crashes, pause, promise};

#[actor]
enum Clerk {
    #[reply(u32)]
    Answer(u32),
    #[reply(u32, error = u32)]
    Refuse(u32),
    /// Forgets it.
    #[reply(u32, deferred)]
    Lose(u32),
    /// Keeps it as long as it lives.
    #[reply(u32, deferred)]
    Keep(u32),
    #[reply(u32)]
    Sleep(u32),
    #[reply(u32)]
    Crash(u32),
}

#[derive(Default)]
struct Desk {
    kept: Vec<Reply<u32>>,
    answered: Notes<u32>,
}

#[handlers]
impl ClerkActor for Desk {
    async fn answer(&mut self, value: u32) -> u32 {
        pause().await;
        self.answered.add(value);
        value
    }
    fn refuse(&mut self, value: u32) -> Result<u32, u32> {
        Err(value)
    }
    fn lose(&mut self, _: u32, reply: Reply<u32>) {
        drop(reply);
    }
    fn keep(&mut self, _: u32, reply: Reply<u32>) {
        self.kept.push(reply);
    }
    async fn sleep(&mut self, value: u32, ctx: &mut Context<Clerk>) -> u32 {
        ctx.system().sleep(50 * MS).await;
        self.answered.add(value);
        value
    }
    fn crash(&mut self, value: u32) -> Result<u32, Failure> {
        Err(Failure::msg(format!("{value} is too much")))
    }
}

#[supervisor(max_restarts = 1000)]
enum Office {
    #[child]
    Clerk(Clerk),
}

struct Rooms(Notes<u32>);

impl OfficeChildren for Rooms {
    fn clerk(&mut self, _: &OfficeHandle) -> Child<Clerk> {
        Clerk::child(Desk {
            kept: Vec::new(),
            answered: self.0.clone(),
        })
    }
}

/// What was asked, and what has become of it.
#[derive(Debug, Clone)]
struct Asked {
    what: u64,
    number: u32,
    limit: Option<Duration>,
    took: Duration,
    came: Came,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    Answer(u32),
    Refusal(u32),
    NoReply,
    Stopped,
    Crashed,
    Timeout,
}

impl From<AskError> for Came {
    fn from(error: AskError) -> Came {
        match error {
            AskError::NoReply { .. } => Came::NoReply,
            AskError::Stopped { .. } => Came::Stopped,
            AskError::Crashed { .. } => Came::Crashed,
            AskError::Timeout { .. } => Came::Timeout,
            other => panic!("{other}"),
        }
    }
}

/// Asks in its handlers.
#[actor]
enum Client {
    #[reply(Vec<Asked>)]
    Run(u32),
}

struct Person(ClerkHandle);

#[handlers]
impl ClientActor for Person {
    async fn run(&mut self, value: u32, ctx: &mut Context<Client>) -> Vec<Asked> {
        let mut all = Vec::new();
        let clerk = self.0.clone();
        for number in value..value + 4 {
            let what = ctx.random() % 6;
            let limit = match (what, ctx.random() % 2) {
                (3, _) => Some(20 * MS),
                (_, 0) => Some(MS * (ctx.random() % 60) as u32),
                _ => None,
            };
            let began = ctx.now();
            let within = |ask: zctor::Ask<Clerk, u32>| match limit {
                Some(limit) => ask.timeout(limit),
                None => ask,
            };
            let came = match what {
                1 => {
                    let ask = clerk.refuse(number);
                    let ask = match limit {
                        Some(limit) => ask.timeout(limit),
                        None => ask,
                    };
                    Err(match ask.await {
                        Ok(answer) => Came::Answer(answer),
                        Err(AskError::Failed(back)) => Came::Refusal(back),
                        Err(AskError::Stopped { .. }) => Came::Stopped,
                        Err(AskError::Crashed { .. }) => Came::Crashed,
                        Err(AskError::Timeout { .. }) => Came::Timeout,
                        Err(other) => panic!("{other}"),
                    })
                }
                0 => within(clerk.answer(number)).await.map_err(Came::from),
                2 => within(clerk.lose(number)).await.map_err(Came::from),
                3 => within(clerk.keep(number)).await.map_err(Came::from),
                4 => within(clerk.sleep(number)).await.map_err(Came::from),
                _ => within(clerk.crash(number)).await.map_err(Came::from),
            };
            let came = came.map_or_else(|came| came, Came::Answer);
            let took = ctx.now() - began;
            all.push(Asked {
                what,
                number,
                limit,
                took,
                came,
            });
        }
        all
    }
}

fn fits(asked: &Asked) -> bool {
    let Asked { what, number, .. } = *asked;
    match asked.came {
        Came::Stopped | Came::Crashed => true,
        Came::Timeout => asked.limit.is_some(),
        Came::Answer(back) => matches!(what, 0 | 4) && back == number,
        Came::Refusal(back) => what == 1 && back == number,
        Came::NoReply => what == 2,
    }
}

async fn scenario(system: SimSystem) {
    let mut events = system.events();
    let answered = Notes::default();
    let office = Office::start(&system, Rooms(answered.clone()))
        .await
        .unwrap();
    let alone = below(&system, 2) == 0;
    let lonely = Desk {
        kept: Vec::new(),
        answered: answered.clone(),
    };
    let clerk = match alone {
        true => Clerk::spawn(&system, lonely),
        false => office.clerk(),
    };
    let clients: Vec<_> = (0..3)
        .map(|_| Client::spawn(&system, Person(clerk.clone())))
        .collect();
    let runs = (0..)
        .zip(&clients)
        .map(|(client, one)| one.run(client * 100).send());
    let runs: Vec<_> = runs.collect();
    system.sleep(MS * below(&system, 150) as u32).await;
    match below(&system, 4) {
        0 => clerk.stop(),
        1 => clerk.kill(),
        2 => office.stop(),
        _ => {}
    }
    let mut all = Vec::new();
    for run in runs {
        all.extend(run.await.unwrap());
    }
    for asked in &all {
        assert!(fits(asked), "{asked:?}");
        if let Some(limit) = asked.limit {
            assert!(asked.took <= limit, "too late: {asked:?}");
            assert!(
                asked.came != Came::Timeout || asked.took == limit,
                "{asked:?}"
            );
        }
        if let Came::Answer(number) = asked.came {
            let times = answered.all().iter().filter(|one| **one == number).count();
            assert_eq!(times, 1, "{asked:?}");
        }
    }
    // A crash takes the message in hand, and the replies that were kept.
    let told = |asked: &&Asked| asked.came == Came::Crashed && asked.what != 3;
    let told = all.iter().filter(told).count();
    let crashes = crashes(&mut events);
    // What is over its time is not told of a crash.
    assert!(told <= crashes, "{told} were told of {crashes} crashes");
}

#[test]
fn every_ask_ends_with_what_became_of_it() {
    let faults = Faults::new().panic::<Clerk>(20).kill::<Clerk>(20);
    promise(
        8_000,
        move |explorer| explorer.faults(faults.clone()),
        scenario,
    );
}

#[actor(mailbox = 1, overflow = reject)]
enum Booth {
    #[reply(u32)]
    Enter(u32),
}

struct Curtain;

#[handlers]
impl BoothActor for Curtain {
    async fn enter(&mut self, value: u32, ctx: &mut Context<Booth>) -> u32 {
        ctx.system().sleep(MS).await;
        value
    }
}

/// What is not accepted is told at once, and what is accepted is answered; the
/// actor ends while some are under way.
#[test]
fn whoever_finds_no_room_is_told_so() {
    let faults = Faults::new()
        .panic::<Booth>(20)
        .kill::<Booth>(20)
        .hold::<Booth>(20, MS);
    promise(
        2_400,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        |system| async move {
            let booth = Booth::spawn(&system, Curtain);
            let mut asks = Vec::new();
            for number in 0..8 {
                asks.push((number, booth.enter(number).send()));
                match below(&system, 4) {
                    0 => system.sleep(MS).await,
                    1 => pause().await,
                    _ => {}
                }
            }
            let weak = booth.downgrade();
            drop(booth);
            let mut full = 0;
            for (number, ask) in asks {
                match ask.await {
                    Ok(answer) => assert_eq!(answer, number),
                    Err(AskError::Full { .. }) => full += 1,
                    Err(AskError::Stopped { .. } | AskError::Crashed { .. }) => {}
                    Err(other) => panic!("{other}"),
                }
            }
            assert!(full <= 7, "the first has room");
            system.sleep(SECOND).await;
            assert!(weak.upgrade().is_none());
        },
    );
}
