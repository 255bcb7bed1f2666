use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn new(total: i64) -> Self {
        Tally(total)
    }
    fn zero() -> Tally {
        Tally(0)
    }
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally::new(5));
    counter.add(1)?;
    drop(Tally::zero());
    system.shutdown().wait()
}
