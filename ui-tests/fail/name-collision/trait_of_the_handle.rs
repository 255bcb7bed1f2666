use zctor::prelude::*;

#[actor(trait = CounterHandle)]
enum Counter {
    Add(u8),
}

fn main() {}
