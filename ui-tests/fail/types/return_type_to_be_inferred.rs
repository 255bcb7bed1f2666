use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(Vec<i64>)]
    All,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn all(&self) -> Vec<_> {
        vec![self.0]
    }
}

fn main() {}
