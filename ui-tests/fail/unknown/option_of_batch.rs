use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch(size = 100, delay = "10ms", colour = 1)]
    Write(u32),
}

fn main() {}
