use zctor::prelude::*;

#[actor]
#[actor(mailbox = 64)]
enum Counter {
    Add(i64),
}

fn main() {}
