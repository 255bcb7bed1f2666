//! Whether `get` is an ask cannot be known, so what is done with its result is not judged.
use zctor::prelude::*;

#[actor]
pub enum Counter {
    Add { by: i64 },
    #[repyl(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn get(&self) -> i64 {
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally(0));
    counter.add(5)?;
    println!("{}", counter.get().wait()?);
    system.shutdown().wait()
}
