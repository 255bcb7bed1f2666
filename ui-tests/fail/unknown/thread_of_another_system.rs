use zctor::prelude::*;

#[actor(thread = Pinned)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
