use zctor::prelude::*;

#[actor(mailbox = lockfree(64))]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
