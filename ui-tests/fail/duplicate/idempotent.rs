use zctor::prelude::*;

#[actor]
enum Counter {
    #[idempotent]
    #[idempotent]
    #[reply(i64)]
    Get,
}

fn main() {}
