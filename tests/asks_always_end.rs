//! An ask ends when it is answered, its time is over, or its actor has ended,
//! and says which.

mod support;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};
use support::{Gate, within};
use zctor::ExitReason;
use zctor::prelude::*;

#[derive(Debug, PartialEq)]
struct NoSuchBook(String);

impl fmt::Display for NoSuchBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no such book: {}", self.0)
    }
}

impl std::error::Error for NoSuchBook {}

#[actor]
enum Library {
    #[reply(usize)]
    Count,
    #[reply(u32, error = NoSuchBook)]
    Find { title: String },
    /// Blocks until the gate opens.
    Block,
    #[reply(u32)]
    Panic,
    #[reply(u32)]
    Fail,
    #[reply(())]
    Forever,
    #[reply(())]
    #[timeout("20ms")]
    Limited,
    #[reply(Result<u32, String>)]
    Nested { good: bool },
    /// Answers, answers with an error, or crashes.
    #[reply(u32, error = NoSuchBook)]
    Either { what: u32 },
    /// Counts each call.
    #[reply(u32)]
    Counted,
}

/// Tells when a handler waits for ever.
static FOREVER: std::sync::LazyLock<Gate> = std::sync::LazyLock::new(Gate::default);

#[derive(Default)]
struct Shelf {
    gate: Gate,
    counted: Arc<AtomicU32>,
}

#[handlers]
impl LibraryActor for Shelf {
    fn count(&self) -> usize {
        3
    }
    fn find(&self, title: String) -> Result<u32, NoSuchBook> {
        if title == "Emma" {
            Ok(1815)
        } else {
            Err(NoSuchBook(title))
        }
    }
    fn block(&mut self) {
        self.gate.pass();
    }
    fn panic(&mut self) -> u32 {
        panic!("the shelf broke")
    }
    fn fail(&mut self) -> Result<u32, std::num::ParseIntError> {
        "x".parse()
    }
    async fn forever(&mut self) {
        FOREVER.arrive();
        std::future::pending().await
    }
    async fn limited(&mut self) {
        std::future::pending().await
    }
    fn nested(&self, good: bool) -> Result<u32, String> {
        if good { Ok(1) } else { Err("bad".to_owned()) }
    }
    fn either(&mut self, what: u32) -> Result<Result<u32, NoSuchBook>, Failure> {
        match what {
            0 => Ok(Ok(0)),
            1 => Ok(Err(NoSuchBook("1".into()))),
            _ => Err(Failure::msg("two")),
        }
    }
    fn counted(&mut self) -> u32 {
        self.counted.fetch_add(1, SeqCst) + 1
    }
}

fn shelf() -> (System, LibraryHandle) {
    let system = System::new().unwrap();
    let library = Library::spawn(&system, Shelf::default());
    (system, library)
}

#[test]
fn with_the_reply() {
    within(10, || {
        let (_system, library) = shelf();
        assert_eq!(library.count().wait().unwrap(), 3);
        assert_eq!(library.find("Emma".into()).wait().unwrap(), 1815);
    });
}

#[test]
fn with_the_handlers_own_error_and_the_actor_lives_on() {
    within(10, || {
        let (_system, library) = shelf();
        match library.find("Ulysses".into()).wait() {
            Err(AskError::Failed(error)) => assert_eq!(error, NoSuchBook("Ulysses".into())),
            other => panic!("{other:?}"),
        }
        assert_eq!(
            library
                .find("Dracula".into())
                .wait()
                .unwrap_err()
                .to_string(),
            "the handler answered with an error: NoSuchBook(\"Dracula\")"
        );
        assert_eq!(library.count().wait().unwrap(), 3);
    });
}

#[test]
fn with_the_handlers_own_error_or_a_crash_as_the_handler_wants() {
    within(10, || {
        let (_system, library) = shelf();
        assert_eq!(library.either(0).wait().unwrap(), 0);
        assert!(matches!(library.either(1).wait(), Err(AskError::Failed(_))));
        assert!(matches!(
            library.either(2).wait(),
            Err(AskError::Crashed { .. })
        ));
    });
}

#[test]
fn a_reply_that_is_a_result_is_just_a_value() {
    within(10, || {
        let (_system, library) = shelf();
        assert_eq!(library.nested(true).wait().unwrap(), Ok(1));
        assert_eq!(library.nested(false).wait().unwrap(), Err("bad".to_owned()));
        assert!(library.is_alive());
    });
}

#[test]
fn with_crashed_when_the_handler_panics_or_fails() {
    within(10, || {
        let (_system, library) = shelf();
        let error = library.panic().wait().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Panic` was not answered: the actor Library#1 crashed in the handler of `Panic`: panicked: the shelf broke"
        );
        match error {
            AskError::Crashed {
                message: "Panic",
                crash: Some(crash),
                ..
            } => assert!(crash.is_panic()),
            other => panic!("{other}"),
        }
        let (_system, library) = shelf();
        let error = library.fail().wait().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Fail` was not answered: the actor Library#1 crashed in the handler of `Fail`: invalid digit found in string"
        );
        match library.stopped().wait().unwrap() {
            ExitReason::Crashed(crash) => {
                assert!(!crash.is_panic());
                assert_eq!(
                    crash.to_string(),
                    "in the handler of `Fail`: invalid digit found in string"
                );
            }
            other => panic!("{other}"),
        }
    });
}

#[test]
fn with_stopped_before_while_queued_and_while_handled() {
    within(10, || {
        let (_system, library) = shelf();
        library.stop();
        library.stopped().wait().unwrap();
        let error = library.count().wait().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Count` was not answered: the actor Library#1 has stopped"
        );

        let (_system, library) = shelf();
        let handled = library.forever().send();
        let queued = library.count().send();
        FOREVER.await_arrival();
        library.kill();
        let text = |error: AskError| error.to_string();
        assert_eq!(
            text(handled.wait().unwrap_err()),
            "`Forever` was not answered: the actor Library#1 was killed"
        );
        assert_eq!(
            text(queued.wait().unwrap_err()),
            "`Count` was not answered: the actor Library#1 was killed"
        );
    });
}

#[test]
fn with_the_reason_for_which_the_actor_has_ended() {
    within(10, || {
        let system = System::new().unwrap();
        let shelf_of = Shelf::default();
        let gate = shelf_of.gate.clone();
        let library = Library::spawn(&system, shelf_of);
        library.block().unwrap();
        let panic = library.panic().send();
        let queued = library.count().send();
        gate.open();
        let crash = "crashed in the handler of `Panic`: panicked: the shelf broke";
        let error = panic.wait().unwrap_err().to_string();
        assert!(error.ends_with(crash), "{error}");
        let error = queued.wait().unwrap_err();
        assert!(error.is_stopped());
        assert!(error.to_string().ends_with(crash), "{error}");
        library.stopped().wait().unwrap();
        let late = library.count().wait().unwrap_err();
        assert!(late.is_stopped());
        assert!(late.to_string().ends_with(crash), "{late}");
        let told = library.block().unwrap_err();
        assert_eq!(
            told.to_string(),
            format!("`Block` was not delivered: the actor Library#1 {crash}")
        );
        assert!(matches!(told.exit_reason(), Some(ExitReason::Crashed(_))));

        let (system, library) = shelf();
        system.shutdown().wait().unwrap();
        let late = library.count().wait().unwrap_err().to_string();
        assert!(late.ends_with("Library#1 was shut down"), "{late}");
    });
}

/// Nobody can say what was the matter where the handler has caught the panic itself.
#[test]
fn with_a_crash_without_a_reason_when_the_handler_goes_on() {
    #[actor]
    enum Careful {
        #[reply(u8, deferred)]
        Lose,
        #[reply(u8)]
        Go,
    }
    struct Juggler;
    #[handlers]
    impl CarefulActor for Juggler {
        fn lose(&mut self, reply: Reply<u8>) {
            let lost = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let _reply = reply;
                panic!("dropped");
            }));
            assert!(lost.is_err());
        }
        fn go(&self) -> u8 {
            1
        }
    }
    within(10, || {
        let system = System::new().unwrap();
        let careful = Careful::spawn(&system, Juggler);
        let error = careful.lose().wait().unwrap_err();
        assert!(
            matches!(error, AskError::Crashed { crash: None, .. }),
            "{error:?}"
        );
        assert_eq!(careful.go().wait().unwrap(), 1);
    });
}

/// The state goes while the panic passes, and so before anybody can know the reason.
#[test]
fn although_the_state_waits_for_whoever_asks() {
    #[actor]
    enum Keeper {
        #[reply(u8)]
        Crash,
    }
    struct House(Option<thread::JoinHandle<()>>);
    impl Drop for House {
        fn drop(&mut self) {
            let _ = self.0.take().map(thread::JoinHandle::join);
        }
    }
    #[handlers]
    impl KeeperActor for House {
        fn crash(&mut self) -> u8 {
            panic!("the roof is down")
        }
    }
    within(10, || {
        let system = System::new().unwrap();
        let (give, take) = mpsc::channel::<KeeperHandle>();
        let (tell, told) = mpsc::channel();
        let guest = thread::spawn(move || {
            let keeper = take.recv().unwrap();
            let answer = keeper.crash().wait().unwrap_err();
            tell.send(matches!(answer, AskError::Crashed { .. }))
                .unwrap();
        });
        let keeper = Keeper::spawn(&system, House(Some(guest)));
        give.send(keeper.clone()).unwrap();
        assert!(told.recv().unwrap());
        let reason = keeper.stopped().wait().unwrap();
        assert!(reason.to_string().contains("the roof is down"), "{reason}");
    });
}

#[test]
fn with_a_timeout_in_time() {
    within(10, || {
        let (_system, library) = shelf();
        let begun = Instant::now();
        let error = library.limited().wait().unwrap_err();
        assert!(begun.elapsed() >= Duration::from_millis(20));
        assert_eq!(
            error.to_string(),
            "`Limited` was not answered: Library#1 took longer than 20ms"
        );
        // The handler still waits; this one times out in the queue.
        assert!(
            library
                .count()
                .timeout(Duration::from_millis(5))
                .wait()
                .unwrap_err()
                .is_timeout()
        );
        library.kill();
    });
}

#[test]
fn at_once_with_a_limit_of_zero_and_normally_with_the_longest() {
    within(10, || {
        let counted = Arc::new(AtomicU32::new(0));
        let system = System::new().unwrap();
        let shelf = Shelf {
            counted: Arc::clone(&counted),
            ..Shelf::default()
        };
        let library = Library::spawn(&system, shelf);
        assert!(
            library
                .counted()
                .timeout(Duration::ZERO)
                .wait()
                .unwrap_err()
                .is_timeout()
        );
        assert!(
            library
                .counted()
                .timeout(Duration::ZERO)
                .send()
                .wait()
                .unwrap_err()
                .is_timeout()
        );
        assert_eq!(
            library.counted().timeout(Duration::MAX).wait().unwrap(),
            1,
            "none was sent"
        );
    });
}

#[test]
fn late_if_it_is_looked_at_late() {
    within(10, || {
        let (_system, library) = shelf();
        let late = library.counted().timeout(Duration::from_millis(5)).send();
        assert_eq!(library.counted().wait().unwrap(), 2);
        thread::sleep(Duration::from_millis(20));
        assert!(late.wait().unwrap_err().is_timeout());
    });
}

#[test]
fn skipped_if_nobody_waits_any_more() {
    within(10, || {
        let gate = Gate::default();
        let counted = Arc::new(AtomicU32::new(0));
        let system = System::new().unwrap();
        let shelf = Shelf {
            gate: gate.clone(),
            counted: Arc::clone(&counted),
        };
        let library = Library::spawn(&system, shelf);
        library.block().unwrap();
        drop(library.counted().send());
        assert!(
            library
                .counted()
                .timeout(Duration::from_millis(5))
                .wait()
                .unwrap_err()
                .is_timeout()
        );
        library.tell(Library::Counted).unwrap();
        gate.open();
        assert_eq!(
            library.counted().wait().unwrap(),
            2,
            "the plain message and this one"
        );
        assert_eq!(library.skipped(), 2);
    });
}

#[test]
fn and_does_nothing_before_it_is_awaited() {
    within(10, || {
        let (_system, library) = shelf();
        let lazy = library.counted();
        assert_eq!(library.counted().wait().unwrap(), 1);
        drop(lazy);
        assert_eq!(library.counted().wait().unwrap(), 2);
    });
}

#[test]
fn also_when_the_actor_is_stopped_from_another_thread() {
    within(60, || {
        let system = System::new().unwrap();
        for _ in 0..2_000 {
            let library = Library::spawn(&system, Shelf::default());
            thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| {
                        for _ in 0..3 {
                            match library.count().wait() {
                                Ok(count) => assert_eq!(count, 3),
                                Err(error) => assert!(error.is_stopped(), "{error}"),
                            }
                        }
                    });
                }
                scope.spawn(|| library.stop());
            });
        }
        system.shutdown().wait().unwrap();
    });
}

// ---- asks between actors

#[actor]
enum Reader {
    #[reply(usize)]
    Ask,
    #[reply(String)]
    Wait,
}

struct Visitor(LibraryHandle);

#[handlers]
impl ReaderActor for Visitor {
    async fn ask(&mut self) -> Result<usize, AskError> {
        Ok(self.0.count().await? + self.0.count().await?)
    }
    fn wait(&mut self) -> String {
        self.0.count().wait().unwrap_err().to_string()
    }
}

#[test]
fn between_actors_on_one_worker() {
    within(10, || {
        let system = System::builder().workers(1).build().unwrap();
        let library = Library::spawn(&system, Shelf::default());
        let reader = Reader::spawn(&system, Visitor(library));
        assert_eq!(reader.ask().wait().unwrap(), 6);
        let refused = reader.wait().wait().unwrap();
        assert!(
            refused.contains("make the handler an `async fn` and `.await` instead"),
            "{refused}"
        );
        system.shutdown().wait().unwrap();
    });
}
