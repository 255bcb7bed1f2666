use zctor::prelude::*;

#[actor(timeout = "0s")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
