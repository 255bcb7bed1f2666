use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch(100, "10ms")]
    Write(u32),
}

fn main() {}
