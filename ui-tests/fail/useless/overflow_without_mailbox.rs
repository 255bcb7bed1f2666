use zctor::prelude::*;

#[actor(overflow = reject)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
