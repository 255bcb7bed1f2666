//! A mistaken error type is no second mistake where it is used.
use zctor::prelude::*;

#[derive(Debug)]
struct Oops;

#[actor]
pub enum Counter {
    Add { by: i64 },
    #[reply(i64, error = "Oops")]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn get(&self) -> Result<i64, Oops> {
        Ok(self.0)
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter: CounterHandle = Counter::spawn(&system, Tally(0));
    counter.add(5)?;
    counter.tell(Counter::Add { by: 1 })?;
    println!("{}", counter.get().wait()?);
    system.shutdown().wait()
}
