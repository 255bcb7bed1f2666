use zctor::prelude::*;

#[actor(timeout = "1.2.3s")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
