use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() {}
