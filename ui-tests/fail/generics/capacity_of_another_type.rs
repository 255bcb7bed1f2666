use zctor::prelude::*;

#[actor(mailbox = ROOM)]
enum Cache<const ROOM: u8> {
    Clear,
}

fn main() {}
