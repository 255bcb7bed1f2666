use zctor::prelude::*;

#[actor(mailbox = 64, timeout = "5s", mailbox = 128)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
