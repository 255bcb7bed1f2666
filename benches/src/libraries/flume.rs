//! Bare loops over flume that drain what waits, on tokio with two workers.

use std::sync::Arc;
use std::sync::mpsc::{Sender as Done, channel};

use ::flume as channels;
use channels::Receiver;
use tokio::sync::oneshot;

use super::tokio::{run, two_workers};
use crate::work::{CROWD, Pings, Row, Work, figure, from_threads, uncounted};

enum Counter {
    Add(u64),
    Total(oneshot::Sender<u64>),
}

impl Counter {
    fn handle(self, total: &mut u64) {
        match self {
            Counter::Add(value) => *total += value,
            Counter::Total(reply) => drop(reply.send(*total)),
        }
    }
}

async fn count(inbox: Receiver<Counter>) {
    let mut total = 0;
    while let Ok(message) = inbox.recv_async().await {
        message.handle(&mut total);
        inbox.drain().for_each(|message| message.handle(&mut total));
    }
}

async fn pass(inbox: Receiver<u64>, next: channels::Sender<u64>, done: Done<()>) {
    while let Ok(token) = inbox.recv_async().await {
        for token in std::iter::once(token).chain(inbox.drain()) {
            let sent = match token.checked_sub(1) {
                Some(left) => next.send(left).is_ok(),
                None => done.send(()).is_ok(),
            };
            assert!(sent);
        }
    }
}

enum Peer {
    Ping { from: usize },
    Pong,
}

struct Member {
    number: usize,
    peers: Arc<Vec<channels::Sender<Peer>>>,
    pings: Pings,
    done: Done<()>,
}

impl Member {
    async fn live(mut self, inbox: Receiver<Peer>) {
        while let Ok(message) = inbox.recv_async().await {
            self.handle(message);
            for message in inbox.drain() {
                self.handle(message);
            }
        }
    }

    fn handle(&mut self, message: Peer) {
        match message {
            Peer::Ping { from } => drop(self.peers[from].send(Peer::Pong)),
            Peer::Pong => match self.pings.next() {
                Some(peer) => drop(self.peers[peer].send(Peer::Ping { from: self.number })),
                None => drop(self.done.send(())),
            },
        }
    }
}

async fn total(counter: &channels::Sender<Counter>) -> u64 {
    let (reply, answer) = oneshot::channel();
    assert!(counter.send(Counter::Total(reply)).is_ok());
    answer.await.expect("it answers")
}

pub fn measure(row: &Row, quick: bool) -> Option<f64> {
    let runtime = two_workers();
    let counter = || {
        let (counter, inbox) = channels::unbounded();
        drop(runtime.spawn(count(inbox)));
        counter
    };
    Some(match row.work {
        Work::Tell { senders } => figure(row, quick, |times| {
            let counter = counter();
            from_threads(senders, times, || {
                let counter = counter.clone();
                move || assert!(counter.send(Counter::Add(1)).is_ok())
            });
            assert_eq!(runtime.block_on(total(&counter)), times);
        }),
        Work::Ask => {
            let counter = counter();
            figure(row, quick, |times| {
                let counter = counter.clone();
                run(&runtime, async move {
                    for _ in 0..times {
                        assert_eq!(total(&counter).await, 0);
                    }
                });
            })
        }
        Work::Ring { actors } => {
            let (done, finished) = channel();
            let (first, mut inbox) = channels::unbounded();
            for _ in 1..actors {
                let (next, following) = channels::unbounded();
                runtime.spawn(pass(inbox, next, done.clone()));
                inbox = following;
            }
            runtime.spawn(pass(inbox, first.clone(), done));
            figure(row, quick, |times| {
                first.send(times).expect("the loop runs");
                finished.recv().expect("the token arrives");
            })
        }
        Work::AllToAll => figure(row, quick, |times| {
            let (done, finished) = channel();
            let (peers, inboxes): (Vec<_>, Vec<_>) =
                (0..CROWD).map(|_| channels::unbounded()).unzip();
            let peers = Arc::new(peers);
            for (number, inbox) in inboxes.into_iter().enumerate() {
                let pings = Pings::new(number as u64, times);
                let (peers, done) = (Arc::clone(&peers), done.clone());
                runtime.spawn(
                    Member {
                        number,
                        peers,
                        pings,
                        done,
                    }
                    .live(inbox),
                );
            }
            for peer in &*peers {
                assert!(peer.send(Peer::Pong).is_ok());
            }
            (0..CROWD).for_each(|_| finished.recv().expect("all pings are answered"));
        }),
        Work::Spawn => figure(row, quick, |times| {
            run(&runtime, async move {
                for _ in 0..times {
                    let (counter, inbox) = channels::unbounded();
                    let task = tokio::spawn(count(inbox));
                    assert!(counter.send(Counter::Add(1)).is_ok());
                    drop(counter);
                    task.await.expect("the loop ends");
                }
            });
        }),
        Work::Bounded => figure(row, quick, |times| {
            run(&runtime, async move {
                let (narrow, inbox) = channels::bounded(64);
                drop(tokio::spawn(count(inbox)));
                for _ in 0..times {
                    assert!(narrow.send_async(Counter::Add(1)).await.is_ok());
                }
                let (reply, answer) = oneshot::channel();
                assert!(narrow.send_async(Counter::Total(reply)).await.is_ok());
                assert_eq!(answer.await, Ok(times));
            });
        }),
        Work::Idle => figure(row, quick, |times| {
            let mut idle = uncounted(times);
            idle.extend((0..times).map(|_| counter()));
            for counter in &idle {
                assert!(counter.send(Counter::Add(1)).is_ok());
                assert_eq!(runtime.block_on(total(counter)), 1);
            }
            idle
        }),
        Work::Panic => return None,
    })
}
