use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64, ctx: &mut Context<Tally>) {
        self.0 += by;
        ctx.stop();
    }
}

fn main() {}
