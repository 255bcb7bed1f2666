use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

fn increase(counter: &CounterHandle) -> zctor::Result<()> {
    counter.add("five")?;
    Ok(())
}

fn main() {}
