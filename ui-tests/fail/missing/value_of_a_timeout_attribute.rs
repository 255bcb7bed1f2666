use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    #[timeout]
    Get,
}

fn main() {}
