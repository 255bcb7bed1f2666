use zctor::prelude::*;

#[actor(unbounded)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
