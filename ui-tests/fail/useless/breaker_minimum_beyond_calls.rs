use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(calls = 20, minimum = 21)]
    Get,
}

fn main() {}
