use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

fn increase(counter: &Counter) -> zctor::Result<()> {
    counter.add(5)?;
    Ok(())
}

fn main() {}
