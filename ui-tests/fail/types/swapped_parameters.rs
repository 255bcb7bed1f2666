use zctor::prelude::*;

#[actor]
enum Counter {
    Transfer { from: u32, to: u32 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn transfer(&mut self, to: u32, from: u32) {
        self.0 += i64::from(to) - i64::from(from);
    }
}

fn main() {}
