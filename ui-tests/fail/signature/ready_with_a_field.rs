use zctor::prelude::*;

#[actor]
enum Counter {
    Add(i64),
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn ready(&self, next: CounterKind, value: i64) -> bool {
        next == CounterKind::Add && value < 10
    }
    fn add(&mut self, value: i64) {
        self.0 += value;
    }
}

fn main() {}
