//! Half a handler stands for the whole one.
use zctor::prelude::*;

#[actor]
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
    fn get(&self) -> {
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter: CounterHandle = Counter::spawn(&system, Tally(0));
    counter.add(5)?;
    counter.tell(Counter::Add { by: 1 })?;
    assert_eq!(counter.get().wait()?, 6);
    assert_eq!(CounterKind::Add.name(), "Add");
    system.shutdown().wait()
}
