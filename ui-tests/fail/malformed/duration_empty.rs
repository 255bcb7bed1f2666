use zctor::prelude::*;

#[actor(timeout = "")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
