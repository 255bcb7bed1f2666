use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch(max = 0, within = "0s")]
    Write(u32),
}

fn main() {}
