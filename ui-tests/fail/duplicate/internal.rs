use zctor::prelude::*;

#[actor]
enum Counter {
    #[internal]
    #[internal]
    Tick,
}

fn main() {}
