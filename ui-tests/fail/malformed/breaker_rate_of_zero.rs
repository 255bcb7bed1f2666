use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(calls = 0)]
    Get,
    #[reply(u8)]
    #[breaker(calls = 20, rate = 0)]
    Count,
}

fn main() {}
