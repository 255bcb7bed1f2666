use zctor::prelude::*;

#[actor(mailbox = 64, on_full = reject)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
