use zctor::prelude::*;

#[actor]
enum Counter {
    #[internal(true)]
    Tick,
}

fn main() {}
