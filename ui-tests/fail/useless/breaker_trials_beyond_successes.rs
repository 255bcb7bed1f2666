use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(trials = 4)]
    Get,
}

fn main() {}
