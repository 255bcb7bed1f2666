use zctor::prelude::*;

#[actor(reply = i64)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
