use zctor::prelude::*;

#[actor(mailbox = limits::ROOM)]
enum Counter {
    Add { by: i64 },
}

mod limits {}

fn main() {}
