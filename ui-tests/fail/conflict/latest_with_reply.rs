use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest]
    #[reply(u8)]
    Get,
}

fn main() {}
