use zctor::prelude::*;

#[actor(thread = threads::OWN)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
