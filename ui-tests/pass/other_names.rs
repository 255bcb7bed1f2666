//! `handle = `, `trait = ` and `#[method(…)]`.
use zctor::prelude::*;

#[actor(handle = CounterRef, trait = Counting)]
enum Counter {
    #[method(increase)]
    Add { by: i64 },
    #[reply(i64)]
    #[method(total)]
    Get,
    #[method(do_stop)]
    Stop,
}

#[derive(Default)]
struct Tally(i64);

#[handlers(Counter)]
impl Counting for Tally {
    fn increase(&mut self, by: i64) {
        self.0 += by;
    }
    fn total(&self) -> i64 {
        self.0
    }
    fn do_stop(&mut self, ctx: &mut Context<Counter>) {
        ctx.stop();
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter: CounterRef = Counter::spawn(&system, Tally::default());
    counter.increase(5)?;
    assert_eq!(counter.total().wait()?, 5);
    counter.do_stop()?;
    counter.stopped().wait()?;
    system.shutdown().wait()
}
