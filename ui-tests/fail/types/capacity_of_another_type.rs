use zctor::prelude::*;

const ROOM: u32 = 64;

#[actor(mailbox = ROOM)]
enum Counter {
    Add { by: i64 },
}

fn main() {}
