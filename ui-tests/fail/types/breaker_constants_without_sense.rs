use zctor::prelude::*;

const NONE: u32 = 0;
const FEW: u32 = 5;
const MANY: u32 = 6;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(failures = NONE)]
    Get,
    #[reply(u8)]
    #[breaker(calls = FEW, minimum = MANY)]
    Look,
}

fn main() {}
