use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

#[actor]
enum Lamp {
    On,
}

struct Bulb;

#[handlers]
impl LampActor for Bulb {
    fn on(&mut self) {}
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::builder(Bulb).name("main").spawn(&system)?;
    counter.add(5)?;
    Ok(())
}
