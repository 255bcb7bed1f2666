use zctor::prelude::*;

#[actor(mock)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
