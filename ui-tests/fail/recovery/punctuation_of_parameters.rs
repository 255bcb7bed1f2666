//! What the compiler misses between parameters is missed once.
use zctor::prelude::*;

#[actor]
pub enum Counter {
    Add { by: i64, twice: bool },
    Set { to: i64, at: u64 },
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self by: i64, twice: bool) {
        self.0 += if twice { 2 * by } else { by };
    }
    fn set(&mut self, to i64, at: u64 ) {
        self.0 = to + at as i64;
    }
    fn get(&self) -> i64 {
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter: CounterHandle = Counter::spawn(&system, Tally(0));
    counter.add(5, true)?;
    counter.set(5, 1)?;
    println!("{}", counter.get().wait()?);
    system.shutdown().wait()
}
