use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(failures = 0, successes = 0, trials = 0)]
    Get,
}

fn main() {}
