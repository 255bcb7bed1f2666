use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, String)]
    Get,
}

fn main() {}
