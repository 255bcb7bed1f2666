use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(ignore = |error| true)]
    Get,
}

fn main() {}
