//! `#[batch]`: messages of a kind are handled many at a time, in order, none
//! lost, and no batch is empty.

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::{Batch, InvalidBatch};

const MS: Duration = Duration::from_millis(1);

/// What a handler saw.
#[derive(Debug, Clone, PartialEq)]
enum Seen {
    Batch(Vec<u32>),
    Other(u32),
    High,
    Own(Vec<u8>),
    Restart,
    Stop,
}

use Seen::{High, Other, Own, Restart, Stop};

type Trace = Arc<Mutex<Vec<Seen>>>;

#[actor]
enum Disk {
    /// Waits until the gate is open.
    Wait,
    #[batch(max = 100, within = "10ms")]
    Write(u32),
    Other(u32),
    #[priority(high)]
    High,
    /// Sends to itself.
    SendOwn {
        writes: u32,
        other: bool,
    },
    #[batch(max = 3, within = "1s")]
    Own {
        a: u8,
    },
    #[reply(u32)]
    #[batch(max = 4, within = "5ms")]
    Double(u32),
    #[reply(u32, error = String)]
    #[batch(max = 2, within = "5ms")]
    Check {
        a: u32,
        b: u32,
    },
    #[batch(max = 8, within = "1ms")]
    Signal,
}

#[derive(Clone, Default)]
struct Platter {
    seen: Trace,
    gate: Gate,
}

impl Platter {
    fn saw(&self, seen: Seen) {
        self.seen.lock().unwrap().push(seen);
    }
    fn trace(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
    /// The sizes of all batches, none of them empty.
    fn sizes(&self) -> Vec<usize> {
        let sizes: Vec<usize> = self
            .trace()
            .iter()
            .filter_map(|seen| match seen {
                Seen::Batch(items) => Some(items.len()),
                _ => None,
            })
            .collect();
        assert!(sizes.iter().all(|size| *size > 0));
        sizes
    }
    fn written(&self) -> Vec<u32> {
        let trace = self.trace();
        let items = trace.iter().filter_map(|seen| match seen {
            Seen::Batch(items) => Some(items.clone()),
            _ => None,
        });
        items.flatten().collect()
    }
}

#[handlers]
impl DiskActor for Platter {
    fn on_restart(&mut self, _previous: zctor::Exit) {
        self.saw(Restart);
    }
    fn on_stop(&mut self) {
        self.saw(Stop);
    }
    fn wait(&mut self) {
        self.gate.pass();
    }
    fn write(&mut self, batch: Batch<u32>) -> Result<(), Failure> {
        let items: Vec<u32> = batch.collect();
        let crash = items.contains(&666);
        self.saw(Seen::Batch(items));
        if crash {
            return Err(Failure::msg("as asked"));
        }
        Ok(())
    }
    fn other(&mut self, value: u32) {
        assert_ne!(value, 666, "as asked");
        self.saw(Other(value));
    }
    fn high(&mut self) {
        self.saw(High);
    }
    fn send_own(&mut self, writes: u32, other: bool, ctx: &mut Context<Disk>) {
        for n in 0..writes {
            ctx.send(Disk::Own { a: n as u8 }).unwrap();
        }
        if other {
            ctx.send(Disk::Other(1)).unwrap();
        }
    }
    async fn own(&mut self, batch: Batch<u8>, _ctx: &mut Context<Disk>) {
        self.saw(Own(batch.collect()));
    }
    fn double(&mut self, batch: Batch<(u32, Reply<u32>)>) {
        self.saw(Seen::Batch(batch.iter().map(|(n, _)| *n).collect()));
        for (n, reply) in batch {
            if n == 666 {
                panic!("as asked");
            }
            reply.send(n * 2);
        }
    }
    fn check(&mut self, batch: Batch<((u32, u32), Reply<u32, String>)>) {
        for ((a, b), reply) in batch {
            match a.checked_sub(b) {
                Some(rest) => reply.send(rest),
                None => reply.fail(format!("{a} < {b}")),
            }
        }
    }
    fn signal(&mut self, batch: Batch<()>) {
        self.saw(Other(batch.count() as u32));
    }
}

#[supervisor(max_restarts = 1000)]
enum Machine {
    #[child]
    Disk(Disk),
}

struct Hall(Platter);

impl MachineChildren for Hall {
    fn disk(&mut self, _: &MachineHandle) -> Child<Disk> {
        Disk::child(self.0.clone())
    }
}

#[test]
fn of_250_there_are_100_and_100_and_50() {
    within(60, || {
        let (system, platter) = (System::new().unwrap(), Platter::default());
        let disk = Disk::spawn(&system, platter.clone());
        // Longer than this machine may be held up.
        disk.configure_write(100, 500 * MS).unwrap();
        disk.wait().unwrap();
        (0..250).for_each(|n| disk.write(n).unwrap());
        platter.gate.open();
        eventually("all are written", || platter.written().len() == 250);
        assert_eq!(platter.sizes(), [100, 100, 50]);
        assert_eq!(platter.written(), (0..250).collect::<Vec<_>>());
        let stats = disk.stats();
        assert_eq!((stats.handled(), stats.queued()), (251, 0));
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn in_a_simulation_too_whatever_the_order_of_things() {
    within(60, || {
        for seed in 0..1_000 {
            let (sim, platter) = (Sim::new(seed), Platter::default());
            let disk = Disk::spawn(sim.system(), platter.clone());
            (0..250).for_each(|n| disk.write(n).unwrap());
            sim.run_until_idle();
            assert_eq!(platter.sizes(), [100, 100]);
            assert_eq!((disk.queued(), disk.stats().queued()), (50, 50));
            sim.advance(10 * MS - Duration::from_nanos(1));
            assert_eq!(platter.sizes(), [100, 100]);
            sim.advance(Duration::from_nanos(1));
            assert_eq!(platter.sizes(), [100, 100, 50]);
            assert_eq!(platter.written(), (0..250).collect::<Vec<_>>());
            assert_eq!((disk.queued(), disk.stats().handled()), (0, 250));
            sim.advance(1_000 * MS);
            assert_eq!(platter.sizes().len(), 3);
        }
    });
}

#[test]
fn the_age_counts_from_the_first_message() {
    within(20, || {
        let (sim, platter) = (Sim::new(1), Platter::default());
        let disk = Disk::spawn(sim.system(), platter.clone());
        for n in 0..8 {
            disk.write(n).unwrap();
            sim.advance(3 * MS);
        }
        // At 0, 3, 6, 9: over at 10. At 12, 15, 18, 21: over at 22.
        assert_eq!(platter.sizes(), [4, 4]);
    });
}

#[test]
fn a_message_of_another_kind_closes_it_and_order_is_kept() {
    within(20, || {
        let (sim, platter) = (Sim::new(1), Platter::default());
        let disk = Disk::spawn(sim.system(), platter.clone());
        for n in 0..3 {
            disk.write(n).unwrap();
        }
        disk.other(3).unwrap();
        disk.write(4).unwrap();
        disk.signal().unwrap();
        disk.signal().unwrap();
        disk.write(5).unwrap();
        disk.other(6).unwrap();
        sim.run_until_idle();
        let batch = |items: &[u32]| Seen::Batch(items.to_vec());
        let expected = [
            batch(&[0, 1, 2]),
            Other(3),
            batch(&[4]),
            Other(2),
            batch(&[5]),
            Other(6),
        ];
        assert_eq!(platter.trace(), expected);
        assert_eq!(sim.elapsed(), Duration::ZERO, "nothing waited");
    });
}

#[test]
fn high_priority_goes_first_and_does_not_close_it() {
    within(20, || {
        let (sim, platter) = (Sim::new(1), Platter::default());
        let disk = Disk::spawn(sim.system(), platter.clone());
        disk.write(1).unwrap();
        sim.run_until_idle();
        disk.high().unwrap();
        disk.write(2).unwrap();
        sim.run_until_idle();
        disk.high().unwrap();
        sim.advance(10 * MS);
        assert_eq!(platter.trace(), [High, High, Seen::Batch(vec![1, 2])]);
    });
}

#[test]
fn it_is_flushed_by_hand() {
    within(60, || {
        for seed in 0..200 {
            let (sim, platter) = (Sim::new(seed), Platter::default());
            let disk = Disk::spawn(sim.system(), platter.clone());
            disk.flush_write().unwrap();
            sim.run_until_idle();
            assert_eq!(platter.trace(), [], "there is no empty batch");
            (0..30).for_each(|n| disk.write(n).unwrap());
            disk.flush_write().unwrap();
            sim.run_until_idle();
            assert_eq!(platter.sizes(), [30]);
            (0..5).for_each(|n| disk.write(n).unwrap());
            sim.run_until_idle();
            disk.flush_own().unwrap();
            sim.run_until_idle();
            assert_eq!(platter.sizes(), [30], "of another kind");
            disk.flush_write().unwrap();
            sim.run_until_idle();
            assert_eq!(platter.sizes(), [30, 5]);
            disk.stop();
            sim.block_on(disk.stopped()).unwrap();
            let error = disk.flush_write().unwrap_err();
            assert_eq!(error.message_name(), "Write");
        }
    });
}

#[test]
fn its_size_and_age_are_changed_while_it_runs() {
    within(20, || {
        let (sim, platter) = (Sim::new(1), Platter::default());
        let disk = Disk::spawn(sim.system(), platter.clone());
        (0..5).for_each(|n| disk.write(n).unwrap());
        sim.run_until_idle();
        assert_eq!(disk.configure_write(0, MS), Err(InvalidBatch::NoRoom));
        assert_eq!(
            disk.configure_write(1, Duration::ZERO),
            Err(InvalidBatch::NoTime)
        );
        // What is being collected goes by it, too.
        disk.configure_write(4, 100 * MS).unwrap();
        sim.run_until_idle();
        assert_eq!(platter.sizes(), [5]);
        (0..10).for_each(|n| disk.write(n).unwrap());
        sim.run_until_idle();
        assert_eq!(platter.sizes(), [5, 4, 4]);
        sim.advance(99 * MS);
        assert_eq!(platter.sizes(), [5, 4, 4]);
        disk.configure_write(4, 10 * MS).unwrap();
        sim.run_until_idle();
        assert_eq!(platter.sizes(), [5, 4, 4, 2]);
        disk.configure_write(4, Duration::MAX).unwrap();
        disk.write(1).unwrap();
        sim.advance(Duration::from_secs(1_000_000));
        assert_eq!(platter.sizes().len(), 4, "it waits until it is full");
    });
}

#[test]
fn asks_come_with_their_replies() {
    within(60, || {
        for seed in 0..200 {
            let (sim, platter) = (Sim::new(seed), Platter::default());
            let disk = Disk::spawn(sim.system(), platter.clone());
            let asks: Vec<_> = (0..6).map(|n| disk.double(n).send()).collect();
            let gone = disk.double(77).send();
            let answers: Vec<u32> = asks
                .into_iter()
                .take(4)
                .map(|ask| sim.block_on(ask).unwrap().unwrap())
                .collect();
            assert_eq!(answers, [0, 2, 4, 6]);
            // Those who have gone are left out, and counted.
            drop(gone);
            sim.advance(5 * MS);
            assert_eq!(platter.sizes(), [4]);
            assert_eq!(disk.stats().skipped(), 3);
            assert_eq!(disk.stats().handled(), 7);
            let fine = disk.check(7, 4).send();
            let wrong = disk.check(4, 7).send();
            assert_eq!(sim.block_on(fine).unwrap().unwrap(), 3);
            let Err(AskError::Failed(text)) = sim.block_on(wrong).unwrap() else {
                panic!("4 < 7");
            };
            assert_eq!(text, "4 < 7");
        }
    });
}

#[test]
fn a_stop_flushes_and_so_does_the_last_handle() {
    within(60, || {
        for seed in 0..200 {
            for last_handle in [true, false] {
                let (sim, platter) = (Sim::new(seed), Platter::default());
                let disk = Disk::spawn(sim.system(), platter.clone());
                (0..130).for_each(|n| disk.write(n).unwrap());
                if seed % 2 == 0 {
                    sim.run_until_idle();
                }
                let stopped = disk.stopped();
                match last_handle {
                    true => drop(disk),
                    false => disk.stop(),
                }
                sim.block_on(stopped).unwrap();
                assert_eq!(platter.sizes(), [100, 30]);
                assert_eq!(platter.trace().last(), Some(&Stop));
                assert_eq!(sim.elapsed(), Duration::ZERO);
            }
        }
    });
}

#[test]
fn a_crash_loses_the_batch_in_hand_and_no_more() {
    within(60, || {
        for seed in 0..300 {
            let (sim, platter) = (Sim::new(seed), Platter::default());
            let _events = sim.system().events();
            let machine = Machine::start(sim.system(), Hall(platter.clone()));
            let machine = sim.block_on(machine).unwrap().unwrap();
            let disk = machine.disk();
            // In hand: 100, with the one that crashes. Behind it: 20, 30.
            disk.write(666).unwrap();
            (1..100).for_each(|n| disk.write(n).unwrap());
            (100..120).for_each(|n| disk.write(n).unwrap());
            disk.other(5).unwrap();
            (200..230).for_each(|n| disk.write(n).unwrap());
            sim.advance(100 * MS);
            let trace = platter.trace();
            assert_eq!(trace.len(), 5, "{trace:?}");
            assert_eq!(trace[1], Restart);
            assert_eq!(trace[2], Seen::Batch((100..120).collect()));
            assert_eq!(trace[3], Other(5));
            assert_eq!(trace[4], Seen::Batch((200..230).collect()));
            assert_eq!((disk.queued(), disk.stats().handled()), (0, 151));
        }
    });
}

#[test]
fn what_was_collected_goes_to_the_next_incarnation_with_its_age() {
    within(60, || {
        for seed in 0..300 {
            let (sim, platter) = (Sim::new(seed), Platter::default());
            let _events = sim.system().events();
            let machine = Machine::start(sim.system(), Hall(platter.clone()));
            let machine = sim.block_on(machine).unwrap().unwrap();
            let disk = machine.disk();
            (0..7).for_each(|n| disk.write(n).unwrap());
            sim.advance(6 * MS);
            // A crash that is not the batch's: the message closes it, so the
            // batch is handled; the one behind is for the next state.
            disk.other(666).unwrap();
            (7..9).for_each(|n| disk.write(n).unwrap());
            sim.run_until_idle();
            assert_eq!(platter.trace(), [Seen::Batch((0..7).collect()), Restart]);
            sim.advance(10 * MS);
            assert_eq!(platter.sizes(), [7, 2]);
            // Killed while it collects: the batch is kept, and is as old.
            (20..25).for_each(|n| disk.write(n).unwrap());
            sim.advance(6 * MS);
            disk.kill();
            sim.run_until_idle();
            assert_eq!(disk.queued(), 5);
            sim.advance(4 * MS - Duration::from_nanos(1));
            assert_eq!(platter.sizes(), [7, 2]);
            sim.advance(Duration::from_nanos(1));
            assert_eq!(platter.sizes(), [7, 2, 5]);
        }
    });
}

#[test]
fn the_asks_of_a_batch_that_crashes_get_errors() {
    within(60, || {
        for seed in 0..200 {
            let (sim, platter) = (Sim::new(seed), Platter::default());
            let _events = sim.system().events();
            let machine = Machine::start(sim.system(), Hall(platter.clone()));
            let machine = sim.block_on(machine).unwrap().unwrap();
            let disk = machine.disk();
            let asks = [1, 666, 3, 4, 5, 6].map(|n| disk.double(n).send());
            let answers = asks.map(|ask| sim.block_on(ask).unwrap());
            assert_eq!(answers[0].as_ref().ok(), Some(&2));
            for lost in &answers[1..4] {
                let error = lost.as_ref().unwrap_err();
                assert!(matches!(error, AskError::Crashed { .. }), "{error}");
            }
            assert_eq!(answers[4].as_ref().ok(), Some(&10));
            assert_eq!(answers[5].as_ref().ok(), Some(&12));
        }
    });
}

#[test]
fn a_kill_drops_what_was_collected_and_counts_it() {
    within(60, || {
        for seed in 0..200 {
            let (sim, platter) = (Sim::new(seed), Platter::default());
            let disk = Disk::spawn(sim.system(), platter.clone());
            let ask = disk.double(1).send();
            (0..30).for_each(|n| disk.write(n).unwrap());
            let other = disk.double(2).send();
            disk.write(30).unwrap();
            sim.run_until_idle();
            disk.kill();
            sim.block_on(disk.stopped()).unwrap();
            assert_eq!(sim.block_on(ask).unwrap().ok(), Some(2));
            assert!(sim.block_on(other).unwrap().is_ok());
            assert_eq!(platter.written().len(), 32);
            let stats = disk.stats();
            assert_eq!((stats.handled(), stats.dropped()), (32, 1));
            assert_eq!(stats.queued(), 0);
        }
    });
}

#[test]
fn the_actors_own_messages_are_batched_in_their_order() {
    within(20, || {
        let (sim, platter) = (Sim::new(1), Platter::default());
        let disk = Disk::spawn(sim.system(), platter.clone());
        disk.send_own(5, false).unwrap();
        sim.run_until_idle();
        assert_eq!(platter.trace(), [Own(vec![0, 1, 2])]);
        sim.advance(1_000 * MS);
        assert_eq!(platter.trace()[1..], [Own(vec![3, 4])]);
        disk.send_own(2, true).unwrap();
        sim.run_until_idle();
        assert_eq!(platter.trace()[2..], [Own(vec![0, 1]), Other(1)]);
    });
}

/// One with a bounded mailbox: a batch may be larger than that.
#[actor(mailbox = 4)]
enum Narrow {
    #[batch(max = 10, within = "1h")]
    Write(u32),
    #[reply(usize)]
    Batches,
}

#[derive(Default)]
struct Slot {
    sizes: Vec<usize>,
}

#[handlers]
impl NarrowActor for Slot {
    fn write(&mut self, batch: Batch<u32>) {
        self.sizes.push(batch.len());
    }
    fn batches(&self) -> usize {
        assert!(self.sizes.iter().all(|size| *size == 10));
        self.sizes.len()
    }
}

#[test]
fn a_batch_may_be_larger_than_the_mailbox() {
    within(60, || {
        let system = System::new().unwrap();
        let narrow = Narrow::spawn(&system, Slot::default());
        for n in 0..1_000 {
            narrow.write(n).wait().unwrap();
        }
        assert_eq!(narrow.batches().wait().unwrap(), 100);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn many_senders_lose_nothing() {
    within(120, || {
        let (system, platter) = (System::new().unwrap(), Platter::default());
        let disk = Disk::spawn(&system, platter.clone());
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let disk = disk.clone();
                std::thread::spawn(move || {
                    for n in 0..20_000 {
                        disk.write(thread * 1_000_000 + n + 1_000).unwrap();
                        match n % 5_000 {
                            1 => disk.other(n).unwrap(),
                            2 => disk.flush_write().unwrap(),
                            3 => disk.configure_write(50 + n as usize % 100, MS).unwrap(),
                            _ => {}
                        }
                    }
                })
            })
            .collect();
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
        let stopped = disk.stopped();
        disk.stop();
        stopped.wait().unwrap();
        let written = platter.written();
        assert_eq!(written.len(), 80_000);
        for thread in 0..4 {
            let of = written.iter().filter(|n| **n / 1_000_000 == thread);
            assert!(of.is_sorted(), "each sender's order is kept");
        }
        let stats = disk.stats();
        assert_eq!(stats.handled(), 80_000 + 4 * 4);
        assert_eq!((stats.queued(), stats.dropped()), (0, 0));
        system.shutdown().wait().unwrap();
    });
}

/// A monitor's notice comes after all that the ended actor has sent, also if
/// that is still being collected.
#[actor]
enum Ward {
    #[batch(max = 100, within = "10ms")]
    News(u32),
    #[internal]
    Gone(zctor::Exit),
    #[priority(high)]
    Watch(ReporterHandle),
}

#[derive(Default)]
struct Nurse(Trace);

#[handlers]
impl WardActor for Nurse {
    fn news(&mut self, batch: Batch<u32>) {
        let mut trace = self.0.lock().unwrap();
        trace.push(Seen::Batch(batch.collect()));
    }
    fn gone(&mut self, _value: zctor::Exit) {
        self.0.lock().unwrap().push(Stop);
    }
    fn watch(&mut self, value: ReporterHandle, ctx: &mut Context<Ward>) {
        ctx.monitor(&value, Ward::Gone);
    }
}

#[actor]
enum Reporter {
    Report(WardHandle),
}

struct Pen;

#[handlers]
impl ReporterActor for Pen {
    fn report(&mut self, value: WardHandle, ctx: &mut Context<Reporter>) {
        (0..5).for_each(|n| value.news(n).unwrap());
        ctx.stop();
    }
}

#[test]
fn a_notice_comes_after_the_batch() {
    within(60, || {
        for seed in 0..500 {
            let (sim, trace) = (Sim::new(seed), Trace::default());
            let ward = Ward::spawn(sim.system(), Nurse(Arc::clone(&trace)));
            let reporter = Reporter::spawn(sim.system(), Pen);
            ward.watch(reporter.clone()).unwrap();
            reporter.report(ward.clone()).unwrap();
            drop(reporter);
            sim.advance(100 * MS);
            let trace = trace.lock().unwrap().clone();
            assert_eq!(trace, [Seen::Batch(vec![0, 1, 2, 3, 4]), Stop], "{seed}");
        }
    });
}
