use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch]
    #[batch(max = 5)]
    Write(u32),
}

fn main() {}
