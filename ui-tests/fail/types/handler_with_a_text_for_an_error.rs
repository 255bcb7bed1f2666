use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) -> Result<(), &'static str> {
        self.0 = self.0.checked_add(by).ok_or("too much")?;
        Ok(())
    }
}

fn main() {}
