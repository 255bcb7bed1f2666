use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, deferred, error = String, deferred)]
    Get,
}

fn main() {}
