use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn on_started(&mut self) {
        self.0 = 0;
    }
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() {}
