//! A mistaken capacity is still one: tells wait, as they would.
use zctor::prelude::*;

#[actor(mailbox = 0)]
pub enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally(0));
    counter.add(5).wait()?;
    counter.add(5).try_now()?;
    system.shutdown().wait()
}
