//! Batches, in every form.

#![deny(warnings)]

use std::fmt::Debug;

use zctor::Batch;
use zctor::prelude::*;

const MANY: usize = 50;

#[actor(mailbox = 8)]
pub enum Disk<T: Send + Debug + 'static, const N: usize>
where
    T: Clone,
{
    #[batch]
    Write(T),
    /// Of several fields.
    #[batch(max = MANY)]
    Move { from: u64, to: u64 },
    #[batch(max = N, within = "1m 5s")]
    Tuple(u8, T, Vec<T>),
    #[batch(within = "1ms")]
    Nothing,
    #[reply(T)]
    #[batch(max = 2)]
    #[timeout("5s")]
    Echo(T),
    #[reply(usize, error = String)]
    #[batch(max = 1)]
    #[breaker]
    Fail { text: String, number: usize },
    #[internal]
    #[batch]
    Inner(T),
    #[cfg(any())]
    #[batch]
    Never(Nowhere),
    #[cfg(all())]
    #[batch]
    #[deprecated]
    Old(T),
    #[limit(1000, per = "1s", overflow = wait)]
    #[batch]
    #[method(r#loop)]
    Limited(T),
    #[reply(usize)]
    Seen,
}

#[derive(Default)]
pub struct Platter(usize);

#[handlers]
impl<T: Send + Debug + Clone + 'static, const N: usize> DiskActor<T, N> for Platter {
    fn write(&mut self, batch: Batch<T>) {
        self.0 += batch.len();
    }
    async fn r#move(&mut self, batch: Batch<(u64, u64)>) {
        for (from, to) in batch {
            assert!(from < to);
            self.0 += 1;
        }
    }
    fn tuple(&mut self, batch: Batch<(u8, T, Vec<T>)>, _ctx: &mut Context<Disk<T, N>>) {
        self.0 += batch.count();
    }
    fn nothing(&mut self, batch: Batch<()>) -> Result<(), std::io::Error> {
        self.0 += batch.count();
        Ok(())
    }
    fn echo(&mut self, items: Batch<(T, Reply<T>)>) {
        items.for_each(|(value, reply)| reply.send(value));
    }
    async fn fail(&mut self, batch: Batch<((String, usize), Reply<usize, String>)>) {
        for ((text, number), reply) in batch {
            match number {
                0 => reply.fail(text),
                number => reply.send(number),
            }
        }
    }
    fn inner(&mut self, _: Batch<T>) {}
    fn old(&mut self, batch: Batch<T>) {
        drop(batch);
    }
    fn r#loop(&mut self, batch: Batch<T>) {
        self.0 += batch.len();
    }
    fn seen(&self) -> usize {
        self.0
    }
}

/// A supervisor can have batches, too.
#[supervisor]
enum Machine {
    #[child]
    Disk(Disk<u8, 3>),
    #[batch(max = 2)]
    Note(String),
    #[reply(usize)]
    Notes,
}

#[derive(Default)]
struct Hall {
    notes: Vec<String>,
}

impl MachineChildren for Hall {
    fn disk(&mut self, _: &MachineHandle) -> Child<Disk<u8, 3>> {
        Disk::child(Platter::default())
    }
}

#[handlers]
impl MachineActor for Hall {
    fn note(&mut self, batch: Batch<String>) {
        self.notes.extend(batch);
    }
    fn notes(&self) -> usize {
        self.notes.len()
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let machine = Machine::start(&system, Hall::default()).wait()?;
    machine.note("one".to_owned())?;
    assert_eq!(machine.notes().wait()?, 1);
    let disk = machine.disk();
    disk.write(1).wait()?;
    disk.r#move(1, 2).wait()?;
    disk.tuple(1, 2, vec![3]).wait()?;
    disk.nothing().wait()?;
    disk.r#loop(1).wait()?;
    assert_eq!(disk.seen().wait()?, 5);
    assert_eq!(disk.echo(7).wait()?, 7);
    assert_eq!(disk.fail("no".to_owned(), 3).wait()?, 3);
    assert!(matches!(disk.fail("no".to_owned(), 0).wait(), Err(AskError::Failed(text)) if text == "no"));
    disk.flush_write()?;
    disk.flush_loop()?;
    disk.configure_move(5, std::time::Duration::from_secs(1))?;
    let plan = Disk::<u8, 3>::VARIANTS[2].batch().expect("it has one");
    assert_eq!(plan.max(), 3);
    system.shutdown().wait()
}
