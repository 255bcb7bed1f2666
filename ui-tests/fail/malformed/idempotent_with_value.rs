use zctor::prelude::*;

#[actor]
enum Counter {
    #[idempotent(retries = 3)]
    #[reply(i64)]
    Get,
}

fn main() {}
