use zctor::prelude::*;

struct Broken;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) -> Result<(), Broken> {
        self.0 = self.0.checked_add(by).ok_or(Broken)?;
        Ok(())
    }
}

fn main() {}
