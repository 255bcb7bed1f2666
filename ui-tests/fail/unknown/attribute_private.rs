use zctor::prelude::*;

#[actor]
enum Counter {
    #[private]
    Tick,
}

fn main() {}
