use zctor::prelude::*;

#[actor(thread)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
