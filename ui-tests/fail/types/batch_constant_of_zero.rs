use zctor::prelude::*;

const NONE: usize = 0;

#[actor]
enum Counter {
    #[batch(max = NONE)]
    Write(u32),
}

fn main() {}
