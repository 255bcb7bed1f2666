//! So is an answer that cannot.
use zctor::prelude::*;
use std::rc::Rc;

#[actor]
pub enum Counter {
    #[reply(Rc<i64>)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn get(&self) -> Rc<i64> {
        Rc::new(self.0)
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter: CounterHandle = Counter::spawn(&system, Tally(0));
    println!("{}", counter.get().wait()?);
    system.shutdown().wait()
}
