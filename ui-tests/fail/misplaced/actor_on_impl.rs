use zctor::prelude::*;

struct Tally(i64);

#[actor]
impl Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() {}
