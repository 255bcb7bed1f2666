use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
    Set(i64),
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, message: Counter) {
        if let Counter::Add { by } = message {
            self.0 += by;
        }
    }
    fn set(&mut self, value: i64) {
        self.0 = value;
    }
}

fn main() {}
