use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8)]
    #[circuit_breaker]
    Get,
}

fn main() {}
