use zctor::prelude::*;

#[actor(thread = "dedicated")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
