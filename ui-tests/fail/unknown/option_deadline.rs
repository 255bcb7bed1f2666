use zctor::prelude::*;

#[actor(deadline = "5s")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
