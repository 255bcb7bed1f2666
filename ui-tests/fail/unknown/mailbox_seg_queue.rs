use zctor::prelude::*;

#[actor(mailbox = SegQueue)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
