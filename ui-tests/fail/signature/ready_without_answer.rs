use zctor::prelude::*;

#[actor]
enum Counter {
    Add(i64),
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn ready(&self, _next: CounterKind) {}
    fn add(&mut self, value: i64) {
        self.0 += value;
    }
}

fn main() {}
