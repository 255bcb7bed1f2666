use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u8, error = &str)]
    Get,
}

fn main() {}
