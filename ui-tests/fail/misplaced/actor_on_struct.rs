use zctor::prelude::*;

#[actor]
struct Counter {
    total: i64,
}

fn main() {}
