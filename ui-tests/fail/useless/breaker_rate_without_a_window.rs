use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(rate = 50, minimum = 10)]
    Get,
}

fn main() {}
