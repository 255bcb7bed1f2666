use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker]
    #[breaker(failures = 3)]
    Get,
}

fn main() {}
