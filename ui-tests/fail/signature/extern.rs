use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    extern "C" fn get(&self) -> i64 {
        self.0
    }
}

fn main() {}
