use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    async fn add(&mut self, amount: i64) {
        self.0 += amount;
    }
}

fn main() {}
