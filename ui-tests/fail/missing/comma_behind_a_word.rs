use zctor::prelude::*;

#[actor(mailbox = 64, overflow = reject timeout = "5s" handle = CounterRef)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
