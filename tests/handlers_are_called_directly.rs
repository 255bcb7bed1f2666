//! A handler can be called on a state without any system. What it answers, and
//! what it has done besides, can be looked at.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::test::{Direct, Probe};

type Sink = Arc<Mutex<Vec<Reply<u8>>>>;

#[derive(Debug, PartialEq)]
#[actor]
enum Desk {
    #[reply(u32)]
    Count,
    #[reply(u8, error = String)]
    Divide(u8),
    #[reply(u8, deferred)]
    Later,
    Work,
    Fail(bool),
    #[reply(u64)]
    Look,
    #[reply(u32)]
    Fetch,
    #[reply(u64)]
    Sleep(u64),
    #[batch(max = 4)]
    Log(String),
    #[internal]
    Done(u8),
    #[reply(bool)]
    WaitHere,
}

struct Clerk {
    count: u32,
    kept: Sink,
    other: Option<DeskHandle>,
}

#[handlers]
impl DeskActor for Clerk {
    fn count(&mut self) -> u32 {
        self.count += 1;
        self.count
    }
    fn divide(&mut self, value: u8) -> Result<u8, String> {
        100u8.checked_div(value).ok_or("by zero".to_owned())
    }
    fn later(&mut self, reply: Reply<u8>) {
        self.kept.lock().unwrap().push(reply);
    }
    fn work(&mut self, ctx: &mut Context<Desk>) -> Result<(), Failure> {
        ctx.send(Desk::Done(1))?;
        ctx.send_after(Duration::from_secs(5), Desk::Done(3));
        ctx.timer("tick")
            .every(Duration::from_secs(2), || Desk::Done(4));
        let gone = ctx.send_after(Duration::from_secs(1), Desk::Work);
        ctx.cancel(gone);
        ctx.handle().tell(Desk::Done(2))?;
        ctx.stop();
        assert!(ctx.send(Desk::Done(9)).is_err(), "it was stopped");
        Ok(())
    }
    fn fail(&mut self, value: bool, ctx: &mut Context<Desk>) -> Result<(), Failure> {
        if value {
            ctx.fail(Failure::msg("from deep inside"));
            return Ok(());
        }
        Err(Failure::msg("returned"))
    }
    fn look(&mut self, ctx: &mut Context<Desk>) -> u64 {
        assert_eq!(ctx.now(), ctx.now());
        assert_eq!(ctx.handle().id(), ctx.id());
        ctx.random()
    }
    async fn fetch(&mut self) -> Result<u32, Failure> {
        let other = self.other.as_ref().ok_or_else(|| Failure::msg("nobody"))?;
        Ok(other.count().await?)
    }
    async fn sleep(&mut self, value: u64, ctx: &mut Context<Desk>) -> u64 {
        let before = ctx.now();
        ctx.system().sleep(Duration::from_secs(value)).await;
        (ctx.now() - before).as_secs()
    }
    fn log(&mut self, batch: zctor::Batch<String>) {
        self.count += batch.len() as u32;
    }
    fn done(&mut self, _value: u8) {}
    fn wait_here(&self) -> bool {
        let other = self.other.as_ref().unwrap();
        matches!(other.count().wait(), Err(AskError::WaitInHandler { .. }))
    }
}

fn clerk() -> Clerk {
    let kept = Sink::default();
    Clerk {
        count: 0,
        kept,
        other: None,
    }
}

fn panic_of<T>(action: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(action)) else {
        panic!("it did not panic");
    };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().unwrap()).to_owned(),
    }
}

#[test]
fn it_gives_the_reply_by_its_type() {
    within(30, || {
        let mut clerk = clerk();
        assert_eq!(Desk::handle(&mut clerk, Desk::Count).reply::<u32>(), 1);
        let mut handled = Desk::handle(&mut clerk, Desk::Count);
        assert_eq!(
            panic_of(|| handled.reply::<i32>()),
            "the reply of `Desk::Count` was taken as a `i32`, and it is a `u32`"
        );
        assert_eq!(handled.reply::<u32>(), 2);
        assert!(panic_of(|| handled.reply::<u32>()).contains("it was taken"));

        assert_eq!(Desk::handle(&mut clerk, Desk::Divide(2)).reply::<u8>(), 50);
        let mut handled = Desk::handle(&mut clerk, Desk::Divide(0));
        assert!(panic_of(|| handled.reply::<u8>()).contains("which `error()` takes"));
        assert!(panic_of(|| handled.error::<u8>()).contains("it is a `alloc::string::String`"));
        assert_eq!(handled.error::<String>(), "by zero");
        assert!(panic_of(|| Desk::handle(&mut clerk, Desk::Work).reply::<u8>()).contains("no ask"));
        let _ = Desk::handle(&mut clerk, Desk::Log("a".to_owned()));
        assert_eq!(clerk.count, 3);
    });
}

#[test]
fn a_deferred_reply_comes_when_it_is_sent() {
    within(30, || {
        let mut clerk = clerk();
        let mut handled = Desk::handle(&mut clerk, Desk::Later);
        assert_eq!(handled.try_reply::<u8>(), None);
        assert_eq!(
            panic_of(|| handled.reply::<u8>()),
            "`Desk::Later` has no reply: its reply is deferred, and was not sent yet"
        );
        clerk.kept.lock().unwrap().pop().unwrap().send(7);
        assert_eq!(handled.reply::<u8>(), 7);
        let mut handled = Desk::handle(&mut clerk, Desk::Later);
        clerk.kept.lock().unwrap().clear();
        assert!(panic_of(|| handled.reply::<u8>()).contains("dropped without an answer"));
    });
}

#[test]
fn it_tells_what_else_was_done() {
    within(30, || {
        let handled = Desk::handle(&mut clerk(), Desk::Work);
        assert!(handled.is_stopping());
        assert_eq!(handled.sent(), [Desk::Done(1), Desk::Done(2)]);
        let [tick, once] = handled.timers() else {
            panic!("{handled:?}");
        };
        assert_eq!(tick.after(), Duration::from_secs(2));
        assert_eq!(tick.every(), Some(Duration::from_secs(2)));
        assert_eq!(tick.name().unwrap().to_string(), "tick");
        assert_eq!(tick.message(), &Desk::Done(4));
        assert_eq!((once.after(), once.every()), (Duration::from_secs(5), None));
        assert_eq!(once.message(), &Desk::Done(3));
        assert!(handled.failure().is_none());

        let failed = |deep| {
            let handled = Desk::handle(&mut clerk(), Desk::Fail(deep));
            handled.failure().unwrap().to_string()
        };
        assert_eq!(failed(false), "returned");
        assert_eq!(failed(true), "from deep inside");
        let mut handled = Desk::handle(&mut clerk(), Desk::Fetch);
        assert_eq!(handled.failure().unwrap().to_string(), "nobody");
        assert!(panic_of(|| handled.reply::<u32>()).contains("its handler has failed"));
    });
}

#[test]
fn the_context_is_the_same_each_time() {
    within(30, || {
        let look = || Desk::handle(&mut clerk(), Desk::Look).reply::<u64>();
        assert_eq!(look(), look());
        let mut slept = Desk::handle(&mut clerk(), Desk::Sleep(3600));
        assert_eq!(slept.reply::<u64>(), 3600, "in no time");
    });
}

#[test]
fn one_that_waits_for_others_is_called_asynchronously() {
    within(30, || {
        let sim = Sim::new(1);
        let probe = Probe::<Desk>::new(sim.system());
        let mut clerk = Clerk {
            other: Some(probe.handle()),
            ..clerk()
        };
        assert_eq!(
            panic_of(|| Desk::handle(&mut clerk, Desk::Fetch)),
            "the handler of `Desk::Fetch` has to wait for something outside of it: \
             call it with `Desk::handle_async(&mut state, message).await`"
        );
        let kinds = probe.received().len();
        assert_eq!(kinds, 0, "it was withdrawn before the probe ran");
        let answering = async {
            probe.find(DeskKind::Count).await.reply(5u32);
        };
        let both = smol::future::zip(Desk::handle_async(&mut clerk, Desk::Fetch), answering);
        let (mut handled, ()) = sim.block_on(both).unwrap();
        assert_eq!(handled.reply::<u32>(), 5);
        // As on a worker, it must not block.
        assert!(Desk::handle(&mut clerk, Desk::WaitHere).reply::<bool>());
    });
}

#[actor]
enum Nest {
    Fill(Arc<()>),
    #[reply((), deferred)]
    Keep(Arc<()>),
}

struct Tree(Vec<Reply<()>>);

#[handlers]
impl NestActor for Tree {
    fn fill(&mut self, egg: Arc<()>, ctx: &mut Context<Nest>) -> Result<(), Failure> {
        let one = || Arc::clone(&egg);
        ctx.send(Nest::Fill(one()))?;
        ctx.send_after(Duration::from_secs(1), Nest::Fill(one()));
        ctx.handle().fill(one())?;
        let child = ctx.spawn_child(Nest::child(Tree(Vec::new())))?;
        child.fill(one())?;
        child.detach();
        let inside = one();
        ctx.pipe(async move { inside }, Nest::Fill);
        let blocked = child.keep(one()).send();
        ctx.pipe(async move { blocked.await.map(|()| Arc::new(())) }, |got| {
            Nest::Fill(got.unwrap_or_default())
        });
        Ok(())
    }
    fn keep(&mut self, _egg: Arc<()>, reply: Reply<()>) {
        self.0.push(reply);
    }
}

#[test]
fn nothing_is_left_when_the_call_is_over() {
    within(30, || {
        let egg = Arc::new(());
        let handled = Nest::handle(&mut Tree(Vec::new()), Nest::Fill(Arc::clone(&egg)));
        assert_eq!((handled.sent().len(), handled.timers().len()), (2, 1));
        drop(handled);
        assert_eq!(Arc::strong_count(&egg), 1);
    });
}

#[test]
fn on_real_threads_too() {
    within(30, || {
        let system = System::new().unwrap();
        let other = Desk::spawn(&system, clerk());
        let mut clerk = Clerk {
            other: Some(other),
            ..clerk()
        };
        let mut handled = zctor::wait(Desk::handle_async(&mut clerk, Desk::Fetch)).unwrap();
        assert_eq!(handled.reply::<u32>(), 1);
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Egg {
    Boil,
    #[internal]
    Done,
}

struct Pot;

#[handlers]
impl EggActor for Pot {
    async fn boil(&mut self, ctx: &mut Context<Egg>) {
        ctx.system().sleep(Duration::from_secs(10)).await;
        ctx.send_after(Duration::from_secs(60), Egg::Done);
    }
    fn done(&mut self) {}
}

/// Timers count from the call, also where the handler waits before.
#[test]
fn timers_count_from_the_call() {
    within(30, || {
        let handled = Egg::handle(&mut Pot, Egg::Boil);
        assert_eq!(handled.timers()[0].after(), Duration::from_secs(70));
    });
}
