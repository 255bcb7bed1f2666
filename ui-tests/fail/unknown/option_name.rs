use zctor::prelude::*;

#[actor(name = Count)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
