use zctor::prelude::*;

#[actor]
union Counter {
    total: i64,
}

fn main() {}
