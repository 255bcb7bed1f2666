use zctor::prelude::*;

#[actor]
enum Counter {
    Add(i64),
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn ready(&mut self, _next: CounterKind) -> bool {
        self.0 += 1;
        true
    }
    fn add(&mut self, value: i64) {
        self.0 += value;
    }
}

fn main() {}
