use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, ctx: &mut Context<Counter>, by: i64) {
        self.0 += by;
        ctx.stop();
    }
}

fn main() {}
