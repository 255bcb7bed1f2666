use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(failures = most)]
    Get,
}

fn main() {}
