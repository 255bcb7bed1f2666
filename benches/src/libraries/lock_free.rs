//! zctor, with two workers and mailboxes without a lock: what
//! `#[actor(mailbox = lock_free)]` changes. The table has zctor's part of it.

use std::sync::mpsc::{Sender, channel};

use zctor::prelude::*;

use crate::work::{Row, Work, figure, from_threads, uncounted};

#[actor(mailbox = lock_free)]
enum Counter {
    Add(u64),
    #[reply(u64)]
    Total,
}

struct Tally(u64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, value: u64) {
        self.0 += value;
    }
    fn total(&self) -> u64 {
        self.0
    }
}

#[actor(mailbox = lock_free(64))]
enum Narrow {
    Add(u64),
    #[reply(u64)]
    Total,
}

#[handlers]
impl NarrowActor for Tally {
    fn add(&mut self, value: u64) {
        self.0 += value;
    }
    fn total(&self) -> u64 {
        self.0
    }
}

#[actor(mailbox = lock_free)]
enum Node {
    Join(NodeHandle),
    Token(u64),
}

struct Link {
    next: Option<NodeHandle>,
    done: Sender<()>,
}

#[handlers]
impl NodeActor for Link {
    fn join(&mut self, value: NodeHandle) {
        self.next = Some(value);
    }
    fn token(&mut self, value: u64) -> Result<(), Failure> {
        match (&self.next, value.checked_sub(1)) {
            (Some(next), Some(left)) => next.token(left)?,
            _ => self.done.send(())?,
        }
        Ok(())
    }
}

/// Does in a handler what is measured from an actor's side.
#[actor(mailbox = lock_free)]
enum Driver {
    #[reply(u64)]
    Ask(CounterHandle, u64),
    #[reply(())]
    Spawn(u64),
    #[reply(u64)]
    Fill(NarrowHandle, u64),
}

struct Wheel;

#[handlers]
impl DriverActor for Wheel {
    async fn ask(&mut self, counter: CounterHandle, times: u64) -> Result<u64, Failure> {
        let mut sum = 0;
        for _ in 0..times {
            sum += counter.total().await?;
        }
        Ok(sum)
    }
    async fn spawn(&mut self, times: u64, ctx: &mut Context<Driver>) -> Result<(), Failure> {
        let system = ctx.system();
        for _ in 0..times {
            let counter = Counter::spawn(&system, Tally(0));
            counter.add(1)?;
            counter.stop();
            counter.stopped().await;
        }
        Ok(())
    }
    async fn fill(&mut self, narrow: NarrowHandle, times: u64) -> Result<u64, Failure> {
        for _ in 0..times {
            narrow.add(1).await?;
        }
        Ok(narrow.total().await?)
    }
}

pub fn measure(row: &Row, quick: bool) -> Option<f64> {
    let system = System::builder()
        .workers(2)
        .build()
        .expect("the system starts");
    let counter = || Counter::spawn(&system, Tally(0));
    let driver = Driver::spawn(&system, Wheel);
    Some(match row.work {
        Work::Tell { senders } => figure(row, quick, |times| {
            let counter = counter();
            from_threads(senders, times, || {
                let counter = counter.clone();
                move || counter.add(1).expect("the counter lives")
            });
            assert_eq!(counter.total().wait().expect("it answers"), times);
        }),
        Work::Ask => {
            let counter = counter();
            figure(row, quick, |times| {
                let sum = driver.ask(counter.clone(), times).wait();
                assert_eq!(sum.expect("it answers"), 0);
            })
        }
        Work::Ring { actors } => {
            let (done, finished) = channel();
            let spawn = |_| {
                Node::spawn(
                    &system,
                    Link {
                        next: None,
                        done: done.clone(),
                    },
                )
            };
            let nodes: Vec<_> = (0..actors).map(spawn).collect();
            for (place, node) in nodes.iter().enumerate() {
                let next = nodes[(place + 1) % nodes.len()].clone();
                node.join(next).expect("the node lives");
            }
            let figure = figure(row, quick, |times| {
                nodes[0].token(times).expect("the node lives");
                finished.recv().expect("the token arrives");
            });
            // They hold each other.
            nodes.iter().for_each(|node| node.stop());
            figure
        }
        Work::Spawn => figure(row, quick, |times| {
            driver.spawn(times).wait().expect("they are spawned");
        }),
        Work::Bounded => figure(row, quick, |times| {
            let narrow = Narrow::spawn(&system, Tally(0));
            let total = driver.fill(narrow, times).wait();
            assert_eq!(total.expect("it answers"), times);
        }),
        Work::Idle => figure(row, quick, |times| {
            let mut idle = uncounted(times);
            idle.extend((0..times).map(|_| counter()));
            for counter in &idle {
                counter.add(1).expect("the counter lives");
                // Another actor asks: whoever asks from outside also has the
                // actor's end watched.
                let total = driver.ask(CounterHandle::clone(counter), 1).wait();
                assert_eq!(total.expect("it answers"), 1);
            }
            idle
        }),
        Work::AllToAll | Work::Panic => return None,
    })
}
