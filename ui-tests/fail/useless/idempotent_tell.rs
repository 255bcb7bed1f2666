use zctor::prelude::*;

#[actor]
enum Counter {
    #[idempotent]
    Add(i64),
}

fn main() {}
