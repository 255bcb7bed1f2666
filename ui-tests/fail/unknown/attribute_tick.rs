use zctor::prelude::*;

#[actor]
enum Counter {
    #[tick("1s")]
    Tick,
}

fn main() {}
