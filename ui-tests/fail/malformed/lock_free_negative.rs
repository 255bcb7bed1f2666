use zctor::prelude::*;

#[actor(mailbox = lock_free(-1))]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
