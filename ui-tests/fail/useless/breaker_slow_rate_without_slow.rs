use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(calls = 20, slow_rate = 80)]
    Get,
}

fn main() {}
