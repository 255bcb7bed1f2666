use zctor::prelude::*;

#[actor]
enum Counter {
    #[every("a while")]
    Tick,
}

fn main() {}
