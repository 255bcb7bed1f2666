use zctor::prelude::*;

#[actor]
enum Counter {
    #[every("1s")]
    Tick { count: u32 },
    #[every("1s")]
    Tock(u32),
}

fn main() {}
