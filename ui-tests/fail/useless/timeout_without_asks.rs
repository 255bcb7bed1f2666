use zctor::prelude::*;

#[actor(timeout = "5s")]
enum Counter {
    Add(i64),
}

fn main() {}
