use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn get(&self) -> String {
        self.0.to_string()
    }
}

fn main() {}
