use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(failures = 3, failures = 4)]
    Get,
}

fn main() {}
