use zctor::prelude::*;

#[actor(mailbox = "many")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
