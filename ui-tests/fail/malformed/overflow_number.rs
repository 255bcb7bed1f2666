use zctor::prelude::*;

#[actor(mailbox = 64, overflow = 3)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
