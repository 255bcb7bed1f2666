use zctor::prelude::*;

#[actor]
enum Counter {
    #[every = "1s"]
    Tick,
}

fn main() {}
