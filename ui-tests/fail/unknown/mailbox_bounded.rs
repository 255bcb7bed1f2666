use zctor::prelude::*;

#[actor(mailbox = bounded)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
