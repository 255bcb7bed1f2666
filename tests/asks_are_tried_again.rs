//! `#[idempotent]`: asks that fail are tried again, with growing waits, and
//! only as often as was said.

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{Retry, System};

const MS: Duration = Duration::from_millis(1);

/// What the next calls do: the first of the list first, and then all is well.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Fail,
    Crash,
    /// Never answers.
    Silent,
    Drop,
}

#[actor]
enum Site {
    #[idempotent]
    #[reply(String, error = &'static str, deferred)]
    #[timeout("1s")]
    Page { path: String },
    #[idempotent]
    #[reply(u32, error = &'static str)]
    #[breaker(failures = 1, recovery = "3s", successes = 1)]
    Guarded,
    #[idempotent]
    #[reply(u32)]
    #[limit(1, per = "1s")]
    Limited,
}

#[derive(Clone, Default)]
struct Server {
    moods: Arc<Mutex<Vec<Mood>>>,
    /// When each call came, by the clock of the system.
    calls: Arc<Mutex<Vec<Instant>>>,
    kept: Arc<Mutex<Vec<Reply<String, &'static str>>>>,
}

impl Server {
    fn with(moods: &[Mood]) -> Server {
        let server = Server::default();
        server.moods.lock().unwrap().extend(moods.iter().rev());
        server
    }
    fn next(&self, ctx: &Context<Site>) -> Option<Mood> {
        self.calls.lock().unwrap().push(ctx.now());
        self.moods.lock().unwrap().pop()
    }
    /// The times between the calls.
    fn gaps(&self) -> Vec<Duration> {
        let calls = self.calls.lock().unwrap();
        calls.windows(2).map(|two| two[1] - two[0]).collect()
    }
}

#[handlers]
impl SiteActor for Server {
    fn page(&mut self, path: String, reply: Reply<String, &'static str>, ctx: &mut Context<Site>) {
        match self.next(ctx) {
            None => reply.send(format!("the page {path}")),
            Some(Mood::Fail) => reply.fail("down"),
            Some(Mood::Crash) => panic!("as asked"),
            Some(Mood::Silent) => self.kept.lock().unwrap().push(reply),
            Some(Mood::Drop) => drop(reply),
        }
    }
    fn guarded(&mut self, ctx: &mut Context<Site>) -> Result<u32, &'static str> {
        match self.next(ctx) {
            None => Ok(7),
            _ => Err("down"),
        }
    }
    fn limited(&self) -> u32 {
        7
    }
}

#[supervisor(max_restarts = 1000)]
enum Farm {
    #[child]
    Site(Site),
}

struct Ground(Server);

impl FarmChildren for Ground {
    fn site(&mut self, _: &FarmHandle) -> Child<Site> {
        Site::child(self.0.clone())
    }
}

/// A site in a simulation, restarted when it crashes.
fn farm(sim: &Sim, moods: &[Mood]) -> (FarmHandle, Server) {
    let server = Server::with(moods);
    let farm = Farm::start(sim.system(), Ground(server.clone()));
    (sim.block_on(farm).unwrap().unwrap(), server)
}

fn retry(times: u32) -> Retry {
    Retry::times(times).backoff(100 * MS, 400 * MS)
}

#[test]
fn what_passes_is_tried_again_with_growing_waits() {
    within(60, || {
        for seed in 0..1_000 {
            let sim = Sim::new(seed);
            let _events = sim.system().events();
            let (farm, server) = farm(&sim, &[Mood::Crash, Mood::Drop, Mood::Crash, Mood::Drop]);
            let page = farm.site().page("x".to_owned()).retry(retry(4));
            assert_eq!(sim.block_on(page).unwrap().unwrap(), "the page x");
            let gaps = server.gaps();
            for (gap, most) in gaps.iter().zip([100, 200, 400, 400]) {
                let most = most * MS;
                assert!(*gap >= most / 2 && *gap <= most, "{gap:?} of {most:?}");
            }
            assert_eq!(gaps.len(), 4);
            assert_eq!(farm.site().stats().handled(), 5);
        }
    });
}

#[test]
fn after_so_many_tries_the_last_error_is_told() {
    within(20, || {
        let sim = Sim::new(1);
        let (farm, server) = farm(&sim, &[Mood::Drop; 9]);
        let page = farm.site().page("x".to_owned()).retry(retry(2));
        let error = sim.block_on(page).unwrap().unwrap_err();
        assert!(matches!(error, AskError::NoReply { .. }));
        assert_eq!(server.calls.lock().unwrap().len(), 3);
        let page = farm.site().page("x".to_owned()).retry(retry(0));
        assert!(sim.block_on(page).unwrap().is_err());
        assert_eq!(server.calls.lock().unwrap().len(), 4);
    });
}

#[test]
fn an_answer_of_the_handler_is_an_answer_unless_one_says_otherwise() {
    within(20, || {
        let sim = Sim::new(1);
        let (farm, server) = farm(&sim, &[Mood::Fail; 3]);
        let page = || farm.site().page("x".to_owned()).retry(retry(5));
        let error = sim.block_on(page()).unwrap().unwrap_err();
        assert!(matches!(error, AskError::Failed("down")));
        assert_eq!(server.calls.lock().unwrap().len(), 1);
        let page = page().when(|error| matches!(error, AskError::Failed(_)));
        assert_eq!(sim.block_on(page).unwrap().unwrap(), "the page x");
        assert_eq!(server.calls.lock().unwrap().len(), 4);
    });
}

#[test]
fn an_actor_that_has_stopped_is_not_tried_again() {
    within(20, || {
        let sim = Sim::new(1);
        let site = Site::spawn(sim.system(), Server::default());
        site.stop();
        let page = site.page("x".to_owned()).retry(retry(9)).when(|_| true);
        assert!(sim.block_on(page).unwrap().unwrap_err().is_stopped());
        assert_eq!(sim.elapsed(), Duration::ZERO);
    });
}

#[test]
fn each_try_has_its_time_and_all_together_have_theirs() {
    within(20, || {
        let sim = Sim::new(1);
        let (farm, server) = farm(&sim, &[Mood::Silent; 99]);
        let page = || farm.site().page("x".to_owned());
        let error = sim.block_on(page().retry(retry(1))).unwrap().unwrap_err();
        assert!(error.is_timeout());
        assert!(sim.elapsed() >= 2_050 * MS && sim.elapsed() <= 2_100 * MS);
        let began = sim.elapsed();
        let ask = page().timeout(300 * MS).retry(retry(99).within(1_000 * MS));
        assert!(sim.block_on(ask).unwrap().unwrap_err().is_timeout());
        let took = sim.elapsed() - began;
        assert!(took <= 1_000 * MS && took > 600 * MS, "{took:?}");
        assert!(server.calls.lock().unwrap().len() >= 4);
    });
}

#[test]
fn an_open_breaker_and_a_limit_are_waited_for() {
    within(20, || {
        let sim = Sim::new(1);
        let (farm, server) = farm(&sim, &[Mood::Fail]);
        let site = farm.site();
        assert!(sim.block_on(site.guarded()).unwrap().is_err());
        assert_eq!(
            sim.block_on(site.guarded().retry(retry(1)))
                .unwrap()
                .unwrap(),
            7
        );
        assert_eq!(sim.elapsed(), 3_000 * MS);
        assert_eq!(server.calls.lock().unwrap().len(), 2, "one was turned away");
        let began = sim.elapsed();
        assert_eq!(sim.block_on(site.limited()).unwrap().unwrap(), 7);
        assert!(
            sim.block_on(site.limited())
                .unwrap()
                .unwrap_err()
                .is_limited()
        );
        assert_eq!(
            sim.block_on(site.limited().retry(retry(1)))
                .unwrap()
                .unwrap(),
            7
        );
        assert_eq!(sim.elapsed() - began, 1_000 * MS);
    });
}

#[test]
fn dropped_between_two_tries_it_sends_no_more() {
    within(20, || {
        let sim = Sim::new(1);
        let (farm, server) = farm(&sim, &[Mood::Drop; 9]);
        let mut page = farm.site().page("x".to_owned()).retry(retry(9));
        let waker = std::task::Waker::noop();
        let mut cx = std::task::Context::from_waker(waker);
        assert!(std::pin::Pin::new(&mut page).poll(&mut cx).is_pending());
        sim.run_until_idle();
        assert!(std::pin::Pin::new(&mut page).poll(&mut cx).is_pending());
        drop(page);
        sim.advance(10_000 * MS);
        assert_eq!(server.calls.lock().unwrap().len(), 1);
    });
}

#[test]
fn without_a_retry_it_is_an_ask_like_any_other() {
    within(20, || {
        let system = System::new().unwrap();
        let site = Site::spawn(&system, Server::with(&[Mood::Drop]));
        let ask = site.page("x".to_owned());
        assert!(matches!(ask.wait(), Err(AskError::NoReply { .. })));
        assert_eq!(site.page("y".to_owned()).wait().unwrap(), "the page y");
        assert_eq!(
            site.page("y".to_owned()).send().wait().unwrap(),
            "the page y"
        );
        let none = site.page("y".to_owned()).timeout(Duration::ZERO);
        assert!(none.wait().unwrap_err().is_timeout());
        drop(site.page("never sent".to_owned()));
        assert_eq!(site.stats().handled(), 3);
        let page = site.page("z".to_owned()).retry(retry(3));
        assert_eq!(page.wait().unwrap(), "the page z");
        system.shutdown().wait().unwrap();
    });
}

/// One that waits where it must not.
#[actor]
enum Reader {
    #[reply(bool)]
    Read,
}

struct Desk(SiteHandle);

#[handlers]
impl ReaderActor for Desk {
    fn read(&mut self) -> bool {
        let page = self.0.page("x".to_owned()).retry(retry(3)).when(|_| true);
        matches!(page.wait(), Err(AskError::WaitInHandler { .. }))
    }
}

#[test]
fn a_wait_in_a_handler_is_refused_at_once() {
    within(20, || {
        let system = System::new().unwrap();
        let site = Site::spawn(&system, Server::default());
        let reader = Reader::spawn(&system, Desk(site));
        assert!(reader.read().wait().unwrap());
        system.shutdown().wait().unwrap();
    });
}
