#![deny(unused_must_use)]

use zctor::prelude::*;

#[actor]
enum Counter {
    Tick,
}

struct Tally;

#[handlers]
impl CounterActor for Tally {
    fn tick(&mut self, ctx: &mut Context<Counter>) {
        Counter::child(Tally);
        ctx.timer("tick");
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    Counter::reserve(&system);
    Ok(())
}
