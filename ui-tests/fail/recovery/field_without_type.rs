//! The fields are there, of types that nobody knows yet.
use zctor::prelude::*;

#[actor]
pub enum Counter {
    Add { by: i64 },
    #[reply(i64)]
    Get,
    Move { to: },
    Scale(u8, &),
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn get(&self) -> i64 {
        self.0
    }
    fn r#move(&mut self, to: i64) {
        self.0 = to;
    }
    fn scale(&mut self, by: u8, _: u8) {
        self.0 *= i64::from(by);
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter: CounterHandle = Counter::spawn(&system, Tally(0));
    counter.add(5)?;
    counter.r#move(3)?;
    counter.scale(3, 4)?;
    counter.tell(Counter::Add { by: 1 })?;
    assert_eq!(counter.get().wait()?, 6);
    assert_eq!(CounterKind::Add.name(), "Add");
    system.shutdown().wait()
}
