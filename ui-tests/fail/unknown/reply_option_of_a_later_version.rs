use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, deferred)]
    Get,
}

fn main() {}
