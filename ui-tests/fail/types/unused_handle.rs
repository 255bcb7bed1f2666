#![deny(unused_must_use)]

use zctor::prelude::*;

#[actor]
enum Counter {
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
    Counter::spawn(&system, Tally(0));
    Ok(())
}
