use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, deferred)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    async fn get(&mut self, reply: Reply<i64>) -> i64 {
        self.0
    }
}

fn main() {}
