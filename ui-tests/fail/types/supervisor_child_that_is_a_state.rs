use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

#[supervisor]
enum Shop {
    #[child]
    Counter(Tally),
}

fn main() {}
