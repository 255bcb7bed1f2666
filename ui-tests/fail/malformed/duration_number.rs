use zctor::prelude::*;

#[actor(timeout = 5)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
