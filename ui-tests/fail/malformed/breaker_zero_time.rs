use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(recovery = "0s", slow = "0ms")]
    Get,
}

fn main() {}
