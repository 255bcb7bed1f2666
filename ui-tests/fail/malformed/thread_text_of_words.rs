use zctor::prelude::*;

#[actor(thread = "one for each")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
