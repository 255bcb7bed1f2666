//! A mistaken batch is still a batch.
use zctor::prelude::*;

#[actor]
pub enum Counter {
    #[batch(max = 0)]
    Add { by: i64 },
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, batch: zctor::Batch<i64>) {
        self.0 += batch.into_iter().sum::<i64>();
    }
    fn get(&self) -> i64 {
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter: CounterHandle = Counter::spawn(&system, Tally(0));
    counter.add(5)?;
    counter.tell(Counter::Add { by: 1 })?;
    counter.flush_add()?;
    println!("{}", counter.get().wait()?);
    system.shutdown().wait()
}
