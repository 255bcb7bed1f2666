//! Work beside the mailbox comes back as messages, unless it was aborted.

mod support;

use std::pin::Pin;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Poll, Waker};
use std::time::Duration;

use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{ExitReason, PipeKey, Place};

const SOON: Duration = Duration::from_millis(30);

/// A value whose drops are counted.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

type Answer = oneshot::AsyncReceiver<u32>;

/// A stream that is fed from outside, and counts how often it gave an item.
#[derive(Clone, Default)]
struct Feed(Arc<Mutex<Fed>>);

#[derive(Default)]
struct Fed {
    endless: bool,
    left: u32,
    given: u32,
    closed: bool,
    panics: bool,
    waker: Option<Waker>,
    dropped: bool,
}

impl Feed {
    fn change(&self, change: impl FnOnce(&mut Fed)) {
        let mut fed = self.0.lock().unwrap();
        change(&mut fed);
        if let Some(waker) = fed.waker.take() {
            waker.wake();
        }
    }

    fn given(&self) -> u32 {
        self.0.lock().unwrap().given
    }

    fn is_dropped(&self) -> bool {
        self.0.lock().unwrap().dropped
    }
}

struct Items(Feed);

impl zctor::Stream for Items {
    type Item = u32;

    fn poll_next(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<u32>> {
        let mut fed = self.0.0.lock().unwrap();
        if fed.left > 0 || fed.endless {
            fed.left = fed.left.saturating_sub(1);
            fed.given += 1;
            return Poll::Ready(Some(fed.given - 1));
        }
        if fed.panics {
            drop(fed);
            panic!("a stone in the stream");
        }
        if fed.closed {
            return Poll::Ready(None);
        }
        fed.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().dropped = true;
    }
}

#[actor(mailbox = 1, overflow = reject)]
enum Api {
    Pipe(Answer),
    PipeThat(Counted, Answer),
    /// Pipes something that is ready, and aborts it when it waits.
    PipeAndAbort,
    PipeAPanic,
    Attach(Feed),
    AttachThen(Feed),
    Detach,
    Pass,
    #[internal]
    Done(u32),
    #[internal]
    Broken,
    #[internal]
    Item(u32),
    #[internal]
    End,
    /// Goes on for so many times, bit by bit.
    Count(u32),
    #[reply(())]
    Ping,
}

#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Done(u32),
    Item(u32),
    End,
}

struct Desk {
    seen: Sender<Seen>,
    gate: Gate,
    last: Option<PipeKey>,
}

#[handlers]
impl ApiActor for Desk {
    fn pipe(&mut self, value: Answer, ctx: &mut Context<Api>) {
        ctx.pipe(async { value.await.unwrap() }, Api::Done);
    }
    fn pipe_that(&mut self, value: Counted, answer: Answer, ctx: &mut Context<Api>) {
        let work = async move {
            let _value = value;
            answer.await.unwrap()
        };
        self.last = Some(ctx.pipe(work, Api::Done));
    }
    fn pipe_and_abort(&mut self, ctx: &mut Context<Api>) {
        let pipe = ctx.pipe(async { 1 }, Api::Done);
        let gate = self.gate.clone();
        ctx.pipe(async move { gate.arrive() }, |()| Api::Broken);
        // Its result waits now: the workers have nothing else to do.
        self.gate.await_arrival();
        std::thread::sleep(SOON);
        assert!(ctx.abort(pipe));
        assert!(!ctx.abort(pipe));
    }
    fn pipe_a_panic(&mut self, ctx: &mut Context<Api>) {
        ctx.pipe(async { panic!("burst") }, |()| Api::Broken);
    }
    fn attach(&mut self, value: Feed, ctx: &mut Context<Api>) {
        self.last = Some(ctx.attach(Items(value), Api::Item));
    }
    fn attach_then(&mut self, value: Feed, ctx: &mut Context<Api>) {
        self.last = Some(ctx.attach_then(Items(value), Api::Item, Api::End));
    }
    fn detach(&mut self, ctx: &mut Context<Api>) {
        assert!(ctx.abort(self.last.take().unwrap()));
    }
    fn pass(&mut self) {
        self.gate.pass();
    }
    fn done(&mut self, value: u32) {
        let _ = self.seen.send(Seen::Done(value));
    }
    fn broken(&mut self) {}
    fn item(&mut self, value: u32) {
        let _ = self.seen.send(Seen::Item(value));
    }
    fn end(&mut self) {
        let _ = self.seen.send(Seen::End);
    }
    fn count(&mut self, value: u32, ctx: &mut Context<Api>) -> Result<(), Failure> {
        if value == 10 {
            self.gate.pass();
        }
        let _ = self.seen.send(Seen::Done(value));
        match value.checked_sub(1) {
            Some(less) => ctx.send(Api::Count(less))?,
            None => ctx.stop(),
        }
        Ok(())
    }
    fn ping(&self) {}
}

fn desk() -> (System, ApiHandle, Receiver<Seen>, Gate) {
    let system = System::builder().workers(2).build().unwrap();
    let ((seen, seeing), gate) = (channel(), Gate::default());
    let desk = Desk {
        seen,
        gate: gate.clone(),
        last: None,
    };
    (system.clone(), Api::spawn(&system, desk), seeing, gate)
}

/// Tells one that has room for one message.
fn told(tell: impl Fn() -> Result<(), TellError<Api>>) {
    while let Err(error) = tell() {
        assert!(error.is_full(), "{error}");
        std::thread::yield_now();
    }
}

#[test]
fn results_come_back_in_the_order_in_which_they_are_ready() {
    within(20, || {
        let (_system, api, seen, gate) = desk();
        let pending: Vec<_> = (0..5)
            .map(|_| {
                let (sender, receiver) = oneshot::async_channel();
                let mut receiver = Some(receiver);
                while let Err(error) = api.pipe(receiver.take().unwrap()) {
                    let Api::Pipe(returned) = error.into_message() else {
                        unreachable!()
                    };
                    receiver = Some(returned);
                }
                sender
            })
            .collect();
        while api.ping().wait().is_err() {}
        // The mailbox is full, and its actor busy: they come all the same.
        told(|| api.pass());
        gate.await_arrival();
        told(|| api.tell(Api::Ping));
        for (number, sender) in (0..5).zip(pending).rev() {
            sender.send(number).unwrap();
            std::thread::sleep(Duration::from_millis(5));
        }
        gate.open();
        let order: Vec<_> = seen.iter().take(5).collect();
        assert_eq!(order, [4, 3, 2, 1, 0].map(Seen::Done));
        drop(api);
    });
}

#[test]
fn an_aborted_one_never_comes_back() {
    within(20, || {
        let (_system, api, seen, _gate) = desk();
        api.pipe_and_abort().unwrap();
        while api.ping().wait().is_err() {}
        assert!(seen.recv_timeout(SOON).is_err());
        let dropped = Arc::new(AtomicUsize::new(0));
        let (sender, receiver) = oneshot::async_channel();
        let counted = Counted(Arc::clone(&dropped));
        api.pipe_that(counted, receiver).unwrap();
        while api.ping().wait().is_err() {}
        assert_eq!(dropped.load(SeqCst), 0);
        told(|| api.detach());
        eventually("the future is dropped", || dropped.load(SeqCst) == 1);
        assert!(sender.send(1).is_err());
        assert!(api.is_alive(), "no assertion in a handler failed");
        drop(api);
    });
}

#[test]
fn the_end_of_the_actor_aborts_what_runs_and_is_not_held_up() {
    within(20, || {
        let ends: [fn(ApiHandle); 3] = [drop, |api| api.stop(), |api| api.kill()];
        for end in ends {
            let (system, api, seen, _gate) = desk();
            let dropped = Arc::new(AtomicUsize::new(0));
            let (sender, receiver) = oneshot::async_channel();
            api.pipe_that(Counted(Arc::clone(&dropped)), receiver)
                .unwrap();
            while api.ping().wait().is_err() {}
            let stopped = api.stopped();
            end(api);
            stopped.wait().unwrap();
            eventually("the future is dropped", || dropped.load(SeqCst) == 1);
            assert!(sender.send(1).is_err());
            assert!(seen.recv().is_err());
            system.shutdown().wait().unwrap();
        }
    });
}

#[test]
fn a_future_that_panics_crashes_its_actor() {
    within(20, || {
        let (_system, api, _seen, _gate) = desk();
        api.pipe_a_panic().unwrap();
        match api.stopped().wait().unwrap() {
            ExitReason::Crashed(crash) => {
                assert_eq!(crash.place(), Place::Pipe);
                assert!(crash.is_panic() && crash.cause() == "burst");
            }
            other => panic!("{other}"),
        }
    });
}

#[test]
fn items_come_in_order_and_then_the_end() {
    within(20, || {
        let (_system, api, seen, _gate) = desk();
        let feed = Feed::default();
        feed.change(|fed| fed.left = 1_000);
        api.attach_then(feed.clone()).unwrap();
        for number in 0..1_000 {
            assert_eq!(seen.recv().unwrap(), Seen::Item(number));
        }
        feed.change(|fed| fed.left = 3);
        for number in 1_000..1_003 {
            assert_eq!(seen.recv().unwrap(), Seen::Item(number));
        }
        assert!(seen.recv_timeout(SOON).is_err());
        feed.change(|fed| fed.closed = true);
        assert_eq!(seen.recv().unwrap(), Seen::End);
        eventually("the stream is dropped", || feed.is_dropped());
        while api.ping().wait().is_err() {}
        drop(api);
    });
}

#[test]
fn a_stream_is_polled_on_only_when_its_items_were_handled() {
    within(20, || {
        let (_system, api, seen, gate) = desk();
        let feed = Feed::default();
        api.attach(feed.clone()).unwrap();
        while api.ping().wait().is_err() {}
        told(|| api.pass());
        gate.await_arrival();
        feed.change(|fed| fed.endless = true);
        eventually("it gives what may wait", || feed.given() == 16);
        std::thread::sleep(SOON);
        assert_eq!(feed.given(), 16);
        gate.open();
        eventually("it goes on", || feed.given() > 1_000);
        // The mailbox has its turns.
        while api.ping().wait().is_err() {}
        told(|| api.detach());
        eventually("the stream is dropped", || feed.is_dropped());
        while api.ping().wait().is_err() {}
        let got = seen.try_iter().count();
        assert!(got <= feed.given() as usize && got + 17 >= feed.given() as usize);
        std::thread::sleep(SOON);
        assert!(seen.try_recv().is_err(), "nothing comes of it any more");
        assert!(api.is_alive());
        drop(api);
    });
}

#[test]
fn a_stream_ends_with_its_actor_and_its_panic_is_the_actors() {
    within(20, || {
        let (_system, api, _seen, _gate) = desk();
        let feed = Feed::default();
        feed.change(|fed| fed.left = 3);
        api.attach(feed.clone()).unwrap();
        while api.ping().wait().is_err() {}
        let stopped = api.stopped();
        // It does not keep its actor alive.
        drop(api);
        stopped.wait().unwrap();
        eventually("the stream is dropped", || feed.is_dropped());

        let (_system, api, seen, _gate) = desk();
        let feed = Feed::default();
        feed.change(|fed| (fed.left, fed.panics) = (2, true));
        api.attach(feed).unwrap();
        let reason = api.stopped().wait().unwrap();
        let text =
            "crashed in a future or stream that it was given: panicked: a stone in the stream";
        assert_eq!(reason.to_string(), text);
        assert_eq!(
            seen.try_iter().collect::<Vec<_>>(),
            [Seen::Item(0), Seen::Item(1)],
            "what came before it"
        );
    });
}

#[test]
fn a_stream_takes_turns_with_what_the_actor_sends_to_itself() {
    within(20, || {
        let (_system, api, seen, gate) = desk();
        let feed = Feed::default();
        api.attach(feed.clone()).unwrap();
        while api.ping().wait().is_err() {}
        told(|| api.count(10));
        gate.await_arrival();
        feed.change(|fed| fed.endless = true);
        eventually("it gives what may wait", || feed.given() == 16);
        gate.open();
        api.stopped().wait().unwrap();
        let seen: Vec<_> = seen.iter().collect();
        let counts = seen.iter().position(|seen| *seen == Seen::Done(10));
        let mut items = 0;
        for seen in &seen[counts.unwrap()..] {
            items = if matches!(seen, Seen::Item(_)) {
                items + 1
            } else {
                0
            };
            assert!(items <= 1, "{seen:?} is the second in a row");
        }
    });
}
