use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(calls = 20, time = "60s")]
    Get,
}

fn main() {}
