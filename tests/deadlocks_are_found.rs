//! A wait in a handler that would close a circle ends with `Deadlock` and the
//! names on it; whatever can go on is never reported.

mod support;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::thread;
use std::time::Duration;
use support::within;
use zctor::prelude::*;
use zctor::{Undelivered, WaitCycle};

/// Knows others, and asks them whatever it is told to.
#[actor]
enum Node {
    Meet {
        others: Vec<NodeHandle>,
    },
    #[reply(u32)]
    Plain,
    /// Asks the first of `route` to do the same with the rest.
    #[reply(Result<u32, WaitCycle>)]
    Walk {
        route: Vec<usize>,
    },
    /// Walks two ways at once.
    #[reply([Result<u32, WaitCycle>; 2])]
    Both {
        one: Vec<usize>,
        two: Vec<usize>,
    },
    /// Keeps the reply until `Release`.
    #[reply(u32, deferred)]
    Keep,
    Release,
    /// Has a thread answer, and asks the other in the meantime.
    #[reply(u32, deferred)]
    PassOn {
        to: usize,
    },
    /// Asks the other, and tells it to ask back, which it will after it has
    /// answered.
    #[reply(u32)]
    Cross {
        other: usize,
    },
    Back {
        other: usize,
    },
    /// Has the other answer.
    #[reply(u32, deferred)]
    Forward {
        to: usize,
    },
}

#[derive(Default)]
struct Known {
    others: Vec<NodeHandle>,
    kept: Vec<Reply<u32>>,
}

impl Known {
    async fn walk(&self, mut route: Vec<usize>) -> Result<u32, WaitCycle> {
        if route.is_empty() {
            return Ok(0);
        }
        let next = self.others[route.remove(0)].clone();
        match next.walk(route).await {
            Ok(answer) => answer.map(|steps| steps + 1),
            Err(AskError::Deadlock { cycle, .. }) => Err(cycle),
            Err(other) => panic!("{other}"),
        }
    }
}

#[handlers]
impl NodeActor for Known {
    fn meet(&mut self, others: Vec<NodeHandle>) {
        self.others = others;
    }
    fn plain(&self) -> u32 {
        7
    }
    async fn walk(&mut self, route: Vec<usize>) -> Result<u32, WaitCycle> {
        Known::walk(self, route).await
    }
    async fn both(&mut self, one: Vec<usize>, two: Vec<usize>) -> [Result<u32, WaitCycle>; 2] {
        let (mut one, mut two) = (pin!(Known::walk(self, one)), pin!(Known::walk(self, two)));
        let (mut first, mut second) = (None, None);
        poll_fn(move |cx| {
            for (future, answer) in [(&mut one, &mut first), (&mut two, &mut second)] {
                if answer.is_none()
                    && let Poll::Ready(ready) = future.as_mut().poll(cx)
                {
                    *answer = Some(ready);
                }
            }
            match (&first, &second) {
                (Some(first), Some(second)) => Poll::Ready([first.clone(), second.clone()]),
                _ => Poll::Pending,
            }
        })
        .await
    }
    fn keep(&mut self, reply: Reply<u32>) {
        self.kept.push(reply);
    }
    fn release(&mut self) {
        self.kept.drain(..).for_each(|reply| reply.send(1));
    }
    async fn pass_on(&mut self, to: usize, reply: Reply<u32>) {
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            reply.send(5);
        });
        assert_eq!(self.others[to].plain().await.unwrap(), 7);
    }
    async fn cross(&mut self, other: usize, ctx: &mut Context<Node>) -> u32 {
        let back = self.others.iter().position(|node| node.id() == ctx.id());
        let answer = self.others[other].plain().send();
        self.others[other].back(back.unwrap()).unwrap();
        answer.await.unwrap()
    }
    async fn back(&mut self, other: usize) {
        assert_eq!(self.others[other].plain().await.unwrap(), 7);
    }
    fn forward(&mut self, to: usize, reply: Reply<u32>) {
        self.others[to].plain().forward(reply);
    }
}

fn nodes(count: usize) -> (System, Vec<NodeHandle>) {
    let system = System::builder().workers(2).build().unwrap();
    let nodes: Vec<_> = (0..count)
        .map(|_| Node::spawn(&system, Known::default()))
        .collect();
    for node in &nodes {
        node.meet(nodes.clone()).unwrap();
    }
    (system, nodes)
}

fn names(cycle: &WaitCycle) -> Vec<u64> {
    cycle.actors().map(|actor| actor.id().get()).collect()
}

#[test]
fn an_actor_that_asks_itself() {
    within(10, || {
        let (_system, nodes) = nodes(1);
        let cycle = nodes[0].walk(vec![0]).wait().unwrap().unwrap_err();
        assert_eq!(
            cycle.to_string(),
            "Node#1 waits for Node#1 to answer `Walk`"
        );
    });
}

#[test]
fn two_that_ask_each_other() {
    within(10, || {
        let (_system, nodes) = nodes(2);
        for _ in 0..1_000 {
            let cycle = nodes[0].walk(vec![1, 0]).wait().unwrap().unwrap_err();
            // The one that came to rest last comes first: either may.
            assert!([[2, 1], [1, 2]].contains(&[names(&cycle)[0], names(&cycle)[1]]));
        }
        assert_eq!(
            nodes[0].walk(vec![1]).wait().unwrap(),
            Ok(1),
            "and all go on"
        );
    });
}

#[test]
fn many_in_a_circle() {
    within(20, || {
        let (_system, nodes) = nodes(30);
        let route: Vec<_> = (1..30).chain([4]).collect();
        let cycle = nodes[0].walk(route).wait().unwrap().unwrap_err();
        assert_eq!(cycle.actors().len(), 26, "{cycle}");
        let mut names = names(&cycle);
        names.sort_unstable();
        assert_eq!(names, (5..=30).collect::<Vec<_>>());
    });
}

#[test]
fn chains_are_none() {
    within(20, || {
        let (_system, nodes) = nodes(40);
        for _ in 0..50 {
            let answer = nodes[0].walk((1..40).collect()).wait().unwrap();
            assert_eq!(answer, Ok(39));
        }
    });
}

#[test]
fn one_of_two_waits_at_a_time() {
    within(20, || {
        let (_system, nodes) = nodes(4);
        for _ in 0..500 {
            let [one, two] = nodes[0].both(vec![1, 0], vec![2, 3]).wait().unwrap();
            let mut names = names(&one.unwrap_err());
            names.sort_unstable();
            assert_eq!(names, [1, 2]);
            assert_eq!(two, Ok(2));
        }
    });
}

#[test]
fn deferred_and_passed_on_replies_are_none() {
    within(20, || {
        let (_system, nodes) = nodes(3);
        for _ in 0..10 {
            // 1 waits for 2, which waits for 1; but a thread will answer 1.
            let answer = nodes[1].pass_on(0).send();
            assert_eq!(answer.wait().unwrap(), 5);
        }
        let kept = nodes[1].keep().send();
        assert_eq!(nodes[0].walk(vec![1]).wait().unwrap(), Ok(1));
        nodes[1].release().unwrap();
        assert_eq!(kept.wait().unwrap(), 1);
        assert_eq!(nodes[1].forward(2).wait().unwrap(), 7);
        assert_eq!(nodes[1].forward(1).wait().unwrap(), 7, "itself, but later");
    });
}

/// A reply that another thread will give, while the one that passed it on asks
/// back.
#[test]
fn whoever_has_handed_a_reply_over_may_ask_back() {
    #[actor]
    enum Front {
        #[reply(u32)]
        Start { back: BackHandle },
        #[reply(u32)]
        More,
    }
    #[actor]
    enum Back {
        #[reply(u32, deferred)]
        Work { front: FrontHandle },
    }
    struct Desk;
    #[handlers]
    impl FrontActor for Desk {
        async fn start(&mut self, back: BackHandle, ctx: &mut Context<Front>) -> u32 {
            back.work(ctx.handle()).await.unwrap()
        }
        fn more(&mut self) -> u32 {
            2
        }
    }
    #[handlers]
    impl BackActor for Desk {
        async fn work(&mut self, front: FrontHandle, reply: Reply<u32>) {
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(20));
                reply.send(1);
            });
            assert_eq!(front.more().await.unwrap(), 2);
        }
    }
    within(10, || {
        let system = System::new().unwrap();
        let (front, back) = (Front::spawn(&system, Desk), Back::spawn(&system, Desk));
        assert_eq!(front.start(back.clone()).wait().unwrap(), 1);
        back.stop();
        assert!(back.stopped().wait().unwrap().is_orderly());
    });
}

/// The one that answers asks back at once, while the answer is on its way.
#[test]
fn an_answer_on_its_way_is_none() {
    within(60, || {
        let (_system, nodes) = nodes(6);
        let threads: Vec<_> = (0..3)
            .map(|pair| {
                let nodes = nodes.clone();
                thread::spawn(move || {
                    for _ in 0..5_000 {
                        let (one, other) = (2 * pair, 2 * pair + 1);
                        assert_eq!(nodes[one].cross(other).wait().unwrap(), 7);
                        assert_eq!(nodes[other].plain().wait().unwrap(), 7);
                    }
                })
            })
            .collect();
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
    });
}

/// Anybody asks anybody, in circles or not: all of it ends, and what is
/// reported was a circle.
#[test]
fn every_walk_ends() {
    within(120, || {
        let (_system, nodes) = nodes(8);
        let threads: Vec<_> = (0..4)
            .map(|seed| {
                let nodes = nodes.clone();
                thread::spawn(move || {
                    let mut random = fastrand::Rng::with_seed(seed);
                    for _ in 0..1_000 {
                        let length = random.usize(1..5);
                        let route = (0..length).map(|_| random.usize(0..8)).collect();
                        match nodes[random.usize(0..8)].walk(route).wait().unwrap() {
                            Ok(steps) => assert_eq!(steps as usize, length),
                            Err(cycle) => assert!(cycle.actors().len() <= 8),
                        }
                    }
                })
            })
            .collect();
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
    });
}

/// Two whose mailboxes are full wait for each other.
#[test]
fn two_full_mailboxes() {
    #[actor(mailbox = 1)]
    enum Pipe {
        Meet {
            other: PipeHandle,
        },
        /// Pours until the other is full, and says how that ended.
        Pour {
            report: std::sync::mpsc::Sender<(Undelivered, String, usize)>,
        },
        Drop,
    }
    #[derive(Default)]
    struct Tank(Option<PipeHandle>);
    #[handlers]
    impl PipeActor for Tank {
        fn meet(&mut self, other: PipeHandle) {
            self.0 = Some(other);
        }
        async fn pour(&mut self, report: std::sync::mpsc::Sender<(Undelivered, String, usize)>) {
            let other = self.0.clone().unwrap();
            loop {
                if let Err(error) = other.drop().await {
                    let cycle = error.cycle().unwrap().actors().len();
                    report
                        .send((error.reason(), error.to_string(), cycle))
                        .unwrap();
                    assert!(matches!(error.into_message(), Pipe::Drop));
                    return;
                }
            }
        }
        fn drop(&mut self) {}
    }
    within(20, || {
        let system = System::builder().workers(2).build().unwrap();
        let one = Pipe::spawn(&system, Tank::default());
        let two = Pipe::spawn(&system, Tank::default());
        one.meet(two.clone()).wait().unwrap();
        two.meet(one.clone()).wait().unwrap();
        for _ in 0..200 {
            let (report, reports) = std::sync::mpsc::channel();
            one.pour(report.clone()).wait().unwrap();
            two.pour(report).wait().unwrap();
            // Both are told, and none hangs.
            let reports: Vec<_> = reports.into_iter().collect();
            assert_eq!(reports.len(), 2);
            for (reason, text, cycle) in reports {
                assert_eq!((reason, cycle), (Undelivered::Deadlock, 2));
                assert!(text.contains("to have room for `Drop`"), "{text}");
            }
        }
    });
}

/// An ask that is kept, not awaited, when its handler returns is no wait.
#[test]
fn what_a_handler_leaves_behind_is_none() {
    #[actor]
    enum Odd {
        /// Polls an ask once, keeps it, and goes on to something else.
        Leave,
        #[reply(u32)]
        One,
        Rest {
            begun: oneshot::Sender<()>,
            woken: oneshot::AsyncReceiver<()>,
        },
        #[reply(u32)]
        Collect,
    }
    #[derive(Default)]
    struct Drawer(Option<zctor::Ask<Odd, u32>>);
    #[handlers]
    impl OddActor for Drawer {
        async fn leave(&mut self, ctx: &mut Context<Odd>) {
            let mut ask = ctx.handle().one();
            poll_fn(|cx| {
                assert!(pin!(&mut ask).poll(cx).is_pending());
                Poll::Ready(())
            })
            .await;
            self.0 = Some(ask);
        }
        fn one(&self) -> u32 {
            1
        }
        async fn rest(&mut self, begun: oneshot::Sender<()>, woken: oneshot::AsyncReceiver<()>) {
            begun.send(()).unwrap();
            woken.await.unwrap();
        }
        async fn collect(&mut self) -> u32 {
            self.0.take().unwrap().await.unwrap()
        }
    }
    within(10, || {
        let system = System::new().unwrap();
        let odd = Odd::spawn(&system, Drawer::default());
        for _ in 0..100 {
            let (wake, woken) = oneshot::async_channel();
            let (begun, has_begun) = oneshot::channel();
            odd.leave().unwrap();
            odd.rest(begun, woken).unwrap();
            // By then what it has kept is queued.
            has_begun.recv().unwrap();
            let collected = odd.collect().send();
            wake.send(()).unwrap();
            assert_eq!(collected.wait().unwrap(), 1);
        }
        odd.stop();
        assert!(odd.stopped().wait().unwrap().is_orderly());
    });
}

/// Actors with threads of their own may wait, and are told so as well.
#[test]
fn two_that_block_their_own_threads() {
    #[actor(thread = dedicated)]
    enum Clerk {
        /// The other, and whether to ask it for the same again.
        #[reply(Result<u32, WaitCycle>)]
        Sign {
            other: Option<ClerkHandle>,
            again: Option<ClerkHandle>,
        },
    }
    struct Pen;
    #[handlers]
    impl ClerkActor for Pen {
        fn sign(
            &mut self,
            other: Option<ClerkHandle>,
            again: Option<ClerkHandle>,
        ) -> Result<u32, WaitCycle> {
            let Some(other) = other else { return Ok(0) };
            match other.sign(again, None).wait() {
                Ok(answer) => answer.map(|signed| signed + 1),
                Err(AskError::Deadlock { cycle, .. }) => Err(cycle),
                Err(other) => panic!("{other}"),
            }
        }
    }
    within(20, || {
        let system = System::new().unwrap();
        let (one, two) = (Clerk::spawn(&system, Pen), Clerk::spawn(&system, Pen));
        for _ in 0..200 {
            let signed = one.sign(Some(two.clone()), None).wait().unwrap();
            assert_eq!(signed, Ok(1));
            let signed = one
                .sign(Some(two.clone()), Some(one.clone()))
                .wait()
                .unwrap();
            let mut names = names(&signed.unwrap_err());
            names.sort_unstable();
            assert_eq!(names, [1, 2]);
        }
    });
}
