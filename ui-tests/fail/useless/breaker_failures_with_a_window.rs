use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(failures = 5, calls = 20)]
    Get,
}

fn main() {}
