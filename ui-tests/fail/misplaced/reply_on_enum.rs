use zctor::prelude::*;

#[actor]
#[reply(i64)]
enum Counter {
    Get,
}

fn main() {}
