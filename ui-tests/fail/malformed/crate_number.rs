use zctor::prelude::*;

#[actor(crate = 5)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
