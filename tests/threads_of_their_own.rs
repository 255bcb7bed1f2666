//! An actor with a thread of its own may block it: nobody else waits for it.

mod support;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{ExitReason, NotSpawned, ShutdownError};

#[actor(thread = dedicated)]
enum Own {
    Block(Gate),
    #[reply(String)]
    ThreadName,
    #[reply(thread::ThreadId)]
    ThreadId,
    #[reply(u32)]
    AskAndWait(OwnHandle),
    #[reply(u32)]
    Ping,
    #[reply(u32)]
    AwaitOther(OwnHandle),
    Panic,
    EndAll,
}

#[derive(Default)]
struct Desk {
    pings: u32,
    system: Option<System>,
    _dropped: Option<Counted>,
}

struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn name() -> String {
    thread::current().name().unwrap_or_default().to_owned()
}

#[handlers]
impl OwnActor for Desk {
    fn block(&mut self, value: Gate) {
        value.pass();
    }
    fn thread_name(&self) -> String {
        name()
    }
    fn thread_id(&self) -> thread::ThreadId {
        thread::current().id()
    }
    fn ask_and_wait(&mut self, value: OwnHandle) -> Result<u32, Failure> {
        Ok(value.ping().wait()?)
    }
    fn ping(&mut self) -> u32 {
        self.pings += 1;
        self.pings
    }
    async fn await_other(&mut self, value: OwnHandle) -> Result<u32, Failure> {
        Ok(value.ping().await?)
    }
    fn panic(&mut self) {
        panic!("on purpose");
    }
    fn end_all(&mut self) {
        self.system = None;
    }
}

fn system() -> System {
    System::builder()
        .name("own")
        .workers(1)
        .grace(Duration::from_millis(50))
        .shutdown_limit(Duration::from_secs(1))
        .build()
        .unwrap()
}

#[test]
fn each_has_one_thread_named_after_it_for_its_whole_life() {
    within(30, || {
        let system = system();
        let first = Own::spawn(&system, Desk::default());
        let second = Own::builder(Desk::default())
            .name("se\0cond")
            .spawn(&system)
            .unwrap();
        assert_eq!(first.thread_name().wait().unwrap(), "own-Own#1");
        assert_eq!(second.thread_name().wait().unwrap(), "own-se?cond");
        let ids: HashSet<_> = (0..20)
            .map(|n| {
                // Also after it has awaited something.
                first.await_other(second.clone()).wait().unwrap();
                if n % 2 == 0 {
                    first.thread_id()
                } else {
                    second.thread_id()
                }
                .wait()
                .unwrap()
            })
            .collect();
        assert_eq!(ids.len(), 2);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn many_may_block_and_wait_at_once() {
    within(30, || {
        let system = system();
        let gate = Gate::default();
        let blocked: Vec<_> = (0..10)
            .map(|_| Own::spawn(&system, Desk::default()))
            .collect();
        blocked
            .iter()
            .for_each(|own| own.block(gate.clone()).unwrap());
        gate.await_arrival();
        let free = Own::spawn(&system, Desk::default());
        let asker = Own::spawn(&system, Desk::default());
        assert_eq!(asker.ask_and_wait(free.clone()).wait().unwrap(), 1);
        // Held for longer than a worker may be: nobody minds.
        let waits = asker.ask_and_wait(blocked[0].clone()).send();
        thread::sleep(Duration::from_millis(100));
        gate.open();
        assert_eq!(waits.wait().unwrap(), 1);
        system.shutdown().wait().unwrap();
    });
}

/// An ordinary protocol, with and without a thread of its own.
#[actor]
enum Plain {
    #[reply(bool)]
    MayWait,
}

struct Tries(OwnHandle);

#[handlers]
impl PlainActor for Tries {
    fn may_wait(&self) -> bool {
        self.0.ping().wait().is_ok()
    }
}

#[test]
fn a_builder_gives_one_to_any_actor() {
    within(30, || {
        let system = system();
        let own = Own::spawn(&system, Desk::default());
        let common = Plain::spawn(&system, Tries(own.clone()));
        let dedicated = Plain::builder(Tries(own))
            .dedicated()
            .spawn(&system)
            .unwrap();
        assert!(!common.may_wait().wait().unwrap());
        assert!(dedicated.may_wait().wait().unwrap());
        system.shutdown().wait().unwrap();
    });
}

#[cfg(target_os = "linux")]
fn threads_named(prefix: &str) -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .filter(|name| name.starts_with(prefix))
        .count()
}

#[cfg(target_os = "linux")]
#[test]
fn the_thread_ends_with_its_actor_however_that_ends() {
    within(30, || {
        let system = System::builder().name("ends").workers(1).build().unwrap();
        let ways: [fn(OwnHandle); 4] = [
            drop,
            |own| own.stop(),
            |own| own.kill(),
            |own| own.panic().unwrap(),
        ];
        for way in ways {
            let actors: Vec<_> = (0..5)
                .map(|_| Own::spawn(&system, Desk::default()))
                .collect();
            for own in &actors {
                own.ping().wait().unwrap();
            }
            assert_eq!(threads_named("ends-Own"), 5);
            let ends: Vec<_> = actors.iter().map(|own| own.stopped()).collect();
            actors.into_iter().for_each(way);
            for end in ends {
                end.wait().unwrap();
            }
            eventually("the threads have ended", || threads_named("ends-Own") == 0);
        }
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn one_that_blocks_counts_as_dead_after_the_grace() {
    within(30, || {
        let system = system();
        let (gate, drops) = (Gate::default(), Arc::<AtomicUsize>::default());
        let desk = Desk {
            _dropped: Some(Counted(Arc::clone(&drops))),
            ..Desk::default()
        };
        let own = Own::builder(desk).name("bob").spawn(&system).unwrap();
        own.block(gate.clone()).unwrap();
        gate.await_arrival();
        let queued = own.ping().send();
        // The driver has long gone to sleep.
        thread::sleep(Duration::from_millis(300));
        own.kill();
        assert!(matches!(own.stopped().wait().unwrap(), ExitReason::Killed));
        assert!(queued.wait().unwrap_err().is_stopped());
        let next = Own::builder(Desk::default())
            .name("bob")
            .spawn(&system)
            .unwrap();
        assert_eq!(next.ping().wait().unwrap(), 1);
        assert_eq!(drops.load(SeqCst), 0);
        gate.open();
        eventually("its state is dropped", || drops.load(SeqCst) == 1);
        assert_eq!(next.ping().wait().unwrap(), 2);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_shutdown_leaves_one_that_blocks_behind() {
    within(30, || {
        let system = system();
        let gate = Gate::default();
        let own = Own::spawn(&system, Desk::default());
        own.block(gate.clone()).unwrap();
        gate.await_arrival();
        let failure = system.shutdown().wait().unwrap_err();
        let error = failure.downcast_ref::<ShutdownError>().unwrap();
        assert_eq!(error.stuck(), [own.label()]);
        gate.open();
    });
}

#[test]
fn the_last_owner_may_be_dropped_in_one() {
    within(30, || {
        let system = system();
        let other = Own::spawn(&system, Desk::default());
        let desk = Desk {
            system: Some(system.clone()),
            ..Desk::default()
        };
        let own = Own::spawn(&system, desk);
        drop(system);
        own.end_all().unwrap();
        assert!(matches!(
            other.stopped().wait().unwrap(),
            ExitReason::Shutdown
        ));
        assert!(matches!(
            own.stopped().wait().unwrap(),
            ExitReason::Shutdown
        ));
    });
}

/// Run by the next test, in a process that gets few threads.
#[test]
#[ignore = "needs a process that gets few threads"]
fn runs_out_of_threads() {
    let system = system();
    let mut actors = Vec::new();
    let refused = loop {
        match Own::builder(Desk::default())
            .name(format!("{}", actors.len()))
            .spawn(&system)
        {
            Ok(own) => actors.push(own),
            Err(error) => break error,
        }
        assert!(actors.len() < 5_000, "the limit holds");
    };
    assert!(
        matches!(refused.reason(), NotSpawned::NoThread(_)),
        "{refused}"
    );
    println!("{refused}");
    assert!(std::error::Error::source(&refused).is_some());
    assert_eq!(refused.into_state().pings, 0);
    assert_eq!(system.actor_count(), actors.len());
    // And the way that cannot fail.
    let dead = Own::spawn(&system, Desk::default());
    let error = dead.started().wait().unwrap_err();
    println!("{error}");
    assert!(error.to_string().contains("at the start of its thread"));
    assert!(!dead.is_alive() && dead.ping().wait().unwrap_err().is_stopped());
    assert!(matches!(
        dead.stopped().wait().unwrap(),
        ExitReason::Crashed(_)
    ));
    // Those that have a thread go on, and there is one for each that ends.
    assert_eq!(actors[0].ping().wait().unwrap(), 1);
    for own in actors.drain(..) {
        own.stop();
        own.stopped().wait().unwrap();
    }
    eventually("there are threads again", || {
        Own::spawn(&system, Desk::default()).ping().wait().is_ok()
    });
    system.shutdown().wait().unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn where_the_system_gives_no_thread_the_spawner_learns_it() {
    within(60, || {
        let this = std::env::current_exe().unwrap();
        let (success, text, errors) = loop {
            let output = std::process::Command::new("sh")
                .arg("-c")
                .arg("ulimit -v 300000; MALLOC_ARENA_MAX=1 exec \"$0\" runs_out_of_threads --exact --ignored --nocapture")
                .arg(&this)
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            // Where the last memory goes to a thread that has begun, the standard
            // library ends the process. It is a matter of a few kilobytes.
            if !errors.contains("alternative stack") {
                break (output.status.success(), text, errors);
            }
        };
        assert!(success, "{text}{errors}");
        assert!(
            text.contains("it cannot have a thread of its own"),
            "{text}"
        );
    });
}
