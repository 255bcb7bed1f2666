//! So is one that is missing.
use zctor::prelude::*;

#[actor]
pub enum Counter {
    Transfer { from: u32, to: u32 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn transfer(&mut self, from: u32) {
        self.0 += i64::from(from);
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter: CounterHandle = Counter::spawn(&system, Tally(0));
    counter.transfer(1, 2)?;
    system.shutdown().wait()
}
