//! A field that cannot travel is one mistake, whatever is done with its message.
use zctor::prelude::*;
use std::rc::Rc;

#[actor]
pub enum Counter {
    Add { by: Rc<i64> },
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: Rc<i64>) {
        self.0 += *by;
    }
    fn get(&self, ctx: &mut Context<Counter>) -> i64 {
        ctx.stop();
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter: CounterHandle = Counter::spawn(&system, Tally(0));
    counter.add(Rc::new(5))?;
    counter.tell(Counter::Add { by: Rc::new(1) })?;
    println!("{}", counter.get().wait()?);
    system.shutdown().wait()
}
