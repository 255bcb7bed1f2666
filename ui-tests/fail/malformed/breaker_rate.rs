use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(calls = 20, rate = 101)]
    Get,
}

fn main() {}
