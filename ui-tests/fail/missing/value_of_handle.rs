use zctor::prelude::*;

#[actor(handle)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
