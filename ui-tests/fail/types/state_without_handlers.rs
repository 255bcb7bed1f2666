use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally;

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally);
    counter.add(5)?;
    Ok(())
}
