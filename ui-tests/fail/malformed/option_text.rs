use zctor::prelude::*;

#[actor("mailbox")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
