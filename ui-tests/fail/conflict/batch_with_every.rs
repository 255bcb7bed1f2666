use zctor::prelude::*;

#[actor]
enum Counter {
    #[every("1s")]
    #[batch]
    Tick,
}

fn main() {}
