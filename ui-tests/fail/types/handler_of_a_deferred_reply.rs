use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, deferred)]
    Get { name: String },
}

struct Tally;

#[handlers]
impl CounterActor for Tally {
    fn get(&mut self, name: String) -> i64 {
        name.len() as i64
    }
}

fn main() {}
