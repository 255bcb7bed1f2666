use zctor::prelude::*;

#[actor(handle = Counter)]
enum Counter {
    Add(u8),
}

fn main() {}
