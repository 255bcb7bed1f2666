use zctor::prelude::*;

#[actor(handle = CounterKind)]
enum Counter {
    Add(u8),
}

fn main() {}
