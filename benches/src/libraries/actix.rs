//! actix: all actors on one thread, as it is meant. Its messages are sent with
//! `do_send`, which knows no limit.

use std::future::Future;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use actix::prelude::*;

use crate::work::{CROWD, Pings, Row, Work, figure, from_threads, uncounted};

#[derive(Message)]
#[rtype(result = "()")]
struct Add(u64);

#[derive(Message)]
#[rtype(result = "u64")]
struct Total;

#[derive(Message)]
#[rtype(result = "()")]
struct Stop;

#[derive(Default)]
struct Tally {
    total: u64,
    stopped: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Actor for Tally {
    type Context = Context<Self>;

    fn stopped(&mut self, _: &mut Context<Self>) {
        if let Some(stopped) = self.stopped.take() {
            let _ = stopped.send(());
        }
    }
}

impl Handler<Add> for Tally {
    type Result = ();
    fn handle(&mut self, Add(value): Add, _: &mut Context<Self>) {
        self.total += value;
    }
}

impl Handler<Total> for Tally {
    type Result = u64;
    fn handle(&mut self, _: Total, _: &mut Context<Self>) -> u64 {
        self.total
    }
}

impl Handler<Stop> for Tally {
    type Result = ();
    fn handle(&mut self, _: Stop, ctx: &mut Context<Self>) {
        ctx.stop();
    }
}

/// An actor that asks another.
struct Asker;

#[derive(Message)]
#[rtype(result = "u64")]
struct Asks {
    counter: Addr<Tally>,
    times: u64,
}

impl Actor for Asker {
    type Context = Context<Self>;
}

impl Handler<Asks> for Asker {
    type Result = ResponseFuture<u64>;
    fn handle(&mut self, asks: Asks, _: &mut Context<Self>) -> ResponseFuture<u64> {
        Box::pin(async move {
            let mut sum = 0;
            for _ in 0..asks.times {
                sum += asks.counter.send(Total).await.expect("it answers");
            }
            sum
        })
    }
}

struct Node {
    next: Option<Addr<Node>>,
    done: Sender<()>,
}

#[derive(Message)]
#[rtype(result = "()")]
struct Join(Addr<Node>);

#[derive(Message)]
#[rtype(result = "()")]
struct Token(u64);

impl Actor for Node {
    type Context = Context<Self>;
}

impl Handler<Join> for Node {
    type Result = ();
    fn handle(&mut self, Join(next): Join, _: &mut Context<Self>) {
        self.next = Some(next);
    }
}

impl Handler<Token> for Node {
    type Result = ();
    fn handle(&mut self, Token(token): Token, _: &mut Context<Self>) {
        match (&self.next, token.checked_sub(1)) {
            (Some(next), Some(left)) => next.do_send(Token(left)),
            _ => self.done.send(()).expect("it is awaited"),
        }
    }
}

struct Peer {
    number: usize,
    peers: Arc<Vec<Addr<Peer>>>,
    pings: Pings,
    done: Sender<()>,
}

#[derive(Message)]
#[rtype(result = "()")]
struct Meet(Arc<Vec<Addr<Peer>>>);

#[derive(Message)]
#[rtype(result = "()")]
struct Ping(usize);

#[derive(Message)]
#[rtype(result = "()")]
struct Pong;

impl Actor for Peer {
    type Context = Context<Self>;
}

impl Handler<Meet> for Peer {
    type Result = ();
    fn handle(&mut self, Meet(peers): Meet, _: &mut Context<Self>) {
        self.peers = peers;
    }
}

impl Handler<Ping> for Peer {
    type Result = ();
    fn handle(&mut self, Ping(from): Ping, _: &mut Context<Self>) {
        self.peers[from].do_send(Pong);
    }
}

impl Handler<Pong> for Peer {
    type Result = ();
    fn handle(&mut self, _: Pong, _: &mut Context<Self>) {
        match self.pings.next() {
            Some(peer) => self.peers[peer].do_send(Ping(self.number)),
            None => self.done.send(()).expect("it is awaited"),
        }
    }
}

/// The thread that all actors live on.
#[derive(Clone)]
struct Home(ArbiterHandle);

impl Home {
    fn new() -> Home {
        let (tell, told) = channel();
        thread::spawn(move || {
            let runner = actix::System::new();
            let system = actix::System::current();
            tell.send(system.arbiter().clone()).expect("it is awaited");
            runner.run().expect("the system runs");
        });
        Home(told.recv().expect("the system starts"))
    }

    /// Runs `work` on that thread, and waits for it here.
    fn run<T, F>(&self, work: impl FnOnce() -> F + Send + 'static) -> T
    where
        T: Send + 'static,
        F: Future<Output = T> + 'static,
    {
        let (done, finished) = channel();
        self.0.spawn_fn(move || {
            actix::spawn(async move {
                done.send(work().await).expect("it is awaited");
            });
        });
        finished.recv().expect("the work ends")
    }

    fn counter(&self) -> Addr<Tally> {
        self.run(async || Tally::default().start())
    }
}

pub fn measure(row: &Row, quick: bool) -> Option<f64> {
    let home = Home::new();
    Some(match row.work {
        Work::Tell { senders } => figure(row, quick, |times| {
            let counter = home.counter();
            from_threads(senders, times, || {
                let counter = counter.clone();
                move || counter.do_send(Add(1))
            });
            let total = home.run(async move || counter.send(Total).await);
            assert_eq!(total, Ok(times));
        }),
        Work::Ask => {
            let counter = home.counter();
            let asker = home.run(async || Asker.start());
            figure(row, quick, |times| {
                let asks = Asks {
                    counter: counter.clone(),
                    times,
                };
                let asker = asker.clone();
                let sum = home.run(async move || asker.send(asks).await);
                assert_eq!(sum, Ok(0));
            })
        }
        Work::Ring { actors } => {
            let (done, finished) = channel();
            let nodes: Vec<_> = (0..actors)
                .map(|_| {
                    let done = done.clone();
                    home.run(async || Node { next: None, done }.start())
                })
                .collect();
            for (place, node) in nodes.iter().enumerate() {
                node.do_send(Join(nodes[(place + 1) % nodes.len()].clone()));
            }
            figure(row, quick, |times| {
                nodes[0].do_send(Token(times));
                finished.recv().expect("the token arrives");
            })
        }
        Work::AllToAll => figure(row, quick, |times| {
            let (done, finished) = channel();
            let spawn = |number| {
                let (pings, done) = (Pings::new(number, times), done.clone());
                let number = number as usize;
                home.run(async move || {
                    Peer {
                        number,
                        peers: Arc::default(),
                        pings,
                        done,
                    }
                    .start()
                })
            };
            let peers = Arc::new((0..CROWD).map(spawn).collect::<Vec<_>>());
            for peer in &*peers {
                peer.do_send(Meet(Arc::clone(&peers)));
            }
            peers.iter().for_each(|peer| peer.do_send(Pong));
            (0..CROWD).for_each(|_| finished.recv().expect("all pings are answered"));
        }),
        Work::Spawn => figure(row, quick, |times| {
            home.run(async move || {
                for _ in 0..times {
                    let (stopped, end) = tokio::sync::oneshot::channel();
                    let counter = Tally {
                        total: 0,
                        stopped: Some(stopped),
                    }
                    .start();
                    counter.do_send(Add(1));
                    counter.do_send(Stop);
                    end.await.expect("it ends");
                }
            });
        }),
        // `do_send` does not wait, and `send` waits for the answer.
        Work::Bounded => return None,
        Work::Idle => figure(row, quick, |times| {
            home.run(async move || {
                let start = |_| Tally::default().start();
                let mut idle = uncounted(times);
                idle.extend((0..times).map(start));
                for counter in &idle {
                    counter.do_send(Add(1));
                    assert_eq!(counter.send(Total).await, Ok(1));
                }
                idle
            })
        }),
        // A panic ends its thread.
        Work::Panic => return None,
    })
}
