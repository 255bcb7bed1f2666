use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn get(&self) -> bool {
        self.0 > 0
    }
}

fn main() {}
