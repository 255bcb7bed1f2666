use zctor::prelude::*;

#[actor(timeout = "5 seconds")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
