//! A handler that is refused still counts as one.
use zctor::prelude::*;

#[actor]
pub enum Counter {
    Add { by: i64 },
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: impl Into<i64>) {
        self.0 += by.into();
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
