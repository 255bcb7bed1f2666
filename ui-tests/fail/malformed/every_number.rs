use zctor::prelude::*;

#[actor]
enum Counter {
    #[every(1)]
    Tick,
}

fn main() {}
