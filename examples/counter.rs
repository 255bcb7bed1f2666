//! The smallest program that is useful: one tell, one ask.

use zctor::prelude::*;

/// A running total.
#[actor]
pub enum Counter {
    /// Adds `by` to the total.
    Add { by: i64 },
    /// The total so far.
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[rustfmt::skip] #[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) { self.0 += by }
    fn get(&self) -> i64 { self.0 }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally(0));
    counter.add(5)?;
    println!("{}", counter.get().wait()?);
    system.shutdown().wait()
}
