use zctor::prelude::*;

#[actor(double = CounterHandle)]
enum Counter {
    Add(u8),
}

fn main() {}
