use zctor::prelude::*;

#[actor(mailbox = infinite)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
