use zctor::prelude::*;

#[actor]
enum Counter {
    #[every("0s")]
    Tick,
}

fn main() {}
