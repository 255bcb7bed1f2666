use zctor::prelude::*;

#[actor(mailbox = lock_free("many"))]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
