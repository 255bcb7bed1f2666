use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(Amount)]
    Get,
}

fn main() {}
