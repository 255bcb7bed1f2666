//! With the feature `tokio` and a builder that asks for it, handlers find a
//! tokio runtime around them, on whatever thread they run.
#![cfg(feature = "tokio")]

mod support;

use std::time::{Duration, Instant};
use support::{Gate, eventually, within};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Handle};
use zctor::prelude::*;

#[actor]
enum Guest {
    #[reply(Option<tokio::runtime::Id>)]
    Context,
    #[reply(Vec<u8>)]
    Echo(Vec<u8>),
    #[reply(Duration)]
    Sleep(Duration),
    #[reply(u32)]
    Spawn,
    Block(Gate),
    #[reply(u32)]
    SleepWithinTheHandler,
}

struct Room;

fn context() -> Option<tokio::runtime::Id> {
    Handle::try_current().ok().map(|handle| handle.id())
}

#[handlers]
impl GuestActor for Room {
    fn context(&self) -> Option<tokio::runtime::Id> {
        context()
    }
    async fn echo(&mut self, value: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await?;
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).await?;
            Ok::<_, std::io::Error>(bytes)
        });
        let mut client = TcpStream::connect(address).await?;
        client.write_all(&value).await?;
        client.shutdown().await?;
        Ok(server.await??)
    }
    async fn sleep(&mut self, value: Duration) -> Duration {
        let begun = Instant::now();
        tokio::time::sleep(value).await;
        begun.elapsed()
    }
    async fn spawn(&mut self) -> Result<u32, Failure> {
        Ok(tokio::spawn(async { 7 }).await?)
    }
    fn block(&mut self, value: Gate) {
        value.pass();
    }
    fn sleep_within_the_handler(&mut self) -> u32 {
        // For a thread of its own: it drives a future of tokio's to its end.
        Handle::current().block_on(async {
            tokio::time::sleep(Duration::from_millis(2)).await;
            9
        })
    }
}

#[test]
fn an_own_runtime_is_around_every_handler() {
    within(30, || {
        let system = System::builder()
            .name("around")
            .workers(2)
            .blocked_after(Duration::from_millis(20))
            .tokio()
            .build()
            .unwrap();
        let guest = Guest::spawn(&system, Room);
        assert_eq!(guest.echo(b"hello".to_vec()).wait().unwrap(), b"hello");
        let slept = guest.sleep(Duration::from_millis(10)).wait().unwrap();
        assert!(slept >= Duration::from_millis(10));
        assert_eq!(guest.spawn().wait().unwrap(), 7);
        let id = guest.context().wait().unwrap();
        assert!(id.is_some());
        // On a thread of an actor's own, one for blocking work, and one that
        // stands in for a worker.
        let own = Guest::builder(Room).dedicated().spawn(&system).unwrap();
        assert_eq!(own.context().wait().unwrap(), id);
        assert_eq!(own.sleep_within_the_handler().wait().unwrap(), 9);
        assert_eq!(own.echo(vec![1, 2]).wait().unwrap(), [1, 2]);
        assert_eq!(system.spawn_blocking(context).wait().unwrap(), id);
        let gate = Gate::default();
        let blockers = [0; 2].map(|_| Guest::spawn(&system, Room));
        for guest in &blockers {
            guest.block(gate.clone()).unwrap();
        }
        assert_eq!(guest.context().wait().unwrap(), id);
        gate.open();
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn without_asking_there_is_none() {
    within(30, || {
        let system = System::builder().workers(1).build().unwrap();
        let guest = Guest::spawn(&system, Room);
        assert_eq!(guest.context().wait().unwrap(), None);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_borrowed_one_lives_on() {
    within(30, || {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let id = runtime.handle().id();
        for _ in 0..3 {
            let handle = runtime.handle().clone();
            let system = System::builder()
                .workers(1)
                .tokio_handle(handle)
                .build()
                .unwrap();
            let guest = Guest::spawn(&system, Room);
            assert_eq!(guest.context().wait().unwrap(), Some(id));
            assert_eq!(guest.spawn().wait().unwrap(), 7);
            guest.sleep(Duration::from_millis(1)).wait().unwrap();
            drop(system);
        }
        assert_eq!(runtime.block_on(async { 1 }), 1);
    });
}

#[test]
fn a_system_with_its_own_may_end_in_async_code() {
    within(60, || {
        let current = || Builder::new_current_thread().enable_all().build().unwrap();
        let multi = || Builder::new_multi_thread().enable_all().build().unwrap();
        for runtime in [current(), multi()] {
            runtime.block_on(async {
                for dropped in [true, false] {
                    let system = System::builder().workers(1).tokio().build().unwrap();
                    let guest = Guest::spawn(&system, Room);
                    assert_eq!(guest.spawn().await.unwrap(), 7);
                    assert_ne!(guest.context().await.unwrap(), context());
                    // Somebody still sleeps on its runtime.
                    let asleep = guest.sleep(Duration::from_secs(1_000)).send();
                    guest.kill();
                    if dropped {
                        drop(system);
                    } else {
                        system.shutdown().await.unwrap();
                    }
                    assert!(asleep.await.unwrap_err().is_stopped());
                }
            });
        }
    });
}

/// Tasks on the system's runtime own the system: the last owner is dropped on
/// a thread of that very runtime.
#[test]
fn also_when_its_own_runtime_drops_it() {
    within(30, || {
        let system = System::builder().workers(1).tokio().build().unwrap();
        let guest = Guest::spawn(&system, Room);
        let handle = system.spawn_blocking(Handle::current).wait().unwrap();
        let ended = guest.stopped();
        handle.spawn(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            drop(system);
        });
        assert!(ended.wait().unwrap().is_orderly());
        drop(guest);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn it_leaves_no_thread_behind() {
    fn threads_named(prefix: &str) -> usize {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap();
        tasks
            .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
            .filter(|name| name.starts_with(prefix))
            .count()
    }
    within(60, || {
        for _ in 0..30 {
            let system = System::builder()
                .name("gone")
                .workers(2)
                .tokio()
                .build()
                .unwrap();
            let guest = Guest::spawn(&system, Room);
            assert_eq!(guest.spawn().wait().unwrap(), 7);
            // A thread takes its name when it begins to run.
            eventually("they are there", || threads_named("gone-tokio") >= 2);
            system.shutdown().wait().unwrap();
        }
        eventually("all have ended", || threads_named("gone-") == 0);
    });
}
