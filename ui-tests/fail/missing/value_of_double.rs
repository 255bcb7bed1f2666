use zctor::prelude::*;

#[actor(double =)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
