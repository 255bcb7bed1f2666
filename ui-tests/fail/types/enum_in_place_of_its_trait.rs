use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl Counter for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() {}
