use zctor::prelude::*;

#[actor(mailbox = "lockfree")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
