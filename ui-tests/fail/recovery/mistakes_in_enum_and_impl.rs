//! A mistake of the enum does not hide one of the impl.
use zctor::prelude::*;

#[actor(mailbox = "64")]
pub enum Counter {
    Add { by: i64 },
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn get(&self, ctx: Context<Counter>) -> i64 {
        ctx.stop();
        self.0
    }
}

fn main() {}
