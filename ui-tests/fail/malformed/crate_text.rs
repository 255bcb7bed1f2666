use zctor::prelude::*;

#[actor(crate = "zctor")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
