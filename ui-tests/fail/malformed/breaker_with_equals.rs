use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker = 5]
    Get,
}

fn main() {}
