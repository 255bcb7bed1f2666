use zctor::prelude::*;

#[actor]
#[mailbox(64)]
enum Counter {
    #[reply(i64)]
    Get,
}

fn main() {}
