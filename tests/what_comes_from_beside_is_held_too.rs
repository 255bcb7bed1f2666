//! Results of pipes, items of streams and notices are offered to `ready` like
//! mail; what was held can still be aborted, and does not pile up. A recipient
//! of messages of high priority makes such messages.

mod support;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc::channel;
use std::task::{Context as TaskContext, Poll};
use std::thread;
use std::time::Duration;
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{Exit, PipeKey};

#[actor]
enum Desk {
    Pipe(u32),
    Attach(Arc<AtomicU32>, Option<u32>),
    Watch(PostHandle),
    Abort,
    Unlock,
    #[internal]
    Done(u32),
    #[internal]
    Item(u32),
    #[internal]
    End,
    #[internal]
    Gone(u64),
    #[reply(Vec<String>)]
    Read,
}

#[actor]
enum Post {
    Stand,
}

struct Idle;

#[handlers]
impl PostActor for Idle {
    fn stand(&mut self) {}
}

#[derive(Default)]
struct Clerk {
    open: bool,
    seen: Vec<String>,
    pipe: Option<PipeKey>,
}

/// Counts what it gives; ends after so many, if any number is said.
struct Numbers(Arc<AtomicU32>, Option<u32>);

impl zctor::Stream for Numbers {
    type Item = u32;

    fn poll_next(self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<Option<u32>> {
        let number = self.0.load(SeqCst);
        if self.1 == Some(number) {
            return Poll::Ready(None);
        }
        self.0.store(number + 1, SeqCst);
        Poll::Ready(Some(number))
    }
}

#[handlers]
impl DeskActor for Clerk {
    fn ready(&self, next: DeskKind) -> bool {
        use DeskKind::{Done, Gone, Item};
        self.open || !matches!(next, Done | Item | Gone)
    }
    fn pipe(&mut self, value: u32, ctx: &mut Context<Desk>) {
        self.pipe = Some(ctx.pipe(std::future::ready(value), Desk::Done));
    }
    fn attach(&mut self, given: Arc<AtomicU32>, last: Option<u32>, ctx: &mut Context<Desk>) {
        let numbers = Numbers(given, last);
        self.pipe = Some(ctx.attach_then(numbers, Desk::Item, Desk::End));
    }
    fn watch(&mut self, post: PostHandle, ctx: &mut Context<Desk>) {
        ctx.monitor(&post, |exit: Exit| Desk::Gone(exit.incarnation()));
    }
    fn abort(&mut self, ctx: &mut Context<Desk>) {
        if let Some(pipe) = self.pipe.take() {
            assert!(ctx.abort(pipe), "also when its message is held");
        }
    }
    fn unlock(&mut self) {
        self.open = true;
    }
    fn done(&mut self, value: u32) {
        self.seen.push(format!("done {value}"));
    }
    fn item(&mut self, value: u32) {
        self.seen.push(format!("item {value}"));
    }
    fn end(&mut self) {
        self.seen.push("end".to_owned());
    }
    fn gone(&mut self, _value: u64) {
        self.seen.push("gone".to_owned());
    }
    fn read(&mut self) -> Vec<String> {
        self.seen.clone()
    }
}

fn settle(desk: &DeskHandle) {
    thread::sleep(Duration::from_millis(20));
    assert_eq!(desk.read().wait().unwrap(), Vec::<String>::new());
}

#[test]
fn a_result_waits_until_it_is_ready_or_aborted() {
    within(20, || {
        let system = System::new().unwrap();
        let desk = Desk::spawn(&system, Clerk::default());
        desk.pipe(1).unwrap();
        settle(&desk);
        desk.abort().unwrap();
        desk.pipe(2).unwrap();
        desk.pipe(3).unwrap();
        settle(&desk);
        desk.unlock().unwrap();
        eventually("both are handled", || {
            desk.read().wait().unwrap().len() == 2
        });
        let mut seen = desk.read().wait().unwrap();
        seen.sort_unstable();
        assert_eq!(seen, ["done 2", "done 3"]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_stream_stands_still_while_its_items_are_held() {
    within(20, || {
        let system = System::new().unwrap();
        let desk = Desk::spawn(&system, Clerk::default());
        let given = Arc::new(AtomicU32::new(0));
        desk.attach(Arc::clone(&given), None).unwrap();
        settle(&desk);
        let held = given.load(SeqCst);
        assert!((1..100).contains(&held), "{held} items were given");
        settle(&desk);
        assert_eq!(given.load(SeqCst), held);
        desk.abort().unwrap();
        desk.unlock().unwrap();
        settle(&desk);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn the_end_of_a_stream_comes_behind_its_items() {
    within(20, || {
        let system = System::new().unwrap();
        let desk = Desk::spawn(&system, Clerk::default());
        desk.attach(Arc::default(), Some(5)).unwrap();
        // Its end is ready, its items are not.
        settle(&desk);
        desk.unlock().unwrap();
        eventually("all is handled", || desk.read().wait().unwrap().len() == 6);
        let expected = ["item 0", "item 1", "item 2", "item 3", "item 4", "end"];
        assert_eq!(desk.read().wait().unwrap(), expected);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_notice_waits_until_it_is_ready() {
    within(20, || {
        let system = System::new().unwrap();
        let desk = Desk::spawn(&system, Clerk::default());
        let post = Post::spawn(&system, Idle);
        desk.watch(post.clone()).unwrap();
        desk.read().wait().unwrap();
        post.stop();
        post.stopped().wait().unwrap();
        settle(&desk);
        desk.unlock().unwrap();
        eventually("it has come", || desk.read().wait().unwrap() == ["gone"]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn what_is_held_at_the_end_is_dropped_and_counted() {
    within(20, || {
        let system = System::new().unwrap();
        let desk = Desk::spawn(&system, Clerk::default());
        let post = Post::spawn(&system, Idle);
        desk.watch(post.clone()).unwrap();
        desk.pipe(1).unwrap();
        desk.read().wait().unwrap();
        post.stop();
        post.stopped().wait().unwrap();
        settle(&desk);
        desk.stop();
        assert!(desk.stopped().wait().unwrap().is_orderly());
        assert_eq!(desk.dropped(), 2);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_recipient_makes_messages_of_high_priority() {
    within(20, || {
        #[actor(mailbox = 3, overflow = reject)]
        enum Small {
            Number(u32),
            #[priority(high)]
            Urgent(u32),
        }
        struct Slow(Gate, std::sync::mpsc::Sender<u32>);
        #[handlers]
        impl SmallActor for Slow {
            fn number(&mut self, value: u32) {
                self.0.pass();
                let _ = self.1.send(value);
            }
            fn urgent(&mut self, value: u32) {
                let _ = self.1.send(value);
            }
        }
        let system = System::new().unwrap();
        let (log, seen) = channel();
        let gate = Gate::default();
        let small = Small::spawn(&system, Slow(gate.clone(), log));
        small.number(0).unwrap();
        gate.await_arrival();
        small.number(1).unwrap();
        small.number(2).unwrap();
        let urgent = small.recipient(Small::Urgent);
        // They take a place until it is known what they are.
        for number in 100..110 {
            urgent.tell(number).unwrap();
        }
        small.number(3).unwrap();
        assert!(urgent.tell(110).is_err(), "the mailbox is full");
        assert_eq!(small.queued(), 13);
        gate.open();
        let seen: Vec<_> = seen.iter().take(14).collect();
        let expected = [0].into_iter().chain(100..110).chain([1, 2, 3]);
        assert_eq!(seen, expected.collect::<Vec<_>>());
        eventually("nothing is counted", || small.queued() == 0);
        system.shutdown().wait().unwrap();
    });
}
