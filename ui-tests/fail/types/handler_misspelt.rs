use zctor::prelude::*;

#[actor]
enum Counter {
    Increase { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn incraese(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() {}
