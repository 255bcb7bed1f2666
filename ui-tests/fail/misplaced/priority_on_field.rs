use zctor::prelude::*;

#[actor]
enum Counter {
    Add(#[priority(high)] i64),
}

fn main() {}
