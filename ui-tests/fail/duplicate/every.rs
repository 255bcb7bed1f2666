use zctor::prelude::*;

#[actor]
enum Counter {
    #[every("1s")]
    #[every("2s")]
    Tick,
}

fn main() {}
