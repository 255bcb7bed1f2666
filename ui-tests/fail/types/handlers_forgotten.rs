use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally(0));
    counter.add(5)?;
    Ok(())
}
