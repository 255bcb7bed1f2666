use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(64)]
    Get,
}

fn main() {}
