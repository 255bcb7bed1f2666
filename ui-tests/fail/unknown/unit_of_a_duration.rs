use zctor::prelude::*;

#[actor(timeout = "5 parsecs")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
