use zctor::prelude::*;

#[actor(banana = 64)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
