use zctor::prelude::*;

#[actor(mailbox = 64, overflow = Block)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
