use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, deferred = true)]
    Get,
}

fn main() {}
