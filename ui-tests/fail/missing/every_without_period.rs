use zctor::prelude::*;

#[actor]
enum Counter {
    #[every]
    Tick,
}

fn main() {}
