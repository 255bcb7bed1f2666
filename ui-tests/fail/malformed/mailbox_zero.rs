use zctor::prelude::*;

#[actor(mailbox = 0)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
