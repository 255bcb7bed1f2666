use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(recovery = 30)]
    Get,
}

fn main() {}
