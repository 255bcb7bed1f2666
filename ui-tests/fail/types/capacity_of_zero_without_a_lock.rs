use zctor::prelude::*;

const ROOM: usize = 4 - 4;

#[actor(mailbox = lock_free(ROOM))]
enum Counter {
    Add { by: i64 },
}

fn main() {}
