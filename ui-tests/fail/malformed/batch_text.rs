use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch(max = "100")]
    Write(u32),
}

fn main() {}
