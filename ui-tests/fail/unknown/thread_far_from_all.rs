use zctor::prelude::*;

#[actor(thread = banana)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
