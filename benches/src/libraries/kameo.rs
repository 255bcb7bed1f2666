//! kameo, without its tracing spans, on tokio with two workers.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use kameo::prelude::*;
use kameo::supervision::RestartPolicy;

use super::tokio::{run, two_workers};
use crate::work::{CROWD, Pings, Row, Work, figure, from_threads, uncounted};

#[derive(Clone)]
struct Tally(u64);

impl Actor for Tally {
    type Args = Tally;
    type Error = Infallible;

    async fn on_start(tally: Tally, _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(tally)
    }
}

struct Add(u64);
struct Total;
struct Crash;

impl Message<Add> for Tally {
    type Reply = ();
    async fn handle(&mut self, Add(value): Add, _: &mut Context<Self, ()>) {
        self.0 += value;
    }
}

impl Message<Total> for Tally {
    type Reply = u64;
    async fn handle(&mut self, _: Total, _: &mut Context<Self, u64>) -> u64 {
        self.0
    }
}

impl Message<Crash> for Tally {
    type Reply = ();
    async fn handle(&mut self, _: Crash, _: &mut Context<Self, ()>) {
        panic!("on purpose");
    }
}

#[derive(Actor)]
struct Node {
    next: Option<ActorRef<Node>>,
    done: Sender<()>,
}

struct Join(ActorRef<Node>);
struct Token(u64);

impl Message<Join> for Node {
    type Reply = ();
    async fn handle(&mut self, Join(next): Join, _: &mut Context<Self, ()>) {
        self.next = Some(next);
    }
}

impl Message<Token> for Node {
    type Reply = ();
    async fn handle(&mut self, Token(token): Token, _: &mut Context<Self, ()>) {
        match (&self.next, token.checked_sub(1)) {
            (Some(next), Some(left)) => next.tell(Token(left)).await.expect("it lives"),
            _ => self.done.send(()).expect("it is awaited"),
        }
    }
}

#[derive(Actor)]
struct Peer {
    number: usize,
    peers: Arc<Vec<ActorRef<Peer>>>,
    pings: Pings,
    done: Sender<()>,
}

struct Meet(Arc<Vec<ActorRef<Peer>>>);
struct Ping(usize);
struct Pong;

impl Message<Meet> for Peer {
    type Reply = ();
    async fn handle(&mut self, Meet(peers): Meet, _: &mut Context<Self, ()>) {
        self.peers = peers;
    }
}

impl Message<Ping> for Peer {
    type Reply = ();
    async fn handle(&mut self, Ping(from): Ping, _: &mut Context<Self, ()>) {
        self.peers[from].tell(Pong).await.expect("it lives");
    }
}

impl Message<Pong> for Peer {
    type Reply = ();
    async fn handle(&mut self, _: Pong, _: &mut Context<Self, ()>) {
        match self.pings.next() {
            Some(peer) => self.peers[peer]
                .tell(Ping(self.number))
                .await
                .expect("it lives"),
            None => self.done.send(()).expect("it is awaited"),
        }
    }
}

/// Asks, and supervises the one that panics.
struct Supervisor;

impl Actor for Supervisor {
    type Args = Supervisor;
    type Error = Infallible;

    async fn on_start(supervisor: Supervisor, _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(supervisor)
    }
}

struct Asks {
    counter: ActorRef<Tally>,
    times: u64,
}

impl Message<Asks> for Supervisor {
    type Reply = u64;
    async fn handle(&mut self, asks: Asks, _: &mut Context<Self, u64>) -> u64 {
        let mut sum = 0;
        for _ in 0..asks.times {
            sum += asks.counter.ask(Total).await.expect("it answers");
        }
        sum
    }
}

fn unbounded() -> ActorRef<Tally> {
    Tally::spawn_with_mailbox(Tally(0), mailbox::unbounded())
}

pub fn measure(row: &Row, quick: bool) -> Option<f64> {
    let runtime = two_workers();
    let _context = runtime.enter();
    Some(match row.work {
        Work::Tell { senders } => figure(row, quick, |times| {
            let counter = unbounded();
            from_threads(senders, times, || {
                let counter = counter.clone();
                move || counter.tell(Add(1)).try_send().expect("the counter lives")
            });
            let total = runtime.block_on(async { counter.ask(Total).await });
            assert_eq!(total.expect("it answers"), times);
        }),
        Work::Ask => {
            let counter = unbounded();
            let driver = Supervisor::spawn_with_mailbox(Supervisor, mailbox::unbounded());
            figure(row, quick, |times| {
                let asks = Asks {
                    counter: counter.clone(),
                    times,
                };
                let sum = runtime.block_on(async { driver.ask(asks).await });
                assert_eq!(sum.expect("it answers"), 0);
            })
        }
        Work::Ring { actors } => {
            let (done, finished) = channel();
            let spawn = |_| {
                let node = Node {
                    next: None,
                    done: done.clone(),
                };
                Node::spawn_with_mailbox(node, mailbox::unbounded())
            };
            let nodes: Vec<_> = (0..actors).map(spawn).collect();
            for (place, node) in nodes.iter().enumerate() {
                let next = nodes[(place + 1) % nodes.len()].clone();
                node.tell(Join(next)).try_send().expect("the node lives");
            }
            figure(row, quick, |times| {
                nodes[0]
                    .tell(Token(times))
                    .try_send()
                    .expect("the node lives");
                finished.recv().expect("the token arrives");
            })
        }
        Work::AllToAll => figure(row, quick, |times| {
            let (done, finished) = channel();
            let spawn = |number| {
                let pings = Pings::new(number, times);
                let (number, done) = (number as usize, done.clone());
                let peer = Peer {
                    number,
                    peers: Arc::default(),
                    pings,
                    done,
                };
                Peer::spawn_with_mailbox(peer, mailbox::unbounded())
            };
            let peers = Arc::new((0..CROWD).map(spawn).collect::<Vec<_>>());
            for peer in &*peers {
                peer.tell(Meet(Arc::clone(&peers)))
                    .try_send()
                    .expect("the peer lives");
            }
            for peer in &*peers {
                peer.tell(Pong).try_send().expect("the peer lives");
            }
            (0..CROWD).for_each(|_| finished.recv().expect("all pings are answered"));
        }),
        Work::Spawn => figure(row, quick, |times| {
            run(&runtime, async move {
                for _ in 0..times {
                    let counter = unbounded();
                    counter.tell(Add(1)).await.expect("the counter lives");
                    counter.stop_gracefully().await.expect("the counter lives");
                    counter.wait_for_shutdown().await;
                }
            });
        }),
        Work::Bounded => figure(row, quick, |times| {
            run(&runtime, async move {
                let narrow = Tally::spawn_with_mailbox(Tally(0), mailbox::bounded(64));
                for _ in 0..times {
                    narrow.tell(Add(1)).await.expect("the counter lives");
                }
                assert_eq!(narrow.ask(Total).await.expect("it answers"), times);
            });
        }),
        Work::Idle => figure(row, quick, |times| {
            let mut idle = uncounted(times);
            idle.extend((0..times).map(|_| unbounded()));
            for counter in &idle {
                counter.tell(Add(1)).try_send().expect("the counter lives");
                let total = runtime.block_on(async { counter.ask(Total).await });
                assert_eq!(total.expect("it answers"), 1);
            }
            idle
        }),
        Work::Panic => {
            std::panic::set_hook(Box::new(|_| {}));
            let supervisor = Supervisor::spawn(Supervisor);
            let child = run(&runtime, async move {
                let child = Tally::supervise(&supervisor, Tally(0))
                    .restart_policy(RestartPolicy::Permanent)
                    .restart_limit(u32::MAX, Duration::from_secs(1))
                    .spawn_with_mailbox(mailbox::unbounded())
                    .await;
                child.wait_for_startup().await;
                (supervisor, child)
            });
            figure(row, quick, |times| {
                let child = child.1.clone();
                run(&runtime, async move {
                    for _ in 0..times {
                        child.tell(Crash).await.expect("the child lives");
                        // What is asked while it is down may be lost.
                        while child.ask(Total).await.is_err() {
                            tokio::task::yield_now().await;
                        }
                    }
                });
            })
        }
    })
}
