use zctor::prelude::*;

#[actor]
enum Counter {
    Add(i64),
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    unsafe fn ready(&self, _next: CounterKind) -> bool {
        true
    }
    fn add(&mut self, value: i64) {
        self.0 += value;
    }
}

fn main() {}
