use zctor::prelude::*;

#[actor]
enum Counter {
    #[internal]
    Tick,
}

fn tick(counter: &CounterHandle) -> zctor::Result<()> {
    counter.tick()?;
    Ok(())
}

fn main() {}
