use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add<T: Into<i64>>(&mut self, by: T) {
        self.0 += by.into();
    }
}

fn main() {}
