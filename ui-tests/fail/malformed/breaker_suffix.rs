use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(failures = 5u32)]
    Get,
}

fn main() {}
