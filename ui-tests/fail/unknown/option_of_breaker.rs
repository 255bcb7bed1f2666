use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(threshold = 3, reset_timeout = "1s", sucesses = 1, colour = 4)]
    Get,
}

fn main() {}
