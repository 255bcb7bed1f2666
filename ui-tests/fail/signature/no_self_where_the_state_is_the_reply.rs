use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(Tally)]
    Snapshot,
}

#[derive(Clone)]
struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn snapshot() -> Tally {
        Tally(0)
    }
}

fn main() {}
