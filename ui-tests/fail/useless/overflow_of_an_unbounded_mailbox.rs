use zctor::prelude::*;

#[actor(mailbox = unbounded, overflow = reject)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
