use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch(within = 10)]
    Write(u32),
}

fn main() {}
