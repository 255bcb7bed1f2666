use zctor::prelude::*;

#[actor(timeout = "five seconds")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
