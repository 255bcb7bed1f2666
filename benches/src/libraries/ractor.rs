//! ractor, without its spans for each message, on tokio with two workers.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent, call};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::tokio::{run, two_workers};
use crate::work::{CROWD, Pings, Row, Work, figure, from_threads, uncounted};

type Done = Result<(), ActorProcessingErr>;

struct Counter;

enum Count {
    Add(u64),
    Total(RpcReplyPort<u64>),
    Crash,
}

impl Actor for Counter {
    type Msg = Count;
    type State = u64;
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Count>, (): ()) -> Result<u64, ActorProcessingErr> {
        Ok(0)
    }

    async fn handle(&self, _: ActorRef<Count>, message: Count, total: &mut u64) -> Done {
        match message {
            Count::Add(value) => *total += value,
            Count::Total(reply) => reply.send(*total)?,
            Count::Crash => panic!("on purpose"),
        }
        Ok(())
    }
}

struct Node;

enum Pass {
    Join(ActorRef<Pass>),
    Token(u64),
}

impl Actor for Node {
    type Msg = Pass;
    type State = (Option<ActorRef<Pass>>, Sender<()>);
    type Arguments = Sender<()>;

    async fn pre_start(
        &self,
        _: ActorRef<Pass>,
        done: Sender<()>,
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok((None, done))
    }

    async fn handle(&self, _: ActorRef<Pass>, message: Pass, state: &mut Self::State) -> Done {
        match (message, &state.0) {
            (Pass::Join(next), _) => state.0 = Some(next),
            (Pass::Token(0), _) | (_, None) => state.1.send(())?,
            (Pass::Token(token), Some(next)) => next.send_message(Pass::Token(token - 1))?,
        }
        Ok(())
    }
}

struct Peer;

enum Call {
    Meet(Arc<Vec<ActorRef<Call>>>),
    Ping(usize),
    Pong,
}

struct Member {
    number: usize,
    peers: Arc<Vec<ActorRef<Call>>>,
    pings: Pings,
    done: Sender<()>,
}

impl Actor for Peer {
    type Msg = Call;
    type State = Member;
    type Arguments = Member;

    async fn pre_start(
        &self,
        _: ActorRef<Call>,
        member: Member,
    ) -> Result<Member, ActorProcessingErr> {
        Ok(member)
    }

    async fn handle(&self, _: ActorRef<Call>, message: Call, member: &mut Member) -> Done {
        match message {
            Call::Ping(from) => member.peers[from].send_message(Call::Pong)?,
            Call::Meet(peers) => member.peers = peers,
            Call::Pong => match member.pings.next() {
                Some(peer) => member.peers[peer].send_message(Call::Ping(member.number))?,
                None => member.done.send(())?,
            },
        }
        Ok(())
    }
}

/// Asks in a handler; and starts its child again when it fails.
struct Driver;

enum Drive {
    Ask(ActorRef<Count>, u64, RpcReplyPort<u64>),
    Child(RpcReplyPort<ActorRef<Count>>),
}

impl Actor for Driver {
    type Msg = Drive;
    type State = UnboundedSender<ActorRef<Count>>;
    type Arguments = Self::State;

    async fn pre_start(
        &self,
        _: ActorRef<Drive>,
        restarted: Self::State,
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok(restarted)
    }

    async fn handle(&self, myself: ActorRef<Drive>, message: Drive, _: &mut Self::State) -> Done {
        match message {
            Drive::Ask(counter, times, reply) => {
                let mut sum = 0;
                for _ in 0..times {
                    sum += call!(counter, Count::Total)?;
                }
                reply.send(sum)?;
            }
            Drive::Child(reply) => {
                let (child, _) = Actor::spawn_linked(None, Counter, (), myself.get_cell()).await?;
                reply.send(child)?;
            }
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<Drive>,
        event: SupervisionEvent,
        restarted: &mut Self::State,
    ) -> Done {
        if let SupervisionEvent::ActorFailed(..) = event {
            let (child, _) = Actor::spawn_linked(None, Counter, (), myself.get_cell()).await?;
            restarted.send(child)?;
        }
        Ok(())
    }
}

async fn counter() -> ActorRef<Count> {
    Actor::spawn(None, Counter, ()).await.expect("it starts").0
}

pub fn measure(row: &Row, quick: bool) -> Option<f64> {
    let runtime = two_workers();
    let driver = || {
        let (restarted, children) = unbounded_channel();
        let driver = run(&runtime, Actor::spawn(None, Driver, restarted));
        (driver.expect("it starts").0, children)
    };
    Some(match row.work {
        Work::Tell { senders } => figure(row, quick, |times| {
            let counter = run(&runtime, counter());
            from_threads(senders, times, || {
                let counter = counter.clone();
                move || assert!(counter.send_message(Count::Add(1)).is_ok())
            });
            let total = runtime.block_on(async { call!(counter, Count::Total) });
            assert_eq!(total.expect("it answers"), times);
            counter.stop(None);
        }),
        Work::Ask => {
            let (counter, (driver, _)) = (run(&runtime, counter()), driver());
            figure(row, quick, |times| {
                let counter = counter.clone();
                let sum = runtime.block_on(async { call!(driver, Drive::Ask, counter, times) });
                assert_eq!(sum.expect("it answers"), 0);
            })
        }
        Work::Ring { actors } => {
            let (done, finished) = channel();
            let spawn = |_| run(&runtime, Actor::spawn(None, Node, done.clone()));
            let nodes: Vec<_> = (0..actors)
                .map(|n| spawn(n).expect("it starts").0)
                .collect();
            for (place, node) in nodes.iter().enumerate() {
                let next = nodes[(place + 1) % nodes.len()].clone();
                assert!(node.send_message(Pass::Join(next)).is_ok());
            }
            figure(row, quick, |times| {
                assert!(nodes[0].send_message(Pass::Token(times)).is_ok());
                finished.recv().expect("the token arrives");
            })
        }
        Work::AllToAll => figure(row, quick, |times| {
            let (done, finished) = channel();
            let spawn = |number| {
                let pings = Pings::new(number, times);
                let (number, done) = (number as usize, done.clone());
                let member = Member {
                    number,
                    peers: Arc::default(),
                    pings,
                    done,
                };
                run(&runtime, Actor::spawn(None, Peer, member))
                    .expect("it starts")
                    .0
            };
            let peers = Arc::new((0..CROWD).map(spawn).collect::<Vec<_>>());
            for peer in &*peers {
                assert!(peer.send_message(Call::Meet(Arc::clone(&peers))).is_ok());
            }
            for peer in &*peers {
                assert!(peer.send_message(Call::Pong).is_ok());
            }
            (0..CROWD).for_each(|_| finished.recv().expect("all pings are answered"));
            peers.iter().for_each(|peer| peer.stop(None));
        }),
        Work::Spawn => figure(row, quick, |times| {
            run(&runtime, async move {
                for _ in 0..times {
                    let (counter, task) = Actor::spawn(None, Counter, ()).await.expect("it starts");
                    assert!(counter.send_message(Count::Add(1)).is_ok());
                    // Stops after what is queued; `stop` would overtake it.
                    assert!(counter.drain().is_ok());
                    task.await.expect("it ends");
                }
            });
        }),
        // It has no bounded mailboxes.
        Work::Bounded => return None,
        Work::Idle => figure(row, quick, |times| {
            let mut idle = uncounted(times);
            idle.extend((0..times).map(|_| runtime.block_on(counter())));
            for counter in &idle {
                assert!(counter.send_message(Count::Add(1)).is_ok());
                let total = runtime.block_on(async { call!(counter, Count::Total) });
                assert_eq!(total.expect("it answers"), 1);
            }
            idle
        }),
        Work::Panic => {
            std::panic::set_hook(Box::new(|_| {}));
            let (driver, mut restarted) = driver();
            let child = runtime.block_on(async { call!(driver, Drive::Child) });
            let mut child = child.expect("it starts");
            figure(row, quick, |times| {
                for _ in 0..times {
                    assert!(child.send_message(Count::Crash).is_ok());
                    runtime.block_on(async {
                        child = restarted.recv().await.expect("it is restarted");
                        call!(child, Count::Total).expect("it answers");
                    });
                }
            })
        }
    })
}
