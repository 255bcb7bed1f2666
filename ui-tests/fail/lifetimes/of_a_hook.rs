use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn on_start(&mut self) -> Result<(), &str> {
        Err("not now")
    }
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() {}
