use zctor::prelude::*;

#[actor(mailbox = 64, lock_free)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
