use zctor::prelude::*;

#[actor(handle = Same, trait = Same, double = Same)]
enum Counter {
    Add(u8),
}

fn main() {}
