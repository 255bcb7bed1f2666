use zctor::prelude::*;

#[actor]
enum Counter {
    #[every("1s")]
    #[reply(u8)]
    Tick,
}

fn main() {}
