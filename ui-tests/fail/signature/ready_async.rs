use zctor::prelude::*;

#[actor]
enum Counter {
    Add(i64),
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    async fn ready(&self, next: CounterKind) -> bool {
        next == CounterKind::Add
    }
    fn add(&mut self, value: i64) {
        self.0 += value;
    }
}

fn main() {}
