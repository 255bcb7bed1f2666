//! Batches: no item twice, none lost but with a batch that crashed, in order
//! with everything else, never empty, never too large, never too late; each ask
//! in one is answered once.

use std::time::{Duration, Instant};

use zctor::Batch;
use zctor::prelude::*;
use zctor::sim::{Faults, SimSystem};

use super::{MS, Notes, SECOND, below, pause, promise};

const MOST: usize = 4;

#[actor]
enum Disk {
    #[batch(max = 4, within = "10ms")]
    Write(u32),
    #[reply(u32)]
    #[batch(max = 3, within = "5ms")]
    Read(u32),
    Seek(u32),
    /// How long a batch takes.
    Take(Duration),
}

/// What came to a handler in one call, and when.
#[derive(Debug, Clone)]
struct Call {
    numbers: Vec<u32>,
    /// Since its incarnation began.
    at: Duration,
}

struct Platter {
    began: Option<Instant>,
    takes: Duration,
    calls: Notes<Call>,
}

impl Platter {
    fn call(&self, numbers: Vec<u32>, now: Instant) {
        assert!(!numbers.is_empty(), "an empty batch");
        assert!(numbers.len() <= MOST, "too many: {numbers:?}");
        let at = self.began.map_or(Duration::ZERO, |began| now - began);
        self.calls.add(Call { numbers, at });
    }
}

#[handlers]
impl DiskActor for Platter {
    fn on_start(&mut self, ctx: &mut Context<Disk>) {
        self.began = Some(ctx.now());
    }
    async fn write(&mut self, batch: Batch<u32>, ctx: &mut Context<Disk>) {
        self.call(batch.iter().copied().collect(), ctx.now());
        pause().await;
        if ctx.random().is_multiple_of(2) {
            ctx.system().sleep(self.takes).await;
        }
    }
    async fn read(&mut self, batch: Batch<(u32, Reply<u32>)>, ctx: &mut Context<Disk>) {
        assert!(batch.len() <= 3);
        self.call(batch.iter().map(|(number, _)| *number).collect(), ctx.now());
        pause().await;
        for (number, reply) in batch {
            reply.send(number);
        }
    }
    fn seek(&mut self, value: u32, ctx: &mut Context<Disk>) {
        self.call(vec![value], ctx.now());
    }
    fn take(&mut self, value: Duration) {
        self.takes = value;
    }
}

#[supervisor(max_restarts = 1000)]
enum Rack {
    #[child]
    Disk(Disk),
}

struct Screws(Notes<Call>);

impl RackChildren for Screws {
    fn disk(&mut self, _: &RackHandle) -> Child<Disk> {
        let calls = self.0.clone();
        Disk::child_with(move || {
            let calls = calls.clone();
            Platter {
                began: None,
                takes: MS,
                calls,
            }
        })
    }
}

type Reads = Vec<(u32, zctor::Sent<u32>)>;

/// Sends something of each kind.
async fn send(system: &SimSystem, disk: &DiskHandle) -> Reads {
    let mut reads = Vec::new();
    for number in 0..14 {
        match below(system, 8) {
            0..4 => disk.write(number).unwrap(),
            4..6 => reads.push((number, disk.read(number).send())),
            6 => disk.seek(number).unwrap(),
            _ => {
                disk.write(number).unwrap();
                disk.flush_write().unwrap();
            }
        }
        match below(system, 6) {
            0 => system.sleep(MS * below(system, 8) as u32).await,
            1 => pause().await,
            _ => {}
        }
    }
    reads
}

/// Sends something of each kind, and waits until all is done.
async fn work(system: &SimSystem, disk: &DiskHandle, calls: &Notes<Call>) {
    let reads = send(system, disk).await;
    system.sleep(60 * SECOND).await;
    let calls = calls.all();
    for (number, read) in reads {
        let handled = calls.iter().any(|call| call.numbers.contains(&number));
        match read.await {
            Ok(answer) => assert!(answer == number && handled),
            Err(AskError::Crashed { .. } | AskError::Stopped { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

fn numbers(calls: &[Call]) -> Vec<u32> {
    let numbers = calls.iter().flat_map(|call| &call.numbers);
    numbers.copied().collect()
}

#[test]
fn a_batch_is_handed_over_once() {
    let faults = Faults::new()
        .panic::<Disk>(15)
        .kill::<Disk>(15)
        .hold::<Disk>(20, 20 * MS)
        .jump_clock(50, 20 * MS);
    promise(
        6_000,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        |system| async move {
            let calls = Notes::default();
            let rack = Rack::start(&system, Screws(calls.clone())).await.unwrap();
            let disk = rack.disk();
            work(&system, &disk, &calls).await;
            let (calls, stats) = (calls.all(), disk.stats());
            let numbers = numbers(&calls);
            assert!(
                numbers.is_sorted_by(|a, b| a < b),
                "in order, and once: {calls:?}"
            );
            assert_eq!((stats.queued(), stats.dropped()), (0, 0), "{stats:?}");
            assert_eq!(stats.handled(), 14, "each in one batch: {stats:?}");
            let failed = usize::try_from(stats.failed()).unwrap();
            assert!(14 - numbers.len() <= failed * MOST, "{stats:?}: {calls:?}");
            assert_eq!(numbers.len() == 14, failed == 0, "{stats:?}: {calls:?}");
        },
    );
}

/// A stop hands over what was collected; a kill drops it, which is counted.
/// Whoever asked is told in any case.
#[test]
fn a_batch_ends_with_its_actor() {
    let faults = Faults::new().hold::<Disk>(20, 20 * MS);
    promise(
        4_000,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        |system| async move {
            let calls = Notes::default();
            let platter = Platter {
                began: None,
                takes: MS,
                calls: calls.clone(),
            };
            let disk = Disk::spawn(&system, platter);
            let reads = send(&system, &disk).await;
            let way = below(&system, 3);
            match way {
                0 => disk.kill(),
                1 => disk.stop(),
                _ => system.shutdown().await.unwrap(),
            }
            disk.stopped().await;
            for (number, read) in reads {
                match read.await {
                    Ok(answer) => assert_eq!(answer, number),
                    Err(AskError::Stopped { .. }) => assert_eq!(way, 0, "{number}"),
                    Err(other) => panic!("{other}"),
                }
            }
            let (numbers, stats) = (numbers(&calls.all()), disk.stats());
            assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
            assert_eq!(stats.handled(), numbers.len() as u64, "{stats:?}");
            assert_eq!(stats.handled() + stats.dropped(), 14, "{stats:?}");
            assert!(way == 0 || numbers.len() == 14, "{numbers:?}");
        },
    );
}

/// With nobody in the way, none waits longer than it may.
#[test]
fn a_batch_is_handed_over_in_time() {
    promise(
        2_000,
        |explorer| explorer.fail_on_crash(),
        |system| async move {
            let calls = Notes::default();
            let rack = Rack::start(&system, Screws(calls.clone())).await.unwrap();
            let disk = rack.disk();
            disk.take(Duration::ZERO).unwrap();
            let mut sent = Vec::new();
            for number in 0..10 {
                disk.write(number).unwrap();
                sent.push(system.elapsed());
                system.sleep(MS * below(&system, 8) as u32).await;
            }
            system.sleep(SECOND).await;
            let calls = calls.all();
            assert_eq!(numbers(&calls), (0..10).collect::<Vec<_>>());
            for call in &calls {
                let waited = call.at - sent[call.numbers[0] as usize];
                let full = call.numbers.len() == MOST;
                assert!(waited == 10 * MS || full && waited < 10 * MS, "{calls:?}");
            }
        },
    );
}
