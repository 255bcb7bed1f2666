use zctor::prelude::*;

#[actor]
enum Counter {
    Add(i64),
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn ready<K>(&self, _next: K) -> bool {
        true
    }
    fn add(&mut self, value: i64) {
        self.0 += value;
    }
}

fn main() {}
