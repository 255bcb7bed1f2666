//! `spawn_blocking` runs work where it may block, and returns what it returns.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};
use support::{Gate, within};
use zctor::prelude::*;
use zctor::{Blocking, BlockingError};

#[actor]
enum Reader {
    #[reply(usize)]
    Read(Gate),
    #[reply(bool)]
    Refused,
    #[reply(u32)]
    Ping,
}

struct Files;

#[handlers]
impl ReaderActor for Files {
    async fn read(&mut self, value: Gate, ctx: &mut Context<Reader>) -> Result<usize, Failure> {
        let work = move || {
            value.pass();
            7
        };
        Ok(ctx.system().spawn_blocking(work).await?)
    }
    fn refused(&self, ctx: &mut Context<Reader>) -> bool {
        let waited = ctx.system().spawn_blocking(|| ()).wait();
        matches!(waited, Err(BlockingError::WaitInHandler(_)))
    }
    fn ping(&self) -> u32 {
        1
    }
}

fn system() -> System {
    System::builder()
        .workers(1)
        .grace(Duration::from_millis(50))
        .build()
        .unwrap()
}

#[test]
fn a_handler_awaits_it_and_others_go_on() {
    within(30, || {
        let system = system();
        let gate = Gate::default();
        let readers: Vec<_> = (0..20).map(|_| Reader::spawn(&system, Files)).collect();
        let reads: Vec<_> = readers
            .iter()
            .map(|reader| reader.read(gate.clone()).send())
            .collect();
        gate.await_arrival();
        let other = Reader::spawn(&system, Files);
        assert_eq!(other.ping().wait().unwrap(), 1);
        gate.open();
        for read in reads {
            assert_eq!(read.wait().unwrap(), 7);
        }
        assert!(other.refused().wait().unwrap());
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_panic_comes_back_as_an_error() {
    within(30, || {
        let system = system();
        let work: Blocking<()> = system.spawn_blocking(|| panic!("no disk"));
        let error = work.wait().unwrap_err();
        assert_eq!(error, BlockingError::Panicked("no disk".to_owned()));
        assert_eq!(error.to_string(), "the blocking work panicked: no disk");
        assert_eq!(
            system.spawn_blocking(|| 1).wait(),
            Ok(1),
            "the pool lives on"
        );
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn dropped_it_goes_on() {
    within(30, || {
        let system = system();
        let done = Arc::new(AtomicUsize::new(0));
        let gate = Gate::default();
        let (counter, wait) = (Arc::clone(&done), gate.clone());
        drop(system.spawn_blocking(move || {
            wait.pass();
            counter.fetch_add(1, SeqCst);
        }));
        gate.open();
        support::eventually("it is done", || done.load(SeqCst) == 1);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_shutdown_does_not_wait_for_ever() {
    within(30, || {
        let system = system();
        let gate = Gate::default();
        let wait = gate.clone();
        let stuck = system.spawn_blocking(move || wait.pass());
        gate.await_arrival();
        let begun = Instant::now();
        system.shutdown().wait().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(2));
        // After that none is begun.
        let late = system.spawn_blocking(|| 1);
        assert_eq!(late.wait(), Err(BlockingError::NotDone));
        gate.open();
        assert_eq!(stuck.wait(), Ok(()), "what was begun is finished");
    });
}

#[test]
fn the_last_owner_may_be_dropped_in_it() {
    within(30, || {
        let system = System::builder()
            .grace(Duration::from_secs(20))
            .build()
            .unwrap();
        let reader = Reader::spawn(&system, Files);
        let ended = reader.stopped();
        let owner = system.clone();
        let work = system.spawn_blocking(move || drop(owner));
        drop(system);
        let begun = Instant::now();
        assert_eq!(work.wait(), Ok(()));
        assert!(ended.wait().unwrap().is_orderly());
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "it does not wait for itself"
        );
    });
}

#[test]
fn more_than_there_are_threads_is_done_in_turn() {
    within(60, || {
        let system = system();
        let (gate, done) = (Gate::default(), Arc::new(AtomicUsize::new(0)));
        let works: Vec<_> = (0..600)
            .map(|n| {
                let (gate, done) = (gate.clone(), Arc::clone(&done));
                system.spawn_blocking(move || {
                    gate.pass();
                    done.fetch_add(1, SeqCst);
                    n
                })
            })
            .collect();
        gate.await_arrival();
        gate.open();
        for (n, work) in works.into_iter().enumerate() {
            assert_eq!(work.wait(), Ok(n));
        }
        assert_eq!(done.load(SeqCst), 600);
        system.shutdown().wait().unwrap();
    });
}

/// The actor goes on meanwhile, and learns of a result and of a panic alike.
#[test]
fn what_it_returns_comes_back_as_a_message() {
    #[actor]
    enum Desk {
        Begin {
            gate: Gate,
        },
        #[internal]
        Done(Result<u32, BlockingError>),
        #[reply(usize)]
        Results,
        #[reply(Vec<bool>, deferred)]
        Both,
    }
    #[derive(Default)]
    struct Clerk {
        results: Vec<bool>,
        asked: Option<Reply<Vec<bool>>>,
    }
    #[handlers]
    impl DeskActor for Clerk {
        fn begin(&mut self, gate: Gate, ctx: &mut Context<Desk>) {
            let work = move || {
                gate.pass();
                7
            };
            ctx.spawn_blocking(work, Desk::Done);
            ctx.spawn_blocking(|| panic!("spilt"), Desk::Done);
        }
        fn done(&mut self, value: Result<u32, BlockingError>) {
            self.results.push(matches!(value, Ok(7)));
            if self.results.len() == 2
                && let Some(reply) = self.asked.take()
            {
                reply.send(self.results.clone());
            }
        }
        fn results(&self) -> usize {
            self.results.len()
        }
        fn both(&mut self, reply: Reply<Vec<bool>>) {
            self.asked = Some(reply);
        }
    }
    within(30, || {
        let system = system();
        let desk = Desk::spawn(&system, Clerk::default());
        let gate = Gate::default();
        desk.begin(gate.clone()).unwrap();
        gate.await_arrival();
        assert!(desk.results().wait().unwrap() < 2);
        let both = desk.both().send();
        gate.open();
        // The one that panicked was not held up.
        assert_eq!(both.wait().unwrap(), [false, true]);
    });
}
