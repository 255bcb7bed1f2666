use zctor::prelude::*;

#[actor(remote = true)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
