use zctor::prelude::*;

#[actor(lock_free = true)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
