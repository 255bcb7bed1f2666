use zctor::prelude::*;

#[actor(trait = Counting)]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl Counting for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() {}
