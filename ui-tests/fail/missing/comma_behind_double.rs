use zctor::prelude::*;

#[actor(double mailbox = 4)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
