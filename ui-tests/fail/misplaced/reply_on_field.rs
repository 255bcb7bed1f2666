use zctor::prelude::*;

#[actor]
enum Counter {
    Get(#[reply(i64)] u8),
}

fn main() {}
