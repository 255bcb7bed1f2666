#[zctor::actor]
enum Counter {
    Add { by: i64 },
}

struct Tally(i64);

#[zctor::handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
}

fn main() -> zctor::Result<()> {
    let system = zctor::System::new()?;
    let counter = Counter::spawn(&system, Tally(0));
    counter.add(5)?;
    Ok(())
}
