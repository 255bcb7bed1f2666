use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest]
    #[every("1s")]
    Tick,
}

fn main() {}
