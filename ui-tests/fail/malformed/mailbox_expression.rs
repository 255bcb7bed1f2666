use zctor::prelude::*;

#[actor(mailbox = 2 * 32)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
