//! Independent mistakes are reported in one compile, each once.
use zctor::prelude::*;

#[actor]
pub enum Counter {
    Add { by: i64 },
    Set { to: i64 },
    Clear,
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(self, by: i64) {
        drop((self, by));
    }
    fn set<T: Into<i64>>(&mut self, to: T) {
        self.0 = to.into();
    }
    fn clear() {}
    unsafe fn get(&self) -> i64 {
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally(0));
    counter.add(5)?;
    println!("{}", counter.get().wait()?);
    system.shutdown().wait()
}
