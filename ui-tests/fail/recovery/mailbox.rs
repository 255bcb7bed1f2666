//! It was to be a mailbox without a limit: tells do not wait, and that is used here.
use zctor::prelude::*;

#[actor(mailbox = lockfree)]
pub enum Counter {
    Add { by: i64 },
    #[reply(i64)]
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
