use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(Option<i64>)]
    Text,
    #[reply(Vec<_>)]
    Some,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn text(&self) -> Option<impl Into<i64>> {
        Some(self.0)
    }
    fn some(&self) -> Vec<i64> {
        vec![self.0]
    }
}

fn main() {}
