use zctor::prelude::*;

#[actor(crate)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
